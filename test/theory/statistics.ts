/** Confidence intervals of a simulation by batch means. */

export interface Estimate {
  mean: number;
  /** Half the width of the 99.9% confidence interval. */
  halfWidth: number;
}

/** What a batch happened to draw, of which the true mean is known. */
export interface Control {
  mean: number;
  batches: readonly number[];
}

/** Student's t for a two-sided 99.9% interval with 28 degrees of freedom: 30 batches, two parameters. */
const studentT = 3.674;

/**
 * The mean of the batches with the luck of their draws taken out: a line through (control, batch) is read at the control's
 * true mean (control variates by linear regression). The batches are long enough to be taken as independent.
 */
export function estimate(batches: readonly number[], control: Control): Estimate {
  const count = batches.length;
  if (count !== 30) throw new RangeError("the quantile is that of 30 batches");
  const centre = mean(control.batches);
  const average = mean(batches);
  const spread = sum(control.batches, (drawn) => (drawn - centre) ** 2);
  const slope = sum(control.batches, (drawn, index) => (drawn - centre) * (batches[index]! - average)) / spread;
  const away = control.mean - centre;
  const variance =
    sum(batches, (batch, index) => (batch - average - slope * (control.batches[index]! - centre)) ** 2) / (count - 2);
  return {
    mean: average + slope * away,
    halfWidth: studentT * Math.sqrt(variance * (1 / count + away ** 2 / spread)),
  };
}

export function agrees({ mean, halfWidth }: Estimate, expected: number): boolean {
  return Math.abs(mean - expected) <= halfWidth;
}

/** Half the interval ÷ the mean: an interval that is too wide judges nothing. */
export function relativeWidth({ mean, halfWidth }: Estimate): number {
  return halfWidth / mean;
}

function sum(values: readonly number[], of: (value: number, index: number) => number): number {
  return values.reduce((total, value, index) => total + of(value, index), 0);
}

function mean(values: readonly number[]): number {
  return sum(values, (value) => value) / values.length;
}
