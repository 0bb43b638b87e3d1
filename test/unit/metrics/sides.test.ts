/** The side that records make up together, and the differences between two sides. */
import { expect, it } from "vitest";
import { differencesOf, publishedSideOf, type Side, sideOf, unlikeIn } from "../../../src/metrics/sides.ts";
import type { RunRecord } from "../../../src/model.ts";
import { anAssumption, aRecord, published } from "../records/a-record.ts";
import { aSide, aSummary, ofSeeds } from "./a-side.ts";

const ofTwoSeeds = (seed: number): Partial<RunRecord> => ({
  seed,
  uncertainty: ofSeeds(seed, [aSummary(seed * 10), aSummary(seed * 10 + 10)]),
});

it("takes the runs of all records, each seed of the model once, in the order of the seeds", () => {
  const side = sideOf([aRecord(ofTwoSeeds(3)), aRecord(ofTwoSeeds(2)), aRecord({ seed: 1, summary: aSummary(10) })]);
  expect(side.seeds).toEqual([1, 2, 3, 4]);
  expect(side.runs.map(({ timeTakenSeconds }) => timeTakenSeconds)).toEqual([10, 20, 30, 40]);
});

it("takes every run of an account, which has no seed", () => {
  const measured = { target: "aws", kind: "measurement", seed: null, platform: null } as const;
  expect(sideOf([aRecord(measured), aRecord(measured)])).toMatchObject({ seeds: null, runs: [{}, {}] });
});

it("takes every run against a served model, because its second run with a seed is another one", () => {
  const served = { target: "aws", seed: 1, platform: "2026" } as const;
  expect(sideOf([aRecord(served), aRecord(served)])).toMatchObject({ seeds: null, runs: [{}, {}] });
});

it("tells a measurement of another endpoint from one of AWS, and not a prediction from where it was made", () => {
  const location = { accountId: null, region: "eu-west-1", endpoint: "http://127.0.0.1:4566" };
  const measured = { target: "aws", kind: "measurement", seed: null, platform: null } as const;
  const elsewhere = sideOf([aRecord({ ...measured, location })]);
  expect(differencesOf(sideOf([aRecord(measured)]), elsewhere)).toEqual([
    { what: "target", base: "aws", candidate: "aws at http://127.0.0.1:4566" },
  ]);
  const served = sideOf([aRecord({ target: "aws", location })]);
  expect(differencesOf(sideOf([aRecord({ target: "aws" })]), served)).toEqual([]);
});

it("names every difference but chance, and none in settings that change no figure", () => {
  const base = sideOf([aRecord({ settings: { WorkMs: "1000", LogRetentionDays: "7" } })]);
  const candidate = sideOf([
    aRecord({
      settings: { WorkMs: "1100", BatchSize: "5", LogRetentionDays: "14" },
      platform: "2020",
      seed: 9,
      templateHash: "f".repeat(64),
      versions: { throttleBench: "0.2.0", node: "22" },
    }),
  ]);
  expect(differencesOf(base, base)).toEqual([]);
  expect(differencesOf(base, candidate)).toEqual([
    { what: "platform", base: "2026", candidate: "2020" },
    { what: "template", base: "0123456789ab", candidate: "f".repeat(12) },
    { what: "WorkMs", base: "1000", candidate: "1100" },
    { what: "BatchSize", base: "none", candidate: "5" },
    { what: "version", base: "0.1.0", candidate: "0.2.0" },
  ]);
});

it("names how often the burst came, where it did not come equally often", () => {
  const { details } = aRecord();
  const { eventsCompleted: events } = aRecord().summary;
  const spike = { beganMs: 0, events, lost: 0, oldestWaitMs: 0, drainedMs: 0, waitingAtNext: 0, spareMs: 600_000 };
  const thrice = { ...details, spikes: { everyMs: 600_000, each: [spike, spike, spike] } };
  expect(differencesOf(sideOf([aRecord()]), sideOf([aRecord({ details: thrice })]))).toEqual([
    { what: "spikes", base: "none", candidate: "3, each 600 s" },
  ]);
});

it("names the numbers of the model that somebody gave to one of two predictions, and to no measurement", () => {
  const given = anAssumption({ value: 40, origin: "given" });
  const quota = anAssumption({ name: "lambda.scalingBucket", value: 500, origin: "configuration" });
  const [plain, other] = [[anAssumption()], [given, quota]].map((assumptions) => sideOf([aRecord({ assumptions })]));
  expect(differencesOf(plain!, other!)).toEqual([
    { what: "database.connectMs", base: "20", candidate: "40" },
    { what: "lambda.scalingBucket", base: "the platform's", candidate: "500" },
  ]);
  const bySameNumber = sideOf([aRecord({ assumptions: [{ ...given, origin: "configuration" }, quota] })]);
  expect(differencesOf(other!, bySameNumber)).toEqual([]);
  const measured = sideOf([aRecord({ kind: "measurement", assumptions: null })]);
  expect(differencesOf(measured, other!)).toEqual([]);
  const drawn = sideOf([aRecord({ assumptions: [anAssumption({ value: 31, origin: "drawn" })] })]);
  expect(differencesOf(plain!, drawn)).toEqual([]);
});

it("makes a side of the published result, with the settings that it was made with", () => {
  const record = aRecord({
    published,
    settings: { WorkMs: "1100" },
    caveats: [{ code: "settings-differ", settings: [{ name: "WorkMs", value: "1100", published: "1000" }] }],
  });
  const side = publishedSideOf(record)!;
  expect(side).toMatchObject({ origin: "published", platform: "2020", settings: { WorkMs: "1000" } });
  expect(side.runs).toMatchObject([
    { eventsCompleted: 1_000, eventsMissing: 0, timeTakenSeconds: 1_450, duplicates: null, throttles: null },
  ]);
  expect(publishedSideOf(aRecord({ published: null }))).toBeNull();
});

it("says of the published result that it is one measured run, whose calls nobody recorded", () => {
  const other = { code: "events-differ", events: 12, published: 1_000 } as const;
  const side = publishedSideOf(aRecord({ published, caveats: [other] }))!;
  expect(side).toMatchObject({ name: "published", kind: "measurement", endpoint: null, ranges: false, seeds: null });
  expect(side).toMatchObject({ version: null, profile: null, numbers: {}, totalEvents: 1_000, expected: null });
  expect(side.judged).toMatchObject([
    { outcome: "drained", calls: null, details: null, summary: { eventsCompleted: 1_000, eventsMissing: 0 } },
  ]);
});

it("is named by its first record and how many more it has, with the account's profile, and draws when that did", () => {
  const hash = "fedcba9876543210".repeat(4);
  const profile = { name: "mine", hash, measuredAt: "2026-11-01", endpoint: null, constants: {} } as unknown;
  const of = (...records: RunRecord[]) => sideOf(records);
  const drawn = aRecord({ seed: 4, uncertainty: { ...ofSeeds(4, [aSummary(9)]), ranges: true } });
  expect(of(aRecord())).toMatchObject({ name: aRecord().runId, profile: null, ranges: false, numbers: {} });
  expect(of(drawn)).toMatchObject({ ranges: true });
  expect(of(aRecord(), aRecord({ seed: 2 }), aRecord({ seed: 3 })).name).toBe(`${aRecord().runId} and 2 more`);
  expect(of(aRecord({ profile: profile as RunRecord["profile"] })).profile).toBe("mine (fedcba98)");
});

it("takes of two runs of one seed the first, and every run without one", () => {
  const [one, again] = [10, 20].map((seconds) => aRecord({ seed: 1, summary: aSummary(seconds) })) as [
    RunRecord,
    RunRecord,
  ];
  const seedless = aRecord({ seed: null, summary: aSummary(30) });
  const side = sideOf([one, again, seedless, seedless]);
  expect(side.seeds).toEqual([1]);
  expect(side.runs.map(({ timeTakenSeconds }) => timeTakenSeconds)).toEqual([10, 30, 30]);
});

it("names of several sides all in which not all are alike, each with what it is of", () => {
  const side = (rest: Partial<Side> = {}) => aSide([aSummary(260)], rest);
  const spike = { beganMs: 0, events: 5, lost: 0, oldestWaitMs: 0, drainedMs: 0, waitingAtNext: 0, spareMs: null };
  const { details } = aRecord();
  const other = side({
    scenario: "mine",
    origin: "aws",
    endpoint: "http://127.0.0.1:4566",
    platform: null,
    profile: "an account (01234567)",
    numbers: {
      "database.connectMs": { value: "40", isGiven: true },
      "database.insertMedianMs": { value: "9", isGiven: false },
    },
    templateHash: "f".repeat(64),
    settings: { BatchSize: "5" },
    totalEvents: 10,
    ranges: true,
    version: "0.2.0",
    judged: [
      {
        outcome: "drained",
        summary: aSummary(1),
        details: { ...details, spikes: { everyMs: 60_000, each: [spike, spike] } },
        calls: null,
      },
    ],
  });
  expect(unlikeIn([side(), other, side()])).toEqual([
    { kind: "scenario", what: "scenario", values: ["scenario-5", "mine", "scenario-5"] },
    { kind: "origin", what: "target", values: ["local", "aws at http://127.0.0.1:4566", "local"] },
    { kind: "origin", what: "platform", values: ["2026", null, "2026"] },
    { kind: "origin", what: "profile", values: [null, "an account (01234567)", null] },
    { kind: "number", what: "database.connectMs", values: ["the platform's", "40", "the platform's"] },
    { kind: "template", what: "template", values: ["0123456789ab", "f".repeat(12), "0123456789ab"] },
    { kind: "setting", what: "WorkMs", values: ["1000", null, "1000"] },
    { kind: "setting", what: "BatchSize", values: [null, "5", null] },
    { kind: "events", what: "events", values: ["1000", "10", "1000"] },
    { kind: "events", what: "spikes", values: [null, "2, each 60 s", null] },
    { kind: "origin", what: "drawn constants", values: ["no", "from their ranges", "no"] },
    { kind: "version", what: "version", values: ["0.1.0", "0.2.0", "0.1.0"] },
  ]);
  expect(unlikeIn([side(), side({ version: "0.2.0" }), side({ version: null })])).toEqual([]);
  expect(unlikeIn([side({ judged: [] }), side()])).toEqual([]);
});
