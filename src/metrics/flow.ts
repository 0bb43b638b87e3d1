/** The cumulative flow of a run: how many events were published, completed and given up, by time. */
import type { Flow, FlowStep } from "../model.ts";
import { indexOf } from "./events.ts";
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
  const failed = [...deadEvents.ids.keys()].filter((event) => indexOf(events.ids, deadEvents.ids[event]!) < 0);
  const failedOf = (times: Float64Array) => Float64Array.from(failed, (event) => times[event]!);
  const times = [
    ["published", events.sentAt],
    ["published", failedOf(deadEvents.sentAt)],
    ["completed", events.firstAt],
    ["failed", failedOf(deadEvents.firstAt)],
  ] as const;
  const stepMs = stepFor(
    latestOf(
      times.map(([, column]) => column),
      origin,
    ) - origin,
  );
  const steps: FlowStep[] = [];
  for (const [kind, column] of times) {
    for (const at of column) {
      // Two machines' clocks are compared on AWS, so that an event may seem to complete before the first was sent.
      const step = Math.max(0, Math.floor((at - origin) / stepMs));
      steps[step] ??= { step, published: 0, completed: 0, failed: 0 };
      steps[step][kind]++;
    }
  }
  // Steps in which nothing happened are holes.
  return { firstSentAt: origin, stepMs, steps: steps.filter(() => true) };
}

function latestOf(columns: readonly Float64Array[], origin: number): number {
  let latest = origin;
  for (const column of columns) for (const at of column) latest = Math.max(latest, at);
  return latest;
}

/** The shortest of 1, 2, 5, 10, 20, … ms that makes no more than the most steps of the time. */
function stepFor(lengthMs: number): number {
  const least = (lengthMs + 1) / mostSteps;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}
