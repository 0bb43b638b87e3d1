/** A burst cut into shards: every event once, in order, at its pace, within what one invocation and one account can do. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BurstShape,
  burstMs,
  byDueTime,
  durationMs,
  firingMs,
  mostLanes,
  planShards,
} from "../../../src/steps/shards.ts";

const idsOf = ({ firstId, stride, events }: { firstId: number; stride: number; events: number }) =>
  Array.from({ length: events }, (_, index) => firstId + index * stride);

const shapes: fc.Arbitrary<BurstShape> = fc.record({
  events: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 200_000 })),
  ratePerSecond: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 10_000 }),
    fc.double({ min: 0.001, max: 400, noNaN: true }),
  ),
  mostLanes: fc.constantFrom(1, mostLanes),
});
const bursts = shapes.filter(({ events, ratePerSecond }) => ratePerSecond === 0 || events / ratePerSecond < 2_000_000);

describe("a burst", () => {
  it("that one invocation can publish is one shard", () => {
    const whole = (events: number) => [{ firstId: 1, stride: 1, events, dueMs: 0 }];
    for (const [events, ratePerSecond] of [
      [1_000, 50],
      [1_000, 17],
      [30_000, 50],
      [90_000, 150],
      [50_000, 0],
      [1, 0.001],
      [8, 9_000],
    ] as const) {
      expect(planShards({ events, ratePerSecond, mostLanes })).toEqual(whole(events));
    }
  });

  it("that lasts longer is cut in time, each part due when the one before it has published its last event", () => {
    expect(planShards({ events: 2_500, ratePerSecond: 2, mostLanes })).toEqual([
      { firstId: 1, stride: 1, events: 1_200, dueMs: 0 },
      { firstId: 1_201, stride: 1, events: 1_200, dueMs: 600_000 },
      { firstId: 2_401, stride: 1, events: 100, dueMs: 1_200_000 },
    ]);
  });

  it("that is faster than one producer is cut in lanes whose ids interleave", () => {
    expect(planShards({ events: 1_000, ratePerSecond: 400, mostLanes })).toEqual([
      { firstId: 1, stride: 3, events: 334, dueMs: 0 },
      { firstId: 2, stride: 3, events: 333, dueMs: 0 },
      { firstId: 3, stride: 3, events: 333, dueMs: 0 },
    ]);
  });

  it("of a million events without a pace is twenty lanes at once, and at the fastest pace one wave of them", () => {
    const unpaced = planShards({ events: 1_000_000, ratePerSecond: 0, mostLanes });
    expect(unpaced).toHaveLength(20);
    expect(new Set(unpaced.map(({ events, dueMs }) => `${events} at ${dueMs}`))).toEqual(new Set(["50000 at 0"]));
    const paced = planShards({ events: 1_000_000, ratePerSecond: 10_000, mostLanes });
    expect(paced).toHaveLength(67);
    expect(byDueTime(paced).size).toBe(1);
  });

  it("that can only be fired in turn has one lane", () => {
    expect(planShards({ events: 120_000, ratePerSecond: 0, mostLanes: 1 })).toEqual([
      { firstId: 1, stride: 1, events: 50_000, dueMs: 0 },
      { firstId: 50_001, stride: 1, events: 50_000, dueMs: 0 },
      { firstId: 100_001, stride: 1, events: 20_000, dueMs: 0 },
    ]);
  });
});

describe("a burst that comes several times", () => {
  const spikes = fc.record({ count: fc.integer({ min: 1, max: 5 }), everyMs: fc.integer({ min: 1, max: 86_400_000 }) });

  it("has in each spike the shards of a single burst, with ids of their own and as much later", () => {
    fc.assert(
      fc.property(bursts, spikes, (burst, { count, everyMs }) => {
        const one = planShards(burst);
        const all = planShards({ ...burst, events: burst.events * count, spikes: { count, everyMs } });
        expect(all).toHaveLength(one.length * count);
        for (const [index, shard] of all.entries()) {
          const spike = Math.floor(index / one.length);
          const { firstId, dueMs, ...rest } = shard;
          expect(one[index % one.length]).toEqual({
            ...rest,
            firstId: firstId - spike * burst.events,
            dueMs: dueMs - spike * everyMs,
          });
        }
      }),
    );
  });

  it("takes the time between its spikes, and that of the last", () => {
    expect(burstMs(3_000, 50, { count: 3, everyMs: 600_000 })).toBe(1_220_000);
    expect(burstMs(1_000, 50, { count: 1, everyMs: 600_000 })).toBe(burstMs(1_000, 50));
  });

  it("is fired, each time, until its last shard has published", () => {
    expect(firingMs(1_000, 50)).toBe(20_000);
    expect(firingMs(2_500, 2)).toBe(1_250_000);
    expect(firingMs(1_000, 400)).toBeGreaterThanOrEqual(2_500);
    expect(firingMs(1_000, 0)).toBe(6_667);
  });
});

describe("the shards of any burst", () => {
  it("hold every id exactly once, none of them is empty, and no two begin with the same", () => {
    fc.assert(
      fc.property(bursts, (burst) => {
        const shards = planShards(burst);
        expect(shards.every(({ events }) => events > 0)).toBe(true);
        const seen = new Uint8Array(burst.events + 1);
        for (const shard of shards) for (const id of idsOf(shard)) seen[id] = seen[id]! + 1;
        expect(seen.indexOf(0, 1)).toBe(-1);
        expect(seen.every((times, id) => times === (id === 0 ? 0 : 1))).toBe(true);
      }),
    );
  });

  it("are in the order of time, and what is due later has the higher ids", () => {
    fc.assert(
      fc.property(bursts, (burst) => {
        const waves = [...byDueTime(planShards(burst))];
        expect(waves[0]![0]).toBe(0);
        let highest = 0;
        let dueBefore = -1;
        for (const [dueMs, lanes] of waves) {
          expect(dueMs).toBeGreaterThan(dueBefore);
          dueBefore = dueMs;
          if (burst.ratePerSecond === 0) continue;
          expect(Math.min(...lanes.map(({ firstId }) => firstId))).toBe(highest + 1);
          highest = Math.max(...lanes.map(({ firstId, stride, events }) => firstId + (events - 1) * stride));
        }
      }),
    );
  });

  it("keep the burst's pace: each event is due when it would be if one producer published them all", () => {
    fc.assert(
      fc.property(
        bursts.filter(({ ratePerSecond }) => ratePerSecond > 0),
        (burst) => {
          for (const { firstId, stride, events, dueMs } of planShards(burst)) {
            const laneRate = burst.ratePerSecond / stride;
            for (const index of [0, events - 1]) {
              const id = firstId + index * stride;
              const at = dueMs + (index * 1_000) / laneRate;
              // The lanes of one time publish together what one producer would publish one after the other.
              const apart = ((id - 1) * 1_000) / burst.ratePerSecond - at;
              expect(apart).toBeGreaterThanOrEqual(-1);
              expect(apart).toBeLessThanOrEqual((stride * 1_000) / burst.ratePerSecond + 1);
            }
          }
        },
      ),
    );
  });

  it("stay within what a producer keeps up, a function's time, and a tenth of an account's concurrency", () => {
    fc.assert(
      fc.property(bursts, (burst) => {
        const shards = planShards(burst);
        for (const [, lanes] of byDueTime(shards)) {
          if (burst.ratePerSecond > 0) expect(lanes.length).toBeLessThanOrEqual(burst.mostLanes);
          expect(lanes.length).toBeLessThanOrEqual(100);
        }
        for (const shard of shards) {
          const isAlone = shard.events === 1;
          if (!isAlone) expect(durationMs(shard, burst.ratePerSecond)).toBeLessThanOrEqual(601_000);
          const isFewEvents = burst.events <= 10 * shard.stride;
          if (burst.mostLanes > 1 && !isFewEvents) {
            expect(burst.ratePerSecond / shard.stride).toBeLessThanOrEqual(150);
          }
        }
      }),
    );
  });
});
