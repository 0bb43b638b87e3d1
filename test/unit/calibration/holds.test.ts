/** The back-off of a throttled mapping, from the throttles of holds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Backoff, backoffOf, throttlesWithin } from "../../../src/calibration/holds.ts";
import { mappingBackoffMs } from "../../../src/targets/local.ts";
import { samplesOf } from "./a-sample.ts";

const ranges = { baseMs: [33, 3_000], capMs: [333, 60_000] } as const;

/** As the mapping does it: throttled at once, and again after each interval, until the hold is over. */
function throttlesOf(holdMs: number, backoff: Backoff, fraction: () => number): number {
  let throttles = 0;
  for (let time = 0; time < holdMs; time += mappingBackoffMs(throttles, backoff, fraction())) throttles++;
  return throttles;
}

function countsOf(backoff: Backoff, seed: number) {
  const { fraction } = samplesOf(seed);
  return [
    { holdMs: 950, holds: 600 },
    { holdMs: 2_950, holds: 300 },
    { holdMs: 9_950, holds: 100 },
    { holdMs: 39_950, holds: 40 },
  ].map(({ holdMs, holds }) => {
    const each = Array.from({ length: holds }, () => throttlesOf(holdMs, backoff, fraction));
    return { holdMs, holds, throttles: each.reduce((sum, one) => sum + one, 0) };
  });
}

describe("the throttles within a hold", () => {
  it("are as many, and vary as much, as those of many simulated holds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: Math.log(100), max: Math.log(1_000), noNaN: true }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.constantFrom(950, 2_950, 9_950),
        (seed, logBase, factor, jitter, holdMs) => {
          const backoff = { baseMs: Math.exp(logBase), capMs: Math.exp(logBase) * factor, jitter };
          const { fraction } = samplesOf(seed);
          const size = 4_000;
          const each = Array.from({ length: size }, () => throttlesOf(holdMs, backoff, fraction));
          const mean = each.reduce((sum, one) => sum + one, 0) / size;
          const variance = each.reduce((sum, one) => sum + (one - mean) ** 2, 0) / size;
          const expected = throttlesWithin(holdMs, backoff, mappingBackoffMs);
          expect(Math.abs(expected.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / size) + 0.005 * mean);
          expect(Math.abs(expected.variance - variance)).toBeLessThan(0.15 * variance + 0.1 + (0.02 * mean) ** 2);
        },
      ),
      // A bound on chance is passed now and then: the cases are always the same ones.
      { numRuns: 30, seed: 1, examples: [[1, Math.log(100), 1, 0.5, 9_950]] },
    );
  });

  it("are counted exactly where nothing is drawn at random", () => {
    // At 0, 200, 600 and 1400 ms, then every second.
    const backoff = { baseMs: 200, capMs: 1_000, jitter: 0 };
    expect(throttlesWithin(950, backoff, mappingBackoffMs).mean).toBeCloseTo(3, 6);
    expect(throttlesWithin(2_950, backoff, mappingBackoffMs).mean).toBeCloseTo(5, 6);
  });
});

describe("the back-off that counts speak for", () => {
  it.each([
    [{ baseMs: 500, capMs: 4_000, jitter: 1 }],
    [{ baseMs: 300, capMs: 10_000, jitter: 0.5 }],
    [{ baseMs: 800, capMs: 15_000, jitter: 0.2 }],
  ])("has the one that they were made with in its intervals: %j", (backoff) => {
    const found = backoffOf(countsOf(backoff, 11), ranges, 1, mappingBackoffMs);
    if (found.misfit) throw new Error("no back-off was found");
    for (const of of ["baseMs", "capMs", "jitter"] as const) {
      const { value, low, high } = found[of] ?? { value: backoff[of], low: backoff[of], high: backoff[of] };
      expect(low, of).toBeLessThanOrEqual(backoff[of]);
      expect(high, of).toBeGreaterThanOrEqual(backoff[of]);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
    }
    expect(found.baseMs!.high / found.baseMs!.low).toBeLessThan(3);
    expect(found.capMs!.high / found.capMs!.low).toBeLessThan(4);
  });

  it("is none when no back-off makes such counts", () => {
    const counts = countsOf({ baseMs: 500, capMs: 4_000, jitter: 1 }, 11);
    counts[1]!.throttles *= 2;
    expect(backoffOf(counts, ranges, 1, mappingBackoffMs)).toEqual({ misfit: true });
  });

  it("leaves undecided what short holds cannot show, and the times then go with the platform's jitter", () => {
    const [shortest] = countsOf({ baseMs: 500, capMs: 4_000, jitter: 1 }, 11);
    const found = backoffOf([shortest!], ranges, 1, mappingBackoffMs);
    expect(found).toMatchObject({ misfit: false, capMs: null, jitter: null });
  });

  it("is found again by the same seed", () => {
    const counts = countsOf({ baseMs: 500, capMs: 4_000, jitter: 1 }, 11).slice(0, 2);
    expect(backoffOf(counts, ranges, 1, mappingBackoffMs, 3)).toEqual(
      backoffOf(counts, ranges, 1, mappingBackoffMs, 3),
    );
  });
});
