/** Lists and ranges of a sweep, and their combinations. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combinationsOf, sizeOf, valuesOf } from "../../../../src/simulation/sweep/grid.ts";

const numbers = (typed: string) => valuesOf(typed, true, "--set A=");

describe("the values of a list", () => {
  it("are single numbers and ranges together, each once and ascending", () => {
    expect(numbers("10,30,60..300:60")).toEqual(["10", "30", "60", "120", "180", "240", "300"]);
    expect(numbers("5, 1..3,2,05")).toEqual(["1", "2", "3", "5"]);
    expect(numbers("-2..1")).toEqual(["-2", "-1", "0", "1"]);
  });

  it("end with the last that is not beyond the range", () => {
    expect(numbers("1..10:4")).toEqual(["1", "5", "9"]);
    expect(numbers("7..7")).toEqual(["7"]);
  });

  it("have no rounding errors", () => {
    expect(numbers("0..0.3:0.1")).toEqual(["0", "0.1", "0.2", "0.3"]);
    expect(numbers("0.05..0.2:0.05")).toEqual(["0.05", "0.1", "0.15", "0.2"]);
  });

  it("keep their order where they are texts, also texts that look like ranges", () => {
    expect(valuesOf("throw,report,throw,1..3", false, "--set A=")).toEqual(["throw", "report", "1..3"]);
  });

  it.each([
    ["1,,2", /empty value/],
    ["", /empty value/],
    ["9..1", /counts down; write it as 1\.\.9/],
    ["1..9:0", /step "0"/],
    ["1..9:x", /step "x"/],
    ["a..9", /no range/],
    ["1..", /no range/],
    ["1..1000000000", /more than 1,000 values/],
  ])("refuses %j", (typed, why) => {
    expect(() => numbers(typed)).toThrow(why);
  });

  it("hold for any range what a range is: from its start, by its step, within its end", () => {
    const hundredths = fc.integer({ min: -2_000, max: 2_000 });
    const steps = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(hundredths, steps, fc.integer({ min: 0, max: 200 }), (from, step, extra) => {
        const to = from + step * (extra % 40) + (extra % step);
        const written = (value: number) => String(value / 100);
        const values = numbers(`${written(from)}..${written(to)}:${written(step)}`).map((value) =>
          Math.round(Number(value) * 100),
        );
        const expected = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
        expect(values).toEqual(expected);
      }),
    );
  });
});

describe("the combinations", () => {
  const axes = fc.array(fc.uniqueArray(fc.string({ maxLength: 2 }), { minLength: 1, maxLength: 4 }), { maxLength: 4 });

  it("have each choice of one value of each axis once, the last axis varying fastest", () => {
    fc.assert(
      fc.property(axes, (lists) => {
        const all = combinationsOf(lists.map((values) => ({ values })));
        expect(all).toHaveLength(sizeOf(lists.map((values) => ({ values }))));
        for (const [index, combination] of all.entries()) {
          let rest = index;
          for (let axis = lists.length - 1; axis >= 0; axis--) {
            expect(combination[axis]).toBe(lists[axis]![rest % lists[axis]!.length]);
            rest = Math.floor(rest / lists[axis]!.length);
          }
        }
      }),
    );
  });
});
