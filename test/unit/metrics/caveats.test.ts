/** Which doubts a result comes with. */
import { describe, expect, it } from "vitest";
import {
  caveatsAnew,
  caveatsOf,
  isAboutPublished,
  isOfPublished,
  settingsWithEffect,
} from "../../../src/metrics/caveats.ts";
import type { Assumption, Caveat, Parameter, RunRecord } from "../../../src/model.ts";
import { anAssumption, aRecord, published } from "../records/a-record.ts";
import { ofSeeds } from "./a-side.ts";

const parameters: Parameter[] = [
  { name: "VisibilityTimeout", type: "Number", default: "120" },
  { name: "WorkMs", type: "Number", default: "1150" },
  { name: "LogRetentionDays", type: "Number", default: "7" },
  { name: "Note", type: "String" },
];

/** A measurement that there is nothing to say about, but for what the test changes. */
function caveats(change: (record: RunRecord) => Partial<RunRecord> = () => ({})) {
  const record = aRecord({ kind: "measurement", target: "aws", platform: null, seed: null });
  return caveatsOf({ ...record, ...change(record) }, parameters);
}

describe("caveatsOf", () => {
  it("has nothing to say about a measurement that is whole and agrees with itself", () => {
    expect(caveats()).toEqual([]);
  });

  it("calls a local result a prediction, and names its platform and seed", () => {
    expect(caveats(() => ({ kind: "prediction", platform: "2020", seed: 42 }))).toEqual([
      { code: "prediction", platform: "2020", seed: 42, seeds: null },
    ]);
  });

  it("names a given number that is implausible, and each number that decided something", () => {
    const of = (...assumptions: Assumption[]) => caveats(() => ({ assumptions }));
    expect(of(anAssumption({ value: 400, decided: 0 }))).toEqual([]);
    expect(of(anAssumption({ value: 400, origin: "given" }))).toEqual([
      { code: "assumption-implausible", name: "database.connectMs", value: 400, range: [5, 60] },
    ]);
    expect(of(anAssumption({ value: 60, origin: "configuration", decided: null }))).toEqual([]);
    expect(of(anAssumption({ value: "none", origin: "given", range: null, decided: 2 }))).toEqual([
      { code: "assumption-decided", name: "database.connectMs", value: "none", origin: "given", count: 2 },
    ]);
  });

  it("names the policy of throttled batches where events behind a queue are lost in a run with throttles, and only there", () => {
    const policy = anAssumption({ name: "mapping.throttlePolicy", value: 0, range: [0, 1], decided: null });
    const of = (change: (record: RunRecord) => Partial<RunRecord> = () => ({})) =>
      caveats((record) => {
        const summary = { ...record.summary, eventsFailed: 4, eventsMissing: 0 };
        return { assumptions: [policy], summary, ...change({ ...record, summary }) };
      }).filter(({ code }) => code === "assumption-decided");
    expect(of()).toEqual([
      { code: "assumption-decided", name: "mapping.throttlePolicy", value: 0, origin: "platform", count: 4 },
    ]);
    expect(of(({ details }) => ({ details: { ...details, throttles: 0 } }))).toEqual([]);
    expect(of(({ stack }) => ({ stack: { ...stack, queue: null } }))).toEqual([]);
    const missing = (outcome: RunRecord["outcome"]) =>
      of(({ summary }) => ({ outcome, summary: { ...summary, eventsFailed: 0, eventsMissing: 3 } }));
    expect(missing("quiet")).toMatchObject([{ count: 3 }]);
    expect(missing("timeout")).toEqual([]);
  });

  it("says that a given number sets a run apart from the published result, and no other number does", () => {
    const of = (origin: Assumption["origin"]) =>
      caveats(() => ({ published, assumptions: [anAssumption({ origin })] })).filter(
        ({ code }) => code === "numbers-differ",
      );
    for (const origin of ["given", "configuration"] as const) {
      expect(of(origin)).toEqual([{ code: "numbers-differ", numbers: [{ name: "database.connectMs", value: 20 }] }]);
    }
    for (const origin of ["platform", "drawn", "profile"] as const) expect(of(origin)).toEqual([]);
  });

  it("says how many events are missing and how the drain ended", () => {
    expect(caveats(({ summary }) => ({ summary: { ...summary, eventsMissing: 3 }, outcome: "timeout" }))).toEqual([
      { code: "events-missing", missing: 3, outcome: "timeout", seeds: null },
    ]);
  });

  it("doubts the database of a run on an account whose invocations succeed and leave no row, and of no other run", () => {
    const of = (change: (record: RunRecord) => Partial<RunRecord> = () => ({})) =>
      caveats((record) => {
        const summary = { ...record.summary, eventsCompleted: 0, eventsFailed: 0 };
        const details = { ...record.details, invocations: 12, errors: 2 };
        return { target: "aws", summary, details, ...change({ ...record, summary, details }) };
      }).filter(({ code }) => code === "rows-elsewhere");
    expect(of()).toEqual([{ code: "rows-elsewhere", invocations: 10 }]);
    expect(of(() => ({ target: "local" }))).toEqual([]);
    expect(of(() => ({ outcome: "interrupted" }))).toEqual([]);
    expect(of(({ summary }) => ({ summary: { ...summary, eventsFailed: 1 } }))).toEqual([]);
    expect(of(({ details }) => ({ details: { ...details, errors: 12 } }))).toEqual([]);
    expect(of(({ details }) => ({ details: { ...details, invocations: null } }))).toEqual([]);
    expect(of(({ metricsWindow }) => ({ metricsWindow: { ...metricsWindow, complete: false } }))).toEqual([]);
  });

  it("says how many inserts were duplicates and how many events the topic refused", () => {
    expect(
      caveats(({ summary, burst }) => ({
        summary: { ...summary, duplicates: 2 },
        burst: { ...burst, failed: 5 },
      })),
    ).toEqual([
      { code: "not-all-published", failed: 5 },
      { code: "duplicates", duplicates: 2, seeds: null },
    ]);
  });

  it("says how many of the dead letters are of events that completed all the same", () => {
    expect(caveats(({ details }) => ({ details: { ...details, deadLetters: 64, deadLettersCompleted: 10 } }))).toEqual([
      { code: "dead-letters-completed", completed: 10, deadLetters: 64, seeds: null },
    ]);
  });

  it("tells shards that failed from shards that never reported, and from events that the topic refused", () => {
    const shard = { firstId: 1, stride: 1, events: 10, published: 10, failed: 0, failure: null };
    const shards = [
      { ...shard, published: 8, failed: 2 },
      { ...shard, firstId: 11, published: null, failed: null },
      { ...shard, firstId: 21, published: null, failed: null, failure: "The producer failed: Task timed out." },
      { ...shard, firstId: 31, published: 0, failed: 10, failure: "An earlier shard failed." },
    ];
    expect(caveats(({ burst }) => ({ burst: { ...burst, published: 28, failed: 12, shards } }))).toEqual([
      { code: "not-all-published", failed: 2 },
      { code: "shards-failed", events: 10, why: "An earlier shard failed." },
      { code: "shards-unreported", events: 20, why: "The producer failed: Task timed out." },
    ]);
  });

  it.each([
    { cloudWatch: 1, overlap: 2, disagree: true },
    { cloudWatch: 2, overlap: 1, disagree: true },
    { cloudWatch: 5, overlap: 4, disagree: false },
    { cloudWatch: 89, overlap: 72, disagree: false },
    { cloudWatch: 89, overlap: 71, disagree: true },
  ])("takes a concurrency of $cloudWatch and an overlap of $overlap as disagreeing: $disagree", (given) => {
    const { cloudWatch, overlap, disagree } = given;
    const found = caveats(({ summary, details }) => ({
      summary: { ...summary, maxConcurrency: cloudWatch },
      details: { ...details, maxOverlap: overlap },
    }));
    expect(found).toEqual(disagree ? [{ code: "concurrency-disagrees", cloudWatch, overlap }] : []);
  });

  it("names each metric that CloudWatch had no data for", () => {
    expect(
      caveats(({ summary, details }) => ({
        summary: { ...summary, maxConcurrency: null },
        details: { ...details, invocations: null, throttles: null, errors: null },
      })),
    ).toEqual([
      { code: "metric-missing", metric: "consumer.ConcurrentExecutions" },
      { code: "metric-missing", metric: "consumer.Invocations" },
      { code: "metric-missing", metric: "consumer.Throttles" },
      { code: "metric-missing", metric: "consumer.Errors" },
    ]);
  });

  it("names the settings that differ from the published result's and can change a figure", () => {
    const settings = { VisibilityTimeout: "10", WorkMs: "1150", LogRetentionDays: "1", Note: "mine" };
    const summary = { ...aRecord().summary, totalEvents: 1000 };
    expect(caveats(() => ({ settings, summary, published }))).toEqual([
      { code: "settings-differ", settings: [{ name: "VisibilityTimeout", value: "10", published: "120" }] },
    ]);
    expect(caveats(() => ({ settings, summary }))).toEqual([]);
  });

  it("says that the published result is of other events and another year", () => {
    expect(caveats(() => ({ published, platform: "2026" }))).toEqual([
      { code: "events-differ", events: 12, published: 1000 },
      { code: "platform-differs", platform: "2026", published: "2020" },
    ]);
  });

  it("takes as many events in two bursts for others than the published ones", () => {
    const { summary, details } = aRecord();
    const twice = { ...details, spikes: { everyMs: 600_000, each: Array(2).fill(null) } };
    const asMany = { ...summary, totalEvents: 1_000 };
    expect(caveats(() => ({ published, platform: "2020", summary: asMany, details: twice }))).toEqual([
      { code: "events-differ", events: 1_000, published: 1_000 },
    ]);
  });
});

describe("further doubts", () => {
  it("calls nothing a prediction that does not say its platform and its seed, nor a measurement", () => {
    const isPrediction = (rest: Partial<RunRecord>) => caveats(() => rest).some(({ code }) => code === "prediction");
    expect(isPrediction({ kind: "prediction", platform: "2026", seed: 3 })).toBe(true);
    expect(isPrediction({ kind: "measurement", platform: "2026", seed: 3 })).toBe(false);
    expect(isPrediction({ kind: "prediction", platform: null, seed: 3 })).toBe(false);
    expect(isPrediction({ kind: "prediction", platform: "2026", seed: null })).toBe(false);
  });

  it("names the seeds of all runs of a prediction, and the account's profile", () => {
    const uncertainty = ofSeeds(3, [aRecord().summary, aRecord().summary]);
    expect(caveats(() => ({ kind: "prediction", platform: "2026", seed: 3, uncertainty }))[0]).toEqual({
      code: "prediction",
      platform: "2026",
      seed: 3,
      seeds: [3, 4],
    });
    const profile = { name: "mine", hash: "0", measuredAt: "2026-11-01", endpoint: null, constants: { a: 1, b: 2 } };
    expect(caveats(() => ({ profile: profile as unknown as RunRecord["profile"] }))).toEqual([
      { code: "calibrated", profile: "mine", measuredAt: "2026-11-01", endpoint: null, constants: 2 },
    ]);
  });

  it("takes a given number for implausible below and above its range and when it is none, and not at its ends", () => {
    const of = (value: number | "none") =>
      caveats(() => ({ assumptions: [anAssumption({ value, origin: "given", decided: null })] })).map(
        ({ code }) => code,
      );
    expect([of(4), of(61), of("none")]).toEqual(Array(3).fill(["assumption-implausible"]));
    expect([of(5), of(30), of(60)]).toEqual([[], [], []]);
  });

  it("counts what is missing behind throttles in runs that were over by themselves", () => {
    const policy = anAssumption({ name: "mapping.throttlePolicy", value: 0, decided: null });
    const lost = (outcome: RunRecord["outcome"]) =>
      caveats(({ summary }) => ({
        assumptions: [policy],
        outcome,
        summary: { ...summary, eventsFailed: 1, eventsMissing: 2 },
      })).find(({ code }) => code === "assumption-decided");
    expect(lost("drained")).toMatchObject({ count: 3 });
    expect(lost("quiet")).toMatchObject({ count: 3 });
    expect(lost("interrupted")).toMatchObject({ count: 1 });
  });

  it("does not know why shards never reported where none of them says it", () => {
    const shard = { firstId: 1, stride: 1, events: 10, published: null, failed: null, failure: null };
    expect(caveats(({ burst }) => ({ burst: { ...burst, shards: [shard] } }))).toContainEqual({
      code: "shards-unreported",
      events: 10,
      why: null,
    });
  });

  it("names why the metrics could not be read, and then none of them; and that not all minutes were there", () => {
    const nothing = { invocations: null, throttles: null, errors: null };
    const window = aRecord().metricsWindow;
    expect(
      caveats(({ details }) => ({
        metricsWindow: { ...window, refusal: "AccessDenied", complete: false },
        details: { ...details, ...nothing },
      })),
    ).toEqual([{ code: "metrics-unreadable", why: "AccessDenied" }]);
    expect(caveats(() => ({ metricsWindow: { ...window, complete: false } }))).toEqual([
      { code: "metrics-incomplete" },
    ]);
  });

  it("compares no concurrency with an overlap that is not known", () => {
    expect(caveats(({ details }) => ({ details: { ...details, maxOverlap: null } }))).toEqual([]);
  });

  it("of the published result are not those of a record without numbers of the model", () => {
    expect(caveats(() => ({ published, assumptions: null, platform: "2020" }))).toEqual([
      { code: "events-differ", events: 12, published: 1_000 },
    ]);
  });
});

describe("the doubts of a record whose figures have changed", () => {
  const endpoint = { code: "other-endpoint", endpoint: "http://127.0.0.1:4566" } as unknown as Caveat;
  const repeated = { code: "requests-repeated" } as unknown as Caveat;
  const about = ["settings-differ", "events-differ", "platform-differs", "numbers-differ"].map(
    (code) => ({ code }) as unknown as Caveat,
  );

  it("are the old ones of the target and of the published result, around those that the figures make now", () => {
    const measured = { kind: "measurement", target: "aws", platform: null, seed: null } as const;
    const old = [...about, { code: "duplicates", duplicates: 9, seeds: null } as Caveat, endpoint, repeated];
    const record = aRecord({ ...measured, caveats: old });
    const now = { ...record, summary: { ...record.summary, duplicates: 2 } };
    expect(caveatsAnew(now)).toEqual([
      endpoint,
      repeated,
      { code: "duplicates", duplicates: 2, seeds: null },
      ...about,
    ]);
  });

  it("say whether the run is of what was published", () => {
    expect(about.map(isAboutPublished)).toEqual([true, true, true, true]);
    expect([endpoint, repeated].map(isAboutPublished)).toEqual([false, false]);
    const record = aRecord({ published, platform: "2020", caveats: [endpoint] });
    expect(isOfPublished(record)).toBe(true);
    expect(isOfPublished({ ...record, caveats: [endpoint, about[0]!] })).toBe(false);
    expect(isOfPublished({ ...record, platform: "2026" })).toBe(false);
    expect(isOfPublished({ ...record, published: null })).toBe(false);
  });
});

it("keeps the settings with an effect in their order", () => {
  expect(settingsWithEffect({ WorkMs: "1", DatabaseUrl: "x", BatchSize: "2", LogRetentionDays: "3" })).toEqual([
    ["WorkMs", "1"],
    ["BatchSize", "2"],
  ]);
});

it("leaves out the settings of the downstream that are off, and what says how they work", () => {
  const off = { WorkMsMax: "0", SlowRate: "0.0", SlowFactor: "10", DownstreamLimit: "0", WhenRefused: "throw" };
  expect(settingsWithEffect({ WorkMs: "0", ...off, MaximumConcurrency: "0" })).toEqual([
    ["WorkMs", "0"],
    ["MaximumConcurrency", "0"],
  ]);
  const on = { SlowRate: "0.1", SlowFactor: "10", DownstreamLimit: "1/s", WhenRefused: "throw", DuplicateRate: "0" };
  expect(settingsWithEffect(on).map(([name]) => name)).toEqual([
    "SlowRate",
    "SlowFactor",
    "DownstreamLimit",
    "WhenRefused",
  ]);
});
