/** Confidence intervals of a simulation by batch means. */

export interface Estimate {
  mean: number;
  /** Half the width of the 99.9% confidence interval. */
  halfWidth: number;
}

export const batchCount = 30;

/** Student's t for a two-sided 99.9% interval with 29 degrees of freedom. */
const studentT = 3.659;

/** The batches have to be long enough to be taken as independent. */
export function batchMeans(batches: readonly number[]): Estimate {
  if (batches.length !== batchCount) throw new RangeError(`the quantile is that of ${batchCount} batches`);
  const mean = batches.reduce((sum, batch) => sum + batch, 0) / batchCount;
  const variance = batches.reduce((sum, batch) => sum + (batch - mean) ** 2, 0) / (batchCount - 1);
  return { mean, halfWidth: studentT * Math.sqrt(variance / batchCount) };
}

export function agrees({ mean, halfWidth }: Estimate, expected: number): boolean {
  return Math.abs(mean - expected) <= halfWidth;
}

/** Half the interval ÷ the mean: an interval that is too wide judges nothing. */
export function relativeWidth({ mean, halfWidth }: Estimate): number {
  return halfWidth / mean;
}
