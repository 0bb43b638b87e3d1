/** The run second by second. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarize } from "../../../src/metrics/summary.ts";
import type { Row } from "../../../src/model.ts";
import { row, rows, runRowsOf, shuffled } from "./rows.ts";

const timeline = (completed: Row[], dead: Row[]) => runRowsOf(completed, dead).timeline;

describe("timeline", () => {
  it("is empty for a run that inserted nothing", () => {
    expect(timeline([], [])).toEqual([]);
  });

  it("counts whole seconds from the first insert and lists the empty ones", () => {
    const completed = [row(1, 1_700), row(2, 2_699), row(3, 2_700), row(4, 4_800)];
    expect(timeline(completed, []).map(({ second, inserts }) => [second, inserts])).toEqual([
      [0, 2],
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
  });

  it("begins and ends with dead letters where they are the run's first and last inserts", () => {
    const points = timeline([row(1, 2_500)], [row(2, 1_000), row(3, 4_000)]);
    expect(points.map(({ inserts, deadLetters }) => [inserts, deadLetters])).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  it("shows in each second how many invocations of the consumer overlapped, in the middle of long ones too", () => {
    const completed = [
      row(1, 1_000, { startedAt: 0 }),
      row(2, 4_500, { startedAt: 1_500 }),
      row(3, 3_900, { startedAt: 2_900 }),
    ];
    expect(timeline(completed, []).map(({ overlap }) => overlap)).toEqual([1, 2, 2, 1]);
  });

  it("does not take an invocation that starts when another ends as an overlap", () => {
    const completed = [row(1, 1_000, { startedAt: 0 }), row(2, 1_900, { startedAt: 1_000 })];
    expect(timeline(completed, []).map(({ overlap }) => overlap)).toEqual([1]);
  });

  it("leaves an invocation out of which no row says when it began, and counts its inserts all the same", () => {
    const completed = [row(1, 1_500, { startedAt: 1_000 }), row(2, 1_000, { startedAt: Number.NaN })];
    expect(timeline(completed, [])).toEqual([{ second: 0, inserts: 2, deadLetters: 0, overlap: 1 }]);
    const [, unknown] = completed;
    expect(timeline([unknown!], [])).toEqual([{ second: 0, inserts: 1, deadLetters: 0, overlap: 0 }]);
  });

  it("counts an invocation in the seconds in which it ran, up to the last insert and from the first one on", () => {
    // The dead letter is the last insert; an invocation that ends with a second does not reach into the next.
    const completed = [
      row(1, 1_000, { startedAt: 0, batchId: "early" }),
      row(2, 2_000, { startedAt: 1_500 }),
      row(3, 5_000, { startedAt: 4_000 }),
    ];
    expect(timeline(completed, [row(4, 4_999)]).map(({ overlap }) => overlap)).toEqual([1, 0, 0, 1, 0]);
    expect(timeline([row(1, 3_000, { startedAt: 0 })], [row(2, 1_000)]).map(({ overlap }) => overlap)).toEqual([
      1, 1, 0,
    ]);
  });

  it("loses no row and agrees with the summary, whatever the order of the rows", () => {
    fc.assert(
      fc.property(rows, rows, fc.nat(), (completed, dead, salt) => {
        const points = timeline(completed, dead);
        const sum = (key: "inserts" | "deadLetters") => points.reduce((total, point) => total + point[key], 0);
        expect(sum("inserts")).toBe(completed.length);
        expect(sum("deadLetters")).toBe(dead.length);
        expect(points.map(({ second }) => second)).toEqual(points.map((_, index) => index));
        expect(timeline(shuffled(completed, salt), shuffled(dead, salt))).toEqual(points);

        const busy = points.filter(({ inserts }) => inserts > 0);
        const { max, min } = summarize({
          totalEvents: 0,
          rows: runRowsOf(completed, dead),
          maxConcurrency: 0,
        }).insertsPerSecond;
        if (busy.length === 0) return;
        const average = completed.length / busy.length;
        expect(min).toBeLessThanOrEqual(average);
        expect(max).toBeGreaterThanOrEqual(average);
        expect(busy.some(({ inserts }) => inserts === max)).toBe(true);
        expect(busy.some(({ inserts }) => inserts === min)).toBe(true);
      }),
    );
  });

  it("takes a run of more than a day", () => {
    const points = timeline([row(1, 0), row(2, 100_000_000)], []);
    expect(points).toHaveLength(100_001);
    expect(points.at(-1)).toEqual({ second: 100_000, inserts: 1, deadLetters: 0, overlap: 1 });
  });
});
