/** The record of several runs that differ in their seed alone. */
import type { RunRecord } from "../model.ts";
import { caveatsAnew } from "./caveats.ts";
import { uncertaintyOf } from "./uncertainty.ts";

/** The first run's record with the figures and the doubts of all runs. There is at least one. */
export function recordOfAll(records: readonly RunRecord[], ranges: boolean): RunRecord {
  const runs = records.map(({ seed, outcome, summary, details }) => ({ seed: seed!, outcome, summary, details }));
  const record = { ...records[0]!, uncertainty: uncertaintyOf(runs, ranges) };
  return { ...record, caveats: caveatsAnew(record) };
}
