/** The figures beyond the published table. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MessageGrouping, messageGroupOf } from "../../../infra/handlers/message-group.ts";
import { detailsOf as detailsOfRows } from "../../../src/metrics/details.ts";
import type { Row } from "../../../src/model.ts";
import { row, rows, runRowsOf, shuffled } from "./rows.ts";

const oneGroup: MessageGrouping = { groups: 0, noisyShare: 0 };

const detailsOf = (completed: Row[], dead: Row[] = [], grouping = oneGroup, events = completed.length + dead.length) =>
  detailsOfRows(runRowsOf(completed, dead), { events, grouping });

describe("detailsOf", () => {
  it("says null where there is no row to tell from", () => {
    expect(detailsOf([], [row(1, 1_000)])).toEqual({
      maxOverlap: null,
      instancesStarted: 0,
      batches: 0,
      deadLetters: 1,
      deadLettersCompleted: 0,
      waitMs: null,
      backlogMax: 1,
      order: null,
      emptySeconds: null,
      peakRollingSecond: null,
      slowest: [],
      messageGroups: null,
      spikes: null,
    });
  });

  it("takes all rows of a batch as one invocation, from its first start to its last insert", () => {
    const batch = [
      row(1, 500, { startedAt: 0, batchId: "a" }),
      row(2, 2_000, { startedAt: 0, batchId: "a" }),
      row(3, 1_500, { startedAt: 1_000, batchId: "b" }),
    ];
    expect(detailsOf(batch).maxOverlap).toBe(2);
    expect(detailsOf(batch.slice(0, 2)).maxOverlap).toBe(1);
  });

  it("counts an invocation that took no measurable time", () => {
    expect(detailsOf([row(1, 500), row(2, 500)]).maxOverlap).toBe(2);
  });

  it("counts each instance once", () => {
    const completed = [row(1, 10, { cacheId: "a" }), row(2, 20, { cacheId: "b" }), row(3, 30, { cacheId: "a" })];
    expect(detailsOf(completed).instancesStarted).toBe(2);
  });

  it("counts each batch once", () => {
    const completed = [row(1, 10, { batchId: "a" }), row(2, 20, { batchId: "b" }), row(3, 30, { batchId: "a" })];
    expect(detailsOf(completed).batches).toBe(2);
  });

  it("gives waits that events had, by the nearest rank", () => {
    const completed = Array.from({ length: 200 }, (_, index) => row(index + 1, (index + 1) * 10));
    expect(detailsOf(completed).waitMs).toEqual({ p50: 1_000, p95: 1_900, p99: 1_980, oldest: 2_000 });
    expect(detailsOf([row(1, 70)]).waitMs).toEqual({ p50: 70, p95: 70, p99: 70, oldest: 70 });
  });

  it("takes an event at its first insert, not at a later duplicate", () => {
    const details = detailsOf([row(1, 60_000), row(1, 100), row(2, 200)]);
    expect(details.waitMs?.oldest).toBe(200);
    expect(details.slowest).toEqual([
      { id: 2, messageGroup: 0, waitMs: 200 },
      { id: 1, messageGroup: 0, waitMs: 100 },
    ]);
    expect(details.order).toEqual({ outOfOrder: 0, share: 0, worstDisplacement: 0 });
  });

  it("tells dead letters of events that completed all the same, each message for itself", () => {
    const details = detailsOf([row(1, 100), row(2, 900)], [row(2, 500), row(2, 700), row(3, 600)]);
    expect(details).toMatchObject({ deadLetters: 3, deadLettersCompleted: 2 });
  });

  it("has the figures of spikes where the burst comes several times", () => {
    const spikes = { count: 2, everyMs: 1_000 };
    const details = detailsOfRows(runRowsOf([row(1, 10), row(2, 1_010, { sentAt: 1_000 })], []), {
      events: 2,
      grouping: oneGroup,
      spikes,
    });
    expect(details.spikes).toMatchObject({ everyMs: 1_000, each: [{ drainedMs: 10 }, { beganMs: 1_000 }] });
  });

  it("counts a dead letter of the event with the lowest id that completed, and seconds from the very first insert on", () => {
    expect(detailsOf([row(1, 100)], [row(1, 50)]).deadLettersCompleted).toBe(1);
    expect(detailsOf([row(1, 100), row(2, 3_200)]).emptySeconds).toBe(2);
  });

  it("tells in how many message groups events are out of order, and of none their waits where nothing completed", () => {
    const groups = { groups: 3, noisyShare: 0 };
    const { messageGroups } = detailsOf([row(3, 200), row(6, 100), row(1, 10), row(4, 20)], [], groups, 6);
    expect(messageGroups).toMatchObject({ count: 3, outOfOrderIn: 1 });
    expect(detailsOf([], [row(1, 9)], groups).messageGroups).toMatchObject({ waitP95Ms: null, outOfOrderIn: 0 });
  });

  it("has no backlog without rows, and finds the most at once whatever the order in which events come and go", () => {
    expect(detailsOf([], []).backlogMax).toBeNull();
    // Sent in the reverse of their ids, and gone in yet another order: the third is there with the second.
    const some = [row(1, 900, { sentAt: 800 }), row(2, 950, { sentAt: 300 }), row(3, 400, { sentAt: 100 })];
    expect(detailsOf(some).backlogMax).toBe(2);
    expect(detailsOf([row(1, 100), row(2, 300, { sentAt: 150 }), row(3, 200, { sentAt: 120 })]).backlogMax).toBe(2);
  });

  it("counts in the backlog what was sent and has neither completed nor been dead-lettered", () => {
    const completed = [row(1, 100), row(2, 900, { sentAt: 50 }), row(3, 1_000, { sentAt: 100 })];
    // At 100 the first has completed; at 400 the second is dead-lettered, and gone although it completes later.
    expect(detailsOf(completed).backlogMax).toBe(2);
    expect(detailsOf(completed, [row(2, 400, { sentAt: 50 }), row(4, 800, { sentAt: 400 })]).backlogMax).toBe(2);
    expect(detailsOf(completed, [row(4, 800, { sentAt: 399 })]).backlogMax).toBe(3);
  });

  it("counts the seconds without an insert between the first and the last, not the ones around them", () => {
    const completed = [row(1, 3_000), row(2, 3_500), row(3, 7_200)];
    expect(detailsOf(completed, [row(4, 0), row(5, 5_000), row(6, 20_000)]).emptySeconds).toBe(3);
  });

  it("finds a peak that falls across two calendar seconds", () => {
    const completed = [row(1, 0), row(2, 900), row(3, 950), row(4, 1_050), row(5, 1_899)];
    expect(detailsOf(completed).peakRollingSecond).toBe(4);
  });

  it("does not count inserts that are exactly a second apart into one second", () => {
    expect(detailsOf([row(1, 0), row(2, 1_000), row(3, 2_000)]).peakRollingSecond).toBe(1);
  });

  it("lists the ten slowest events, slowest first, equal ones by id, each with its message group", () => {
    const waits = [5, 3, 9, 1, 9, 7, 2, 8, 8, 6, 4, 0];
    const completed = waits.map((waitMs, index) => row(index + 1, waitMs));
    const { slowest } = detailsOf(completed, [], { groups: 3, noisyShare: 0 });
    expect(slowest.map(({ id, waitMs }) => [id, waitMs])).toEqual([
      [3, 9],
      [5, 9],
      [8, 8],
      [9, 8],
      [6, 7],
      [10, 6],
      [1, 5],
      [11, 4],
      [2, 3],
      [7, 2],
    ]);
    for (const { id, messageGroup } of slowest) expect(messageGroup).toBe(id % 3);
  });

  it("tells of each message group its events, duplicates, order and waits, and of the groups how far they are apart", () => {
    const completed = [row(2, 900), row(4, 100), row(6, 200), row(4, 950), row(1, 10), row(3, 20)];
    const { messageGroups } = detailsOf(completed, [], { groups: 2, noisyShare: 0 }, 7);
    expect(messageGroups).toEqual({
      count: 2,
      outOfOrderIn: 1,
      waitP95Ms: { least: 20, middle: 20, most: 900 },
      listed: [
        {
          messageGroup: 0,
          events: 3,
          completed: 3,
          duplicates: 1,
          outOfOrder: 1,
          worstDisplacement: 2,
          waitMs: { p50: 200, p95: 900, oldest: 900 },
        },
        {
          messageGroup: 1,
          events: 4,
          completed: 2,
          duplicates: 0,
          outOfOrder: 0,
          worstDisplacement: 0,
          waitMs: { p50: 10, p95: 20, oldest: 20 },
        },
      ],
    });
  });

  it("lists of more than a hundred message groups those that waited longest, of equal ones the first, by their numbers", () => {
    const groups = { groups: 150, noisyShare: 0 };
    // Groups 1 to 149, of which every third completed after its number of seconds, the last ones after the same time, the others not at all.
    const waitMs = (id: number) => Math.min(id, 120) * 1_000;
    const completed = Array.from({ length: 149 }, (_, index) => index + 1).filter((id) => id % 3 === 0);
    const of = (events: number) =>
      detailsOf(
        completed.map((id) => row(id, waitMs(id))),
        [],
        groups,
        events,
      ).messageGroups!;
    const { count, listed, waitP95Ms } = of(149);
    expect(count).toBe(149);
    expect(waitP95Ms).toEqual({ least: 3_000, middle: 75_000, most: 120_000 });
    const others = Array.from({ length: 149 }, (_, index) => index + 1).filter((id) => id % 3 !== 0);
    const expected = [...completed, ...others.slice(0, 100 - completed.length)].sort((a, b) => a - b);
    expect(listed.map(({ messageGroup }) => messageGroup)).toEqual(expected);
    expect(of(100).listed.map(({ messageGroup }) => messageGroup)).toHaveLength(100);
    expect(of(98).count).toBe(115);
  });

  it("knows no wait of a message group of which nothing completed", () => {
    const { messageGroups } = detailsOf([row(2, 100)], [row(1, 100)], { groups: 2, noisyShare: 0 });
    expect(messageGroups!.listed[1]).toMatchObject({ events: 1, completed: 0, waitMs: null });
  });

  it("adds up over message groups to the figures of all events, with and without a noisy one", () => {
    const groupings = fc.record({ groups: fc.integer({ min: 2, max: 6 }), noisyShare: fc.constantFrom(0, 0.3, 0.9) });
    fc.assert(
      fc.property(rows, groupings, (completed, grouping) => {
        const { messageGroups, order, waitMs, slowest } = detailsOf(completed, [], grouping, 40);
        const { listed } = messageGroups!;
        const sum = (of: (one: (typeof listed)[number]) => number) => listed.reduce((total, one) => total + of(one), 0);
        const ids = new Set(completed.map(({ id }) => id));
        expect(sum(({ events }) => events)).toBe(40);
        expect(sum((one) => one.completed)).toBe(ids.size);
        expect(sum(({ duplicates }) => duplicates)).toBe(completed.length - ids.size);
        expect(sum(({ outOfOrder }) => outOfOrder)).toBe(order?.outOfOrder ?? 0);
        expect(Math.max(...listed.map(({ worstDisplacement }) => worstDisplacement))).toBe(
          order?.worstDisplacement ?? 0,
        );
        const oldest = listed.flatMap((one) => one.waitMs?.oldest ?? []);
        if (waitMs !== null) expect(Math.max(...oldest)).toBe(waitMs.oldest);
        for (const { id, messageGroup } of slowest) expect(messageGroup).toBe(messageGroupOf(id, grouping));
      }),
    );
  });

  it("agrees with plain counting, whatever the order of the rows", () => {
    fc.assert(
      fc.property(rows, fc.nat(), (completed, salt) => {
        const details = detailsOf(completed);
        expect(detailsOf(shuffled(completed, salt))).toEqual(details);
        if (completed.length === 0) return;
        expect(details.maxOverlap).toBe(overlapByCounting(completed));
        expect(details.peakRollingSecond).toBe(
          Math.max(
            ...completed.map(
              (from) =>
                completed.filter(({ createdAt }) => createdAt >= from.createdAt && createdAt < from.createdAt + 1000)
                  .length,
            ),
          ),
        );
        expect(details.maxOverlap).toBe(
          Math.max(details.maxOverlap!, ...runRowsOf(completed, []).timeline.map((p) => p.overlap)),
        );
      }),
    );
  });
});

/** The overlap at every start: how many batches have started by then and not ended. */
function overlapByCounting(completed: Row[]): number {
  const batches = [...new Set(completed.map(({ batchId }) => batchId))].map((id) => {
    const batch = completed.filter(({ batchId }) => batchId === id);
    return {
      from: Math.min(...batch.map(({ startedAt }) => startedAt)),
      to: Math.max(...batch.map(({ createdAt }) => createdAt)),
    };
  });
  const running = (at: number) => batches.filter(({ from, to }) => from <= at && at < Math.max(to, from + 1)).length;
  return Math.max(...batches.map(({ from }) => running(from)));
}
