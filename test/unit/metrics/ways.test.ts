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
  type Way,
  wayNameOf,
  wayOfRecord,
} from "../../../src/metrics/ways.ts";
import type { RunRecord } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { aRecord } from "../records/a-record.ts";
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

  it("does not depend on the order in which they come", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 }), (names) => {
        const some = names.map((each) => aWay({ name: each }));
        expect(ranked(some)).toEqual(ranked(some.toReversed()));
      }),
    );
  });
});
