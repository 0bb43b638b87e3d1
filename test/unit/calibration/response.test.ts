/** The value of a constant that figures speak for, by trials of the model. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Trial, valueOfFigures } from "../../../src/calibration/response.ts";
import { samplesOf } from "./a-sample.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000 });

/** One figure falls and then rises with the value, so that alone it would speak for two. */
function figuresAt(value: number, noise: (deviation: number) => number): number[] {
  return [6 + (value - 0.7) ** 2 + noise(0.01), 5 - 2 * value + noise(0.1)];
}

function trialsOf(seed: number): { trials: Trial[]; noise: (deviation: number) => number } {
  const samples = samplesOf(seed);
  const noise = (deviation: number) => samples.normal(0, deviation, 1)[0]!;
  const values = Array.from({ length: 10 }, (_, index) => 0.1 + index / 10);
  return {
    trials: values.map((value) => ({ value, runs: Array.from({ length: 6 }, () => figuresAt(value, noise)) })),
    noise,
  };
}

describe("the value that figures speak for", () => {
  it("is within its interval, and the interval within the trials", () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0.15, max: 0.95, noNaN: true }), (seed, truth) => {
        const { trials, noise } = trialsOf(seed);
        const answer = valueOfFigures(trials, figuresAt(truth, noise));
        if (answer.misfit) throw new Error("nothing fits");
        expect(answer.low).toBeGreaterThanOrEqual(trials[0]!.value);
        expect(answer.low).toBeLessThanOrEqual(answer.value);
        expect(answer.high).toBeGreaterThanOrEqual(answer.value);
        expect(answer.high).toBeLessThanOrEqual(trials.at(-1)!.value);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it("has the true value in its interval in about 95 of 100 cases", () => {
    let held = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { trials, noise } = trialsOf(seed);
      const truth = 0.2 + (0.7 * seed) / 200;
      const answer = valueOfFigures(trials, figuresAt(truth, noise));
      if (!answer.misfit && answer.low <= truth && answer.high >= truth) held++;
    }
    expect(held).toBeGreaterThan(200 * 0.9);
    expect(held).toBeLessThan(200);
  });

  it("is none when no value makes such figures", () => {
    const { trials } = trialsOf(1);
    expect(valueOfFigures(trials, [3, 5])).toEqual({ misfit: true });
  });
});
