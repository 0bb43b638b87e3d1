/** A mapping's maximum concurrency throttles nothing and gives nothing up, however short the visibility timeout is. */
import { expect, it } from "vitest";
import type { Figures } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { simulate } from "../../src/simulation/simulate.ts";

async function runsOf(name: string, set: string[]): Promise<Figures[]> {
  const scenario = findScenario(name);
  const model = { platform: "2026", profile: null, ranges: true } as const;
  const settings = settingsOf(scenario, set);
  const runs: Figures[] = [];
  for (let seed = 1; seed <= 50; seed++) {
    const variation = { settings, events: 1_000, seed, assumptions: {}, timeoutMs: 86_400_000 };
    runs.push(await simulate({ scenario, model, limit: null, waitForMetrics: true }, variation));
  }
  return runs;
}

it("throttles nothing and loses nothing at a visibility timeout of 10 s, with which a reservation does both", async () => {
  const set = ["VisibilityTimeout=10", "MaxReceiveCount=2"];
  for (const { summary, details } of await runsOf("maximum-concurrency-2", set)) {
    expect(details).toMatchObject({ throttles: 0, deadLetters: 0 });
    expect(summary).toMatchObject({ eventsCompleted: 1_000, eventsFailed: 0, maxConcurrency: 2 });
  }
  for (const { summary, details } of await runsOf("scenario-3", [])) {
    expect(details.throttles).toBeGreaterThan(0);
    expect(summary.eventsFailed).toBeGreaterThan(0);
  }
});
