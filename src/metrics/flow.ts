/** The cumulative flow of a run: how many events were published, completed and given up, by time. */
import type { Flow, FlowStep } from "../model.ts";
import { failedOf } from "./events.ts";
import type { RunRows } from "./run-rows.ts";
import { firstSentAt } from "./summary.ts";

/** More steps would tell no drawing more, and make the record of a long run long. */
const mostSteps = 1_000;

/**
 * Each event counts once: when it was sent, and when it first completed, or else when it was first dead-lettered. An event that left no row
 * is not in it, because nothing tells when it was sent. null: nothing tells when the first was. `reported`: the producers' first `sent_at`.
 */
export function flowOf(rows: RunRows, reported: number | null): Flow | null {
  const { events, deadEvents } = rows;
  const origin = Math.min(firstSentAt(rows) ?? Infinity, reported ?? Infinity);
  if (origin === Infinity) return null;
  const failed = failedOf(events, deadEvents);
  const ofFailed = (times: Float64Array) => Float64Array.from(failed, (event) => times[event]!);
  const times = [
    ["published", events.sentAt],
    ["published", ofFailed(deadEvents.sentAt)],
    ["completed", events.firstAt],
    ["failed", ofFailed(deadEvents.firstAt)],
  ] as const;
  const stepMs = stepFor(
    latestOf(
      times.map(([, column]) => column),
      origin,
    ) - origin,
  );
  const counts = {
    published: new Int32Array(mostSteps),
    completed: new Int32Array(mostSteps),
    failed: new Int32Array(mostSteps),
  };
  for (const [kind, column] of times) {
    const counted = counts[kind];
    for (let index = 0; index < column.length; index++) {
      // Two machines' clocks are compared on AWS, so that an event may seem to complete before the first was sent.
      counted[Math.max(0, Math.floor((column[index]! - origin) / stepMs))]!++;
    }
  }
  const steps: FlowStep[] = [];
  for (let step = 0; step < mostSteps; step++) {
    const [published, completed, dead] = [counts.published[step]!, counts.completed[step]!, counts.failed[step]!];
    if (published + completed + dead > 0) steps.push({ step, published, completed, failed: dead });
  }
  return { firstSentAt: origin, stepMs, steps };
}

function latestOf(columns: readonly Float64Array[], origin: number): number {
  let latest = origin;
  for (const column of columns) {
    for (let index = 0; index < column.length; index++) latest = Math.max(latest, column[index]!);
  }
  return latest;
}

/** The shortest of 1, 2, 5, 10, 20, … ms that makes no more than the most steps of the time. */
function stepFor(lengthMs: number): number {
  const least = (lengthMs + 1) / mostSteps;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}
