/** A limiter and the answers to refusals in ways that have no standard queue: a FIFO queue, a stream, a URL behind an API destination. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { expectationsOf, nothingGiven } from "../../../src/metrics/expectations.ts";
import type { Figures } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { simulate } from "../../../src/simulation/simulate.ts";

const model = { platform: "2026", profile: null, ranges: false } as const;

/** A run of a shipped scenario that has a limiter besides, as a user's own file would. */
async function limited(name: string, set: string[], events: number): Promise<Figures> {
  const { file } = findScenario(name);
  const text = readFileSync(file, "utf8").replace(/Parts:(\s*)\[/, "Parts:$1[limiter, ");
  const scenario = readScenario("limited", "limited.yaml", text);
  const settings = settingsOf(scenario, set);
  const { limit } = expectationsOf(nothingGiven, settings, { limit: null, claims: null });
  const variation = { settings, events, seed: 1, assumptions: {}, timeoutMs: 21_600_000 };
  return simulate({ scenario, model, limit, waitForMetrics: true }, variation);
}

const rate = ["LimiterRate=0.5/s"];
const bucket = ["Limiter=token-bucket", ...rate];
const reservation = ["Limiter=reservation", ...rate];

it("gives the events of a FIFO queue back until their turns, and keeps the order of each group and the rate", async () => {
  const { summary, details } = await limited("fifo-ten-groups", [...reservation, "WhenRefused=return"], 60);
  expect(summary).toMatchObject({ eventsCompleted: 60, eventsFailed: 0, duplicates: 0 });
  expect(details.order!.outOfOrder).toBe(0);
  expect(details.invocations).toBeGreaterThan(60);
  expect(summary.timeTakenSeconds).toBeGreaterThan(118);
  expect(summary.timeTakenSeconds).toBeLessThan(125);
});

it("holds the one group of a FIFO queue up until its first event's turn", async () => {
  const { summary, details } = await limited("fifo-one-group", [...bucket, "WhenRefused=return"], 60);
  expect(summary).toMatchObject({ eventsCompleted: 60, maxConcurrency: 1 });
  expect(details.order!.outOfOrder).toBe(0);
});

it("answers a request to a URL that is refused so that it is sent again, whatever else is set", async () => {
  for (const when of ["throw", "report", "return"]) {
    const { summary, details } = await limited("api-destination", [...bucket, `WhenRefused=${when}`], 30);
    expect(summary).toMatchObject({ eventsCompleted: 30, eventsFailed: 0 });
    expect(details.errors).toBe(0);
    expect(details.invocations).toBeGreaterThan(30);
  }
});

it.each(["kinesis-one-shard", "scenario-2"])("treats a return in %s, which has no queue, as a report", async (name) => {
  const returned = await limited(name, [...bucket, "WhenRefused=return"], 30);
  expect(returned).toEqual(await limited(name, [...bucket, "WhenRefused=report"], 30));
  expect(returned.details.errors).toBeGreaterThan(0);
});
