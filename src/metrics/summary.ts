/** The published table's figures of a run, from its rows. */
import type { Row, Summary } from "../model.ts";
import { toThreeDecimals } from "./figures.ts";
import { timeline } from "./timeline.ts";

export interface SummaryInput {
  /** how many events the run was asked for */
  totalEvents: number;
  /** the consumer's rows */
  completed: readonly Row[];
  /** the dead-letter recorder's rows */
  dead: readonly Row[];
  /** maximum of CloudWatch's `ConcurrentExecutions`, `null` where it has no data */
  maxConcurrency: number | null;
  /** the producer's own first `sent_at`, in case the first event left no row */
  firstSentAt?: number | null;
}

/**
 * Time Taken runs from the first `sent_at` of the run, whatever became of that event, to the last insert of a *completed* event. A dead
 * letter is no completion: the queue's settings decide when it is recorded, not the throughput measured. Seconds are exact to the
 * millisecond, `avg` is rounded to 3 decimals, and nothing else is rounded.
 * A figure that needs a completed event is `null` without one.
 */
export function summarize(input: SummaryInput): Summary {
  const { totalEvents, completed, dead, maxConcurrency } = input;
  const completedIds = idsOf(completed);
  const eventsCompleted = completedIds.size;
  const eventsFailed = [...idsOf(dead)].filter((id) => !completedIds.has(id)).length;
  const timeTakenSeconds = timeTaken(input);
  return {
    totalEvents,
    eventsCompleted,
    eventsFailed,
    eventsMissing: totalEvents - eventsCompleted - eventsFailed,
    duplicates: completed.length - eventsCompleted,
    timeTakenSeconds,
    maxConcurrency,
    insertsPerSecond: {
      avg: throughputPerSecond({ eventsCompleted, timeTakenSeconds }),
      ...busySeconds(completed, dead),
    },
  };
}

/** null: no event completed in a time that can be told. */
export function throughputPerSecond({
  eventsCompleted,
  timeTakenSeconds,
}: Pick<Summary, "eventsCompleted" | "timeTakenSeconds">): number | null {
  // On AWS two machines' clocks are compared, so a very short run can take no time, or less.
  if (timeTakenSeconds === null || timeTakenSeconds <= 0) return null;
  return toThreeDecimals(eventsCompleted / timeTakenSeconds);
}

function idsOf(rows: readonly Row[]): Set<number> {
  return new Set(rows.map(({ id }) => id));
}

function timeTaken({ completed, dead, firstSentAt }: SummaryInput): number | null {
  if (completed.length === 0) return null;
  let first = firstSentAt ?? Infinity;
  let last = -Infinity;
  for (const { sentAt, createdAt } of completed) {
    first = Math.min(first, sentAt);
    last = Math.max(last, createdAt);
  }
  for (const { sentAt } of dead) first = Math.min(first, sentAt);
  return (last - first) / 1000;
}

/** Most and fewest inserts among the timeline's seconds that have any. */
function busySeconds(completed: readonly Row[], dead: readonly Row[]): { max: number | null; min: number | null } {
  if (completed.length === 0) return { max: null, min: null };
  let max = 0;
  let min = Infinity;
  for (const { inserts } of timeline(completed, dead)) {
    if (inserts === 0) continue;
    max = Math.max(max, inserts);
    min = Math.min(min, inserts);
  }
  return { max, min };
}
