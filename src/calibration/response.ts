/** Finds the value of a constant that measured figures speak for, by runs of the model at several values. */

/** Runs of the model with one value of the constant. */
export interface Trial {
  value: number;
  /** each run's figures, in one order for all runs */
  runs: number[][];
}

/** `misfit`: no value makes such figures. */
export type Answer = { misfit: true } | { misfit: false; value: number; low: number; high: number };

/** The value that chi squared with one degree of freedom exceeds by chance once in twenty times. */
const significant = 3.84;
/** The value that chi squared with two degrees of freedom, one for each figure, exceeds once in a thousand times. */
const surprising = 13.82;
/** The degree of the curve that a figure follows. */
const coefficients = 4;
const candidates = 400;

/**
 * The value that the measured figures speak for, and the interval of the values that explain them not significantly worse. `trials`
 * ascend by value; there have to be five at least. Each figure is taken to follow a cubic curve through the trials, and to scatter
 * about it equally at all values.
 */
export function valueOfFigures(trials: readonly Trial[], measured: readonly number[]): Answer {
  const [from, to] = [trials[0]!.value, trials.at(-1)!.value];
  const position = (value: number) => (2 * (value - from)) / (to - from) - 1;
  const curves = measured.map((_, figure) =>
    curveThrough(trials.flatMap(({ value, runs }) => runs.map((run) => [position(value), run[figure]!] as const))),
  );
  const distanceAt = (value: number) =>
    measured.reduce((sum, figure, index) => {
      const { at, variance } = curves[index]!;
      return sum + (figure - at(position(value))) ** 2 / variance;
    }, 0);
  const distances = Array.from({ length: candidates + 1 }, (_, index) => {
    const value = from + ((to - from) * index) / candidates;
    return { value, distance: distanceAt(value) };
  });
  const least = Math.min(...distances.map(({ distance }) => distance));
  if (least > surprising) return { misfit: true };
  const likely = distances.filter(({ distance }) => distance - least <= significant);
  const weights = likely.map(({ distance }) => Math.exp((least - distance) / 2));
  const weighted = likely.reduce((sum, { value }, index) => sum + value * weights[index]!, 0);
  return {
    misfit: false,
    value: weighted / weights.reduce((sum, weight) => sum + weight, 0),
    low: likely[0]!.value,
    high: likely.at(-1)!.value,
  };
}

/** Fits the curve by least squares; `variance` is the one of a further point about the curve. */
function curveThrough(points: readonly (readonly [x: number, y: number])[]): {
  at(x: number): number;
  variance: number;
} {
  const powers = (x: number) => Array.from({ length: coefficients }, (_, power) => x ** power);
  const rows = Array.from({ length: coefficients }, () => new Array<number>(coefficients + 1).fill(0));
  for (const [x, y] of points) {
    const terms = powers(x);
    terms.forEach((term, row) => {
      terms.forEach((other, column) => {
        rows[row]![column]! += term * other;
      });
      rows[row]![coefficients]! += term * y;
    });
  }
  const solution = solved(rows);
  const at = (x: number) => powers(x).reduce((sum, term, power) => sum + term * solution[power]!, 0);
  const squares = points.reduce((sum, [x, y]) => sum + (y - at(x)) ** 2, 0);
  const freedom = points.length - coefficients;
  // The curve is known least at an end of the trials, and so much everywhere: a figure that does not scatter must not decide alone.
  const variance = Math.max((squares / freedom) * (1 + coefficients ** 2 / points.length), Number.EPSILON);
  return { at, variance };
}

/** Solves linear equations, each with its right side last, by Gauss's elimination. */
function solved(equations: number[][]): number[] {
  const size = equations.length;
  for (let column = 0; column < size; column++) {
    const rest = equations.slice(column).sort((a, b) => Math.abs(b[column]!) - Math.abs(a[column]!));
    equations.splice(column, rest.length, ...rest);
    const pivot = equations[column]!;
    for (const row of equations) {
      if (row === pivot) continue;
      const factor = row[column]! / pivot[column]!;
      for (let each = column; each <= size; each++) row[each]! -= factor * pivot[each]!;
    }
  }
  return equations.map((row, index) => row[size]! / row[index]!);
}
