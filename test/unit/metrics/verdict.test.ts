/** A verdict says the worst of its runs, and is broken only in what somebody asked for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  expectationsNow,
  expectationsOf,
  type GivenExpectations,
  nothingGiven,
} from "../../../src/metrics/expectations.ts";
import { callsOf } from "../../../src/metrics/limit.ts";
import { figuresOf, recordOfAll } from "../../../src/metrics/repetitions.ts";
import { type JudgedRun, turnedWorse, verdictOf } from "../../../src/metrics/verdict.ts";
import type { Details, Expectations, RunRecord, Summary } from "../../../src/model.ts";
import { aRecord } from "../records/a-record.ts";
import { aSummary } from "./a-side.ts";

const perSecond: Expectations = {
  limit: { limit: "1/s", toleranceMs: 100, origin: "scenario" },
  maxLoss: null,
  maxWait: null,
  claims: [],
};
const given = (rest: Partial<Expectations> = {}): Expectations => ({
  limit: { limit: "1/s", toleranceMs: 100, origin: "flag" },
  maxLoss: { allowed: { amount: 0 }, origin: "flag" },
  maxWait: { allowedMs: 60_000, origin: "configuration" },
  claims: [],
  ...rest,
});

function aRun(
  beganAt: number[],
  { details = {}, ...rest }: Partial<Summary> & { details?: Partial<Details> } = {},
): JudgedRun {
  return {
    outcome: "drained",
    summary: aSummary(100, rest),
    details: { ...aRecord().details, errors: 0, waitMs: { p50: 1, p95: 1, p99: 1, oldest: 50_000 }, ...details },
    calls: callsOf(beganAt, "rows", perSecond.limit),
  };
}

const paced = [0, 1_000, 2_000];
const crowded = [0, 10, 20, 5_000, 5_010];

describe("the limit", () => {
  it("is kept, or exceeded in so many seconds with a peak", () => {
    expect(verdictOf([aRun(paced)], perSecond).limit).toMatchObject({
      status: "kept",
      exceededIn: 0,
      exceededSeconds: { atLeast: 0, atMost: 0 },
      peak: { atLeast: 1, atMost: 1 },
    });
    expect(verdictOf([aRun(crowded)], perSecond).limit).toMatchObject({
      status: "exceeded",
      exceededIn: 1,
      exceededSeconds: { atLeast: 2, atMost: 2 },
      peak: { atLeast: 3, atMost: 3 },
    });
  });

  it("is broken by a series when any run breaks it, and the worst run is told", () => {
    expect(verdictOf([aRun(paced), aRun([0, 10]), aRun(crowded)], perSecond)).toMatchObject({
      runs: 3,
      limit: { status: "exceeded", exceededIn: 2, exceededSeconds: { atLeast: 2 }, peak: { atLeast: 3 } },
    });
  });

  it("is broken only where somebody gave it", () => {
    expect(verdictOf([aRun(crowded)], perSecond).broken).toEqual([]);
    expect(verdictOf([aRun(crowded)], given()).broken).toEqual(["limit"]);
    expect(verdictOf([aRun(paced)], given()).broken).toEqual([]);
  });

  it("is unknown without calls, and where another window is asked for than the record tells of", () => {
    const limit = (text: string) => ({ ...perSecond, limit: { ...perSecond.limit!, limit: text } });
    expect(verdictOf([{ ...aRun(paced), calls: null }], perSecond).limit).toMatchObject({
      status: "unknown",
      exceededSeconds: null,
      peak: null,
    });
    const crossing = aRun([0, 1_950, 4_000]);
    expect(verdictOf([crossing], limit("0.5/s")).limit).toMatchObject({ status: "unknown" });
    expect(verdictOf([aRun(crowded)], limit("0.5/s")).limit).toMatchObject({ status: "exceeded" });
    expect(verdictOf([aRun([0, 5_000])], limit("0.5/s")).limit).toMatchObject({ status: "kept" });
  });

  it("is judged exactly in any window when it is the run's own", () => {
    const own = { limit: "0.5/s", toleranceMs: 0, origin: "flag" } as const;
    const run = { ...aRun([]), calls: callsOf([0, 1_950, 4_000], "rows", own) };
    expect(verdictOf([run], given({ limit: own })).limit).toMatchObject({
      status: "exceeded",
      exceededSeconds: { atLeast: 1, atMost: 1 },
    });
  });

  it("is kept only by runs all of which are known to keep it", () => {
    expect(verdictOf([aRun(paced), { ...aRun(paced), calls: null }], perSecond).limit).toMatchObject({
      status: "unknown",
      exceededIn: 0,
      exceededSeconds: { atLeast: 0, atMost: 0 },
    });
    expect(verdictOf([{ ...aRun(paced), calls: null }, aRun(crowded)], perSecond).limit).toMatchObject({
      status: "exceeded",
      exceededIn: 1,
    });
    expect(verdictOf([aRun(paced)], { ...perSecond, limit: null }).limit).toBeNull();
  });

  it("is bounded by the worst of runs that are known by bounds", () => {
    const half = given({ limit: { limit: "0.5/s", toleranceMs: 0, origin: "flag" } });
    // Two calls that may be in one window, and then two that are.
    const runs = [aRun([0, 2_950]), aRun([0, 1_500, 9_000])];
    expect(verdictOf(runs, half).limit).toMatchObject({
      status: "exceeded",
      exceededIn: 1,
      exceededSeconds: { atLeast: 1, atMost: 1 },
      peak: { atLeast: 2, atMost: 2 },
    });
    expect(verdictOf([runs[0]!], half).limit).toMatchObject({
      status: "unknown",
      exceededSeconds: { atLeast: 0, atMost: 1 },
      peak: { atLeast: 1, atMost: 2 },
    });
  });

  it("is judged by what the record keeps when its own has another tolerance", () => {
    const run = { ...aRun([]), calls: callsOf([0, 950], "rows", { limit: "1/s", toleranceMs: 0 }) };
    const strictly = { ...perSecond, limit: { ...perSecond.limit!, toleranceMs: 0 } };
    expect(verdictOf([run], perSecond).limit!.status).toBe("kept");
    expect(verdictOf([run], strictly).limit!.status).toBe("exceeded");
  });

  it("says how many more calls there may have been than the rows show", () => {
    const called = (unseen: number | null) => ({
      calls: { recorded: false, refused: 0, atLeast: 3, atMost: unseen === null ? null : 3 + unseen },
    });
    const unseen = (...more: (number | null)[]) =>
      verdictOf(
        more.map((one) => aRun(paced, { details: called(one) })),
        perSecond,
      ).limit!.unseenCalls;
    expect(unseen(0)).toBe(0);
    expect(unseen(3, 4)).toBe(7);
    expect(unseen(3, null)).toBeNull();
    expect(verdictOf([{ ...aRun(paced), details: null }], perSecond).limit!.unseenCalls).toBeNull();
    const recorded = { ...aRun(paced, { details: called(9) }), calls: callsOf(paced, "recorded", null) };
    expect(verdictOf([recorded], perSecond).limit!.unseenCalls).toBe(0);
  });
});

describe("the loss", () => {
  it("is what failed and what is missing, of the run that lost most", () => {
    const runs = [aRun(paced), aRun(paced, { eventsFailed: 4, eventsMissing: 1 }), aRun(paced, { eventsFailed: 2 })];
    expect(verdictOf(runs, given()).loss).toEqual({
      totalEvents: 1_000,
      failed: 4,
      missing: 1,
      lostIn: 2,
      allowed: { amount: 0 },
      brokenIn: 2,
    });
  });

  it("is none where more completed than was asked for, and tells of no allowance that nobody gave", () => {
    expect(verdictOf([aRun(paced, { eventsMissing: -2 })], perSecond).loss).toEqual({
      totalEvents: 1_000,
      failed: 0,
      missing: 0,
      lostIn: 0,
      allowed: null,
      brokenIn: 0,
    });
    const expected = given({ maxLoss: { allowed: { amount: 0 }, origin: "flag" } });
    expect(verdictOf([aRun(paced, { eventsFailed: 1, eventsMissing: -1 })], expected).loss.brokenIn).toBe(1);
  });

  it.each<[allowed: { share: number } | { amount: number }, broken: string[]]>([
    [{ amount: 0 }, ["loss"]],
    [{ amount: 9 }, ["loss"]],
    [{ amount: 10 }, []],
    [{ share: 0.01 }, []],
    [{ share: 0.009 }, ["loss"]],
  ])("of 10 of 1000 events with %j allowed breaks %j", (allowed, broken) => {
    const expected = given({ maxLoss: { allowed, origin: "flag" } });
    expect(verdictOf([aRun(paced, { eventsFailed: 10 })], expected).broken).toEqual(broken);
  });
});

describe("the wait", () => {
  it("is the oldest event's, and broken when it is longer than allowed", () => {
    const slow = aRun(paced, { details: { waitMs: { p50: 1, p95: 1, p99: 1, oldest: 60_001 } } });
    expect(verdictOf([aRun(paced)], given()).broken).toEqual([]);
    expect(verdictOf([aRun(paced), slow], given())).toMatchObject({
      wait: { drainedIn: 2, timeTakenSeconds: 100, oldestMs: 60_001, allowedMs: 60_000, brokenIn: 1 },
      broken: ["wait"],
    });
  });

  it("is not known where nobody recorded it", () => {
    expect(verdictOf([{ ...aRun(paced), details: null }], given()).wait).toMatchObject({ oldestMs: null, brokenIn: 0 });
  });
});

describe("the drain", () => {
  it("is told of runs that miss nothing and that nobody interrupted, and of the longest of the times", () => {
    const runs = [
      aRun(paced, { timeTakenSeconds: 7 }),
      aRun(paced, { eventsMissing: 1, timeTakenSeconds: 9 }),
      aRun(paced, { eventsMissing: -1, timeTakenSeconds: null }),
      { ...aRun(paced, { timeTakenSeconds: 8 }), outcome: "interrupted" as const },
    ];
    expect(verdictOf(runs, perSecond).wait).toEqual({
      drainedIn: 2,
      timeTakenSeconds: 9,
      oldestMs: 50_000,
      allowedMs: null,
      brokenIn: 0,
    });
    expect(verdictOf([aRun(paced, { timeTakenSeconds: null })], perSecond).wait.timeTakenSeconds).toBeNull();
  });
});

describe("spikes", () => {
  const spiked = (waiting: (number | null)[], spare: (number | null)[]) =>
    aRun(paced, {
      details: {
        spikes: {
          everyMs: 60_000,
          each: waiting.map((waitingAtNext, index) => ({
            beganMs: index * 60_000,
            events: 10,
            lost: 0,
            oldestWaitMs: 1,
            drainedMs: 1,
            waitingAtNext,
            spareMs: spare[index]!,
          })),
        },
      },
    });
  const verdict = (...runs: JudgedRun[]) => verdictOf(runs, perSecond).spikes;

  it("are told of the run in which most waited for the next one, and of equal ones of the first", () => {
    const runs = [spiked([0, 0], [9, 8]), spiked([0, 3], [9, 8]), spiked([2, 3], [9, 8]), spiked([1, 0], [9, 8])];
    expect(verdict(...runs)).toEqual({ count: 2, everyMs: 60_000, reachedIn: 3, waiting: [0, 3], spareMs: 8 });
  });

  it("have no time to spare that is known where one of a run is not", () => {
    expect(verdict(spiked([0, 0], [9, 8]), spiked([0, 1], [7, null]))).toMatchObject({ reachedIn: 1, spareMs: null });
    expect(verdict(spiked([0, 0], [9, 8]), spiked([0, 0], [7, 12]))).toMatchObject({ reachedIn: 0, spareMs: 7 });
  });

  it("that nobody knows the backlog of reached none", () => {
    expect(verdict(spiked([null, 0], [null, 8]))).toMatchObject({ reachedIn: 0, waiting: [null, 0] });
  });

  it("are none of a burst that comes once", () => {
    expect(verdict(aRun(paced))).toBeNull();
    expect(verdict({ ...aRun(paced), details: null })).toBeNull();
  });
});

describe("a verdict that turns", () => {
  it("tells each claim that got worse once, and not those that it tells by limit and loss", () => {
    const names = ["keeps-limit", "loses-nothing", "no-duplicates"] as const;
    const expected = { ...perSecond, claims: [...names] };
    const good = verdictOf([aRun(paced)], expected);
    const bad = verdictOf([aRun(crowded, { eventsFailed: 1, duplicates: 1 })], expected);
    expect(turnedWorse(good, bad)).toEqual(["limit", "loss", "no-duplicates"]);
    expect(turnedWorse(bad, good)).toEqual([]);
  });

  it("is worse from kept to exceeded and from none lost to some, whoever gave the limit, and not the other way", () => {
    const good = verdictOf([aRun(paced)], perSecond);
    const bad = verdictOf([aRun(crowded, { eventsFailed: 1 })], perSecond);
    expect(turnedWorse(good, bad)).toEqual(["limit", "loss"]);
    expect(turnedWorse(bad, good)).toEqual([]);
    expect(turnedWorse(bad, bad)).toEqual([]);
    const unknown = verdictOf([{ ...aRun(paced), calls: null }], perSecond);
    expect(turnedWorse(unknown, bad)).toEqual(["loss"]);
  });
});

describe("what a run is held to", () => {
  const limitGiven = (by: "flag" | "configuration"): GivenExpectations => ({
    ...nothingGiven,
    limit: { value: "7/s", by },
  });
  const limitOf = (given: GivenExpectations, setting?: string, scenario: string | null = "1/s") =>
    expectationsOf(given, setting === undefined ? {} : { DownstreamLimit: setting }, {
      limit: scenario,
      claims: [],
    }).limit;

  it("is the given limit, else the setting's, else the scenario's, else none", () => {
    expect(limitOf(limitGiven("flag"), "30/m")).toMatchObject({ limit: "7/s", origin: "flag" });
    expect(limitOf(limitGiven("configuration"), "30/m")).toMatchObject({ limit: "7/s", origin: "configuration" });
    expect(limitOf(nothingGiven, "30/m")).toMatchObject({ limit: "30/m", origin: "setting" });
    expect(limitOf(nothingGiven, "0")).toMatchObject({ limit: "1/s", origin: "scenario", toleranceMs: 100 });
    expect(limitOf(nothingGiven, "0", null)).toBeNull();
    expect(limitOf({ ...nothingGiven, limit: { value: "0", by: "flag" } }, "30/m")).toBeNull();
  });

  it("is later the flag of now, else what it was given then, else the file of now, else its own", () => {
    const then = (by: "flag" | null): Pick<RunRecord, "expected" | "settings"> => ({
      settings: {},
      expected: expectationsOf(
        by ? { ...limitGiven(by), limit: { value: "5/s", by } } : nothingGiven,
        {},
        { limit: "1/s", claims: [] },
      ),
    });
    const now = (record: ReturnType<typeof then>, given: GivenExpectations) =>
      expectationsNow(record, given).limit!.limit;
    expect(now(then("flag"), limitGiven("flag"))).toBe("7/s");
    expect(now(then("flag"), limitGiven("configuration"))).toBe("5/s");
    expect(now(then(null), limitGiven("configuration"))).toBe("7/s");
    expect(now(then(null), nothingGiven)).toBe("1/s");
    expect(expectationsNow({ settings: {}, expected: null }, nothingGiven).limit).toBeNull();
  });
});

describe("what somebody gave", () => {
  const loss = (amount: number, by: "flag" | "configuration") => ({ value: { amount }, by });
  const wait = (value: number, by: "flag" | "configuration") => ({ value, by });
  const scenario = { limit: "1/s", claims: ["keeps-order" as const] };

  it("is what a run is held to, with who gave it; what nobody gave is not asked", () => {
    const all = {
      limit: null,
      toleranceMs: wait(0, "flag"),
      maxLoss: loss(3, "flag"),
      maxWaitMs: wait(9, "configuration"),
    };
    expect(expectationsOf(all, {}, scenario)).toEqual({
      limit: { limit: "1/s", toleranceMs: 0, origin: "scenario" },
      maxLoss: { allowed: { amount: 3 }, origin: "flag" },
      maxWait: { allowedMs: 9, origin: "configuration" },
      claims: ["keeps-order"],
    });
    expect(expectationsOf(nothingGiven, {}, { limit: null, claims: null })).toEqual({
      limit: null,
      maxLoss: null,
      maxWait: null,
      claims: null,
    });
  });

  it("later is held to the flag of now, else to what it was, else to the file of now", () => {
    const then = {
      settings: {},
      expected: expectationsOf(
        { limit: null, toleranceMs: wait(7, "flag"), maxLoss: loss(1, "flag"), maxWaitMs: wait(1, "configuration") },
        {},
        scenario,
      ),
    };
    const now = (by: "flag" | "configuration") =>
      expectationsNow(then, { limit: null, toleranceMs: wait(8, by), maxLoss: loss(2, by), maxWaitMs: wait(2, by) });
    expect(now("flag")).toEqual({
      limit: { limit: "1/s", toleranceMs: 8, origin: "scenario" },
      maxLoss: { allowed: { amount: 2 }, origin: "flag" },
      maxWait: { allowedMs: 2, origin: "flag" },
      claims: ["keeps-order"],
    });
    expect(now("configuration")).toEqual(then.expected);
    const plain = { settings: {}, expected: expectationsOf(nothingGiven, {}, { limit: null, claims: null }) };
    expect(
      expectationsNow(plain, {
        limit: null,
        toleranceMs: null,
        maxLoss: loss(2, "configuration"),
        maxWaitMs: wait(2, "configuration"),
      }),
    ).toMatchObject({ limit: null, maxLoss: { allowed: { amount: 2 } }, maxWait: { allowedMs: 2 }, claims: null });
    const limited = { ...nothingGiven, limit: { value: "3/s", by: "configuration" as const } };
    expect(expectationsNow(plain, limited).limit).toEqual({ limit: "3/s", toleranceMs: 100, origin: "configuration" });
    const older = { settings: { DownstreamLimit: "5/s" }, expected: null };
    expect(expectationsNow(older, nothingGiven)).toMatchObject({
      limit: { limit: "5/s", origin: "setting" },
      claims: null,
    });
  });
});

describe("a verdict without a limit", () => {
  const without = { ...given(), limit: null };
  it("breaks none, and turns in none", () => {
    const verdict = verdictOf([aRun(crowded)], without);
    expect(verdict).toMatchObject({ limit: null, broken: [] });
    const other = verdictOf([aRun(crowded)], perSecond);
    expect([turnedWorse(verdict, other), turnedWorse(other, verdict)]).toEqual([[], []]);
  });

  it("is broken by a wait that is longer than allowed, and not by one that is as long", () => {
    const waiting = (oldest: number) => aRun(paced, { details: { waitMs: { p50: 1, p95: 1, p99: 1, oldest } } });
    expect(verdictOf([waiting(60_000)], given()).broken).toEqual([]);
    const never = { ...given(), maxWait: { allowedMs: -1, origin: "flag" as const } };
    expect(verdictOf([{ ...aRun(paced), details: null }], never).wait.brokenIn).toBe(0);
  });
});

it("does not know how many calls there may have been when one of several runs does not", () => {
  const called = (atMost: number | null) =>
    aRun(paced, { details: { calls: { recorded: false, refused: 0, atLeast: 3, atMost } } });
  expect(verdictOf([called(null), called(4)], perSecond).limit!.unseenCalls).toBeNull();
});

it("is kept by no series of which one run may have exceeded its limit, and has the most that any may have", () => {
  const half = given({ limit: { limit: "0.5/s", toleranceMs: 0, origin: "flag" } });
  expect(verdictOf([aRun([0, 5_000]), aRun([0, 2_950])], half).limit).toMatchObject({
    status: "unknown",
    exceededSeconds: { atLeast: 0, atMost: 1 },
    peak: { atLeast: 1, atMost: 2 },
  });
});

it("of repeated runs is the same from their record as from themselves", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.constantFrom(10, 500, 950, 1_000, 4_000), { maxLength: 20 }), {
        minLength: 1,
        maxLength: 4,
      }),
      (gaps) => {
        const records = gaps.map((one, seed) => {
          let at = 0;
          const calls = callsOf(
            one.map((gap) => (at += gap)),
            "rows",
            perSecond.limit,
          );
          return { ...aRecord(), seed, calls, expected: perSecond };
        });
        const [first, ...others] = records;
        expect(recordOfAll([first!, ...others.map(figuresOf)], false).verdict).toEqual(verdictOf(records, perSecond));
      },
    ),
    { numRuns: 30 },
  );
});
