/** Where an axis has its labels. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockTime, shortNumber, timeTicks, valueTicks } from "../../../src/reports/pictures/scale.ts";

describe("an axis", () => {
  it("labels times at round distances, never more than asked for", () => {
    expect(timeTicks(57, 11)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(timeTicks(1_185, 11).slice(0, 3)).toEqual([0, 120, 240]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 2, max: 20 }), (seconds, most) => {
        const ticks = timeTicks(seconds, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks.at(-1)).toBeLessThanOrEqual(seconds);
      }),
    );
  });

  it("labels values from 0 to one that is not below the peak, each a whole number once", () => {
    expect(valueTicks(0, 4)).toEqual([0, 1]);
    expect(valueTicks(1, 4)).toEqual([0, 1]);
    expect(valueTicks(37, 4)).toEqual([0, 10, 20, 30, 40]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 1, max: 5 }), (peak, intervals) => {
        const ticks = valueTicks(peak, intervals);
        expect(ticks.every(Number.isSafeInteger)).toBe(true);
        expect(new Set(ticks).size).toBe(ticks.length);
        expect(ticks.length).toBeLessThanOrEqual(intervals + 2);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(peak);
        expect(ticks.at(-2)).toBeLessThanOrEqual(peak);
      }),
    );
  });

  it.each([
    [0, "0:00"],
    [1450, "24:10"],
    [3600, "1:00:00"],
    [100_000, "27:46:40"],
  ])("writes second %d as %s", (second, text) => {
    expect(clockTime(second)).toBe(text);
  });

  it.each([
    [999, "999"],
    [1019, "1019"],
    [41_000, "41k"],
    [1_500_000, "1.5M"],
  ])("writes %d as %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});
