/** How a figure answers to a constant, from runs at several values of it; and the values that a measured figure speaks for. */

/** Runs of the model with one value of the constant. */
export interface Trial {
  value: number;
  /** the figure of each run */
  figures: number[];
}

/** Standard errors to each side of a 95 % interval. */
const z = 1.96;

/**
 * The constant's value at which the model gives the measured figure, and the interval in which the figure is no surprise; null:
 * no value gives it, or nearly all do. `trials` ascend by value, which is above 0, with at least two figures each; the figure
 * only rises or only falls with the value, chance apart.
 */
export function valueAt(
  trials: readonly Trial[],
  measured: number,
): { value: number; low: number; high: number } | null {
  const means = trials.map(({ figures }) => mean(figures));
  const direction = means.at(-1)! >= means[0]! ? 1 : -1;
  const curve = monotone(means.map((figure) => figure * direction));
  const error = z * Math.sqrt(pooledVariance(trials) * (1 + 1 / trials[0]!.figures.length));
  const at = (figure: number) => inverse(trials, curve, figure);
  const target = measured * direction;
  if (target + error < curve[0]! || target - error > curve.at(-1)!) return null;
  const [value, low, high] = [at(target), at(target - error), at(target + error)];
  const isAnything = low <= trials[0]!.value && high >= trials.at(-1)!.value;
  return isAnything ? null : { value, low, high };
}

/** The nearest curve that never falls, by pooling neighbours that do. */
function monotone(values: readonly number[]): number[] {
  const blocks: { sum: number; size: number }[] = [];
  for (const value of values) {
    let block = { sum: value, size: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.size > block.sum / block.size; last = blocks.at(-1)) {
      block = { sum: block.sum + last.sum, size: block.size + last.size };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, size }) => new Array<number>(size).fill(sum / size));
}

/** Linear in the value's logarithm between the trials; a figure beyond them gives the first or last value. */
function inverse(trials: readonly Trial[], curve: readonly number[], figure: number): number {
  const above = curve.findIndex((point) => point > figure);
  if (above < 0) return trials.at(-1)!.value;
  if (above === 0) return trials[0]!.value;
  const [from, to] = [curve[above - 1]!, curve[above]!];
  const share = (figure - from) / (to - from);
  const [low, high] = [trials[above - 1]!.value, trials[above]!.value];
  return low * (high / low) ** share;
}

function pooledVariance(trials: readonly Trial[]): number {
  let squares = 0;
  let freedom = 0;
  for (const { figures } of trials) {
    const middle = mean(figures);
    for (const figure of figures) squares += (figure - middle) ** 2;
    freedom += figures.length - 1;
  }
  return squares / freedom;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
