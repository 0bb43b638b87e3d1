/** When a run acts on its clock, walked without any client: whatever arrives, and whatever CloudWatch shows. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planShards } from "../../../src/steps/shards.ts";
import {
  beginDrain,
  burstStart,
  type DrainAct,
  latestReading,
  metricsSeen,
  nextDrainAct,
  nextReading,
  resumedStart,
  rowsSeen,
  shardTimes,
  sleepMs,
} from "../../../src/steps/timetable.ts";

const second = 1_000;
const minute = 60 * second;
const begunAt = Date.UTC(2026, 0, 1);

type Timed = DrainAct & { at: number };

interface World {
  /** When each event's row can be seen by a look at the new rows, since the drain began; an act takes no time. */
  arrivals: number[];
  /** Events of the burst; those without an arrival never come. */
  events: number;
  /** When each event's dead letter can be seen; the row of one that completes nevertheless is among the arrivals. */
  deadLetters?: number[];
  consumerTimeoutMs?: number;
  /** CloudWatch shows from then on that nothing waits. */
  idleAfterMs: number;
  timeoutMs: number;
}

/** The acts of a drain, the last of which is its end; times are since it began. */
function walk({
  arrivals,
  events,
  deadLetters = [],
  consumerTimeoutMs = 10 * second,
  idleAfterMs,
  timeoutMs,
}: World): Timed[] {
  const acts: Timed[] = [];
  let now = begunAt;
  let seen = 0;
  let state = beginDrain(now, { start: now, timeoutMs, consumerTimeoutMs });
  for (;;) {
    const next = nextDrainAct(state, now);
    acts.push({ ...next, at: now - begunAt });
    switch (next.act) {
      case "look":
      case "count":
      case "confirm": {
        const thereOf = (times: number[]) => times.filter((at) => begunAt + at <= now).length;
        const completed = thereOf(arrivals);
        // The dead letters are of the events with the last arrivals, and of those that never come.
        const early = arrivals.slice(0, events - deadLetters.length);
        const accounted = Math.max(completed, thereOf(early) + thereOf(deadLetters));
        const there = completed + thereOf(deadLetters);
        const found = {
          isNew: there > seen,
          isWhole: next.act !== "look",
          hasCompleted: completed >= events,
          isAccounted: accounted >= events,
        };
        seen = there;
        state = rowsSeen(state, next, found, now);
        break;
      }
      case "read metrics":
        state = metricsSeen(state, next.isQuiet && now - begunAt >= idleAfterMs, now);
        break;
      case "wait":
        now += next.ms;
        state = { ...state, last: "wait" };
        break;
      case "end":
        return acts;
    }
  }
}

const arrival = fc.integer({ min: 0, max: 120 * minute });
const world: fc.Arbitrary<World> = fc
  .record({
    arrivals: fc.array(arrival, { maxLength: 12 }),
    missing: fc.nat(2),
    idleAfterMs: arrival,
    timeoutMs: fc.integer({ min: minute, max: 400 * minute }),
  })
  .map(({ arrivals, missing, ...rest }) => ({ ...rest, arrivals, events: Math.max(1, arrivals.length + missing) }));

const end = (acts: Timed[]) => acts.at(-1) as Timed & { act: "end" };
const isWhole = ({ act }: Timed) => act === "count" || act === "confirm";

describe("the drain", () => {
  it("looks at the new rows after every wait, which is a hundredth of its time, 5 s at least and 60 s at most", () => {
    fc.assert(
      fc.property(world, (each) => {
        const acts = walk(each);
        expect(acts[0]).toMatchObject({ act: "look", at: 0 });
        acts.forEach((act, index) => {
          if (act.act !== "wait") return;
          expect(acts[index + 1]!.act).toBe("look");
          expect(act.ms).toBe(Math.min(minute, Math.max(5 * second, Math.round(act.at / 100))));
        });
      }),
    );
  });

  it("ends as drained with the first look that sees the last event, if that comes in time", () => {
    fc.assert(
      fc.property(world, (each) => {
        const { arrivals, events } = each;
        const acts = walk(each);
        const last = Math.max(0, ...arrivals);
        const isThere = arrivals.length >= events && last <= end(acts).at;
        expect(end(acts).outcome === "drained").toBe(isThere);
        if (isThere) expect(end(acts).at - last).toBeLessThanOrEqual(minute);
      }),
    );
  });

  it("ends a consumer's timeout after the look that finds the last event dead-lettered, or with the look that finds it completed", () => {
    const deadWorld = fc.record({
      deadAt: fc.integer({ min: 0, max: 60 * minute }),
      consumerTimeoutMs: fc.integer({ min: second, max: 15 * minute }),
      completesAfterMs: fc.option(fc.integer({ min: -minute, max: 20 * minute })),
    });
    fc.assert(
      fc.property(deadWorld, ({ deadAt, consumerTimeoutMs, completesAfterMs }) => {
        const completesAt = completesAfterMs === null ? Infinity : Math.max(0, deadAt + completesAfterMs);
        const acts = walk({
          arrivals: completesAt === Infinity ? [] : [completesAt],
          events: 1,
          deadLetters: [deadAt],
          consumerTimeoutMs,
          idleAfterMs: Infinity,
          timeoutMs: 400 * minute,
        });
        const { outcome, at } = end(acts);
        expect(outcome).toBe("drained");
        const looks = acts.filter(({ act }) => act !== "wait" && act !== "end").map((look) => look.at);
        const seenDeadAt = looks.find((look) => look >= deadAt) ?? Infinity;
        const seenCompletedAt = looks.find((look) => look >= completesAt) ?? Infinity;
        expect(at).toBe(Math.min(seenCompletedAt, seenDeadAt + consumerTimeoutMs));
      }),
    );
  });

  it("is cut off by its time while an invocation may still be running", () => {
    const cut = { arrivals: [], events: 1, deadLetters: [minute], consumerTimeoutMs: 15 * minute, idleAfterMs: 0 };
    const { outcome, at } = end(walk({ ...cut, timeoutMs: 5 * minute }));
    expect(outcome).toBe("timeout");
    expect(at).toBeLessThan(6 * minute);
  });

  it("never ends before its time with an event missing, unless nothing has come for 15 minutes and nothing waits", () => {
    fc.assert(
      fc.property(world, (each) => {
        const acts = walk(each);
        const { outcome, at } = end(acts);
        if (outcome === "drained") return;
        expect(isWhole(acts.at(-2)!)).toBe(true);
        const seen = each.arrivals.filter((arrival) => arrival <= at);
        if (outcome === "timeout") {
          expect(at).toBeGreaterThanOrEqual(each.timeoutMs);
          expect(at).toBeLessThan(each.timeoutMs + minute);
        } else {
          expect(at).toBeGreaterThanOrEqual(Math.max(0, ...seen) + 15 * minute);
          expect(at).toBeGreaterThanOrEqual(each.idleAfterMs);
          expect(at).toBeLessThanOrEqual(each.timeoutMs + minute);
        }
      }),
    );
  });

  it("looks at all rows again when nothing new has come for 5 minutes", () => {
    fc.assert(
      fc.property(world, (each) => {
        const acts = walk(each);
        const known = [
          0,
          ...each.arrivals.filter((at) => at <= end(acts).at),
          ...acts.filter(isWhole).map(({ at }) => at),
        ];
        const times = [...known.sort((a, b) => a - b), end(acts).at];
        // A row is seen, and the clock looked at, up to a wait later.
        const gaps = times.slice(1).map((at, index) => at - times[index]!);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(7 * minute);
      }),
    );
  });

  it("asks CloudWatch once a minute at most, and for all points only once nothing has come for 15 minutes", () => {
    fc.assert(
      fc.property(world, (each) => {
        const acts = walk(each);
        const readings = acts.filter((act) => act.act === "read metrics");
        [{ at: 0 }, ...readings].reduce((earlier, later) => {
          expect(later.at - earlier.at).toBeGreaterThanOrEqual(minute);
          return later;
        });
        for (const { at, since, isQuiet } of readings) {
          expect(since).toBe(isQuiet ? begunAt : Math.max(begunAt, begunAt + at - 10 * minute));
          const seen = each.arrivals.filter((arrival) => arrival <= at);
          if (isQuiet) expect(at - Math.max(0, ...seen)).toBeGreaterThanOrEqual(15 * minute);
        }
      }),
    );
  });
});

describe("the reading of metrics", () => {
  it("begins with the whole minute after the run, goes on each minute, and ends 15 minutes after that", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: minute }),
        fc.array(fc.nat(30 * second), { minLength: 20, maxLength: 20 }),
        (ms, late) => {
          const runEnd = begunAt + ms;
          let readAt: number | null = null;
          for (const lateMs of late) {
            const next = nextReading(runEnd, readAt);
            if (readAt === null) {
              expect(next % minute).toBe(0);
              expect(next - runEnd).toBeGreaterThanOrEqual(0);
              expect(next - runEnd).toBeLessThan(minute);
              expect(latestReading(runEnd)).toBe(next + 15 * minute);
            } else if (next < latestReading(runEnd)) expect(next - readAt).toBe(minute);
            else expect(next).toBe(latestReading(runEnd));
            // An answer takes its time.
            readAt = next + lateMs;
          }
          expect(nextReading(runEnd, readAt)).toBe(latestReading(runEnd));
        },
      ),
    );
  });
});

describe("the burst", () => {
  const shape = fc.record({
    events: fc.integer({ min: 1, max: 200_000 }),
    ratePerSecond: fc.constantFrom(0, 0.5, 2, 300, 4_000),
    mostLanes: fc.constant(100),
  });

  it("has each producer invoked 10 s before its first event is due, none in the past, and its report expected after its last", () => {
    fc.assert(
      fc.property(shape, (each) => {
        const start = burstStart(begunAt);
        for (const shard of planShards(each)) {
          const { invoke, publish, report } = shardTimes(start, shard, each.ratePerSecond);
          expect(publish - invoke).toBe(10 * second);
          expect(invoke).toBe(begunAt + shard.dueMs);
          const lastMs = each.ratePerSecond > 0 ? ((shard.events - 1) * shard.stride * second) / each.ratePerSecond : 0;
          expect(report).toBeGreaterThan(publish + lastMs);
        }
      }),
    );
  });
});

it("sleeps in naps, never beyond the time that is waited for, until it has come", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -minute, max: minute }),
      fc.integer({ min: 1, max: 5 * second }),
      (ahead, everyMs) => {
        let now = begunAt;
        let naps = 0;
        for (let ms = sleepMs(now, begunAt + ahead, everyMs); ms > 0; ms = sleepMs(now, begunAt + ahead, everyMs)) {
          expect(ms).toBeLessThanOrEqual(everyMs);
          now += ms;
          naps++;
        }
        expect(now).toBe(begunAt + Math.max(0, ahead));
        expect(naps).toBe(Math.ceil(Math.max(0, ahead) / everyMs));
      },
    ),
  );
});

it("goes on with a burst as it was planned, or as much later as its next shard would be too late", () => {
  fc.assert(
    fc.property(fc.nat(86_400_000), fc.nat(86_400_000), (pausedMs, dueMs) => {
      const planned = begunAt + 10 * second;
      const now = begunAt + pausedMs;
      const start = resumedStart(now, planned, dueMs);
      expect(start).toBeGreaterThanOrEqual(planned);
      const [shard] = planShards({ events: 10, ratePerSecond: 1, mostLanes: 1 });
      const { invoke } = shardTimes(start, { ...shard!, dueMs }, 1);
      expect(invoke).toBeGreaterThanOrEqual(now);
      if (start > planned) expect(invoke).toBe(now);
    }),
  );
});
