/** The lognormal part of a sum, and the quantiles and means that it is found by. */

/** Quantiles of the standard normal at (k + ½) / 31, as good as the distribution for a median and quartiles. */
const normalGrid = gridOf(31);
/** A sample is stood for by this many of its quantiles. */
const samplePoints = 31;
const rounds = 25;
const leastMedian = 0.5;
const sigmaBounds = [0.01, 2] as const;

/**
 * The median and the spread of the lognormal variable that, added to `noise`, has the quartiles of `sums`; both samples have at
 * least one value.
 */
export function lognormalPart(
  sums: readonly number[],
  noise: readonly number[],
): { median: number; sigma: number } {
  const ofSums = quartiles(sums.toSorted(ascending));
  const points = noise.length <= samplePoints ? [...noise] : summary(noise.toSorted(ascending));
  const middleOfNoise = quantileOf(points.toSorted(ascending), 0.5);
  let median = Math.max(leastMedian, ofSums.middle - middleOfNoise);
  let sigma = 0.3;
  for (let round = 0; round < rounds; round++) {
    const made = quartiles(
      normalGrid.flatMap((z) => points.map((point) => point + median * Math.exp(sigma * z))).sort(ascending),
    );
    median = Math.max(leastMedian, median + ofSums.middle - made.middle);
    sigma = within(sigmaBounds, sigma * within([0.5, 2], (ofSums.range || 0.1) / (made.range || 0.1)));
  }
  return { median, sigma };
}

function quartiles(sorted: readonly number[]): { middle: number; range: number } {
  return { middle: quantileOf(sorted, 0.5), range: quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25) };
}

function summary(sorted: readonly number[]): number[] {
  return Array.from({ length: samplePoints }, (_, index) => quantileOf(sorted, (index + 0.5) / samplePoints));
}

/** Linear between the two nearest of the ascending values, at least one. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position % 1);
}

/** The mean without the given share of the values at each end. */
export function trimmedMean(values: readonly number[], share: number): number {
  const cut = Math.floor(values.length * share);
  const kept = values.toSorted(ascending).slice(cut, values.length - cut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** By bisection of the distribution function, which Abramowitz and Stegun 7.1.26 gives to 1.5e-7. */
function gridOf(size: number): number[] {
  return Array.from({ length: size }, (_, index) => {
    const share = (index + 0.5) / size;
    let [low, high] = [-6, 6];
    for (let step = 0; step < 50; step++) {
      const middle = (low + high) / 2;
      if (normalShareBelow(middle) < share) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });
}

function normalShareBelow(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const error = 1 - series * Math.exp((-z * z) / 2);
  return z < 0 ? (1 - error) / 2 : (1 + error) / 2;
}

function within([low, high]: readonly [number, number], value: number): number {
  return Math.min(high, Math.max(low, value));
}

function ascending(a: number, b: number): number {
  return a - b;
}
