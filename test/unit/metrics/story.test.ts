/** The data of a run's drawing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flowOf } from "../../../src/metrics/flow.ts";
import { eventsAt, type Point, storyOf } from "../../../src/metrics/story.ts";
import { aRecord, recordOf, records } from "../records/a-record.ts";
import { row, rows, runRowsOf, start } from "./rows.ts";

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
const last = (points: readonly Point[]) => points.at(-1)?.[1] ?? 0;

describe("the flow of a run", () => {
  it("counts each event once: when it was sent, and when it first completed or was first given up", () => {
    const completed = [row(1, 5_000, { sentAt: 0 }), row(1, 6_000, { sentAt: 0 }), row(2, 7_000, { sentAt: 20 })];
    const dead = [row(2, 4_000, { sentAt: 20 }), row(3, 9_999, { sentAt: 40 }), row(3, 12_000, { sentAt: 40 })];
    expect(flowOf(runRowsOf(completed, dead), start)).toEqual({
      firstSentAt: start,
      stepMs: 10,
      steps: [
        { step: 0, published: 1, completed: 0, failed: 0 },
        { step: 2, published: 1, completed: 0, failed: 0 },
        { step: 4, published: 1, completed: 0, failed: 0 },
        { step: 500, published: 0, completed: 1, failed: 0 },
        { step: 700, published: 0, completed: 1, failed: 0 },
        { step: 999, published: 0, completed: 0, failed: 1 },
      ],
    });
  });

  it("is null where nothing tells when the first event was sent, and empty where no event left a row", () => {
    expect(flowOf(runRowsOf([], []), null)).toBeNull();
    expect(flowOf(runRowsOf([], []), start)).toEqual({ firstSentAt: start, stepMs: 1, steps: [] });
  });

  it("adds up to the run's figures in at most a thousand steps, at any length", () => {
    fc.assert(
      fc.property(rows, rows, fc.constantFrom(1, 7, 60, 5_000), (completed, dead, scale) => {
        const longer = (some: typeof completed) =>
          some.map((one) => ({ ...one, createdAt: start + (one.createdAt - start) * scale }));
        const { flow, summary } = recordOf(longer(completed), longer(dead));
        const steps = flow?.steps ?? [];
        expect(sum(steps.map((step) => step.completed))).toBe(summary.eventsCompleted);
        expect(sum(steps.map((step) => step.failed))).toBe(summary.eventsFailed);
        expect(sum(steps.map((step) => step.published))).toBe(summary.eventsCompleted + summary.eventsFailed);
        for (const { step } of steps) expect(step).toBeLessThanOrEqual(1_000);
      }),
    );
  });
});

describe("the story of a run", () => {
  it("has three curves that never fall, end at the run's figures, and never show more ended than published", () => {
    fc.assert(
      fc.property(records, (record) => {
        const { flow, seconds } = storyOf(record);
        const { completed, failed, published } = flow!;
        const ends = [completed, failed, published].map(last);
        expect(ends.slice(0, 2)).toEqual([record.summary.eventsCompleted, record.summary.eventsFailed]);
        for (const curve of [completed, failed, published]) {
          for (const [index, [second, events]] of curve.entries()) {
            expect(second).toBeLessThanOrEqual(seconds + record.flow!.stepMs / 1_000);
            expect(events).toBeGreaterThanOrEqual(curve[index - 1]?.[1] ?? 0);
            expect(events).toBeLessThanOrEqual(last(curve));
            const ended = eventsAt(completed, second) + eventsAt(failed, second);
            expect(eventsAt(published, second) + 1e-6).toBeGreaterThanOrEqual(ended);
          }
        }
      }),
    );
  });

  it("spreads published events that left no row evenly over the burst, and says how many", () => {
    const some = recordOf([row(1, 1_000), row(2, 2_000)], [], { totalEvents: 12 });
    expect(storyOf(some).flow).toMatchObject({ spread: 10 });
    expect(last(storyOf(some).flow!.published)).toBe(12);
    const nothing = storyOf(recordOf([], [], { totalEvents: 1_000 }));
    expect(nothing.flow).toEqual({
      published: [
        [0, 0],
        [0.24, 1_000],
      ],
      completed: [],
      failed: [],
      spread: 1_000,
    });
    expect(nothing.seconds).toBe(60);
  });

  it("reads a curve between its points as a straight line", () => {
    const curve: Point[] = [
      [2, 0],
      [4, 10],
      [8, 10],
      [9, 12],
    ];
    expect([0, 2, 3, 4, 6, 8.5, 9, 99].map((second) => eventsAt(curve, second))).toEqual([0, 0, 5, 10, 10, 11, 12, 12]);
  });

  it("has the calls by the windows of the limit, so that a second is over it just where the verdict says so", () => {
    const limits = fc.constantFrom("1/s", "3/s", "30/m", "0.5/s", "2.5/s");
    fc.assert(
      fc.property(rows, limits, fc.constantFrom(0, 100), (completed, limit, toleranceMs) => {
        const expected = { ...aRecord().expected!, limit: { limit, toleranceMs, origin: "flag" as const } };
        const record = recordOf(completed, [], { expected });
        const { rate } = storyOf(record);
        const judged = record.verdict!.limit!;
        if (completed.length === 0) return;
        expect(rate.limit?.text).toBe(limit);
        expect(rate.peak).toBe(judged.peak!.atMost);
        expect(rate.spans.filter(({ value }) => value > rate.limit!.calls)).toHaveLength(
          judged.exceededSeconds!.atMost,
        );
      }),
    );
  });

  it("says where nobody recorded the calls that more may have been made, and shows inserts where none are kept", () => {
    expect(storyOf(aRecord()).rate.counts).toBe("calls");
    const { details } = aRecord();
    const unseen = aRecord({ details: { ...details, calls: { ...details.calls!, atMost: 14 } } });
    expect(storyOf(unseen).rate.counts).toBe("calls-with-row");
    const older = storyOf(aRecord({ calls: null }));
    expect(older.rate).toMatchObject({ counts: "inserts", perMs: 1_000, limit: { text: "1/s", calls: 1 } });
    expect(older.rate.spans).toHaveLength(10);
  });

  it("begins an older record's axis at the first insert, and shows no flow", () => {
    expect(storyOf(aRecord({ flow: null }))).toMatchObject({ since: "first-insert", flow: null, seconds: 11 });
  });
});
