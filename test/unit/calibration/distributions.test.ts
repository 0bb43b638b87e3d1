/** Locations and spreads of samples. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lognormalPart, shiftBetween, spreadOfLogarithms } from "../../../src/calibration/distributions.ts";
import { samplesOf } from "./a-sample.ts";

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe("the lognormal part of a sum", () => {
  it("has the median and the spread that the sum was made with, whatever the noise", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.double({ min: 20, max: 2_000, noNaN: true }),
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (seed, median, sigma, noise) => {
          const samples = samplesOf(seed);
          const noiseOf = (size: number) => samples.normal(500, noise * median, size);
          const others = noiseOf(2_000);
          const sums = samples
            .lognormal(median, sigma, 2_000)
            .map((value, index) => value + noiseOf(1)[0]! + index * 0);
          const found = lognormalPart(sums, others);
          expect(found.median / median).toBeGreaterThan(0.88);
          expect(found.median / median).toBeLessThan(1.12);
          expect(Math.abs(found.sigma - sigma)).toBeLessThan(0.12);
        },
      ),
      { numRuns: 20, seed: 1 },
    );
  });

  it("moves with the sum, and not with a shift of both samples", () => {
    const sums = samplesOf(1).lognormal(100, 0.3, 300);
    const noise = samplesOf(2).normal(50, 5, 300);
    const alone = lognormalPart(
      sums.map((value) => value + 50),
      noise,
    );
    const moved = lognormalPart(
      sums.map((value) => value + 950),
      noise.map((value) => value + 900),
    );
    expect(moved.median).toBeCloseTo(alone.median, 6);
    expect(moved.sigma).toBeCloseTo(alone.sigma, 6);
  });
});

describe("the shift between two samples", () => {
  it("is the excess of one over the other, also with a tenth of wild values and a skewed distribution", () => {
    const samples = samplesOf(3);
    const below = samples.lognormal(200, 0.4, 500);
    const above = samples.lognormal(200, 0.4, 500).map((value, index) => value + (index % 10 === 0 ? 5_000 : 100));
    expect(Math.abs(shiftBetween(above, below) - 100)).toBeLessThan(30);
  });

  it("changes its sign with the sides, and adds what is added", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 31 }),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 31 }),
        fc.integer({ min: 0, max: 1_000 }),
        (one, other, more) => {
          const shift = shiftBetween(one, other);
          expect(shiftBetween(other, one)).toBeCloseTo(-shift, 6);
          expect(
            shiftBetween(
              one.map((value) => value + more),
              other,
            ),
          ).toBeCloseTo(shift + more, 6);
        },
      ),
    );
  });
});

it("finds the spread of logarithms that a sample was drawn with", () => {
  for (const sigma of [0.1, 0.3, 0.6]) {
    expect(Math.abs(spreadOfLogarithms(samplesOf(4).lognormal(300, sigma, 4_000)) - sigma)).toBeLessThan(0.03);
  }
});
