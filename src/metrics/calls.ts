/** Counts the calls that the downstream got: exactly where they were recorded, else between bounds by rows and errors. */
import type { Call, Details, RunRecord } from "../model.ts";

/** The facts of a run by which calls are bounded that nobody recorded. */
export interface CallEvidence extends Pick<Details, "errors" | "invocations"> {
  settings: RunRecord["settings"];
  /** null: the topic invokes the consumer with one event each */
  queue: string | null;
  /** whether CloudWatch shows all of the run's minutes */
  complete: boolean;
}

/** `inserted`: rows of the consumer. `calls`: the recorded ones; none where no setting of the downstream is on. */
export function callCount(
  inserted: number,
  calls: readonly Call[],
  evidence: CallEvidence,
): NonNullable<Details["calls"]> {
  if (calls.length === 0) return { recorded: false, refused: 0, ...boundsOf(inserted, evidence) };
  const refused = calls.reduce((sum, { outcome }) => sum + (outcome === "refused" ? 1 : 0), 0);
  return { recorded: true, refused, atLeast: calls.length, atMost: calls.length };
}

/**
 * A row was called for. An invocation that failed called for its whole batch at most, and one that reports which items failed may have
 * called for each of them, without any error that CloudWatch shows.
 */
export function boundsOf(inserted: number, evidence: CallEvidence): { atLeast: number; atMost: number | null } {
  const { errors, invocations, settings, queue, complete } = evidence;
  const batchSize = queue === null ? 1 : Number(settings.BatchSize ?? Number.NaN);
  const reports = queue !== null && settings.ReportBatchItemFailures === "true";
  const unseen = reports ? invocations : errors;
  const isKnown = complete && unseen !== null && Number.isFinite(batchSize);
  const most = isKnown ? (reports ? 0 : inserted) + unseen * batchSize : null;
  return { atLeast: inserted, atMost: most === null ? null : Math.max(inserted, most) };
}
