/** Finds the location and the spread of samples, and of the difference between two samples, by quantiles. */

import { quantile } from "../metrics/statistics.ts";

/** So many quantiles, at (k + ½) / 31, stand for a sample or a distribution; they are as good for the quantiles that are compared. */
const shares = Array.from({ length: 31 }, (_, index) => (index + 0.5) / 31);
const normalGrid = shares.map(normalQuantile);
const mostRounds = 40;
/** The last round is one that changes median and spread by less than this share. */
const closeEnough = 5e-4;
const leastMedian = 0.5;
const sigmaBounds = [0.01, 2] as const;
/** The distance of these quantiles is a sample's spread. A tail outside them, such as a garbage collection, does not change it. */
const outer = [0.1, 0.9] as const;

/**
 * The median and the spread of the lognormal variable that, added to `noise`, has the median and the outer quantiles of `sums`;
 * both samples have at least one value.
 */
export function lognormalPart(sums: readonly number[], noise: readonly number[]): { median: number; sigma: number } {
  const ofSums = shapeOf(ascending(sums));
  const points = summary(noise);
  let median = Math.max(leastMedian, ofSums.middle - quantile(points, 0.5));
  let sigma = 0.3;
  const made = new Float64Array(normalGrid.length * points.length);
  for (let round = 0; round < mostRounds; round++) {
    normalGrid.forEach((z, row) => {
      const part = median * Math.exp(sigma * z);
      points.forEach((point, column) => {
        made[row * points.length + column] = point + part;
      });
    });
    const { middle, range } = shapeOf(made.sort());
    const before = { median, sigma };
    median = Math.max(leastMedian, median + ofSums.middle - middle);
    sigma = within(sigmaBounds, sigma * within([0.5, 2], (ofSums.range || 0.1) / (range || 0.1)));
    const change = Math.abs(median / before.median - 1) + Math.abs(sigma / before.sigma - 1);
    if (change < closeEnough) break;
  }
  return { median, sigma };
}

/** How much higher the first sample lies than the second: the median of all differences between the two (Hodges and Lehmann). */
export function shiftBetween(above: readonly number[], below: readonly number[]): number {
  const points = summary(below);
  const differences = new Float64Array(above.length * points.length);
  above.forEach((value, row) => {
    points.forEach((point, column) => {
      differences[row * points.length + column] = value - point;
    });
  });
  return quantile(differences.sort(), 0.5);
}

/** The standard deviation of the values' logarithms, by their outer quantiles. */
export function spreadOfLogarithms(values: readonly number[]): number {
  const { range } = shapeOf(ascending(values.map((value) => Math.log(Math.max(1, value)))));
  return range / normalRange;
}

function shapeOf(sorted: ArrayLike<number>): { middle: number; range: number } {
  return { middle: quantile(sorted, 0.5), range: quantile(sorted, outer[1]) - quantile(sorted, outer[0]) };
}

function summary(sample: readonly number[]): Float64Array {
  const sorted = ascending(sample);
  return sorted.length <= shares.length ? sorted : Float64Array.from(shares, (share) => quantile(sorted, share));
}

/** Bisects the distribution function, which Abramowitz and Stegun 7.1.26 gives to 1.5e-7. */
function normalQuantile(share: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (normalShareBelow(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function normalShareBelow(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const error = 1 - series * Math.exp((-z * z) / 2);
  return z < 0 ? (1 - error) / 2 : (1 + error) / 2;
}

/** The distance between the outer quantiles of the standard normal. */
export const normalRange = normalQuantile(outer[1]) - normalQuantile(outer[0]);

function within([low, high]: readonly [number, number], value: number): number {
  return Math.min(high, Math.max(low, value));
}

function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
