/** The scenario scheduled-pull: its rate by the minute, overlapping pulls, and messages that fail. */
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { warningsOf } from "../../src/scenarios/warnings.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { serviceDefaults } from "../../src/targets/service-rules.ts";
import { aRequest } from "./a-request.ts";

const scenario = findScenario("scheduled-pull");

function simulated(events: number, set: readonly string[], seed = 1): Promise<RunRecord> {
  const request = aRequest(scenario, { runId: "run", events, set, timeoutMs: 86_400_000 });
  return simulateRecord({ request, model: { platform: "2026", profile: null, ranges: true, seed, constants: {} } });
}

it("completes PullCount events a minute, calls the downstream at most once a second, and loses nothing", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { summary, calls } = await simulated(160, [], seed);
    expect(summary).toMatchObject({ eventsCompleted: 160, eventsFailed: 0, eventsMissing: 0, duplicates: 0 });
    // The last ten are of the fourth pull, which a late first one may bring nearer by 10 s.
    expect(summary.timeTakenSeconds).toBeGreaterThan(170);
    expect(calls!.breach).toMatchObject({ exceededSeconds: 0, peak: 1 });
  }
});

it("takes one event a minute, if that is the rate", async () => {
  const { summary, calls } = await simulated(5, ["PullCount=1"]);
  expect(summary.eventsCompleted).toBe(5);
  expect(summary.timeTakenSeconds).toBeGreaterThan(220);
  expect(calls!.count).toBe(5);
});

it("lets pulls overlap where they are longer than a minute and nothing is reserved", async () => {
  const longer = ["PullCount=100"];
  expect((await simulated(250, [...longer, "ReservedConcurrency=100"])).calls!.breach!.peak).toBe(2);
  expect((await simulated(250, longer)).calls!.breach!.peak).toBe(1);
});

it("works a failed event again after the visibility timeout, and accounts for each", async () => {
  const { summary, details } = await simulated(120, ["FailureRate=0.1", "VisibilityTimeout=60"]);
  expect(summary.eventsMissing).toBe(0);
  expect(summary.eventsCompleted + summary.eventsFailed).toBe(120);
  expect(details.calls!.atLeast).toBeGreaterThan(125);
});

it("dead-letters poisonous events alone", async () => {
  const { summary } = await simulated(100, ["PoisonRate=0.05", "VisibilityTimeout=60"]);
  expect(summary.eventsMissing).toBe(0);
  expect(summary.eventsFailed).toBeGreaterThan(0);
});

it("is warned of a pull that does not fit into the consumer's timeout", () => {
  const given = new Set(["PullCount"]);
  const warn = (count: number) =>
    warningsOf(scenario, settingsOf(scenario, [`PullCount=${count}`]), given, serviceDefaults);
  expect(warn(60)).toEqual([]);
  expect(warn(200)).toMatchObject([{ code: "work-beyond-timeout", batchSize: 200, timeoutSeconds: 120 }]);
});
