/** Confidence intervals of a simulation by batch means. */

export interface Estimate {
  mean: number;
  /** Half the width of the 99.9% confidence interval. */
  halfWidth: number;
}

/** Student's t for a two-sided 99.9% interval, by degrees of freedom. */
const studentT: Record<number, number> = { 9: 4.781, 19: 3.883, 29: 3.659, 39: 3.558 };

/** The batches are long enough to be taken as independent; their number is one more than a tabulated degree of freedom. */
export function batchMeans(batches: readonly number[]): Estimate {
  const count = batches.length;
  const mean = batches.reduce((sum, batch) => sum + batch, 0) / count;
  const variance = batches.reduce((sum, batch) => sum + (batch - mean) ** 2, 0) / (count - 1);
  return { mean, halfWidth: studentT[count - 1]! * Math.sqrt(variance / count) };
}

export function agrees({ mean, halfWidth }: Estimate, expected: number): boolean {
  return Math.abs(mean - expected) <= halfWidth;
}

/** Half the interval ÷ the mean: an interval that is too wide judges nothing. */
export function relativeWidth({ mean, halfWidth }: Estimate): number {
  return halfWidth / mean;
}
