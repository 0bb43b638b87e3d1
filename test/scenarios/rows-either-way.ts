/** A run with its rows in memory, and the same run with its rows in Postgres. */
import { expect } from "vitest";
import { bench } from "../../src/bench.ts";
import { figuresOf } from "../../src/metrics/repetitions.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { type Plan, simulate } from "../../src/simulation/simulate.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";

/** The record of a run, and its rows as the target has them at the end. */
export async function runWithRows(name: string, databaseUrl: string | null, set: string[] = []) {
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

/** Rows, record and figures of the scenario are the same either way, byte for byte, and every event is accounted for. */
export async function expectSameEitherWay(name: string, databaseUrl: string): Promise<void> {
  const inMemory = await runWithRows(name, null);
  const inPostgres = await runWithRows(name, databaseUrl);
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
}
