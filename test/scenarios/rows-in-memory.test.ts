/** A run whose rows stay in memory needs no database, and comes to the same as one whose rows go to Postgres. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { figuresOf } from "../../src/metrics/repetitions.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario, shippedNames } from "../../src/scenarios/catalogue.ts";
import { type Plan, simulate } from "../../src/simulation/simulate.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";
import { openWorkbench, type Workbench } from "./bench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

/** The record of a run, and its rows as the target has them at the end. */
async function run(name: string, databaseUrl: string | null, set: string[] = []) {
  const target = await openLocal({ databaseUrl, platform: "2020", seed: 5 });
  try {
    const request = aRequest(findScenario(name), { runId: `same-${name}-${set.length}`, events: 100, set });
    const record: RunRecord = await bench(target, request, aContext({}));
    const rowsOf = async (groupId: string) => (await target.rows.columns(groupId)).toRows();
    const rows = [...(await rowsOf(record.groupId)), ...(await rowsOf(record.deadLetterGroupId))];
    const calls = await target.rows.calls(request.runId);
    return { record: JSON.stringify(record), rows: JSON.stringify(rows), calls, count: rows.length };
  } finally {
    await target.close();
  }
}

it.each(shippedNames())(
  "has the same rows and record of %s, byte for byte, and accounts for every event",
  async (name) => {
    const inMemory = await run(name, null);
    const inPostgres = await run(name, workbench.databaseUrl);
    expect(inMemory.count).toBeGreaterThanOrEqual(100);
    expect(inMemory.rows).toBe(inPostgres.rows);
    expect(inMemory.record).toBe(inPostgres.record);
    const { outcome, summary } = JSON.parse(inMemory.record) as RunRecord;
    expect({ outcome, missing: summary.eventsMissing }).toEqual({ outcome: "drained", missing: 0 });
    expect(summary.eventsCompleted + summary.eventsFailed).toBe(100);
    const scenario = findScenario(name);
    const { settings, timeoutMs, expected } = aRequest(scenario, { runId: "same" });
    const plan: Plan = {
      scenario,
      model: { platform: "2020", profile: null, ranges: false },
      limit: expected.limit,
      waitForMetrics: true,
    };
    const figures = await simulate(plan, { settings, events: 100, seed: 5, assumptions: {}, timeoutMs });
    expect(JSON.stringify(figures)).toBe(JSON.stringify(figuresOf(JSON.parse(inPostgres.record))));
  },
);

it("has the same rows, calls and record with settings of the downstream, byte for byte", async () => {
  const limited = ["DownstreamLimit=2/s", "WhenRefused=return", "MaxReceiveCount=100"];
  const failing = ["WorkMsMax=2000", "FailureRate=0.1", "PoisonRate=0.02", "SlowRate=0.1", "SlowFactor=2"];
  const set = [...limited, ...failing, "DuplicateRate=0.1", "HoldMs=1200", "ConsumerTimeout=20"];
  const inMemory = await run("scenario-5", null, set);
  const inPostgres = await run("scenario-5", workbench.databaseUrl, set);
  expect(inMemory.rows).toBe(inPostgres.rows);
  expect(inMemory.record).toBe(inPostgres.record);
  expect(JSON.stringify(inMemory.calls)).toBe(JSON.stringify(inPostgres.calls));
  const outcomes = new Set(inMemory.calls.map(({ outcome }) => outcome));
  expect([...outcomes].sort()).toEqual(["accepted", "failed", "refused"]);
});
