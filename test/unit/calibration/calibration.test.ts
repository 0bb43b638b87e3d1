/** The fit of one number to one figure. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median } from "../../../src/metrics/statistics.ts";
import { fit } from "../../fit/fit.ts";

describe("a fit", () => {
  it("finds the value whose figure is the wanted one, whether the figure rises or falls with it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.1, max: 0.9, noNaN: true }), fc.boolean(), async (share, isRising) => {
        const figureAt = async (value: number) => (isRising ? 3 * value + 10 : 1_000 - 3 * value);
        const value = 100 + share * 100;
        const found = await fit([100, 200], await figureAt(value), figureAt);
        expect(Math.abs(found.value - value)).toBeLessThan(1.5);
        expect(found.figure).toBe(await figureAt(found.value));
      }),
    );
  });

  it("gives the nearest bound for a figure that nothing in the range reaches, after two tries", async () => {
    let tries = 0;
    const found = await fit([0.25, 1], 50, async (value) => {
      tries++;
      return 100 / value;
    });
    expect(found).toEqual({ value: 1, figure: 100 });
    expect(tries).toBe(2);
  });
});

it("takes the middle of an odd number of values, and the mean of the two in the middle of an even one", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
