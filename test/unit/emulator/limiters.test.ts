/** The grants of a limiter, whoever asks and whenever: their rate, and that each is given once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLimit } from "../../../infra/handlers/limit.ts";
import { intervalUs, type Limiter } from "../../../infra/handlers/limiter.ts";
import { Limiters } from "../../../src/emulator/lambda/limiters.ts";

const runs = { numRuns: 200, seed: 13 };
const rates = fc.constantFrom("1/s", "3/s", "7.5/s", "0.4/s", "100/s", "30/m", "7/m");
const aLimiter = (kind: Limiter["kind"]) =>
  fc
    .record({ rate: rates, capacity: fc.integer({ min: 1, max: kind === "token-bucket" ? 8 : 1 }) })
    .map(({ rate, capacity }): { limiter: Limiter; perMs: number } => {
      const limit = parseLimit(rate)!;
      return { limiter: { kind, intervalUs: intervalUs(limit), capacity }, perMs: limit.calls / limit.perMs };
    });
/** How long after the last request each comes, some at once and some after a rest, ms. */
const pauses = fc.array(fc.oneof(fc.constant(0), fc.nat(30), fc.nat(1_000), fc.nat(20_000)), {
  minLength: 1,
  maxLength: 120,
});

/** The most grants beyond what capacity and rate allow, over all windows from one grant to another; at most 0. */
function excess(grantedAt: readonly number[], capacity: number, perMs: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, from] of grantedAt.entries()) {
    for (let other = index; other < grantedAt.length; other++) {
      const allowed = capacity + (grantedAt[other]! - from) * perMs;
      most = Math.max(most, other - index + 1 - allowed);
    }
  }
  return most;
}

describe("a token bucket", () => {
  it("grants in any window at most its capacity and its rate times the window", () => {
    fc.assert(
      fc.property(aLimiter("token-bucket"), pauses, ({ limiter, perMs }, pauses) => {
        const limiters = new Limiters();
        const grantedAt: number[] = [];
        let now = 0;
        for (const [id, pauseMs] of pauses.entries()) {
          now += pauseMs;
          if (limiters.take({ runId: "run", id, limiter, longestWaitMs: 0 }, now).granted) grantedAt.push(now);
        }
        expect(excess(grantedAt, limiter.capacity, perMs)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  it("grants whatever comes slower than its rate, and a request that waits as long as it was told", () => {
    fc.assert(
      fc.property(aLimiter("token-bucket"), pauses, ({ limiter }, pauses) => {
        const limiters = new Limiters();
        const request = { runId: "run", id: 1, limiter, longestWaitMs: 0 };
        let now = 0;
        for (const pauseMs of pauses) {
          now += pauseMs;
          const { granted, waitMs } = limiters.take(request, now);
          expect(granted).toBe(waitMs === 0);
          expect(waitMs).toBeLessThanOrEqual(Math.ceil(limiter.intervalUs / 1_000));
          now += waitMs;
          if (!granted) expect(limiters.take(request, now).granted).toBe(true);
        }
      }),
      runs,
    );
  });
});

describe("reservations", () => {
  it("are never closer than the interval, though events are given back, come late, or are delivered twice", () => {
    const requests = fc.array(
      fc.record({
        id: fc.nat(30),
        pauseMs: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(5_000)),
        longestWaitMs: fc.nat(3_000),
      }),
      { minLength: 1, maxLength: 150 },
    );
    fc.assert(
      fc.property(aLimiter("reservation"), requests, ({ limiter }, requests) => {
        const limiters = new Limiters();
        const turns: number[] = [];
        let now = 0;
        for (const { id, pauseMs, longestWaitMs } of requests) {
          now += pauseMs;
          const { granted, waitMs } = limiters.take({ runId: "run", id, limiter, longestWaitMs }, now);
          expect(granted).toBe(waitMs <= longestWaitMs);
          if (granted) turns.push(now + waitMs);
        }
        turns.sort((one, other) => one - other);
        // A wait is told in whole milliseconds.
        for (let index = 1; index < turns.length; index++)
          expect(turns[index]! - turns[index - 1]!).toBeGreaterThan(limiter.intervalUs / 1_000 - 1);
        expect(excess(turns, 1, 1_000 / limiter.intervalUs)).toBeLessThan(1_000 / limiter.intervalUs);
      }),
      runs,
    );
  });

  it("are kept until the event is back in time, so that no turn is given up and none is given twice", () => {
    fc.assert(
      fc.property(aLimiter("reservation"), fc.integer({ min: 1, max: 60 }), ({ limiter }, events) => {
        const limiters = new Limiters();
        const take = (id: number, now: number) => limiters.take({ runId: "run", id, limiter, longestWaitMs: 0 }, now);
        const turns = Array.from({ length: events }, (_, id) => take(id, 0).waitMs);
        for (const [id, at] of turns.entries()) {
          if (id === 0) continue;
          const back = limiters.take({ runId: "run", id, limiter, longestWaitMs: 5_000 }, at - 1);
          expect(back).toEqual({ granted: true, waitMs: 1 });
        }
        expect(turns).toEqual(turns.map((_, id) => Math.ceil((id * limiter.intervalUs) / 1_000)));
      }),
      runs,
    );
  });
});
