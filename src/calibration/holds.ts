/** Finds the back-off of a throttled mapping from how many throttles fit into holds of known lengths. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** The counts of one probe. */
export interface HoldCount {
  /** from a hold's first throttle to its end */
  holdMs: number;
  holds: number;
  /** in all holds together */
  throttles: number;
}

export interface Backoff {
  baseMs: number;
  capMs: number;
  /** the share of an interval that is drawn at random */
  jitter: number;
}

/** The model's wait after the `throttle`-th throttle of a hold, when chance draws `share` of its jitter; linear in the share. */
export type IntervalMs = (throttle: number, backoff: Backoff, share: number) => number;

/** The middle of the likely values, and their 95 % interval. */
export interface Found {
  value: number;
  low: number;
  high: number;
}

/** A parameter is null when the counts do not decide it. `misfit`: no back-off like the model's makes such counts. */
export type FoundBackoff = { misfit: true } | ({ misfit: false } & Record<keyof Backoff, Found | null>);

type Range = readonly [low: number, high: number];

/** A hold is cut into so many bins, in each of which the chance of a throttle is taken to be even. */
const bins = 300;
/** A smaller probability is taken for 0. */
const negligible = 1e-4;
/** The model's mean is trusted to this share and no further: a real account's may differ by as much. */
const modelError = 0.005;
const firstTries = 300;
const settlingSteps = 800;
const steps = 2_000;
/** The size of a step, in the parameters' own scale, until the scale of the likely values is known. */
const firstScale = 0.2;
const leastScale = 1e-3;
/** The likelihood is raised to this power, which flattens it. */
const temperature = 2;
/** The size of a step, in standard deviations of the visited values; for three parameters by Roberts, Gelman and Gilks (1997). */
const stepScale = 2.4 / Math.sqrt(3);
/** A parameter is undecided when its interval is wider than this share of the possible values. */
const undecidedShare = 0.8;
/** An end counts as the bound when it is as near to it as this share of the possible values. */
const atBound = 0.02;
/** The value that chi squared with one degree of freedom exceeds by chance once in twenty times. */
const significant = 3.84;
/** The value that it exceeds once in a thousand times. */
const surprising = 10.83;
/** Base, cap and jitter. */
const parameters = 3;

/**
 * Finds the back-offs whose likelihood is not significantly below the greatest. The counts are taken to be normal, as sums of many
 * are. Answers the middle of these back-offs and, for each parameter, the interval that they reach whatever the other two are. A
 * seeded Metropolis algorithm explores them. `jitter` is the platform's; the times are fitted with it when the counts do not decide it.
 */
export function backoffOf(
  counts: readonly HoldCount[],
  ranges: { baseMs: Range; capMs: Range },
  jitter: number,
  intervalMs: IntervalMs,
  seed = 1,
): FoundBackoff {
  const likelihood = (point: Point) => logLikelihood(counts, backoffAt(point), ranges, intervalMs);
  const visits = explored(likelihood, ranges, seed);
  const best = visits.reduce((one, other) => (other.logLikelihood > one.logLikelihood ? other : one));
  if (counts.length > parameters && surpriseOf(counts, backoffAt(best.point), intervalMs) > surprising) {
    return { misfit: true };
  }
  const likelyPoints = visits
    .filter(({ logLikelihood }) => 2 * (best.logLikelihood - logLikelihood) <= significant)
    .map(({ point }) => point);
  const likely = likelyPoints.map(backoffAt);
  const middle = backoffAt(meanOf(likelyPoints));
  const foundJitter = found(
    middle.jitter,
    likely.map((one) => one.jitter),
    [0, 1],
  );
  const timeOf = (of: "baseMs" | "capMs"): Found | null => {
    // When the jitter is undecided, the counts determine the mean of the intervals alone.
    const value = foundJitter ? middle[of] : (middle[of] * (1 - middle.jitter / 2)) / (1 - jitter / 2);
    const bounds = ranges[of].map(Math.log) as [number, number];
    const time = found(
      Math.log(value),
      likely.map((one) => Math.log(one[of])),
      bounds,
    );
    // A time that is as likely at the bound may also be outside it.
    if (time === null || time.low === bounds[0] || time.high === bounds[1]) return null;
    return { value, low: Math.exp(time.low), high: Math.exp(time.high) };
  };
  return { misfit: false, baseMs: timeOf("baseMs"), capMs: timeOf("capMs"), jitter: foundJitter };
}

/** The parameters in the form in which they depend least on each other: logarithms of the mean intervals, and the jitter. */
interface Point {
  logBase: number;
  logCap: number;
  jitter: number;
}

function backoffAt({ logBase, logCap, jitter }: Point): Backoff {
  const mean = 1 - jitter / 2;
  return { baseMs: Math.exp(logBase) / mean, capMs: Math.exp(logCap) / mean, jitter };
}

function logLikelihood(
  counts: readonly HoldCount[],
  backoff: Backoff,
  ranges: { baseMs: Range; capMs: Range },
  intervalMs: IntervalMs,
): number {
  const isWithin = (value: number, [low, high]: Range) => value >= low && value <= high;
  const { baseMs, capMs, jitter } = backoff;
  if (!isWithin(baseMs, ranges.baseMs) || !isWithin(capMs, ranges.capMs) || !isWithin(jitter, [0, 1])) {
    return Number.NEGATIVE_INFINITY;
  }
  const expected = expectedCounts(counts, backoff, intervalMs);
  return counts.reduce((sum, { throttles }, index) => {
    const { mean, variance } = expected[index]!;
    return sum - (throttles - mean) ** 2 / (2 * variance) - Math.log(variance) / 2;
  }, 0);
}

function surpriseOf(counts: readonly HoldCount[], backoff: Backoff, intervalMs: IntervalMs): number {
  const expected = expectedCounts(counts, backoff, intervalMs);
  return counts.reduce((sum, { throttles }, index) => {
    const { mean, variance } = expected[index]!;
    return sum + (throttles - mean) ** 2 / variance;
  }, 0);
}

function expectedCounts(counts: readonly HoldCount[], backoff: Backoff, intervalMs: IntervalMs) {
  return counts.map(({ holds, holdMs }) => {
    const { mean, variance } = throttlesWithin(holdMs, backoff, intervalMs);
    return { mean: holds * mean, variance: holds * variance + (modelError * holds * mean) ** 2 };
  });
}

/**
 * The mean and the variance of the number of throttles in a hold. The first is at its beginning, each other an interval after the
 * one before. The chance that the n-th lies within the hold follows from the chance of the one before, averaged over the possible
 * intervals.
 */
export function throttlesWithin(
  holdMs: number,
  backoff: Backoff,
  intervalMs: IntervalMs,
): { mean: number; variance: number } {
  const binMs = holdMs / bins;
  let chance = new Float64Array(bins + 1).fill(1);
  let [mean, square] = [0, 0];
  for (let throttle = 1; chance[bins]! > negligible; throttle++) {
    mean += chance[bins]!;
    square += (2 * throttle - 1) * chance[bins]!;
    const [longest, shortest] = [intervalMs(throttle, backoff, 0) / binMs, intervalMs(throttle, backoff, 1) / binMs];
    const width = longest - shortest;
    chance = width < 1 ? delayed(chance, (longest + shortest) / 2) : averaged(chance, shortest, longest);
  }
  return { mean, variance: Math.max(0, square - mean ** 2) };
}

/** The average over all delays from the shortest to the longest, which are equally probable. */
function averaged(chance: Float64Array, shortest: number, longest: number): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(bins + 1);
  for (let bin = 1; bin <= bins; bin++) sum[bin] = sum[bin - 1]! + (chance[bin - 1]! + chance[bin]!) / 2;
  const result = delayedSum(chance, sum, shortest);
  const later = delayedSum(chance, sum, longest);
  for (let bin = 0; bin <= bins; bin++) result[bin] = (result[bin]! - later[bin]!) / (longest - shortest);
  return result;
}

/**
 * The sum of the chances, so many bins later. Between two bins the chance goes in a straight line, and so its sum does not: a line for
 * the sum itself would let each throttle come a little too early, which is several percent of them where a hundred follow each other.
 */
function delayedSum(chance: Float64Array, sum: Float64Array, by: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(bins + 1);
  const whole = Math.floor(by);
  const share = whole + 1 - by;
  for (let bin = whole + 1; bin <= bins; bin++) {
    const last = bin - whole - 1;
    result[bin] = sum[last]! + share * chance[last]! + (share ** 2 / 2) * (chance[last + 1]! - chance[last]!);
  }
  return result;
}

/** Takes so many bins, and interpolates between them. */
function delayed(values: Float64Array, by: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(bins + 1);
  const whole = Math.floor(by);
  const share = by - whole;
  if (share === 0 && whole <= bins) result[whole] = values[0]!;
  for (let bin = whole + 1; bin <= bins; bin++) {
    result[bin] = share * values[bin - whole - 1]! + (1 - share) * values[bin - whole]!;
  }
  return result;
}

interface Visit {
  point: Point;
  logLikelihood: number;
}

/** The points reach further than the likely values, so that the ends of the interval are among them. */
function explored(
  likelihoodOf: (point: Point) => number,
  { baseMs, capMs }: { baseMs: Range; capMs: Range },
  seed: number,
): Visit[] {
  const generator = xoroshiro128plus(seed);
  const fraction = () => uniformFloat64(generator);
  const between = ([low, high]: Range) => Math.log(low) + fraction() * Math.log(high / low);
  const visit = (point: Point): Visit => ({ point, logLikelihood: likelihoodOf(point) });
  const anywhere = (): Visit => {
    const jitter = fraction();
    const mean = Math.log(1 - jitter / 2);
    return visit({ logBase: between(baseMs) + mean, logCap: between(capMs) + mean, jitter });
  };
  let here = anywhere();
  for (let tries = 1; tries < firstTries; tries++) {
    const other = anywhere();
    if (other.logLikelihood > here.logLikelihood) here = other;
  }
  const walk = (length: number, scale: Point): Visit[] =>
    Array.from({ length }, () => {
      const step = (of: keyof Point) => here.point[of] + scale[of] * normal(fraction);
      const next = visit({ logBase: step("logBase"), logCap: step("logCap"), jitter: step("jitter") });
      if (Math.log(1 - fraction()) < (next.logLikelihood - here.logLikelihood) / temperature) here = next;
      return here;
    });
  const scale = (share: number) => ({
    logBase: firstScale * share,
    logCap: firstScale * share,
    jitter: firstScale * Math.sqrt(share),
  });
  const settled = [...walk(settlingSteps / 2, scale(1)), ...walk(settlingSteps / 2, scale(1 / 4))];
  const recent = settled.slice(settlingSteps / 2);
  const scaleOf = (of: keyof Point) =>
    stepScale * Math.max(leastScale, deviation(recent.map(({ point }) => point[of])));
  return [
    ...settled,
    ...walk(steps, { logBase: scaleOf("logBase"), logCap: scaleOf("logCap"), jitter: scaleOf("jitter") }),
  ];
}

/** The interval that the likely values reach; null: nearly anything is as likely. */
function found(value: number, likely: readonly number[], [low, high]: Range): Found | null {
  const ends = likely.reduce(
    (reached, one) => ({ low: Math.min(reached.low, one), high: Math.max(reached.high, one) }),
    { low: value, high: value },
  );
  if (ends.high - ends.low > undecidedShare * (high - low)) return null;
  const near = atBound * (high - low);
  return {
    value,
    low: ends.low - low < near ? low : ends.low,
    high: high - ends.high < near ? high : ends.high,
  };
}

function meanOf(points: readonly Point[]): Point {
  const mean = (of: keyof Point) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  return { logBase: mean("logBase"), logCap: mean("logCap"), jitter: mean("jitter") };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Draws by Box and Muller's transform. */
function normal(fraction: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
}
