/** A limit is judged by the windows that end at each call; a naive judge and the calls themselves decide. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultToleranceMs, parseLimit } from "../../../infra/handlers/limit.ts";
import { breachOf, callsOf, judgeLimit } from "../../../src/metrics/limit.ts";
import type { LimitBreach } from "../../../src/model.ts";

const limitOf = (text: string) => parseLimit(text)!;

/** Counts the calls of each window anew. */
function naively(beganAt: readonly number[], text: string, toleranceMs: number): LimitBreach {
  const { calls, perMs } = limitOf(text);
  const windows = beganAt.map((end, index) => ({
    second: Math.floor((end - beganAt[0]!) / 1_000),
    size: beganAt.filter((at, other) => other <= index && end - at < perMs - toleranceMs).length,
  }));
  return {
    exceededSeconds: new Set(windows.filter(({ size }) => size > calls).map(({ second }) => second)).size,
    peak: Math.max(0, ...windows.map(({ size }) => size)),
  };
}

/** Calls of up to some minutes, many at once or exactly a window apart. */
const callTimes = fc
  .array(fc.constantFrom(0, 0, 1, 50, 99, 100, 101, 400, 899, 900, 901, 999, 1_000, 1_001, 1_900, 7_000, 59_900), {
    maxLength: 80,
    size: "max",
  })
  .map((gaps) => {
    let at = 1_764_000_000_123;
    return gaps.map((gap) => {
      at += gap;
      return at;
    });
  });
const limits = fc.constantFrom("1/s", "2/s", "5/s", "0.5/s", "2.5/s", "0.1/s", "1/m", "30/m", "0.5/m", "7/m");
const tolerances = fc.constantFrom(0, 1, 50, 100, 250, 500);

describe("a limit", () => {
  it.each<[what: string, beganAt: number[], text: string, toleranceMs: number, breach: LimitBreach]>([
    ["is kept by a call a second", [0, 1_000, 2_000], "1/s", 0, { exceededSeconds: 0, peak: 1 }],
    ["is kept by calls that jitter by the tolerance", [0, 900, 1_800], "1/s", 100, { exceededSeconds: 0, peak: 1 }],
    ["is exceeded by calls that are closer", [0, 899, 1_799], "1/s", 100, { exceededSeconds: 1, peak: 2 }],
    ["is strict without a tolerance", [0, 999, 1_999], "1/s", 0, { exceededSeconds: 1, peak: 2 }],
    ["does not know calendar seconds", [10_000, 10_950, 11_050, 12_100], "1/s", 100, { exceededSeconds: 1, peak: 2 }],
    ["counts a second once", [0, 10, 20, 30, 2_000], "1/s", 100, { exceededSeconds: 1, peak: 4 }],
    ["of a fraction is one of a longer window", [0, 1_500, 3_500], "0.5/s", 100, { exceededSeconds: 1, peak: 2 }],
    ["of a minute takes them all at once", [0, 0, 0, 59_900], "3/m", 100, { exceededSeconds: 0, peak: 3 }],
    ["is kept by no call", [], "1/s", 100, { exceededSeconds: 0, peak: 0 }],
  ])("%s", (_, beganAt, text, toleranceMs, breach) => {
    expect(breachOf(beganAt, limitOf(text), toleranceMs)).toEqual(breach);
  });

  it("is judged as a naive judge does", () => {
    fc.assert(
      fc.property(callTimes, limits, tolerances, (beganAt, text, toleranceMs) => {
        expect(breachOf(beganAt, limitOf(text), toleranceMs)).toEqual(naively(beganAt, text, toleranceMs));
      }),
    );
  });

  it("is exceeded more often when it is lower or stricter", () => {
    fc.assert(
      fc.property(callTimes, tolerances, (beganAt, toleranceMs) => {
        const seconds = (text: string, tolerance: number) =>
          breachOf(beganAt, limitOf(text), tolerance).exceededSeconds;
        expect(seconds("1/s", toleranceMs)).toBeGreaterThanOrEqual(seconds("2/s", toleranceMs));
        expect(seconds("1/s", 0)).toBeGreaterThanOrEqual(seconds("1/s", toleranceMs));
      }),
    );
  });
});

describe("a limit that is judged later, by what a record keeps of the calls,", () => {
  it("is judged exactly in calls per second and per minute at the default tolerance", () => {
    fc.assert(
      fc.property(callTimes, fc.constantFrom("1/s", "3/s", "1/m", "12/m"), (beganAt, text) => {
        const { exceededSeconds, peak } = breachOf(beganAt, limitOf(text), defaultToleranceMs);
        const calls = callsOf(beganAt, "rows", null);
        for (const kept of [calls, { ...calls, seconds: null }]) {
          expect(judgeLimit(kept, limitOf(text), defaultToleranceMs)).toEqual({
            exceededSeconds: { atLeast: exceededSeconds, atMost: exceededSeconds },
            peak: { atLeast: peak, atMost: peak },
          });
        }
      }),
    );
  });

  it.each([
    ["with its seconds", true],
    ["by its peaks alone", false],
  ])("lies between the bounds that a record has %s", (_, hasSeconds) => {
    fc.assert(
      fc.property(callTimes, limits, tolerances, (beganAt, text, toleranceMs) => {
        const calls = callsOf(beganAt, "rows", null);
        const kept = hasSeconds ? calls : { ...calls, seconds: null };
        const judged = judgeLimit(kept, limitOf(text), toleranceMs);
        const breach = breachOf(beganAt, limitOf(text), toleranceMs);
        for (const figure of ["exceededSeconds", "peak"] as const) {
          expect(judged[figure].atLeast).toBeLessThanOrEqual(breach[figure]);
          expect(judged[figure].atMost).toBeGreaterThanOrEqual(breach[figure]);
        }
      }),
    );
  });

  it("is known to be kept or exceeded where whole seconds tell", () => {
    const everyThree = Array.from({ length: 20 }, (_, index) => index * 3_000);
    const judged = (text: string) => judgeLimit(callsOf(everyThree, "rows", null), limitOf(text), 100);
    expect(judged("0.5/s").exceededSeconds).toEqual({ atLeast: 0, atMost: 0 });
    expect(judged("0.1/s").exceededSeconds).toEqual({ atLeast: 19, atMost: 19 });
  });
});

describe("the bounds of a limit that no kept peak is about", () => {
  const judged = (beganAt: number[], text: string, toleranceMs: number, hasSeconds: boolean) => {
    const calls = callsOf(beganAt, "rows", null);
    const { exceededSeconds, peak } = judgeLimit(
      hasSeconds ? calls : { ...calls, seconds: null },
      limitOf(text),
      toleranceMs,
    );
    return [exceededSeconds.atLeast, exceededSeconds.atMost, peak.atLeast, peak.atMost];
  };

  it.each<[what: string, beganAt: number[], text: string, toleranceMs: number, bounds: number[]]>([
    ["the calls of whole seconds that lie in a window", [0, 950, 4_000], "0.5/s", 0, [1, 1, 2, 2]],
    ["the peak of a shorter window", [0, 10, 20, 5_000], "2/s", 50, [1, 1, 3, 3]],
    ["the peak of a longer window", [0, 59_950, 60_500], "2/m", 200, [0, 0, 2, 2]],
    ["the peak of a second, in a window that is shorter", [0, 899, 1_801, 1_802], "1/s", 500, [0, 2, 1, 2]],
    ["the calls of as many whole seconds as it reaches into", [0, 1_500, 2_900, 9_000], "0.5/s", 0, [2, 2, 2, 3]],
  ])("are by its seconds %s", (_, beganAt, text, toleranceMs, bounds) => {
    expect(judged(beganAt, text, toleranceMs, true)).toEqual(bounds);
  });

  const crowds = [0, 10, 20, 5_000, 100_000];
  it.each<[what: string, beganAt: number[], text: string, toleranceMs: number, bounds: number[]]>([
    ["between a second and a minute", crowds, "0.5/s", 0, [1, 2, 3, 4]],
    ["of more than a minute", crowds, "3/m", 0, [1, 3, 4, 5]],
    ["of more than a minute that takes all calls", crowds, "5/m", 0, [0, 0, 4, 5]],
    ["of less than a second", crowds, "1/s", 500, [0, 1, 1, 3]],
    ["of less than a second without a call", [], "1/s", 500, [0, 0, 0, 0]],
  ])(
    "are by its peaks alone those of the next windows that are kept, of a window %s",
    (_, beganAt, text, toleranceMs, bounds) => {
      expect(judged(beganAt, text, toleranceMs, false)).toEqual(bounds);
    },
  );
});

describe("what a record keeps of the calls", () => {
  it.each(["1/s", "7/m"])("has no peaks of a window of its own for %s, which has those of every record", (limit) => {
    expect(callsOf([0, 10], "rows", { limit, toleranceMs: defaultToleranceMs }).breach!.peaks).toBeNull();
    expect(callsOf([0, 10], "rows", { limit, toleranceMs: 0 }).breach!.peaks).toEqual([2]);
  });

  it("has no first call of a run without any", () => {
    expect(callsOf([], "recorded", null)).toEqual({
      source: "recorded",
      count: 0,
      firstAt: null,
      seconds: [],
      peaks: { perSecond: [], perMinute: [] },
      breach: null,
    });
  });

  it("has each second with calls, its peaks, and how many seconds have each peak", () => {
    expect(callsOf([500, 600, 1_600, 60_400, 60_500], "rows", { limit: "2/m", toleranceMs: 0 })).toEqual({
      source: "rows",
      count: 5,
      firstAt: 500,
      seconds: [
        { second: 0, calls: 2, peakPerSecond: 2, peakPerMinute: 2 },
        { second: 1, calls: 1, peakPerSecond: 1, peakPerMinute: 3 },
        { second: 59, calls: 1, peakPerSecond: 1, peakPerMinute: 3 },
        { second: 60, calls: 1, peakPerSecond: 2, peakPerMinute: 3 },
      ],
      peaks: {
        perSecond: [
          { peak: 1, seconds: 2 },
          { peak: 2, seconds: 2 },
        ],
        perMinute: [
          { peak: 2, seconds: 1 },
          { peak: 3, seconds: 3 },
        ],
      },
      breach: { limit: "2/m", toleranceMs: 0, exceededSeconds: 3, peak: 4, peaks: [2, 3, 4, 4] },
    });
  });
});
