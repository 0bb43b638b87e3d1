/** Limits of the downstream, as people write them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLimit } from "../../../infra/handlers/limit.ts";

describe("parseLimit", () => {
  it.each([
    ["1/s", { calls: 1, perMs: 1_000 }],
    ["30/m", { calls: 30, perMs: 60_000 }],
    ["0.5/s", { calls: 1, perMs: 2_000 }],
    ["2.5/s", { calls: 5, perMs: 2_000 }],
    ["0.001/m", { calls: 1, perMs: 60_000_000 }],
    ["0", null],
  ])("reads %s", (text, limit) => {
    expect(parseLimit(text)).toEqual(limit);
  });

  it("keeps the rate that was written, with whole calls in a window of whole milliseconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.constantFrom("s", "m"), (thousandths, unit) => {
        const { calls, perMs } = parseLimit(`${thousandths / 1_000}/${unit}`)!;
        expect(Number.isInteger(calls) && Number.isInteger(perMs) && calls >= 1 && perMs >= 1).toBe(true);
        expect(calls * 1_000 * (unit === "s" ? 1_000 : 60_000)).toBe(thousandths * perMs);
      }),
    );
  });

  it.each(["", "1", "1/h", "-1/s", "0/s", "0.0/s", "1e3/s", "1/s ", "01/s", "1.2345/s", "1,5/s", "1000000000/s"])(
    "refuses %j in one sentence that says what to give",
    (text) => {
      expect(() => parseLimit(text)).toThrow(
        new RangeError(
          `"${text}" is no limit: give calls per second or per minute, such as 1/s, 30/m or 0.5/s, or 0 for none.`,
        ),
      );
    },
  );
});
