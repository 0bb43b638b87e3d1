/** Compares a candidate's figures with a base's: which way they differ, and how we know that it is not chance. */
import type { Expectations, Interval, RunVerdict } from "../model.ts";
import { type Choice, choiceOf } from "./choice.ts";
import { isOfProblem } from "./downstream.ts";
import { expectationsNow, type GivenExpectations, nothingGiven } from "./expectations.ts";
import { type Figure, figures, isShown, measuredFigures, toThreeDecimals } from "./figures.ts";
import { type Judgement, judge, leastP, type Method, methodOf, type Sample } from "./judgement.ts";
import { areTwoWays, type Difference, differencesOf, type Side } from "./sides.ts";
import { median } from "./statistics.ts";
import { type Turned, turnedWorse, verdictOf } from "./verdict.ts";
import { unknownWay, type WayFigures, type WayName, wayOfSide } from "./ways.ts";

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
  /** the candidate's */
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
  /** of sides of different scenarios, which are two ways to choose from, and not one that changed; null: they are of the same one */
  choice: Choice | null;
  figures: FigureComparison[];
}

/** Every prediction is unlike a measurement in these, so that they say nothing about this one. */
const ofEveryPrediction = new Set(["target", "profile", "drawn constants"]);

/** A measurement says no platform, but for a published one, which has that of its time. */
function isOfEveryPrediction({ what, base, candidate }: Difference): boolean {
  return ofEveryPrediction.has(what) || (what === "platform" && [base, candidate].includes("none"));
}

/** `namedWay` tells more of a way than its name, where the sides are two. */
export function compare(
  base: Side,
  candidate: Side,
  options: CompareOptions = defaultOptions,
  namedWay: (scenario: string) => WayName = unknownWay,
): Comparison {
  const unlike = differencesOf(base, candidate);
  const method = methodOf(base, candidate, unlike);
  const differences = unlike.filter((one) => isTold(one, base, candidate, method));
  const { alpha, minimumEffect } = options;
  const samples = comparedFigures(base, candidate, options).map((figure) => sampleOf(figure, base, candidate));
  const judged = judge[method](samples, base, candidate, alpha);
  const isChoice = areTwoWays(base, candidate);
  const compared = samples.map((sample, index) => conclude(sample, judged[index]!, options, isChoice));
  const verdicts = verdictsOf(base, candidate, method, options.given);
  const ways = isChoice
    ? [base, candidate].map((side) =>
        wayOfSide(namedWay(side.scenario), side, expectedOf(side, candidate, options.given)),
      )
    : null;
  return {
    scenario: candidate.scenario,
    base,
    candidate,
    differences,
    method,
    alpha,
    minimumEffect,
    verdicts,
    choice: ways && choiceOf(ways[0]!, ways[1]!, isSameTime(compared, minimumEffect)),
    isTooFewRuns: method === "rank-test" && leastP(samples, base, candidate) > alpha,
    figures: compared,
  };
}

/** Two ways are of two templates, and their settings are what they are, but for those of the burst and of the downstream. */
function isTold(difference: Difference, base: Side, candidate: Side, method: Method): boolean {
  if (method === "prediction" && isOfEveryPrediction(difference)) return false;
  if (!areTwoWays(base, candidate)) return true;
  const { what } = difference;
  const having = [base, candidate].filter(({ settings }) => settings[what] !== undefined).length;
  return having > 0 ? isOfProblem(what, having === 2) : what !== "scenario" && what !== "template";
}

/** `least`: a difference up to this share matters to nobody. */
function isSameTime(compared: readonly FigureComparison[], least: number): boolean {
  const time = compared.find(({ figure }) => figure === "timeTakenSeconds")!;
  if (["same", "noise", "small"].includes(time.verdict)) return true;
  return time.relative !== null && Math.abs(time.relative) <= least;
}

/** Between two ways nothing changed, nor between a prediction and a measurement, so that nothing turned. */
function verdictsOf(base: Side, candidate: Side, method: Method, given: GivenExpectations): Comparison["verdicts"] {
  const [before, after] = [base, candidate].map((side) =>
    verdictOf(side.judged, expectedOf(side, candidate, given)),
  ) as [RunVerdict, RunVerdict];
  const isChange = method !== "prediction" && !areTwoWays(base, candidate);
  return { base: before, candidate: after, turned: isChange ? turnedWorse(before, after) : [] };
}

/** Both sides are held to what the candidate is, but a way to its own claims. Nobody published when calls began. */
function expectedOf(side: Side, candidate: Side, given: GivenExpectations): Expectations {
  const expected = expectationsNow(candidate, given);
  const claims = areTwoWays(side, candidate) ? (side.expected?.claims ?? null) : expected.claims;
  return { ...expected, claims, ...(side.origin === "published" && { limit: null }) };
}

/** Says whether something got worse: a figure, or the verdict. */
export function isRegression(comparison: Comparison): boolean {
  return regressionsOf(comparison).length > 0 || comparison.verdicts.turned.length > 0;
}

export function regressionsOf({ figures }: Comparison): FigureComparison[] {
  return figures.filter(({ isRegression }) => isRegression);
}

/** The figures that ways are compared by. */
const ofWays = new Set<string>([
  "timeTakenSeconds",
  "waitOldestMs",
  "outOfOrderShare",
  "duplicates",
  "throttles",
  "costPerMillionEvents",
] satisfies (keyof WayFigures<unknown>)[]);

function comparedFigures(base: Side, candidate: Side, { details, thresholds }: CompareOptions): Figure[] {
  const runs = [...base.runs, ...candidate.runs];
  return measuredFigures.filter((figure) => {
    const { place } = figures[figure];
    if (thresholds[figure] !== undefined || place === "table" || place === "exception") return true;
    const values = runs.map((run) => run[figure]);
    const isOfWays = areTwoWays(base, candidate) && ofWays.has(figure);
    return (details || isOfWays) && isShown(figure, values);
  });
}

function sampleOf(figure: Figure, base: Side, candidate: Side): Sample {
  const values = ({ runs }: Side) => {
    const known = runs.map((run) => run[figure]).filter((value) => value !== null);
    return known.length === runs.length ? known : null;
  };
  return { figure, base: values(base), candidate: values(candidate) };
}

function conclude(
  { figure, base, candidate }: Sample,
  judgement: Judgement,
  options: CompareOptions,
  isChoice: boolean,
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
  // One way is no worse edition of another. Only who gives a threshold says by how much it may differ.
  const isHeld = threshold !== null || !isChoice;
  return {
    ...known,
    difference,
    relative: before === 0 ? null : difference / Math.abs(before),
    verdict: isPrediction
      ? verdictOnPrediction(difference, predicted, [before, after], isMatter)
      : verdictOnFigure(direction, judgement, isMatter),
    isRegression: isHeld && isCertain && isAgainst && isAbove(threshold ?? least),
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
