/** The rank test, its correction and the interval, against values from the literature and against what must always hold. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  holm,
  mannWhitney,
  median,
  medianDifferenceInterval,
  quantile,
  smallestP,
} from "../../../src/metrics/statistics.ts";

const sample = (size: { minLength: number; maxLength: number }) => fc.array(fc.integer({ min: 0, max: 30 }), size);
const small = sample({ minLength: 1, maxLength: 12 });
const large = sample({ minLength: 30, maxLength: 60 });
// Adding 0 makes 0 of -0, which `toBe` tells apart.
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
const numbers = fc.array(number, { minLength: 1, maxLength: 60 });

describe("mannWhitney", () => {
  it("gives the p of Hollander and Wolfe's example of the permeability of membranes at term and before", () => {
    const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const before = [1.15, 0.88, 0.9, 0.74, 1.21];
    const { u, p, isExact } = mannWhitney(atTerm, before);
    expect({ u, isExact }).toEqual({ u: 35, isExact: true });
    // Published one-sided: P(W >= 35) = 0.1272; two-sided twice that.
    expect(p).toBeCloseTo(0.2544, 4);
  });

  it("reaches the critical values of the published table at 5%, two-sided", () => {
    // Sizes and the largest U that is significant: the table printed in textbooks since Mann and Whitney, 1947.
    for (const [size, critical] of [
      [4, 0],
      [5, 2],
      [6, 5],
      [8, 13],
      [10, 23],
    ] as const) {
      expect(mannWhitneyAt(size, critical)).toBeLessThanOrEqual(0.05);
      expect(mannWhitneyAt(size, critical + 1)).toBeGreaterThan(0.05);
    }
  });

  it("counts ties exactly: of the six ways to deal 1 1 2 2, two are as far apart as 1 1 against 2 2", () => {
    expect(mannWhitney([1, 1], [2, 2]).p).toBeCloseTo(2 / 6, 12);
    expect(mannWhitney([5, 5, 5], [5, 5]).p).toBe(1);
  });

  it("approximates the count where there are too many values to count", () => {
    const evens = Array.from({ length: 26 }, (_, index) => 2 * index);
    const shifted = (by: number) => evens.map((value) => value + by);
    for (const by of [0, 3, 9, 15]) {
      const exact = mannWhitney(evens.slice(0, 25), shifted(by).slice(0, 25));
      const approximate = mannWhitney(evens, shifted(by));
      expect([exact.isExact, approximate.isExact]).toEqual([true, false]);
      expect(Math.abs(exact.p - approximate.p)).toBeLessThan(0.03);
    }
  });

  it("approximates as SciPy's asymptotic test does, with and without ties, and knows nothing of equal values", () => {
    const times = (...counts: number[]) => counts.flatMap((count, value) => new Array<number>(count).fill(value));
    const tied = mannWhitney(times(12, 10, 8), times(6, 9, 15));
    expect(tied.u).toBe(321);
    expect(tied.p).toBeCloseTo(0.043458357, 6);
    const ascending = (size: number, from: number) => Array.from({ length: size }, (_, index) => from + index);
    const untied = mannWhitney(ascending(30, 0), ascending(26, 5.5));
    expect(untied.u).toBe(300);
    expect(untied.p).toBeCloseTo(0.141459468, 6);
    expect(mannWhitney(times(30), times(30))).toEqual({ u: 450, p: 1, isExact: false });
  });

  it.each([
    ["counted", small],
    ["approximated", large],
  ])("says the same of a pair in either order, shifted or stretched, and a p is a probability (%s)", (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, arbitrary, fc.integer({ min: -9, max: 9 }), (a, b, shift) => {
        const { u, p } = mannWhitney(a, b);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        const swapped = mannWhitney(b, a);
        expect(swapped.u).toBe(a.length * b.length - u);
        expect(swapped.p).toBeCloseTo(p, 10);
        const move = (value: number) => value ** 3 + shift;
        expect(mannWhitney(a.map(move), b.map(move))).toEqual({ u, p, isExact: a.length + b.length <= 50 });
      }),
      { numRuns: 60 },
    );
  });

  it("rejects no oftener than its level when every way to deal the values is equally likely", () => {
    const values = [1, 2, 2, 3, 5, 8, 8, 9, 11, 14];
    for (const level of [0.01, 0.05, 0.2]) {
      const ps = subsets(values, 4).map(([chosen, rest]) => mannWhitney(chosen, rest).p);
      expect(ps).toHaveLength(210);
      expect(ps.filter((p) => p <= level).length / ps.length).toBeLessThanOrEqual(level);
    }
  });
});

describe("smallestP", () => {
  it("is the p of samples that do not overlap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (sizeA, sizeB) => {
        const a = Array.from({ length: sizeA }, (_, index) => index);
        const b = Array.from({ length: sizeB }, (_, index) => 100 + index);
        expect(mannWhitney(a, b).p).toBeCloseTo(smallestP(sizeA, sizeB), 12);
      }),
    );
  });
});

describe("holm", () => {
  it("gives the values of a worked example", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  it("never lowers a p, keeps their order, and never raises one above its share of all", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 9 }), (ps) => {
        const adjusted = holm(ps);
        ps.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * ps.length));
          ps.forEach((q, j) => {
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
          });
        });
      }),
    );
  });
});

describe("medianDifferenceInterval", () => {
  const options = { level: 0.95, resamples: 1_000, seed: 1 };

  it("is the difference itself between samples without spread", () => {
    expect(medianDifferenceInterval([5, 5, 5], [7, 7], options)).toEqual({ low: 2, high: 2 });
  });

  it("leaves out half of what its level leaves out at each end", () => {
    // The median of two resampled values of 0 and 1 is 0, a half or 1: a quarter, a half and a quarter of the time.
    const at = (level: number) => medianDifferenceInterval([0], [0, 1], { ...options, level });
    expect([at(0.95), at(0.6), at(0.4)]).toEqual([
      { low: 0, high: 1 },
      { low: 0, high: 1 },
      { low: 0.5, high: 0.5 },
    ]);
  });

  it("depends on its seed alone, and turns round with its samples' signs", () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const { low, high } = medianDifferenceInterval(a, b, options);
        expect(medianDifferenceInterval(a, b, options)).toEqual({ low, high });
        expect(low).toBeLessThanOrEqual(high);
        const negative = (values: number[]) => values.map((value) => -value);
        const turned = medianDifferenceInterval(negative(a), negative(b), options);
        expect([turned.low + high, turned.high + low]).toEqual([0, 0]);
      }),
      { numRuns: 20 },
    );
  });

  it("covers the true difference about as often as it says", () => {
    let covered = 0;
    for (let round = 0; round < 100; round++) {
      const draw = (offset: number) =>
        Array.from({ length: 15 }, (_, index) => offset + ((Math.sin(round * 97.3 + index * 13.7 + offset) * 1e4) % 1));
      const { low, high } = medianDifferenceInterval(draw(0), draw(3), { ...options, seed: round });
      if (low <= 3 && 3 <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(90);
  });
});

it("takes the mean of the two values in the middle of an even sample", () => {
  expect([median([9, 1, 5]), median([1, 9, 5, 3])]).toEqual([5, 4]);
});

it("takes quantiles between the lowest and the highest value, rising with the share", () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const sorted = values.toSorted((a, b) => a - b);
      const between = quantile(sorted, share);
      expect(between).toBeGreaterThanOrEqual(sorted[0]!);
      expect(between).toBeLessThanOrEqual(sorted.at(-1)!);
      expect(quantile(sorted, 1)).toBe(sorted.at(-1));
      expect(quantile(sorted, share / 2)).toBeLessThanOrEqual(between);
    }),
  );
});

/** The p of two samples of `size` with this U. */
function mannWhitneyAt(size: number, u: number): number {
  // Move the values of the first sample up past the second's, one place at a time, until `u` places are used up.
  const a: number[] = [];
  let left = u;
  for (let index = size - 1; index >= 0; index--) {
    const above = Math.min(size, left);
    left -= above;
    a.unshift(above + index / 100 - 0.5);
  }
  const b = Array.from({ length: size }, (_, index) => index + 0.5);
  const test = mannWhitney(a, b);
  expect(test.u).toBe(u);
  return test.p;
}

/** Every way to choose `size` of the values, with what is left. */
function subsets(values: number[], size: number): [chosen: number[], rest: number[]][] {
  if (size === 0) return [[[], values]];
  if (values.length < size) return [];
  const [first, ...others] = values as [number, ...number[]];
  return [
    ...subsets(others, size - 1).map(([chosen, rest]): [number[], number[]] => [[first, ...chosen], rest]),
    ...subsets(others, size).map(([chosen, rest]): [number[], number[]] => [chosen, [first, ...rest]]),
  ];
}
