/** Tells whether two samples differ, and by how much: the rank test of Mann and Whitney, Holm's correction, a bootstrap interval. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** With up to this many values every way of dealing them out is counted. The number of ways stays below 2^53. */
const mostForExact = 50;

export interface RankTest {
  /** how often a value of the first sample is above one of the second, ties counted as a half */
  u: number;
  /** two-sided: how probable a U at least as far from its mean is when the samples are of one distribution */
  p: number;
  isExact: boolean;
}

/**
 * The Mann-Whitney U test of two samples, neither of them empty. Small samples: exact given the ties, by counting; larger
 * ones: the normal approximation, corrected for ties and continuity.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  const ranks = doubledRanks([...a, ...b]);
  const rankSum = sum(ranks.slice(0, a.length));
  const u = rankSum / 2 - (a.length * (a.length + 1)) / 2;
  const isExact = ranks.length <= mostForExact;
  return { u, p: isExact ? exactP(ranks, a.length, rankSum) : approximateP(ranks, a.length, u), isExact };
}

/** The smallest p that samples of these sizes can reach, when no value occurs twice. */
export function smallestP(sizeA: number, sizeB: number): number {
  let waysToDeal = 1;
  for (let taken = 1; taken <= sizeA; taken++) waysToDeal *= (sizeB + taken) / taken;
  return Math.min(1, 2 / waysToDeal);
}

/** Twice the rank of each value, so that the mean rank of ties is whole. */
function doubledRanks(values: readonly number[]): number[] {
  const ascending = values.toSorted((a, b) => a - b);
  return values.map((value) => ascending.indexOf(value) + ascending.lastIndexOf(value) + 2);
}

/** The share of all ways to choose `size` of the ranks whose sum is at least as far from the mean as `observed`. */
function exactP(ranks: readonly number[], size: number, observed: number): number {
  const total = sum(ranks);
  // ways[k][s]: in how many ways k of the ranks looked at so far add up to s
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  ways[0]![0] = 1;
  for (const rank of ranks) {
    for (let k = size; k >= 1; k--) {
      const more = ways[k]!;
      const fewer = ways[k - 1]!;
      for (let s = rank; s <= total; s++) more[s]! += fewer[s - rank]!;
    }
  }
  // The unit is 1 / (number of ranks), so that the distance from the mean is a whole number and ties are exact.
  const distance = (rankSum: number) => Math.abs(rankSum * ranks.length - total * size);
  let all = 0;
  let asFar = 0;
  ways[size]!.forEach((count, rankSum) => {
    all += count;
    if (distance(rankSum) >= distance(observed)) asFar += count;
  });
  return asFar / all;
}

function approximateP(ranks: readonly number[], sizeA: number, u: number): number {
  const count = ranks.length;
  const sizeB = count - sizeA;
  const ties = new Map<number, number>();
  for (const rank of ranks) ties.set(rank, (ties.get(rank) ?? 0) + 1);
  const tied = sum([...ties.values()].map((size) => size ** 3 - size));
  const variance = ((sizeA * sizeB) / 12) * (count + 1 - tied / (count * (count - 1)));
  if (variance === 0) return 1;
  const distance = Math.max(0, Math.abs(u - (sizeA * sizeB) / 2) - 0.5);
  return Math.min(1, 2 * normalTail(distance / Math.sqrt(variance)));
}

/** The share of a standard normal above `z` ≥ 0, to 7 digits after the point (Abramowitz and Stegun 26.2.17). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/**
 * Holm's adjustment of the p-values of tests made together, in their order. Where no test has anything to find, the chance that any
 * adjusted value is at or below a level is at most that level, however the tests depend on each other.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((i, j) => ps[i]! - ps[j]!);
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((index, position) => {
    largest = Math.max(largest, Math.min(1, ps[index]! * (ps.length - position)));
    adjusted[index] = largest;
  });
  return adjusted;
}

export interface BootstrapOptions {
  /** such as 0.95 */
  level: number;
  resamples: number;
  /** The same seed gives the same interval. */
  seed: number;
}

/** The bootstrap percentile interval of median(b) − median(a). */
export function medianDifferenceInterval(
  a: readonly number[],
  b: readonly number[],
  { level, resamples, seed }: BootstrapOptions,
): { low: number; high: number } {
  const generator = xoroshiro128plus(seed);
  const resampled = (values: readonly number[]) =>
    values.map(() => values[uniformInt(generator, 0, values.length - 1)]!);
  const differences = Float64Array.from(
    { length: resamples },
    () => median(resampled(b)) - median(resampled(a)),
  ).sort();
  const tail = Math.floor(((1 - level) / 2) * resamples);
  return { low: differences[tail]!, high: differences[resamples - 1 - tail]! };
}

/** The middle one of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2;
}

/** A value that some element has: the smallest that `percent` of all do not exceed. There is at least one. */
export function nearestRank(ascending: Float64Array, percent: number): number {
  return ascending[Math.ceil((percent * ascending.length) / 100) - 1]!;
}

/** Interpolates between the two nearest of the ascending values, of which there has to be one at least. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const position = share * (ascending.length - 1);
  const below = ascending[Math.floor(position)]!;
  const above = ascending[Math.ceil(position)]!;
  return below + (above - below) * (position % 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
