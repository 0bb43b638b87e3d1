/** The published table's figures, by their definitions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsOf, indexOf } from "../../../src/metrics/events.ts";
import {
  firstSentAt,
  type SummaryInput,
  summarize as summarizeRows,
  throughputPerSecond,
} from "../../../src/metrics/summary.ts";
import type { Row } from "../../../src/model.ts";
import { columnsOf, row, rows, runRowsOf, shuffled, start } from "./rows.ts";

type Input = Omit<SummaryInput, "rows"> & { completed: Row[]; dead: Row[] };

const summarize = ({ completed, dead, ...rest }: Input) => summarizeRows({ ...rest, rows: runRowsOf(completed, dead) });

describe("summarize", () => {
  it("counts events by their ids, so that a repeated insert is a duplicate and not a completion", () => {
    const summary = summarize({
      totalEvents: 3,
      completed: [row(1, 100), row(2, 200), row(1, 900)],
      dead: [],
      maxConcurrency: 1,
    });
    expect(summary).toMatchObject({ totalEvents: 3, eventsCompleted: 2, duplicates: 1, eventsMissing: 1 });
  });

  it("takes a dead-lettered event that did complete as completed, not as failed", () => {
    const summary = summarize({
      totalEvents: 4,
      completed: [row(1, 100), row(2, 200)],
      dead: [row(2, 300), row(3, 400), row(3, 500)],
      maxConcurrency: 1,
    });
    expect(summary).toMatchObject({ eventsCompleted: 2, eventsFailed: 1, eventsMissing: 1, duplicates: 0 });
  });

  it("measures the time from the first event sent to the last one completed, to the millisecond", () => {
    const completed = [row(1, 1_500, { sentAt: 20 }), row(2, 4_321, { sentAt: 30 })];
    expect(summarize({ totalEvents: 2, completed, dead: [], maxConcurrency: 1 }).timeTakenSeconds).toBe(4.301);
  });

  it("starts the time at an event that was sent first and completed never", () => {
    const completed = [row(2, 5_000, { sentAt: 1_000 })];
    const dead = [row(1, 3_000, { sentAt: 400 })];
    const input = { totalEvents: 3, completed, dead, maxConcurrency: 1 };
    expect(summarize(input).timeTakenSeconds).toBe(4.6);
    expect(summarize({ ...input, firstSentAt: start + 100 }).timeTakenSeconds).toBe(4.9);
  });

  it("ends the time at the last completion, whenever the dead letters were recorded", () => {
    const completed = [row(1, 2_000)];
    const summary = summarize({ totalEvents: 2, completed, dead: [row(2, 90_000)], maxConcurrency: 1 });
    expect(summary.timeTakenSeconds).toBe(2);
  });

  it("takes average, max and min over the seconds that have inserts", () => {
    const completed = [row(1, 1_000), row(2, 1_100), row(3, 1_999), row(4, 8_000)];
    expect(summarize({ totalEvents: 4, completed, dead: [], maxConcurrency: 1 }).insertsPerSecond).toEqual({
      avg: 2,
      max: 3,
      min: 1,
    });
  });

  it("rounds the average to three decimals", () => {
    const completed = [row(1, 100), row(2, 200), row(3, 7_000), row(4, 9_000)];
    expect(summarize({ totalEvents: 4, completed, dead: [], maxConcurrency: 1 }).insertsPerSecond.avg).toBe(1.333);
  });

  it("averages as the published table does: 1000 inserts in 266 seconds that have any are 3.759", () => {
    const completed = Array.from({ length: 1_000 }, (_, index) => row(index + 1, 2_000 * (index % 266)));
    expect(summarize({ totalEvents: 1_000, completed, dead: [], maxConcurrency: 5 }).insertsPerSecond.avg).toBe(3.759);
  });

  it("has no times and rates when nothing completed, rather than zeros", () => {
    expect(
      summarize({ totalEvents: 2, completed: [], dead: [row(1, 5_000)], maxConcurrency: null, firstSentAt: start }),
    ).toEqual({
      totalEvents: 2,
      eventsCompleted: 0,
      eventsFailed: 1,
      eventsMissing: 1,
      duplicates: 0,
      timeTakenSeconds: null,
      maxConcurrency: null,
      insertsPerSecond: { avg: null, max: null, min: null },
    });
  });

  it("has no throughput for a run that took no time", () => {
    const summary = summarize({ totalEvents: 1, completed: [row(1, 0)], dead: [], maxConcurrency: 1 });
    expect(summary).toMatchObject({ timeTakenSeconds: 0, insertsPerSecond: { avg: 1, max: 1, min: 1 } });
    expect(throughputPerSecond(summary)).toBeNull();
  });

  it("has the throughput of what completed in the time taken, to three decimals, and none where the time is not known", () => {
    const of = (eventsCompleted: number, timeTakenSeconds: number | null) =>
      throughputPerSecond({ eventsCompleted, timeTakenSeconds });
    expect([of(10, 3), of(0, 4), of(7, 0.001)]).toEqual([3.333, 0, 7_000]);
    expect([of(1, null), of(1, 0), of(1, -0.002)]).toEqual([null, null, null]);
  });

  it("knows when the first event was sent by the rows of both functions, and not without any", () => {
    const sentFirst = (completed: Row[], dead: Row[]) => firstSentAt(runRowsOf(completed, dead));
    expect(sentFirst([row(1, 90, { sentAt: 30 }), row(2, 50, { sentAt: 20 })], [])).toBe(start + 20);
    expect(sentFirst([row(1, 90, { sentAt: 30 })], [row(2, 95, { sentAt: 10 })])).toBe(start + 10);
    expect(sentFirst([], [])).toBeNull();
  });

  it("accounts for every event, and does not depend on the order of the rows", () => {
    fc.assert(
      fc.property(rows, rows, fc.nat(), (completed, dead, salt) => {
        const input = { totalEvents: 100, completed, dead, maxConcurrency: 1 };
        const summary = summarize(input);
        expect(summary.eventsCompleted + summary.eventsFailed + summary.eventsMissing).toBe(100);
        expect(summary.eventsCompleted + summary.duplicates).toBe(completed.length);
        expect(summarize({ ...input, completed: shuffled(completed, salt), dead: shuffled(dead, salt) })).toEqual(
          summary,
        );
      }),
    );
  });
});

describe("the events of rows", () => {
  it("are each once, at its first row; of two in one millisecond the one that was sent first counts", () => {
    const of = (...some: Row[]) => {
      const { ids, sentAt, firstAt } = eventsOf(columnsOf(some));
      return Array.from(ids, (id, event) => [id, sentAt[event]! - start, firstAt[event]! - start]);
    };
    const [early, late] = [row(7, 500, { sentAt: 100 }), row(7, 500, { sentAt: 300 })];
    expect([of(early, late), of(late, early)]).toEqual([[[7, 100, 500]], [[7, 100, 500]]]);
    expect(of(row(9, 90, { sentAt: 5 }), row(3, 80, { sentAt: 6 }), row(9, 70, { sentAt: 7 }))).toEqual([
      [3, 6, 80],
      [9, 7, 70],
    ]);
    expect(of()).toEqual([]);
  });

  it("are found by their ids, with gaps and without", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -20, max: 60 }), { maxLength: 30 }), (some) => {
        const ids = Int32Array.from(some).sort();
        for (let id = -25; id <= 65; id++) expect(indexOf(ids, id)).toBe(ids.indexOf(id));
      }),
    );
  });
});
