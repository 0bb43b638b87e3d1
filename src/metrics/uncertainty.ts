/** What several runs of one scenario say together: the median and the 5-95% interval of every figure of the table. */
import type { Figure, Interval, Repetition, Summary, Uncertainty } from "../model.ts";

/** How each figure is read from a summary. */
export const figures: Record<Figure, (summary: Summary) => number | null> = {
  eventsCompleted: (summary) => summary.eventsCompleted,
  eventsFailed: (summary) => summary.eventsFailed,
  eventsMissing: (summary) => summary.eventsMissing,
  duplicates: (summary) => summary.duplicates,
  timeTakenSeconds: (summary) => summary.timeTakenSeconds,
  maxConcurrency: (summary) => summary.maxConcurrency,
  insertsPerSecondAvg: (summary) => summary.insertsPerSecond.avg,
  insertsPerSecondMax: (summary) => summary.insertsPerSecond.max,
  insertsPerSecondMin: (summary) => summary.insertsPerSecond.min,
};

/** `ranges`: the runs drew the unpublished constants from their plausible ranges. A figure that a run lacks has no interval. */
export function uncertaintyOf(runs: Repetition[], ranges: boolean): Uncertainty {
  const intervals = Object.fromEntries(
    Object.entries(figures).map(([figure, of]) => [figure, intervalOf(runs.map(({ summary }) => of(summary)))]),
  ) as Record<Figure, Interval | null>;
  return { ranges, runs, intervals };
}

/** Null where a value is not known. */
export function intervalOf(values: readonly (number | null)[]): Interval | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0 || known.length < values.length) return null;
  return { median: quantile(known, 0.5), low: quantile(known, 0.05), high: quantile(known, 0.95) };
}

/** Linear between the two nearest of the ascending values, rounded to the record's three decimals. */
export function quantile(ascending: readonly number[], share: number): number {
  const position = share * (ascending.length - 1);
  const below = ascending[Math.floor(position)]!;
  const above = ascending[Math.ceil(position)]!;
  return Math.round((below + (above - below) * (position % 1)) * 1_000) / 1_000;
}
