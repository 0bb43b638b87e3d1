/** The timeline's plot. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TimelinePoint } from "../../../src/model.ts";
import { plot as plotWith } from "../../../src/reports/pictures/plot.ts";
import { widthOf } from "../../../src/reports/text.ts";

const plain = { inserts: (marks: string) => marks, deadLetters: (marks: string) => marks };
const plot = (points: TimelinePoint[], columns = 80) => plotWith(points, { columns, paint: plain });
const timelineOf = (inserts: number[], deadLetters: number[] = []): TimelinePoint[] =>
  inserts.map((count, second) => ({ second, inserts: count, deadLetters: deadLetters[second] ?? 0, overlap: 0 }));

describe("plot", () => {
  it("says that nothing was inserted", () => {
    expect(plot([])).toEqual(["Nothing was inserted, so there is no timeline."]);
  });

  it("gives a single insert a single mark", () => {
    expect(plot(timelineOf([1]))).toEqual(["DB inserts per second over time (min:s)", "1 ┤█", "0 └┬", "   0:00"]);
  });

  it("has a row per insert while there are at most eight in a second", () => {
    expect(plot(timelineOf([1, 2, 3, 0, 1]))).toEqual([
      "DB inserts per second over time (min:s)",
      "3 ┤  █",
      "  ┤ ██",
      "  ┤███ █",
      "0 └┬────",
      "   0:00",
    ]);
  });

  it("draws higher peaks in eight rows of eighths and leaves a trace of the smallest count", () => {
    expect(plot(timelineOf([64, 20, 1, 0, 1000])).slice(1, -2)).toEqual([
      "1000 ┤    █",
      "     ┤    █",
      "     ┤    █",
      "     ┤    █",
      "     ┤    █",
      "     ┤    █",
      "     ┤    █",
      "     ┤▄▁▁ █",
    ]);
  });

  it("shows dead letters in a row of their own, on the same time axis", () => {
    expect(plot(timelineOf([1, 1, 0, 1], [0, 0, 4, 1]))).toEqual([
      "DB inserts per second over time (min:s)",
      "1 ┤██ █",
      "0 └┬───",
      "   0:00",
      "Dead letters per second",
      "4 ┤  █▂",
    ]);
  });

  it("has no bars where only dead letters arrived", () => {
    expect(plot(timelineOf([0, 0], [1, 1]))).toEqual([
      "DB inserts per second over time (min:s)",
      "0 └┬─",
      "   0:00",
      "Dead letters per second",
      "1 ┤██",
    ]);
  });

  it("bins a long run by its highest second, and says so", () => {
    const inserts = Array.from({ length: 100 }, (_, second) => (second === 50 ? 5 : 1));
    const lines = plot(timelineOf(inserts), 40);
    expect(lines).toEqual([
      "DB inserts per second over time (min:s);",
      "each column the highest of 3 s",
      "5 ┤                █",
      "  ┤                █",
      "  ┤                █",
      "  ┤                █",
      "  ┤██████████████████████████████████",
      "0 └┬─────────┬─────────┬─────────┬───",
      "   0:00      0:30      1:00      1:30",
    ]);
  });

  it("labels the time axis in minutes and seconds at round times", () => {
    const lines = plot(timelineOf(new Array(1450).fill(1)), 80);
    expect(lines.at(-1)).toBe("   0:00           5:00            10:00           15:00           20:00");
  });

  it("keeps to the width and shows the peak and every bin with an insert, at any width and length", () => {
    const timelines = fc
      .tuple(
        fc.array(fc.constantFrom(0, 0, 1, 2, 5, 41, 3_000), { minLength: 1, maxLength: 300 }),
        fc.array(fc.constantFrom(0, 0, 0, 1, 7), { maxLength: 300 }),
      )
      .map(([inserts, dead]) => timelineOf(inserts, dead));
    fc.assert(
      fc.property(timelines, fc.integer({ min: 40, max: 200 }), (points, columns) => {
        const lines = plot(points, columns);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        const peak = Math.max(...points.map(({ inserts }) => inserts));
        if (peak === 0) return;
        const axis = lines.findIndex((line) => line.includes("└"));
        const [top, bottom] = [lines.find((line) => line.includes("┤"))!, lines[axis - 1]!];
        expect(top.trim().startsWith(`${peak} ┤`)).toBe(true);
        expect(top).toContain("█");

        const drawn = [...bottom.slice(bottom.indexOf("┤") + 1)];
        const width = lines[axis]!.length - lines[axis]!.indexOf("└") - 1;
        const seconds = Math.ceil(points.length / width);
        const isBusy = Array.from({ length: width }, (_, column) =>
          points.slice(column * seconds, (column + 1) * seconds).some(({ inserts }) => inserts > 0),
        );
        expect(isBusy.map((_, column) => (drawn[column] ?? " ") !== " ")).toEqual(isBusy);
      }),
    );
  });

  it.each([40, 80, 200])("draws a run of more than a day in %s columns", (columns) => {
    const points = timelineOf(Array.from({ length: 100_000 }, (_, second) => (second % 10 === 0 ? 2 : 0)));
    const lines = plot(points, columns);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    expect(lines.find((line) => line.startsWith("2 ┤"))).toMatch(/^2 ┤█+$/);
    expect(lines.at(-1)).toMatch(/ 0:00 .*\d+:00$/);
  });
});
