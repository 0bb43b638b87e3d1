/** The record of several runs that differ in their seed alone. */
import type { Assumption, RunRecord } from "../model.ts";
import { caveatsAnew } from "./caveats.ts";
import { runsOf, uncertaintyOf } from "./uncertainty.ts";
import { verdictOf } from "./verdict.ts";

/** The first run's record with the figures and the doubts of all runs. There is at least one. */
export function recordOfAll(records: readonly RunRecord[], ranges: boolean): RunRecord {
  const runs = records.map(({ seed, outcome, summary, details, cost, calls }) => ({
    seed: seed!,
    outcome,
    summary,
    details,
    cost: cost && { perMillionEvents: cost.perMillionEvents, month: cost.month },
    calls: calls && { ...calls, seconds: null },
  }));
  const record = { ...records[0]!, assumptions: decidedByAll(records), uncertainty: uncertaintyOf(runs, ranges) };
  const verdict = record.expected && verdictOf(runsOf(record), record.expected);
  return { ...record, verdict, caveats: caveatsAnew(record) };
}

/** The first run's numbers, each with what it decided in all runs together. */
function decidedByAll(records: readonly RunRecord[]): Assumption[] | null {
  const decidedIn = (record: RunRecord, name: string) =>
    record.assumptions?.find((assumption) => assumption.name === name)?.decided ?? 0;
  return (
    records[0]!.assumptions?.map((assumption) => ({
      ...assumption,
      decided:
        assumption.decided === null
          ? null
          : records.reduce((sum, record) => sum + decidedIn(record, assumption.name), 0),
    })) ?? null
  );
}
