/** The side that records make up together, and the differences between two sides. */
import { expect, it } from "vitest";
import { differencesOf, publishedSideOf, sideOf } from "../../../src/metrics/sides.ts";
import type { RunRecord } from "../../../src/model.ts";
import { anAssumption, aRecord, published } from "../records/a-record.ts";
import { aSummary, ofSeeds } from "./a-side.ts";

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
