/** A run is over when nothing that is running can change what became of its events. */
import { expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";

/** The record of a run of scenario-5 as fast as possible, and the rows that are there two minutes after its end. */
async function run(events: number, settings: Record<string, number>) {
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 1 });
  try {
    const set = Object.entries({ PublishRate: 0, MaxReceiveCount: 1, ...settings }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const request = aRequest(findScenario("scenario-5"), {
      runId: "dead",
      events,
      set,
      keep: true,
      waitForMetrics: false,
    });
    const record = await bench(target, request, aContext());
    await target.clock.sleep(120_000);
    const rowsOf = async (groupId: string) => (await target.rows.columns(groupId)).toRows().map(({ id }) => id);
    return {
      record,
      completed: new Set(await rowsOf(record.groupId)),
      deadLetters: await rowsOf(record.deadLetterGroupId),
    };
  } finally {
    await target.close();
  }
}

it.each([
  [30, { WorkMs: 10_000, ConsumerTimeout: 20, VisibilityTimeout: 20 }, true],
  [100, { WorkMs: 5_000, ConsumerTimeout: 30, VisibilityTimeout: 30 }, false],
])("tells of %i events what is true for good, with %o", async (events, settings, someCompleteNevertheless) => {
  const { record, completed, deadLetters } = await run(events, settings);
  const { summary, details, caveats, outcome } = record;
  expect(outcome).toBe("drained");
  expect(summary).toMatchObject({
    eventsCompleted: completed.size,
    eventsFailed: deadLetters.filter((id) => !completed.has(id)).length,
    eventsMissing: 0,
  });
  const completedAllTheSame = deadLetters.filter((id) => completed.has(id)).length;
  expect(completedAllTheSame > 0).toBe(someCompleteNevertheless);
  expect(details).toMatchObject({ deadLetters: deadLetters.length, deadLettersCompleted: completedAllTheSame });
  const caveat = { code: "dead-letters-completed", completed: completedAllTheSame, deadLetters: deadLetters.length };
  expect(caveats.filter(({ code }) => code === caveat.code)).toEqual(
    someCompleteNevertheless ? [{ ...caveat, seeds: null }] : [],
  );
});
