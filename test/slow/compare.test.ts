/** The error rates of `test/scenarios/compare.test.ts` once more, on new runs of the real orchestrator and today's model. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { compare, regressionsOf } from "../../src/metrics/compare.ts";
import { type Side, sideOf } from "../../src/metrics/sides.ts";
import type { RunRecord } from "../../src/model.ts";
import { openWorkbench, type Workbench } from "../scenarios/bench.ts";

const pairs = 20;
const repeats = 10;
const events = 400;

let workbench: Workbench;
let seed = 0;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

/** Ten runs with seeds that no other sample has. */
async function sample(scenario: string, set: string[] = []): Promise<Side> {
  const records: RunRecord[] = [];
  for (let run = 0; run < repeats; run++) {
    records.push(await workbench.run(scenario, { events, set, seed: ++seed, platform: "2026" }));
  }
  return sideOf(records);
}

it("raises at most one false alarm in 20 pairs of samples of the same thing", { timeout: 900_000 }, async () => {
  let alarms = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const comparison = compare(await sample("scenario-3"), await sample("scenario-3"));
    expect(comparison.differences).toEqual([]);
    if (comparison.figures.some(({ verdict }) => ["better", "worse", "changed"].includes(verdict))) alarms++;
  }
  expect(alarms).toBeLessThanOrEqual(1);
});

it("finds at least 19 of 20 slow-downs of a tenth of the work", { timeout: 900_000 }, async () => {
  let found = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const comparison = compare(await sample("scenario-5"), await sample("scenario-5", ["WorkMs=1100"]));
    if (regressionsOf(comparison).some(({ figure }) => figure === "timeTakenSeconds")) found++;
  }
  expect(found).toBeGreaterThanOrEqual(19);
});
