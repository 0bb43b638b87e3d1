/** An emulated account with numbers of its own, calibrated in this process, to see which hidden numbers a calibration finds. */

import { bench } from "../../src/bench.ts";
import { type Fit, fitAccount, type ProbeRecords } from "../../src/calibration/account.ts";
import { observationsOf } from "../../src/calibration/observations.ts";
import { type Probe, probes } from "../../src/calibration/probes.ts";
import { Invocations } from "../../src/database/invocations.ts";
import { randomStream } from "../../src/emulator/kernel/random.ts";
import { drawConstants } from "../../src/emulator/platforms/ranges.ts";
import type { Row, RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { mappingBackoffMs, meanFreeSlotMs, openLocal, unpublishedConstants } from "../../src/targets/local.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";

const simulatedSeeds = 6;

/** No probe tells these apart from the growth of the reading pace and from the overhead, which are fitted with them as the platform has them. */
const takenAsGiven = [
  "lambda.asyncReadsPerSecond",
  "lambda.asyncReadCut",
  "lambda.asyncReadFloorPerSecond",
  "mapping.twentySlotsLookMs",
  "mapping.hundredSlotsLookMs",
  "mapping.lookSpread",
] as const;

/** Draws the unpublished numbers from their plausible ranges, and the numbers of a database, by the seed. */
export function hiddenNumbers(seed: number): Record<string, number> {
  const random = randomStream(seed, "hidden database");
  const between = (low: number, high: number) => low * (high / low) ** random.fraction();
  const drawn = drawConstants("2026", seed);
  for (const name of takenAsGiven) delete drawn[name];
  return {
    ...drawn,
    // The holds of the probes are those of pollers that go on trying.
    "mapping.throttlePolicy": 0,
    "database.insertMedianMs": between(4, 250),
    "database.connectMs": between(20, 4_000),
    "database.sigma": between(0.05, 0.6),
  };
}

let runs = 0;

async function runProbe(
  { scenario, overrides, events }: Probe,
  databaseUrl: string,
  seed: number,
  constants: Record<string, number>,
): Promise<RunRecord> {
  const target = await openLocal({ databaseUrl, platform: "2026", seed, constants });
  try {
    const request = aRequest(findScenario(scenario), { set: overrides, events, runId: `loop-${++runs}` });
    return await bench(target, request, aContext());
  } finally {
    await target.close();
  }
}

/** Calibrates an account that has these numbers; the fit is not told them. */
export async function calibrated(hidden: Record<string, number>, seed: number, databaseUrl: string): Promise<Fit> {
  const database = await Invocations.open(databaseUrl);
  const records: ProbeRecords = {};
  const rows: Record<string, Row[]> = {};
  try {
    await database.ensureTable();
    for (const probe of probes) {
      const record = await runProbe(probe, databaseUrl, seed, hidden);
      records[probe.name] = record;
      rows[probe.name] = (await database.columns(record.groupId)).toRows();
    }
  } finally {
    await database.close();
  }
  return fitAccount(records, observationsOf(rows), {
    unpublished: unpublishedConstants("2026"),
    backoffMs: mappingBackoffMs,
    freeSlotMs: (busyMs) => meanFreeSlotMs("2026", busyMs),
    async simulate(name, constants) {
      const probe = probes.find((each) => each.name === name)!;
      const trials: RunRecord[][] = [];
      for (const [trial, values] of constants.entries()) {
        const trialRuns: RunRecord[] = [];
        for (let index = 0; index < simulatedSeeds; index++) {
          trialRuns.push(await runProbe(probe, databaseUrl, 10_000 + trial * simulatedSeeds + index, values));
        }
        trials.push(trialRuns);
      }
      return trials;
    },
  });
}
