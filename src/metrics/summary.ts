/** The published table's figures of a run, from its rows. */
import type { InsertsPerSecond, Summary, TimelinePoint } from "../model.ts";
import { failedOf } from "./events.ts";
import { toThreeDecimals } from "./figures.ts";
import type { RunRows } from "./run-rows.ts";

export interface SummaryInput {
  /** how many events the run was asked for */
  totalEvents: number;
  rows: RunRows;
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
  const { totalEvents, rows, maxConcurrency } = input;
  const eventsCompleted = rows.events.ids.length;
  const eventsFailed = failedOf(rows.events, rows.deadEvents).length;
  const timeTakenSeconds = timeTaken(input);
  return {
    totalEvents,
    eventsCompleted,
    eventsFailed,
    eventsMissing: totalEvents - eventsCompleted - eventsFailed,
    duplicates: rows.completed.length - eventsCompleted,
    timeTakenSeconds,
    maxConcurrency,
    insertsPerSecond: busySeconds(rows.timeline),
  };
}

/** Events completed ÷ time taken; null: no event completed in a time that can be told. */
export function throughputPerSecond({
  eventsCompleted,
  timeTakenSeconds,
}: Pick<Summary, "eventsCompleted" | "timeTakenSeconds">): number | null {
  // On AWS two machines' clocks are compared, so a very short run can take no time, or less.
  if (timeTakenSeconds === null || timeTakenSeconds <= 0) return null;
  return toThreeDecimals(eventsCompleted / timeTakenSeconds);
}

/** The first `sent_at` of the rows, also of dead letters; null without rows. */
export function firstSentAt({ completed, dead }: Pick<RunRows, "completed" | "dead">): number | null {
  let first = Infinity;
  for (const { length, sentAt } of [completed, dead]) {
    for (let index = 0; index < length; index++) first = Math.min(first, sentAt[index]!);
  }
  return first === Infinity ? null : first;
}

function timeTaken({ rows, firstSentAt: reported }: SummaryInput): number | null {
  const { length, createdAt } = rows.completed;
  if (length === 0) return null;
  let last = -Infinity;
  for (let index = 0; index < length; index++) last = Math.max(last, createdAt[index]!);
  return (last - Math.min(reported ?? Infinity, firstSentAt(rows)!)) / 1000;
}

/** Inserts of the timeline's seconds that have any. */
function busySeconds(timeline: readonly TimelinePoint[]): InsertsPerSecond {
  let seconds = 0;
  let sum = 0;
  let max = 0;
  let min = Infinity;
  for (const { inserts } of timeline) {
    if (inserts === 0) continue;
    seconds++;
    sum += inserts;
    max = Math.max(max, inserts);
    min = Math.min(min, inserts);
  }
  return seconds === 0 ? { avg: null, max: null, min: null } : { avg: toThreeDecimals(sum / seconds), max, min };
}
