/** Judges a scenario's night: whether its run was good, and better or worse than the last good night of the same model. */
import type { RunRecord } from "../model.ts";
import { type CompareOptions, type Comparison, compare, regressionsOf } from "./compare.ts";
import { type Difference, sideOf } from "./sides.ts";
import { runsMissingEvents, runsOf } from "./uncertainty.ts";

/** Why a night is not good. */
export type Fault =
  | { code: "failed" | "interrupted"; message: string }
  /** `missing` is the sum over all runs, `runs` counts those that miss any, `ofRuns` all of them */
  | { code: "events-missing"; missing: number; runs: number; ofRuns: number }
  | { code: "nothing-completed" | "regression" };

export interface Night {
  scenario: string;
  /** null: the run failed, or was not begun */
  record: RunRecord | null;
  /** with the good night `baseline`; null: there was none to compare with */
  comparison: Comparison | null;
  /** run id of the baseline that stood before tonight; null: there was none */
  baseline: string | null;
  /** how the newest earlier night is unlike, when it is no baseline because another model made it */
  otherModel: { runId: string; difference: Difference } | null;
  faults: Fault[];
  /** whether a regression was accepted, so that it is no fault */
  isAccepted: boolean;
  /** whether tonight's record was saved as the next baseline */
  isBaseline: boolean;
}

/** `earlier`: the records of earlier nights, of any scenario, newest first. `accept`: takes a regression for good. */
export function judgeNight(
  record: RunRecord,
  earlier: readonly RunRecord[],
  accept: boolean,
  options: CompareOptions,
): Night {
  const nights = earlier.filter((night) => night.scenario === record.scenario && runFaults(night).length === 0);
  const baseline = nights.find((night) => modelDifference(night, record) === null);
  const comparison = baseline ? compare(sideOf([baseline]), sideOf([record]), options) : null;
  const isWorse = comparison !== null && regressionsOf(comparison).length > 0;
  const faults = runFaults(record);
  if (isWorse && !accept) faults.push({ code: "regression" });
  const [newest] = nights;
  return {
    scenario: record.scenario,
    record,
    comparison,
    baseline: baseline?.runId ?? null,
    otherModel: newest && !baseline ? { runId: newest.runId, difference: modelDifference(newest, record)! } : null,
    faults,
    isAccepted: isWorse && accept,
    isBaseline: false,
  };
}

/** The night of a scenario whose run failed or was interrupted; `record`: what was measured all the same. */
export function failedNight(scenario: string, fault: Fault, record: RunRecord | null = null): Night {
  return {
    scenario,
    record,
    comparison: null,
    baseline: null,
    otherModel: null,
    faults: [fault],
    isAccepted: false,
    isBaseline: false,
  };
}

/** Why a run is no good night, whatever it is compared with. */
function runFaults(record: RunRecord): Fault[] {
  const runs = runsOf(record);
  const incomplete = runsMissingEvents(record);
  const missing = incomplete.reduce((sum, run) => sum + run.missing, 0);
  const faults: Fault[] = [];
  if (missing > 0) {
    faults.push({ code: "events-missing", missing, runs: incomplete.length, ofRuns: runs.length });
  }
  if (runs.every(({ summary }) => summary.eventsCompleted === 0)) {
    faults.push({ code: "nothing-completed" });
  }
  return faults;
}

/**
 * The first thing in which two records come from different models, so that their figures do not compare; null: from the same one, or
 * both are measurements. The package's version stands for the model's code, its hash for the model's numbers.
 */
function modelDifference(base: RunRecord, candidate: RunRecord): Difference | null {
  const of = (what: string, value: (record: RunRecord) => string | null) => {
    const [before, after] = [value(base), value(candidate)];
    // What an earlier record does not say is not known to be the same.
    return before !== null && before === after
      ? null
      : { what, base: before ?? "unknown", candidate: after ?? "unknown" };
  };
  const origin = of("target", (record) => record.target) ?? of("kind", (record) => record.kind);
  if (origin !== null || candidate.kind === "measurement") return origin;
  return (
    of("throttle-bench", (record) => record.versions.throttleBench) ??
    of("platform", (record) => record.platform) ??
    of("numbers of the model", (record) => record.modelHash?.slice(0, 12) ?? null)
  );
}
