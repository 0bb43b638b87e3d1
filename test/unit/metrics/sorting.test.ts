/** Columns in order, whatever is in them. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { orderOfTimes, sorted } from "../../../src/metrics/sorting.ts";

const epoch = Date.UTC(2026, 10, 23);
const whole = fc.array(fc.integer({ min: epoch, max: epoch + 50 }), { maxLength: 40 });
const any = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 });

it("orders the indices of times by these, equal ones by themselves, also of fractions and of times that lie far apart", () => {
  fc.assert(
    fc.property(fc.oneof(whole, any), (times) => {
      const plain = times.map((_, index) => index).sort((one, other) => times[one]! - times[other]! || one - other);
      expect([...orderOfTimes(Float64Array.from(times))]).toEqual(plain);
    }),
  );
});

it("sorts times that are in order and others alike, with those that are not known last", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Number.NaN)), { maxLength: 20 }),
      (times) => {
        const known = times.filter((time) => !Number.isNaN(time)).sort((one, other) => one - other);
        const unknown = times.filter(Number.isNaN);
        expect([...sorted(Float64Array.from(times))]).toEqual([...known, ...unknown]);
        expect([...sorted(Float64Array.from(known))]).toEqual(known);
      },
    ),
  );
});
