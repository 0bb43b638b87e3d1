/** The figures of several runs of one scenario together: the median and the 5-95% interval of each. */
import type { Calls, Interval, Outcome, Repetition, RunRecord, Uncertainty } from "../model.ts";
import { type Figure, figures, type Measured, measuredFigures, readFigure, toThreeDecimals } from "./figures.ts";
import { quantile } from "./statistics.ts";

export type RecordWithoutCaveats = Omit<RunRecord, "caveats">;

/** One of the runs that a record holds. */
export interface Run extends Measured {
  /** null: it ran on an account */
  seed: number | null;
  outcome: Outcome;
  /** null: not recorded */
  calls: Calls | null;
}

/** The runs that a record holds: the one, or every repetition. */
export function runsOf({ uncertainty, seed, outcome, summary, details, cost, calls }: RecordWithoutCaveats): Run[] {
  if (uncertainty === null) return [{ seed, outcome, summary, details, cost, calls }];
  return uncertainty.runs.map((run) => ({ ...run, outcome: run.outcome ?? outcome }));
}

/** The value of a record's figure, or the median and the interval of its repeated runs. null: a run lacks it. */
export function shownFigure(
  record: RecordWithoutCaveats,
  figure: Figure,
): { value: number | null; interval: Interval | null } {
  if (record.uncertainty === null || figures[figure].betterWhen === "given") {
    return { value: readFigure(figure, record), interval: null };
  }
  const interval = intervalOf(runsOf(record).map((run) => readFigure(figure, run)));
  return { value: interval?.median ?? null, interval };
}

/** With `ranges` the runs drew the unpublished constants from their plausible ranges. A figure that a run lacks has no interval. */
export function uncertaintyOf(runs: Repetition[], ranges: boolean): Uncertainty {
  const intervals = Object.fromEntries(
    measuredFigures.map((figure) => [figure, intervalOf(runs.map((run) => readFigure(figure, run)))]),
  );
  return { ranges, runs, intervals };
}

/** null: a value is not known. */
export function intervalOf(values: readonly (number | null)[]): Interval | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0 || known.length < values.length) return null;
  const at = (share: number) => toThreeDecimals(quantile(known, share));
  return { median: at(0.5), low: at(0.05), high: at(0.95) };
}
