/** A scenario's claims are judged by the figures of its runs, and agree with the verdict. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimsTurned, claims as definitions } from "../../../src/metrics/claims.ts";
import { compare, isRegression } from "../../../src/metrics/compare.ts";
import { expectationsOf, nothingGiven } from "../../../src/metrics/expectations.ts";
import { figuresOf, recordOfAll } from "../../../src/metrics/repetitions.ts";
import { sideOf } from "../../../src/metrics/sides.ts";
import { judgedAnew, verdictOf } from "../../../src/metrics/verdict.ts";
import type { ClaimName, ClaimVerdict, Expectations, RunRecord } from "../../../src/model.ts";
import { conclusionText } from "../../../src/reports/comparisons/words.ts";
import { aRecord, recordOf, records } from "../records/a-record.ts";
import { row } from "./rows.ts";

const all = Object.keys(definitions) as ClaimName[];
const claiming = (...claims: ClaimName[]): Expectations => ({
  ...expectationsOf(nothingGiven, {}, { limit: "1/s", claims }),
});
const statuses = (record: RunRecord) =>
  Object.fromEntries((record.verdict!.claims ?? []).map(({ claim, status }) => [claim, status]));

/** Two events a minute apart, one instance, no throttles. */
const good = recordOf([row(1, 0), row(2, 60_000)], [], { expected: claiming(...all) });
const orderly = { ...good, details: { ...good.details, throttles: 0 } };

describe("a claim", () => {
  it("is held by a run whose figures are all 0", () => {
    expect(statuses(judgedAnew(orderly, nothingGiven))).toEqual(Object.fromEntries(all.map((name) => [name, "held"])));
  });

  it.each<[ClaimName, RunRecord, most: number]>([
    ["loses-nothing", recordOf([row(1, 0)], [row(2, 60_000), row(3, 0)], { totalEvents: 4 }), 3],
    ["keeps-limit", recordOf([row(1, 0), row(2, 10), row(3, 5_000), row(4, 5_010)], []), 2],
    ["keeps-order", recordOf([row(2, 0), row(1, 60_000)], []), 1],
    ["no-duplicates", recordOf([row(1, 0), row(1, 60_000), row(1, 90_000)], [], { totalEvents: 1 }), 2],
    ["no-throttles", good, 7],
  ])("%s is broken by its figure alone, and tells it", (claim, record, most) => {
    const { verdict } = judgedAnew({ ...record, expected: claiming(claim) }, nothingGiven);
    expect(verdict!.claims).toEqual([{ claim, status: "broken", brokenIn: 1, most }]);
  });

  it.each<[ClaimName, Partial<RunRecord>]>([
    ["keeps-order", { details: { ...orderly.details, order: null } }],
    ["no-throttles", { details: { ...orderly.details, throttles: null } }],
    ["keeps-limit", { calls: null }],
  ])("%s is not known where its figure could not be had", (claim, rest) => {
    const { verdict } = judgedAnew({ ...orderly, ...rest, expected: claiming(claim) }, nothingGiven);
    expect(verdict!.claims).toMatchObject([{ claim, status: "unknown" }]);
  });

  it("is broken by several runs when one of them breaks it, and says in how many and how much at most", () => {
    const expected = claiming("loses-nothing");
    const whole = { ...orderly, expected };
    const lossy = { ...recordOf([row(1, 0)], [row(2, 9)], { expected }), seed: 2 };
    const missing = { ...recordOf([], [row(2, 9)], { expected, totalEvents: 5 }), seed: 3 };
    const { verdict } = recordOfAll([whole, figuresOf(lossy), figuresOf(missing)], false);
    expect(verdict!.claims).toEqual([{ claim: "loses-nothing", status: "broken", brokenIn: 2, most: 5 }]);
  });

  it("is broken without anything that was asked for being broken, so that the exit status stays", () => {
    const { verdict } = judgedAnew(
      { ...recordOf([row(2, 0), row(1, 60_000)], []), expected: claiming("keeps-order", "loses-nothing") },
      nothingGiven,
    );
    expect(verdict!.broken).toEqual([]);
  });

  it("is not known without a limit, nor where one of its figures is not, and then tells nothing", () => {
    const unlimited = { ...claiming("keeps-limit"), limit: null };
    expect(verdictOf([{ ...orderly, calls: null }], unlimited).claims).toEqual([
      { claim: "keeps-limit", status: "unknown", brokenIn: 0, most: null },
    ]);
    const unordered = { ...orderly, details: { ...orderly.details, order: null } };
    expect(verdictOf([unordered], claiming("keeps-order")).claims).toEqual([
      { claim: "keeps-order", status: "unknown", brokenIn: 0, most: null },
    ]);
    expect(verdictOf([unordered, orderly], claiming("keeps-order")).claims).toEqual([
      { claim: "keeps-order", status: "unknown", brokenIn: 0, most: 0 },
    ]);
    const lost = (eventsFailed: unknown) => ({
      ...orderly,
      summary: { ...orderly.summary, eventsFailed, eventsMissing: 2 },
    });
    expect(verdictOf([lost(null) as RunRecord], claiming("loses-nothing")).claims).toMatchObject([
      { status: "unknown", most: null },
    ]);
  });

  it("turns in no base or candidate that has none", () => {
    const [broken, held] = ["broken", "held"].map((status) => [
      { claim: "keeps-order" as const, status: status as "broken" | "held", brokenIn: 1, most: 1 },
    ]) as [ClaimVerdict[], ClaimVerdict[]];
    expect(claimsTurned(held, broken)).toEqual(["keeps-order"]);
    expect([claimsTurned(null, broken), claimsTurned(held, null), claimsTurned(broken, broken)]).toEqual([[], [], []]);
    const unknown = broken.map((one) => ({ ...one, status: "unknown" as const }));
    expect(claimsTurned(unknown, broken)).toEqual([]);
  });

  it("is not judged in a record that an older version made", () => {
    const expected = { ...claiming(), claims: null };
    expect(judgedAnew({ ...orderly, expected }, nothingGiven).verdict!.claims).toBeNull();
  });

  it("agrees with the verdict and with the figures, whatever the run", () => {
    fc.assert(
      fc.property(records, (record) => {
        const { verdict } = judgedAnew({ ...record, expected: claiming(...all) }, nothingGiven);
        const { limit, loss, claims } = verdict!;
        const of = (name: ClaimName) => claims!.find(({ claim }) => claim === name)!;
        expect(of("loses-nothing").status).toBe(loss.lostIn > 0 ? "broken" : "held");
        expect(of("loses-nothing").most).toBe(loss.failed + loss.missing);
        expect(of("keeps-limit").status).toBe({ kept: "held", exceeded: "broken", unknown: "unknown" }[limit!.status]);
        expect(of("no-duplicates").status).toBe(record.summary.duplicates > 0 ? "broken" : "held");
        const { order, throttles } = record.details;
        expect(of("keeps-order").status).toBe(order === null ? "unknown" : order.outOfOrder! > 0 ? "broken" : "held");
        expect(of("no-throttles").status).toBe(throttles === null ? "unknown" : throttles > 0 ? "broken" : "held");
      }),
    );
  });
});

describe("a claim that turns from held to broken", () => {
  const expected = claiming("keeps-order", "loses-nothing");
  const inOrder = { ...recordOf([row(1, 0), row(2, 60_000)], []), expected };
  const outOfOrder = { ...recordOf([row(2, 0), row(1, 60_000)], []), expected, runId: "later" };
  const lossy = { ...recordOf([row(1, 0)], [row(2, 60_000)]), expected };

  it("is a regression, and the last line names it", () => {
    const comparison = compare(sideOf([inOrder]), sideOf([outOfOrder]));
    expect(comparison.verdicts.turned).toEqual(["keeps-order"]);
    expect(isRegression(comparison)).toBe(true);
    expect(conclusionText(comparison)).toContain(
      "breaks its claim to keep order (1 event out of order), which it kept before",
    );
    expect(isRegression(compare(sideOf([outOfOrder]), sideOf([inOrder])))).toBe(false);
    expect(isRegression(compare(sideOf([outOfOrder]), sideOf([outOfOrder])))).toBe(false);
  });

  it("is told once where the verdict on loss or limit tells of it", () => {
    expect(compare(sideOf([inOrder]), sideOf([lossy])).verdicts.turned).toEqual(["loss"]);
  });

  it("is none between a prediction and a measurement", () => {
    const measured = { ...outOfOrder, kind: "measurement", target: "aws", seed: null } as const;
    expect(compare(sideOf([inOrder]), sideOf([measured])).verdicts.turned).toEqual([]);
  });
});

it("is part of the verdict of a run that claims something, and of no other", () => {
  expect(verdictOf([aRecord()], claiming()).claims).toEqual([]);
});
