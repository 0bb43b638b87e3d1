/** A run whose rows stay in memory needs no database, and comes to the same as one whose rows go to Postgres. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";
import { openWorkbench, type Workbench } from "./bench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

/** The record of a run, and its rows as the target has them at the end. */
async function run(name: string, databaseUrl: string | null) {
  const target = await openLocal({ databaseUrl, platform: "2020", seed: 5 });
  try {
    const request = aRequest(findScenario(name), { runId: `same-${name}`, events: 400 });
    const record: RunRecord = await bench(target, request, aContext({}));
    const rows = [...(await target.rows.all(record.groupId)), ...(await target.rows.all(record.deadLetterGroupId))];
    return { record: JSON.stringify(record), rows: JSON.stringify(rows), count: rows.length };
  } finally {
    await target.close();
  }
}

it.each([1, 2, 3, 4, 5])("has the same rows and record of scenario-%i, byte for byte", async (number) => {
  const inMemory = await run(`scenario-${number}`, null);
  const inPostgres = await run(`scenario-${number}`, workbench.databaseUrl);
  expect(inMemory.count).toBeGreaterThanOrEqual(400);
  expect(inMemory.rows).toBe(inPostgres.rows);
  expect(inMemory.record).toBe(inPostgres.record);
});
