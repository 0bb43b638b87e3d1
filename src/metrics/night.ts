/** Judges a scenario's night: its run by itself, and beside the last good night that the same model made. */
import type { RunRecord } from "../model.ts";
import { missingEvents } from "./caveats.ts";
import { type CompareOptions, type Comparison, compare, isRegression } from "./compare.ts";
import { type Difference, sideOf } from "./sides.ts";
import { runsOf } from "./uncertainty.ts";

/** Why a night is not good. */
export type Fault =
  | { code: "failed" | "interrupted"; message: string }
  | ReturnType<typeof missingEvents>[number]
  | { code: "nothing-completed" | "regression" | "expectation-broken" };

export interface Night {
  scenario: string;
  /** null: the run failed, or was not begun */
  record: RunRecord | null;
  /** null: there was no baseline */
  comparison: Comparison | null;
  /** run id of the baseline that the record was compared with; null: there was none */
  baseline: string | null;
  /** the newest good night, where there is no baseline because another model made it, and how that model differs */
  otherModel: { runId: string; difference: Difference } | null;
  faults: Fault[];
  /** whether there is a regression that was accepted; it is no fault then */
  isAccepted: boolean;
  /** whether tonight's record was saved as the next baseline */
  isBaseline: boolean;
}

/** `earlier` holds the records of earlier nights, of any scenario, newest first. With `accept` a regression is no fault. */
export function judgeNight(
  record: RunRecord,
  earlier: readonly RunRecord[],
  accept: boolean,
  options: CompareOptions,
): Night {
  const nights = earlier.filter((night) => night.scenario === record.scenario && runFaults(night).length === 0);
  const baseline = nights.find((night) => modelDifference(night, record) === null);
  const comparison = baseline ? compare(sideOf([baseline]), sideOf([record]), options) : null;
  const isWorse = comparison !== null && isRegression(comparison);
  const faults = runFaults(record);
  if (isWorse && !accept) faults.push({ code: "regression" });
  const [newest] = nights;
  return {
    ...uncompared(record.scenario, record, faults),
    comparison,
    baseline: baseline?.runId ?? null,
    otherModel: newest && !baseline ? { runId: newest.runId, difference: modelDifference(newest, record)! } : null,
    isAccepted: isWorse && accept,
  };
}

/** The night of a scenario whose run failed or was interrupted. It has a record where something was measured all the same. */
export function failedNight(scenario: string, fault: Fault, record: RunRecord | null = null): Night {
  return uncompared(scenario, record, [fault]);
}

function uncompared(scenario: string, record: RunRecord | null, faults: Fault[]): Night {
  const nothing = { comparison: null, baseline: null, otherModel: null };
  return { scenario, record, ...nothing, faults, isAccepted: false, isBaseline: false };
}

/** Finds why a run is no good night, whatever it is compared with. */
function runFaults(record: RunRecord): Fault[] {
  const isNothing = runsOf(record).every(({ summary }) => summary.eventsCompleted === 0);
  const isBroken = (record.verdict?.broken.length ?? 0) > 0;
  return [
    ...missingEvents(record),
    ...(isNothing ? [{ code: "nothing-completed" } as const] : []),
    ...(isBroken ? [{ code: "expectation-broken" } as const] : []),
  ];
}

/**
 * Says how the models behind two records differ, because figures of different models do not compare; null: one model made both, or both
 * are measurements. The package's version stands for the model's code, because users get code by versions alone; `modelHash` stands for
 * its numbers.
 */
function modelDifference(base: RunRecord, candidate: RunRecord): Difference | null {
  const of = (what: string, value: (record: RunRecord) => string | null) => {
    const [before, after] = [value(base), value(candidate)];
    // A record that does not say it may have had another.
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
