/** Compares a candidate's figures with a base's: which way they differ, and how we know that it is not chance. */
import type { Interval, RunVerdict } from "../model.ts";
import { expectationsNow, type GivenExpectations, nothingGiven } from "./expectations.ts";
import { type Figure, figures, isShown, measuredFigures, toThreeDecimals } from "./figures.ts";
import { knownSpread } from "./known-spread.ts";
import { type Difference, differencesOf, type Side } from "./sides.ts";
import { holm, mannWhitney, median, medianDifferenceInterval, smallestP } from "./statistics.ts";
import { intervalOf } from "./uncertainty.ts";
import { type Turned, turnedWorse, verdictOf } from "./verdict.ts";

/** How much worse than the base a figure may be: a share of the base, or an amount in the figure's unit. */
export type Threshold = { share: number } | { amount: number };

export interface CompareOptions {
  /** the chance of a false alarm of the whole comparison */
  alpha: number;
  /** a difference below this share of the base does not matter, however certain it is */
  minimumEffect: number;
  /** decide in place of `minimumEffect` what is a regression; a figure without a better way is held to them in both directions */
  thresholds: Partial<Record<Figure, Threshold>>;
  /**
   * compares all figures. Otherwise only those of the table and those with a threshold are compared, because the more figures are
   * tested together, the larger a difference has to be
   */
  details: boolean;
  /** what the candidate is held to, besides what it was held to as it ran */
  given: GivenExpectations;
}

export const defaultOptions: CompareOptions = {
  alpha: 0.05,
  minimumEffect: 0.01,
  thresholds: {},
  details: false,
  given: nothingGiven,
};

/**
 * How chance is told from change. `exact`: the sides are the same seeds of one model, so that every difference is a change of the model.
 * `rank-test`: both sides have repeats. `known-spread`: a difference counts when it is larger than those between runs that differed by
 * their seed alone. `none`: the spread of such single runs is not known, and only thresholds decide. `prediction`: one side predicts what
 * the other measured, so that nothing changed between them; a figure is as predicted, or it is not.
 */
export type Method = "exact" | "rank-test" | "known-spread" | "none" | "prediction";

/**
 * `same`: there is no difference. `noise`: the difference may be chance. `small`: it is not chance, but does not matter. `unknown`:
 * nobody can tell. `inside` and `outside`: the measured figure is in the predicted interval, or not.
 */
export type Verdict = "better" | "worse" | "changed" | "same" | "noise" | "small" | "unknown" | "inside" | "outside";

export interface FigureComparison {
  figure: Figure;
  /** medians, where a side has several runs; null: a run lacks the figure */
  base: number | null;
  candidate: number | null;
  difference: number | null;
  /** difference ÷ base; null: the base is 0 */
  relative: number | null;
  verdict: Verdict;
  /** worse than the threshold, or without one than the minimum effect, allows */
  isRegression: boolean;
  threshold: Threshold | null;
  /** rank test: corrected for the number of figures */
  p: number | null;
  /** rank test: the bootstrap interval of the difference, at 1 − alpha */
  interval: { low: number; high: number } | null;
  /** known spread: differences up to it are noise */
  noise: number | null;
  /** prediction: its 5-95% interval; null: it has too few runs */
  predicted: Interval | null;
}

export interface Comparison {
  scenario: string;
  base: Side;
  candidate: Side;
  /** what is unlike besides the figures */
  differences: Difference[];
  method: Method;
  alpha: number;
  minimumEffect: number;
  /** rank test: with so few runs no difference, however large, could be significant */
  isTooFewRuns: boolean;
  /** both sides by the candidate's limit; `turned`: got worse, whoever gave the limit */
  verdicts: { base: RunVerdict; candidate: RunVerdict; turned: Turned[] };
  figures: FigureComparison[];
}

/** Fewer runs on a side reach no significance once several figures are tested together. */
export const fewestRepeats = 5;

/** Every prediction is unlike a measurement in these, so that they say nothing about this one. */
const ofEveryPrediction = new Set(["target", "profile", "drawn constants"]);

const resamples = 2_000;
/** A fixed seed gives the same records the same interval. */
const resamplingSeed = 1;

/** A measurement says no platform, but for a published one, which has that of its time. */
function isOfEveryPrediction({ what, base, candidate }: Difference): boolean {
  return ofEveryPrediction.has(what) || (what === "platform" && [base, candidate].includes("none"));
}

/** Both sides are of one scenario. */
export function compare(base: Side, candidate: Side, options: CompareOptions = defaultOptions): Comparison {
  const unlike = differencesOf(base, candidate);
  const method = methodOf(base, candidate, unlike);
  const differences = method === "prediction" ? unlike.filter((one) => !isOfEveryPrediction(one)) : unlike;
  const { alpha, minimumEffect } = options;
  const samples = comparedFigures(base, candidate, options).map((figure) => sampleOf(figure, base, candidate));
  const judged = judge[method](samples, base, candidate, options);
  return {
    scenario: candidate.scenario,
    base,
    candidate,
    differences,
    method,
    alpha,
    minimumEffect,
    verdicts: verdictsOf(base, candidate, method, options.given),
    isTooFewRuns: method === "rank-test" && leastP(samples, base, candidate) > alpha,
    figures: samples.map((sample, index) => conclude(sample, judged[index]!, options)),
  };
}

/** Nobody published when calls began. Between a prediction and a measurement nothing changed, so that nothing turned. */
function verdictsOf(base: Side, candidate: Side, method: Method, given: GivenExpectations): Comparison["verdicts"] {
  const expected = expectationsNow(candidate, given);
  const [before, after] = [base, candidate].map(({ origin, judged }) =>
    verdictOf(judged, origin === "published" ? { ...expected, limit: null } : expected),
  ) as [RunVerdict, RunVerdict];
  return { base: before, candidate: after, turned: method === "prediction" ? [] : turnedWorse(before, after) };
}

/** Says whether something got worse: a figure, or the verdict. */
export function isRegression(comparison: Comparison): boolean {
  return regressionsOf(comparison).length > 0 || comparison.verdicts.turned.length > 0;
}

export function regressionsOf({ figures }: Comparison): FigureComparison[] {
  return figures.filter(({ isRegression }) => isRegression);
}

interface Sample {
  figure: Figure;
  base: number[] | null;
  candidate: number[] | null;
}

/** `isCertain`: the difference is not chance; null: nobody can tell. */
interface Judgement {
  isCertain: boolean | null;
  p?: number;
  interval?: { low: number; high: number };
  noise?: number;
  predicted?: Interval | null;
}

function comparedFigures(base: Side, candidate: Side, { details, thresholds }: CompareOptions): Figure[] {
  const runs = [...base.runs, ...candidate.runs];
  return measuredFigures.filter((figure) => {
    const { place } = figures[figure];
    if (thresholds[figure] !== undefined || place === "table" || place === "exception") return true;
    const values = runs.map((run) => run[figure]);
    return details && isShown(figure, values);
  });
}

function sampleOf(figure: Figure, base: Side, candidate: Side): Sample {
  const values = ({ runs }: Side) => {
    const known = runs.map((run) => run[figure]).filter((value) => value !== null);
    return known.length === runs.length ? known : null;
  };
  return { figure, base: values(base), candidate: values(candidate) };
}

function methodOf(base: Side, candidate: Side, differences: Difference[]): Method {
  if (predictionOf(base, candidate) !== null) return "prediction";
  const isOneModel = differences.every(({ what }) => what === "version") && base.origin === "local";
  if (isOneModel && String(base.seeds) === String(candidate.seeds)) return "exact";
  if (Math.min(base.runs.length, candidate.runs.length) >= fewestRepeats) return "rank-test";
  return spreadOf(base, candidate) ? "known-spread" : "none";
}

/** The side that predicts what the other one measured, as a published result was; null: they are no such two. */
function predictionOf(base: Side, candidate: Side): "base" | "candidate" | null {
  if (base.kind === candidate.kind) return null;
  return base.kind === "prediction" ? "base" : "candidate";
}

/** The spread of the model of the candidate's year. An account's own spread is not known, so it stands for that one, too. */
function spreadOf({ totalEvents }: Side, candidate: Side) {
  return totalEvents === candidate.totalEvents ? knownSpread(candidate) : null;
}

type Judge = (samples: Sample[], base: Side, candidate: Side, options: CompareOptions) => Judgement[];

const judge: Record<Method, Judge> = {
  exact: (samples) => samples.map(() => ({ isCertain: true })),

  none: (samples) => samples.map(() => ({ isCertain: null })),

  prediction: (samples, base, candidate) => {
    const side = predictionOf(base, candidate)!;
    return samples.map((sample) => {
      const runs = sample[side];
      return { isCertain: null, predicted: runs && runs.length >= fewestRepeats ? intervalOf(runs) : null };
    });
  },

  "known-spread": (samples, base, candidate) => {
    const spread = spreadOf(base, candidate)!;
    return samples.map(({ figure, base, candidate }) => {
      const known = spread[figure];
      if (!base || !candidate || !known) return { isCertain: null };
      const [before, after] = [median(base), median(candidate)];
      const scale = known.median === 0 ? 1 : Math.max(1, Math.abs(before / known.median));
      const noise = known.range * scale;
      return { isCertain: Math.abs(after - before) > noise, noise };
    });
  },

  "rank-test": (samples, _, __, { alpha }) => {
    const tested = varyingOf(samples);
    const ps = holm(tested.map(({ base, candidate }) => mannWhitney(base, candidate).p));
    const judgements = new Map(
      tested.map(({ figure, base, candidate }, index): [Figure, Judgement] => {
        const interval = medianDifferenceInterval(base, candidate, {
          level: 1 - alpha,
          resamples,
          seed: resamplingSeed,
        });
        return [figure, { isCertain: ps[index]! <= alpha, p: ps[index]!, interval }];
      }),
    );
    return samples.map(({ figure }) => judgements.get(figure) ?? { isCertain: true });
  },
};

/** The figures that vary. Leaving the others out is honest, because which figures vary does not depend on which run is on which side. */
function varyingOf(samples: Sample[]): (Sample & { base: number[]; candidate: number[] })[] {
  return samples.flatMap(({ figure, base, candidate }) =>
    base && candidate && new Set([...base, ...candidate]).size > 1 ? [{ figure, base, candidate }] : [],
  );
}

/** The smallest corrected p that any figure could have had. */
function leastP(samples: Sample[], base: Side, candidate: Side): number {
  return smallestP(base.runs.length, candidate.runs.length) * varyingOf(samples).length;
}

function conclude(
  { figure, base, candidate }: Sample,
  judgement: Judgement,
  options: CompareOptions,
): FigureComparison {
  const { p = null, interval = null, noise = null, predicted = null } = judgement;
  const threshold = options.thresholds[figure] ?? null;
  const before = base && median(base);
  const after = candidate && median(candidate);
  const known = { figure, base: before, candidate: after, threshold, p, interval, noise, predicted };
  if (before === null || after === null) {
    const isSame = before === null && after === null;
    return { ...known, difference: null, relative: null, verdict: isSame ? "same" : "unknown", isRegression: false };
  }
  const difference = toThreeDecimals(after - before);
  const isAbove = (limit: Threshold) => isBeyond(difference, before, limit);
  const least = { share: options.minimumEffect };
  const isMatter = isAbove(least) || (threshold !== null && isAbove(threshold));
  const direction = directionOf(figure, difference);
  const isPrediction = judgement.predicted !== undefined;
  // Where nobody knows the noise, the user's own threshold is all there is to go by.
  const isCertain = judgement.isCertain ?? threshold !== null;
  // Between a prediction and a measurement a difference is wrong in both directions.
  const isAgainst = direction === "worse" || (threshold !== null && (direction === "changed" || isPrediction));
  return {
    ...known,
    difference,
    relative: before === 0 ? null : difference / Math.abs(before),
    verdict: isPrediction
      ? verdictOnPrediction(difference, predicted, [before, after], isMatter)
      : verdictOnFigure(direction, judgement, isMatter),
    isRegression: isCertain && isAgainst && isAbove(threshold ?? least),
  };
}

function verdictOnFigure(direction: Verdict, { isCertain, p }: Judgement, isMatter: boolean): Verdict {
  // Runs that vary can have equal medians by chance.
  if (direction === "same" && p === undefined) return "same";
  if (isCertain === null) return "unknown";
  if (!isCertain) return "noise";
  return isMatter ? direction : "small";
}

/** One of the two medians is the prediction's own and lies in its interval, so that the other one decides. */
function verdictOnPrediction(
  difference: number,
  predicted: Interval | null,
  medians: readonly number[],
  isMatter: boolean,
): Verdict {
  if (difference === 0) return "same";
  if (predicted === null) return "unknown";
  if (medians.every((one) => one >= predicted.low && one <= predicted.high)) return "inside";
  return isMatter ? "outside" : "small";
}

function directionOf(figure: Figure, difference: number): "better" | "worse" | "changed" | "same" {
  if (difference === 0) return "same";
  const { betterWhen } = figures[figure];
  if (betterWhen === "neither") return "changed";
  return difference > 0 === (betterWhen === "higher") ? "better" : "worse";
}

function isBeyond(difference: number, base: number, limit: Threshold): boolean {
  const distance = Math.abs(difference);
  if ("amount" in limit) return distance > limit.amount;
  return distance > limit.share * Math.abs(base);
}
