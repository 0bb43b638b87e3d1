/** How figures are written. */
import { describe, expect, it } from "vitest";
import { difference, duration, figure, signed, withInterval } from "../../../src/reports/figures.ts";

describe("figures", () => {
  it.each([
    [1000, "count", "1000"],
    [0, "count", "0"],
    [3.759, "rate", "3.759"],
    [16.6, "rate", "16.6"],
    [58.66, "seconds", "58.7 s"],
    [1450.4, "seconds", "1450 s"],
    [null, "count", "missing"],
    [null, "seconds", "missing"],
  ] as const)("writes %s as a %s: %s", (value, unit, text) => {
    expect(figure(value, unit)).toBe(text);
  });

  it.each([
    [0.564, "0.6 s"],
    [59.9, "59.9 s"],
    [60, "60 s (1 min)"],
    [60.4, "60.4 s (1 min)"],
    [1450, "1450 s (24 min 10 s)"],
    [7385.2, "7385 s (2 h 3 min 5 s)"],
    [3600, "3600 s (1 h)"],
    [null, "missing"],
  ])("writes a duration of %s s as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [850, "milliseconds", "850 ms"],
    [-20, "milliseconds", "-20 ms"],
    [1_250, "milliseconds", "1.3 s"],
    [301_200, "milliseconds", "301 s"],
    [0.105, "share", "10.5%"],
    [0, "share", "0.0%"],
  ] as const)("writes %s %s as %s", (value, unit, text) => {
    expect(figure(value, unit)).toBe(text);
  });

  it.each([
    [101, 62, 143.4, "events", "101 (62-143)"],
    [6_220, 840, 12_100, "milliseconds", "6.2 s (0.8-12.1)"],
    [620, 95, 1_210, "milliseconds", "620 ms (95-1210)"],
    [0.5, 0.25, 0.6666, "share", "50.0% (25-66.7)"],
  ] as const)("writes the median %s with its interval from %s to %s in the unit of the median (%s): %s", (...given) => {
    const [median, low, high, unit, text] = given;
    expect(withInterval({ median, low, high }, unit)).toBe(text);
  });

  it.each([
    [26, "seconds", "+26 s"],
    [-0.05, "rate", "-0.05"],
    [12.5, "milliseconds", "+12.5 ms"],
    [0.0123, "share", "+1.23 points"],
  ] as const)("writes a difference of %s %s as %s", (value, unit, text) => {
    expect(signed(value, unit)).toBe(text);
  });

  it.each([
    [1000, 1000, "count", "0"],
    [895, 1000, "count", "-105 (-10.5%)"],
    [3, 0, "count", "+3"],
    [1261, 1450, "seconds", "-189 s (-13.0%)"],
    [0.793, 1, "rate", "-0.207 (-20.7%)"],
    [null, 1, "count", "—"],
  ] as const)("writes %s against %s (%s) as %s", (value, published, unit, text) => {
    expect(difference(value, published, unit)).toBe(text);
  });

  it("takes the difference of the figures as they are shown, so that a reader's subtraction agrees", () => {
    expect(figure(1260.5, "seconds")).toBe("1261 s");
    expect(difference(1260.5, 1450.4, "seconds")).toBe("-189 s (-13.0%)");
  });
});
