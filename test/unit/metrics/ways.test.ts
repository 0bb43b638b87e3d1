/** Ways side by side: what counts as keeping the limit and losing nothing, and in which order a reader finds the answer. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callsOf } from "../../../src/metrics/limit.ts";
import { figuresOf, recordOfAll } from "../../../src/metrics/repetitions.ts";
import {
  noThrottleFactor,
  ranked,
  standingOf,
  standings,
  unknownWay,
  type Way,
  wayNameOf,
  wayOfRecord,
  wayOfSide,
} from "../../../src/metrics/ways.ts";
import type { RunRecord } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { aRecord } from "../records/a-record.ts";
import { aSide, aSummary } from "./a-side.ts";
import { aWay } from "./a-way.ts";

const name = wayNameOf(findScenario("scenario-4"));
const limit = { limit: "1/s", toleranceMs: 100, origin: "scenario" } as const;

/** A run whose calls began at these times. */
function aRun(beganAt: number[], failed = 0): RunRecord {
  const record = aRecord();
  const summary = { ...record.summary, eventsFailed: failed };
  return { ...record, summary, calls: callsOf(beganAt, "rows", limit) };
}

describe("a way", () => {
  it("is known by all runs of its record: one that exceeds the limit, or loses, is enough", () => {
    const both = recordOfAll([aRun([0, 1_000]), figuresOf(aRun([0, 10, 20], 2))], true);
    const way = wayOfRecord(name, both);
    expect(way.figures.peakCalls).toMatchObject({ low: expect.any(Number), median: 2 });
    expect(way.figures.lost).toMatchObject({ median: 1 });
    expect(standingOf(way)).toBe("exceeds");
    expect(standingOf(wayOfRecord(name, recordOfAll([aRun([0]), figuresOf(aRun([0], 1))], true)))).toBe("keeps, loses");
    expect(standingOf(wayOfRecord(name, recordOfAll([aRun([0]), figuresOf(aRun([0]))], true)))).toBe(
      "keeps, loses nothing",
    );
  });

  it("tells where its runs come from", () => {
    expect(wayOfRecord(name, recordOfAll([aRun([0]), figuresOf(aRun([0]))], true)).runs).toEqual({
      kind: "prediction",
      target: "local",
      platform: "2026",
      profile: null,
      endpoint: null,
      seeds: [1, 1],
      ranges: true,
      events: 12,
    });
  });

  it("tells of a record of one run its seed, and none where it has none or nobody recorded what it was held to", () => {
    const of = (rest: Partial<RunRecord>) => wayOfRecord(name, { ...aRun([0, 10]), ...rest });
    expect(of({ seed: 7 }).runs).toMatchObject({ seeds: [7], ranges: false });
    const hash = "0".repeat(64);
    const profile = { name: "mine", hash, measuredAt: "2026-11-01", endpoint: null, constants: {} } as unknown;
    const measured = of({ seed: null, kind: "measurement", profile: profile as RunRecord["profile"] });
    expect(measured.runs).toMatchObject({ seeds: [], kind: "measurement", profile: "mine" });
    const older = of({ expected: null });
    expect(older.verdict).toMatchObject({ limit: null, claims: null, broken: [] });
    expect(older.figures.peakCalls!.median).toBe(2);
    const drawnTwice = recordOfAll([aRun([0]), figuresOf({ ...aRun([0]), seed: 2 })], false);
    expect(wayOfRecord(name, drawnTwice).runs).toMatchObject({ seeds: [1, 2], ranges: false });
    const seedless = { ...drawnTwice, uncertainty: { ...drawnTwice.uncertainty!, runs: [] as never[] } };
    expect(wayOfRecord(name, { ...seedless, expected: null, uncertainty: null, seed: 3 }).runs.seeds).toEqual([3]);
  });

  it("of a side of a comparison tells its figures and where they come from", () => {
    const run = { outcome: "drained" as const, details: null, calls: callsOf([0, 10, 20], "recorded", null) };
    const summary = aSummary(260, { eventsFailed: 2, eventsMissing: 3, duplicates: 4 });
    const side = aSide([summary], { judged: [{ ...run, summary }], seeds: [9] });
    const [first] = side.runs;
    const runs = [{ ...first!, waitOldestMs: 5, outOfOrderShare: 0.25, throttles: 6, costPerMillionEvents: 7 }];
    const way = wayOfSide(unknownWay("mine"), { ...side, runs }, { limit, maxLoss: null, maxWait: null, claims: null });
    expect(way).toMatchObject({ name: "mine", alias: null, title: "mine", topology: [], whenToUse: null });
    expect(way.runs).toEqual({
      kind: "prediction",
      target: "local",
      platform: "2026",
      profile: null,
      endpoint: null,
      seeds: [9],
      ranges: false,
      events: 1_000,
    });
    const medians = Object.entries(way.figures).map(([figure, interval]) => [figure, interval?.median]);
    expect(Object.fromEntries(medians)).toEqual({
      peakCalls: 3,
      lost: 5,
      timeTakenSeconds: 260,
      waitOldestMs: 5,
      outOfOrderShare: 0.25,
      duplicates: 4,
      throttles: 6,
      costPerMillionEvents: 7,
    });
    const more = aSide([aSummary(1, { eventsMissing: -2 })], { seeds: null });
    const withoutLimit = wayOfSide(unknownWay("mine"), more, {
      limit: null,
      maxLoss: null,
      maxWait: null,
      claims: null,
    });
    expect([withoutLimit.runs.seeds, withoutLimit.figures.lost!.median, withoutLimit.figures.peakCalls]).toEqual([
      [],
      0,
      null,
    ]);
  });

  it("has the peak in the windows of its limit", () => {
    const slow = { limit: "0.1/s", toleranceMs: 100, origin: "scenario" } as const;
    const record = { ...aRun([]), calls: callsOf([0, 5_000, 8_000], "rows", slow) };
    const expected = { limit: slow, maxLoss: null, maxWait: null, claims: null };
    expect(wayOfRecord(name, { ...record, expected }).figures.peakCalls!.median).toBe(3);
    expect(wayOfRecord(name, { ...aRun([]), expected: { ...expected, limit: null } }).figures.peakCalls).toBeNull();
  });

  it("is not judged without a limit, and its peak is that of a second", () => {
    const way = wayOfRecord(name, {
      ...aRun([0, 10, 20]),
      expected: { limit: null, maxLoss: null, maxWait: null, claims: null },
    });
    expect([standingOf(way), way.figures.peakCalls?.median]).toEqual(["unjudged", 3]);
  });

  it("lacks what its record lacks", () => {
    const way = wayOfRecord(name, { ...aRun([0]), cost: null, calls: null });
    expect([way.figures.costPerMillionEvents, way.figures.peakCalls, standingOf(way)]).toEqual([
      null,
      null,
      "unjudged",
    ]);
  });

  it("does not throttle from ten times the limit on", () => {
    const standing = (peakCalls: number) => standingOf(aWay({ peakCalls, status: "exceeded" }));
    expect([standing(noThrottleFactor - 1), standing(noThrottleFactor)]).toEqual(["exceeds", "does not throttle"]);
    const three = (peakCalls: number | null) => standingOf(aWay({ peakCalls, status: "exceeded", limit: "3/s" }));
    expect([three(29), three(30), three(null)]).toEqual(["exceeds", "does not throttle", "exceeds"]);
  });
});

const ways = fc.array(
  fc
    .record({
      peakCalls: fc.integer({ min: 1, max: 30 }),
      status: fc.constantFrom("kept" as const, "exceeded" as const, "unknown" as const),
      lost: fc.integer({ min: 0, max: 3 }),
      timeTakenSeconds: fc.option(fc.integer({ min: 1, max: 5 })),
      name: fc.constantFrom("a", "b", "c", "d"),
    })
    .map(aWay),
);

describe("the order of ways", () => {
  it("puts those that keep the limit and lose nothing first, and those that do not throttle last", () => {
    fc.assert(
      fc.property(ways, (some) => {
        const places = ranked(some).map((way) => standings.indexOf(standingOf(way)));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
    );
  });

  it("puts the faster first among those that solve the problem, and the lower peak among those that do not", () => {
    const within = (all: Way[], standing: string) => all.filter((way) => standingOf(way) === standing);
    fc.assert(
      fc.property(ways, (some) => {
        const all = ranked(some);
        const times = within(all, "keeps, loses nothing").map(
          (way) => way.figures.timeTakenSeconds?.median ?? Infinity,
        );
        expect(times).toEqual(times.toSorted((a, b) => a - b || 0));
        const peaks = within(all, "exceeds").map((way) => way.figures.peakCalls!.median);
        expect(peaks).toEqual(peaks.toSorted((a, b) => a - b));
        const lost = within(all, "keeps, loses").map((way) => way.figures.lost!.median);
        expect(lost).toEqual(lost.toSorted((a, b) => a - b));
      }),
    );
  });

  it("puts the lower peak first among those that do not throttle, and takes no loss for a rank of those without any", () => {
    const order = (...some: Way[]) => ranked(some).map((way) => way.name);
    const unthrottled = (name: string, peakCalls: number, timeTakenSeconds: number) =>
      aWay({ name, peakCalls, status: "exceeded", timeTakenSeconds });
    expect(order(unthrottled("a", 30, 1), unthrottled("b", 20, 9))).toEqual(["b", "a"]);
    // In none of its runs anything was lost, although a run has no figure of it.
    const kept = (name: string, lost: number | null, timeTakenSeconds: number) => ({
      ...aWay({ name, timeTakenSeconds }),
      figures: {
        ...aWay({ timeTakenSeconds }).figures,
        lost: lost === null ? null : { median: lost, low: 0, high: 0 },
      },
    });
    expect(order(kept("a", 0, 9), kept("b", null, 1))).toEqual(["b", "a"]);
  });

  it("does not depend on the order in which they come", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 }), (names) => {
        const some = names.map((each) => aWay({ name: each }));
        expect(ranked(some)).toEqual(ranked(some.toReversed()));
      }),
    );
  });
});
