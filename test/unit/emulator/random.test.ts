/** The named streams: reproducible, independent of each other, and distributed as they say. */
import fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { Random, randomStream } from "../../../src/emulator/kernel/random.ts";

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Pearson's statistic of equally likely cells. */
function chiSquared(counts: readonly number[], draws: number): number {
  const expected = draws / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Kolmogorov's distance between the sample and a distribution function. */
function distance(sample: readonly number[], distribution: (value: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted.reduce((most, value, index) => {
    const share = distribution(value);
    return Math.max(most, Math.abs(share - index / sorted.length), Math.abs(share - (index + 1) / sorted.length));
  }, 0);
}

const count = 100_000;
/** The bound of Kolmogorov's distance that one honest sample in a thousand exceeds. */
const kolmogorovBound = 1.95 / Math.sqrt(count);

describe("a stream", () => {
  it("gives the same draws to the same seed and name", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, name) => {
        const [one, other] = [randomStream(seed, name), randomStream(seed, name)];
        const everything = (random: Random) => [
          random.fraction(),
          random.below(1_000),
          random.normal(),
          random.exponential(3),
          random.lognormal(2, 0.4),
          random.uuid(),
        ];
        expect(everything(one)).toEqual(everything(other));
      }),
    );
  });

  it("gives other draws to another seed or another name", () => {
    const draws = (seed: number, name: string) => {
      const random = randomStream(seed, name);
      return draw(4, () => random.fraction()).join();
    };
    const streams = ["sqs.ids", "sns.ids", "lambda.coldStart", "database"].flatMap((name) =>
      Array.from({ length: 500 }, (_, seed) => draws(seed, name)),
    );
    expect(new Set(streams).size).toBe(streams.length);
  });

  it("is not disturbed by the draws of others", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(5), { maxLength: 30 }), (seed, drawnInBetween) => {
        const alone = randomStream(seed, "a");
        const undisturbed = drawnInBetween.map(() => alone.fraction());
        const [a, b] = [randomStream(seed, "a"), randomStream(seed, "b")];
        const disturbed = drawnInBetween.map((draws) => {
          for (let index = 0; index < draws; index++) b.fraction();
          return a.fraction();
        });
        expect(disturbed).toEqual(undisturbed);
      }),
    );
  });

  it("has no correlation with the stream of the next seed or of another name", () => {
    const correlation = (one: Random, other: Random) => {
      const pairs = Array.from({ length: count }, () => [one.fraction() - 0.5, other.fraction() - 0.5] as const);
      return mean(pairs.map(([x, y]) => x * y)) * 12;
    };
    const bound = 3.3 / Math.sqrt(count);
    expect(Math.abs(correlation(randomStream(1, "a"), randomStream(2, "a")))).toBeLessThan(bound);
    expect(Math.abs(correlation(randomStream(1, "a"), randomStream(1, "b")))).toBeLessThan(bound);
  });
});

describe("the generator", () => {
  it("draws what the library of the first version draws, number by number", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 1, max: 2 ** 32 }), { maxLength: 50 }), (seed, counts) => {
        const random = new Random(seed);
        const reference = xoroshiro128plus(seed);
        for (const count of counts) {
          expect(random.below(count)).toBe(uniformInt(reference, 0, count - 1));
          expect(random.fraction()).toBe(uniformFloat64(reference));
          expect(random.bits()).toBe(reference.next());
        }
      }),
    );
  });

  it("writes the digits of four draws into a UUID, but for those that its version takes", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const reference = xoroshiro128plus(seed);
        const digits = Array.from({ length: 4 }, () =>
          uniformInt(reference, 0, 2 ** 32 - 1)
            .toString(16)
            .padStart(8, "0"),
        );
        const all = digits.join("");
        const found = new Random(seed).uuid().replaceAll("-", "");
        expect(found.slice(0, 12) + found.slice(13, 16) + found.slice(17)).toBe(
          all.slice(0, 12) + all.slice(13, 16) + all.slice(17),
        );
        expect(Number.parseInt(found[16]!, 16) & 3).toBe(Number.parseInt(all[16]!, 16) & 3);
      }),
    );
  });
});

describe("neighbouring seeds, as repeated runs have them,", () => {
  it("spread a stream's first draws evenly", () => {
    for (const name of ["ranges", "database", "mapping"]) {
      const streams = Array.from({ length: count }, (_, seed) => randomStream(seed + 1, name));
      for (let place = 0; place < 3; place++) {
        const draws = streams.map((random) => random.fraction());
        expect(distance(draws, (value) => value)).toBeLessThan(kolmogorovBound);
      }
    }
  });
});

describe("the distributions", () => {
  it("spreads fractions evenly over [0, 1)", () => {
    const random = randomStream(1, "fraction");
    const draws = draw(count, () => random.fraction());
    expect(Math.min(...draws.slice(0, 1_000))).toBeGreaterThanOrEqual(0);
    expect(draws.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(distance(draws, (value) => value)).toBeLessThan(kolmogorovBound);
  });

  it("stays within the bounds of `between`, and is even in them", () => {
    const random = randomStream(2, "between");
    const draws = draw(count, () => random.between(-5, 15));
    expect(draws.every((value) => value >= -5 && value < 15)).toBe(true);
    expect(distance(draws, (value) => (value + 5) / 20)).toBeLessThan(kolmogorovBound);
  });

  it("draws each of the integers below a count equally often", () => {
    const random = randomStream(3, "below");
    const counts = new Array<number>(10).fill(0);
    for (const value of draw(count, () => random.below(10))) counts[value]!++;
    expect(counts).toHaveLength(10);
    expect(chiSquared(counts, count)).toBeLessThan(27.88); // 99.9% of chi-squared with 9 degrees of freedom
    expect(randomStream(3, "one").below(1)).toBe(0);
  });

  it("has the standard normal's mean, spread and tails", () => {
    const random = randomStream(4, "normal");
    const draws = draw(count, () => random.normal());
    expect(Math.abs(mean(draws))).toBeLessThan(3.3 / Math.sqrt(count));
    expect(Math.abs(deviation(draws) - 1)).toBeLessThan(3.3 / Math.sqrt(2 * count));
    const beyond = draws.filter((value) => Math.abs(value) > 1.96).length / count;
    expect(beyond).toBeGreaterThan(0.0477);
    expect(beyond).toBeLessThan(0.0523);
    expect(draws.every(Number.isFinite)).toBe(true);
  });

  it("has the lognormal's median and the sigma of its logarithm", () => {
    const random = randomStream(5, "lognormal");
    const logarithms = draw(count, () => Math.log(random.lognormal(260, 0.3)));
    const median = logarithms.sort((a, b) => a - b)[count / 2]!;
    expect(Math.abs(median - Math.log(260))).toBeLessThan((3.3 * 1.2533 * 0.3) / Math.sqrt(count));
    expect(Math.abs(deviation(logarithms) - 0.3)).toBeLessThan((3.3 * 0.3) / Math.sqrt(2 * count));
    expect(randomStream(5, "none").lognormal(0, 0.3)).toBe(0);
  });

  it("has the exponential's mean and shape", () => {
    const random = randomStream(6, "exponential");
    const draws = draw(count, () => random.exponential(250));
    expect(Math.abs(mean(draws) - 250)).toBeLessThan((3.3 * 250) / Math.sqrt(count));
    expect(distance(draws, (value) => 1 - Math.exp(-value / 250))).toBeLessThan(kolmogorovBound);
    expect(draws.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  });
});

describe("a UUID", () => {
  it("is of version 4 and its variant, and none comes twice", () => {
    const random = randomStream(7, "ids");
    const ids = Array.from({ length: 50_000 }, () => random.uuid());
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(ids.filter((id) => !form.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id[19]))).toEqual(new Set("89ab"));
  });
});
