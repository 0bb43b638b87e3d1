/** Fits the numbers that nobody publishes to runs that somebody measured: one number to one figure of one scenario. */
import type { PublishedResult, Summary } from "../../src/model.ts";

/** One number and the figure that decides it. */
export interface CalibrationStep {
  /** The number's name in the platform profile. */
  constant: string;
  scenario: string;
  /** The measured figure. */
  wanted(published: PublishedResult): number;
  /** The same figure of a run. */
  figure(summary: Summary): number;
  /** Names the figure, for the provenance. */
  describe(wanted: number): string;
}

export interface Fit {
  value: number;
  /** Which figure it was fitted to, and how well. */
  fittedTo: string;
}

/**
 * In this order, each with the numbers fitted before it. Scenario-5 fixes the sum of the handler's time and the mapping's
 * overhead; its average of inserts is published to three decimals, its time to whole seconds that contradict it, so the
 * average decides. Scenario-2 then fixes how fast events are read again after throttles. Scenarios 1, 3 and 4 decide nothing.
 */
export const calibrationSteps: readonly CalibrationStep[] = [
  {
    constant: "database.insertMedianMs",
    scenario: "scenario-5",
    wanted: ({ totalEvents, insertsPerSecond }) => totalEvents / insertsPerSecond.avg,
    figure: secondsTaken,
    describe: (wanted) => `scenario-5: ${wanted.toFixed(0)} s by its published average of inserts`,
  },
  {
    constant: "lambda.asyncReadGrowthPerSecond",
    scenario: "scenario-2",
    wanted: ({ timeTakenSeconds }) => timeTakenSeconds,
    figure: secondsTaken,
    describe: (wanted) => `scenario-2: its published time of ${wanted} s`,
  },
];

/** A run that completed nothing took for ever. */
function secondsTaken({ timeTakenSeconds }: Summary): number {
  return timeTakenSeconds ?? Number.POSITIVE_INFINITY;
}

/**
 * The value in the range whose figure is nearest to the wanted one, by halving: the figure has to rise or fall with the value.
 * A wanted figure that no value in the range reaches gives the nearest bound.
 */
export async function fit(
  range: readonly [low: number, high: number],
  wanted: number,
  figureAt: (value: number) => Promise<number>,
  rounds = 8,
): Promise<{ value: number; figure: number }> {
  let low = { value: range[0], figure: await figureAt(range[0]) };
  let high = { value: range[1], figure: await figureAt(range[1]) };
  const isRising = high.figure > low.figure;
  const isWithin = (wanted - low.figure) * (wanted - high.figure) <= 0;
  if (!isWithin) return Math.abs(low.figure - wanted) <= Math.abs(high.figure - wanted) ? low : high;
  for (let round = 0; round < rounds; round++) {
    const value = rounded((low.value + high.value) / 2);
    const middle = { value, figure: await figureAt(value) };
    if (middle.figure < wanted === isRising) low = middle;
    else high = middle;
  }
  return Math.abs(low.figure - wanted) <= Math.abs(high.figure - wanted) ? low : high;
}

/** Three digits are more than a fit to one published run can bear. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
