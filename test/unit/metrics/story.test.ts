/** The data of a run's drawing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flowOf } from "../../../src/metrics/flow.ts";
import { callsOf } from "../../../src/metrics/limit.ts";
import { eventsAt, firstInsertAt, type Point, storyOf } from "../../../src/metrics/story.ts";
import type { RunRecord } from "../../../src/model.ts";
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

describe("the story of a run of three rows, by hand,", () => {
  /** Sent at 0 and 500 ms, begun at 1.5 and 3.9 s, inserted at 2, 4 and once more at 4.2 s; a third event is dead-lettered at 5 s. */
  const completed = [
    row(1, 2_000, { sentAt: 0, startedAt: 1_500 }),
    row(2, 4_000, { sentAt: 500, startedAt: 3_900 }),
    row(2, 4_200, { sentAt: 500, startedAt: 3_900 }),
  ];
  const dead = [row(3, 5_000, { sentAt: 600 })];
  const run = (rest: Parameters<typeof recordOf>[2] = {}) => recordOf(completed, dead, { totalEvents: 4, ...rest });
  const limited = (limit: string, toleranceMs = 100) => ({
    ...aRecord().expected!,
    limit: { limit, toleranceMs, origin: "flag" as const },
  });

  it("begins its timeline half a second before the last insert's second, as near as the record tells", () => {
    // Time taken is 4.2 s, and the last completion lies in the timeline's second 2: 1.7 to 2.7 s before, in the middle 1.7.
    expect(firstInsertAt(run())! - start).toBe(1_700);
    expect(storyOf(run())).toMatchObject({ since: "first-sent", firstInsert: 1.7, seconds: 1.7 + 4 });
    const unknown = { ...run().burst, firstSentAt: null };
    expect(firstInsertAt(run({ burst: unknown }))).toBeNull();
    expect(storyOf(run({ burst: unknown }))).toMatchObject({ since: "first-sent", firstInsert: 0 });
    const early = { ...run().burst, firstSentAt: start - 9_000 };
    expect(storyOf(run({ burst: early })).firstInsert).toBe(0);
    expect(firstInsertAt(run({ timeline: [] }))).toBe(start);
    expect(firstInsertAt(run({ summary: { ...run().summary, timeTakenSeconds: null } }))).toBeNull();
    expect(firstInsertAt(recordOf([], dead))).toBeNull();
    const deadOnly = recordOf([], dead);
    expect(firstInsertAt({ ...deadOnly, summary: { ...deadOnly.summary, timeTakenSeconds: 3 } })).toBeNull();
  });

  it("lasts as long as its timeline or its curves, a second at least, and without any row for as long as anybody looked", () => {
    expect(storyOf(run({ flow: null })).seconds).toBe(4);
    const longer = { ...run().flow!, steps: [{ step: 1_800, published: 0, completed: 1, failed: 0 }] };
    expect(storyOf(run({ flow: longer })).seconds).toBeCloseTo((1_801 * run().flow!.stepMs) / 1_000, 9);
    const instant = recordOf([row(1, 0)], []);
    expect(storyOf({ ...instant, timeline: [] }).seconds).toBe(60);
    expect(storyOf({ ...instant, timeline: [], flow: null }).seconds).toBe(1);
  });

  it("has a curve of each kind with a point before and after every step in which something happened", () => {
    const flow = {
      firstSentAt: start,
      stepMs: 500,
      steps: [
        { step: 0, published: 2, completed: 0, failed: 0 },
        { step: 1, published: 1, completed: 0, failed: 0 },
        { step: 4, published: 0, completed: 1, failed: 0 },
        { step: 5, published: 0, completed: 2, failed: 1 },
      ],
    };
    expect(storyOf(run({ flow, totalEvents: 3, burst: { ...run().burst, published: 9 } })).flow).toEqual({
      published: [
        [0, 0],
        [0.5, 2],
        [1, 3],
      ],
      completed: [
        [2, 0],
        [2.5, 1],
        [3, 3],
      ],
      failed: [
        [2.5, 0],
        [3, 1],
      ],
      spread: 0,
    });
    // Two of five left no row, and are spread over the burst of 240 ms, which is taken for a step at least.
    const spread = storyOf(run({ flow, totalEvents: 5 })).flow!;
    expect(spread.spread).toBe(2);
    expect(spread.published).toEqual([
      [0, 0],
      [0.5, 4],
      [1, 5],
    ]);
    const unknownEnd = { ...run().burst, published: 5, lastSentAt: null };
    expect(storyOf(run({ flow, totalEvents: 5, burst: unknownEnd })).flow!.published).toEqual(spread.published);
  });

  it("shows each second that has calls with its peak, since the first event was sent", () => {
    const spans = [
      { from: 1.5, to: 2.5, value: 1 },
      { from: 3.5, to: 4.5, value: 2 },
    ];
    const rate = { counts: "calls", perMs: 1_000, spans, peak: 2, limit: { text: "1/s", calls: 1 } };
    expect(storyOf(run()).rate).toEqual(rate);
    expect(storyOf(run({ expected: limited("30/m") })).rate).toMatchObject({
      perMs: 60_000,
      peak: 3,
      limit: { text: "30/m", calls: 30 },
    });
    expect(storyOf(run({ expected: limited("0.5/s", 0) })).rate).toMatchObject({
      perMs: 2_000,
      limit: { text: "0.5/s", calls: 1 },
    });
    expect(storyOf(run({ flow: null })).rate.spans[0]).toMatchObject({ from: 0, to: 0.8 });
    const early = { ...run().calls!, firstAt: start - 2_500 };
    expect(storyOf(run({ calls: early })).rate.spans[0]!.from).toBe(0);
    const undated = { ...run().calls!, firstAt: null };
    expect(storyOf(run({ calls: undated })).rate.spans).toEqual([
      { from: 0, to: 1, value: 1 },
      { from: 2, to: 3, value: 2 },
    ]);
    const since = { flow: null, burst: { ...run().burst, firstSentAt: null } };
    expect(storyOf(run(since)).rate.spans[0]).toMatchObject({ from: 0, to: 1 });
  });

  it("has no limit beside windows of another length, nor without one", () => {
    const other = (rest: Partial<RunRecord>) => storyOf({ ...run({ expected: limited("0.5/s", 0) }), ...rest }).rate;
    const calls = (limit: string, toleranceMs: number) =>
      callsOf(
        completed.map(({ startedAt }) => startedAt),
        "rows",
        { limit, toleranceMs },
      );
    const plain = { perMs: 1_000, peak: 2, limit: null };
    expect(other({ calls: calls("0.5/s", 0) })).toMatchObject({ perMs: 2_000, limit: { text: "0.5/s" } });
    expect(other({ calls: calls("0.2/s", 0) })).toMatchObject(plain);
    expect(other({ calls: calls("0.5/s", 50) })).toMatchObject(plain);
    expect(other({ calls: { ...calls("0.5/s", 0), breach: null } })).toMatchObject(plain);
    expect(other({ verdict: null })).toMatchObject(plain);
    expect(other({ verdict: { ...run().verdict!, limit: null } })).toMatchObject(plain);
  });

  it("shows the inserts of whole seconds where no calls or no seconds of them are kept", () => {
    const spans = [
      { from: 1.7, to: 2.7, value: 1 },
      { from: 3.7, to: 4.7, value: 2 },
    ];
    const inserts = { counts: "inserts", perMs: 1_000, spans, peak: 2, limit: { text: "1/s", calls: 1 } };
    expect(storyOf(run({ calls: null })).rate).toEqual(inserts);
    expect(storyOf(run({ calls: { ...run().calls!, seconds: null } })).rate).toEqual(inserts);
    expect(storyOf({ ...run({ expected: limited("30/m") }), calls: null }).rate).toEqual({ ...inserts, limit: null });
    expect(storyOf({ ...run(), calls: null, verdict: null }).rate).toEqual({ ...inserts, limit: null });
  });

  it("counts all calls where they were recorded, and where rows and errors tell the same", () => {
    const { details, calls } = run();
    const between = { recorded: false, refused: 0, atLeast: 3, atMost: 5 };
    const rate = (source: "rows" | "recorded", bounds: typeof details.calls) =>
      storyOf(run({ calls: { ...calls!, source }, details: { ...details, calls: bounds } })).rate.counts;
    expect(rate("recorded", between)).toBe("calls");
    expect(rate("rows", between)).toBe("calls-with-row");
    expect(rate("rows", { ...between, atMost: 3 })).toBe("calls");
    expect(rate("rows", null)).toBe("calls");
  });
});
