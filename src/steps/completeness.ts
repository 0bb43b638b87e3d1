/** Waits until CloudWatch has all points of a run. AWS gives no bound on their delay, so the rows prove which points there must be. */
import { isDeepStrictEqual } from "node:util";
import { BenchError } from "../errors.ts";
import type { Details, MetricSeries, MetricsWindow, StackNames, Summary } from "../model.ts";
import type { Account } from "../targets/target.ts";
import { readSeries, totalUntil } from "./cloudwatch.ts";
import type { Progress } from "./progress.ts";
import { betweenReadingsMs, countdownMs, latestReading, nextReading, sleepMs } from "./timetable.ts";

/** An answer of CloudWatch, and the time at which it came. */
export interface Reading {
  series: MetricSeries[];
  at: number;
}

/** The proof by the rows of which points CloudWatch must have of the consumer's Invocations. */
export interface Evidence {
  /** There are at least this many. 0: there may be none, because every attempt at one was throttled. */
  invocations: number;
  /** Each had begun by this time, and a point is stamped with the begin of the invocation. */
  until: number;
}

export function evidenceInRows(
  { timeTakenSeconds }: Pick<Summary, "timeTakenSeconds">,
  { batches }: Pick<Details, "batches">,
  { start, end }: Pick<MetricsWindow, "start" | "end">,
): Evidence {
  const until = timeTakenSeconds === null ? end : start + Math.round(timeTakenSeconds * 1000);
  return { invocations: batches, until };
}

/**
 * Tells that the reading holds all points of a run up to `end`. It has to show as many invocations as there must be. It also has to
 * equal an earlier reading, or be made when nothing more is expected. `earlier` null: there was none.
 */
export function isComplete(
  reading: Reading,
  earlier: Reading | null,
  { invocations, until }: Evidence,
  end: number,
): boolean {
  const shown = totalUntil(reading.series, "consumer.Invocations", until) ?? 0;
  const throttled = totalUntil(reading.series, "consumer.Throttles", until) ?? 0;
  if (shown < invocations || shown + throttled === 0) return false;
  if (reading.at >= latestReading(end)) return true;
  const isApart = earlier !== null && reading.at - earlier.at >= betweenReadingsMs;
  return isApart && isDeepStrictEqual(reading.series, earlier.series);
}

/**
 * Reads until a reading is complete, or nothing more is expected, or the signal comes. Resolves with the last reading, also when
 * CloudWatch is lost after it.
 */
export async function readWhenComplete(
  target: Account,
  stack: StackNames,
  window: Pick<MetricsWindow, "start" | "end">,
  evidence: Evidence,
  signal: AbortSignal,
  progress: Progress,
  /** is told each reading but the last */
  counted: (series: readonly MetricSeries[], at: number) => void = () => undefined,
): Promise<{ reading: Reading; complete: boolean }> {
  let reading: Reading | null = null;
  for (;;) {
    try {
      await countDown(
        target,
        nextReading(window.end, reading?.at ?? null),
        latestReading(window.end),
        signal,
        progress,
      );
      const earlier: Reading | null = reading;
      reading = await read(target, stack, window, signal);
      const complete = isComplete(reading, earlier, evidence, window.end);
      if (complete || reading.at >= latestReading(window.end)) return { reading, complete };
      counted(reading.series, reading.at);
    } catch (failure) {
      const isLost = failure instanceof BenchError && reading !== null;
      if (!isLost && !signal.aborted) throw failure;
      return { reading: reading ?? (await read(target, stack, window)), complete: false };
    }
  }
}

export async function read(
  target: Account,
  stack: StackNames,
  window: Pick<MetricsWindow, "start" | "end">,
  signal?: AbortSignal,
): Promise<Reading> {
  const series = await readSeries(target, stack, window, signal);
  return { series, at: target.clock.now() };
}

/** Resolves at `until`, and reports meanwhile how long it is to `end`. */
async function countDown(
  { clock }: Account,
  until: number,
  end: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const leftMs = () => sleepMs(clock.now(), until, countdownMs);
  for (let ms = leftMs(); ms > 0; ms = leftMs()) {
    progress({ phase: "metrics", remainingMs: end - clock.now() });
    await clock.sleep(ms, signal);
  }
}
