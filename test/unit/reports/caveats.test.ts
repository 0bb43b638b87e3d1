/** The caveats' words. */
import { expect, it } from "vitest";
import type { Caveat } from "../../../src/model.ts";
import { caveatText } from "../../../src/reports/caveats.ts";

it.each<[Caveat, string]>([
  [
    { code: "prediction", platform: "2026", seed: 7, seeds: null },
    "A prediction of the local model (AWS's limits of 2026, seed 7), no measurement; --target aws measures.",
  ],
  [
    {
      code: "calibrated",
      profile: "123456789012-eu-west-1",
      measuredAt: "2026-11-23T09:00:00.000Z",
      endpoint: null,
      constants: 15,
    },
    "15 of the model's numbers are those of the profile 123456789012-eu-west-1, fitted to runs of 2026-11-23; an account may have changed since.",
  ],
  [
    {
      code: "calibrated",
      profile: "emulated",
      measuredAt: "2026-11-23T09:00:00.000Z",
      endpoint: "http://127.0.0.1:4566",
      constants: 1,
    },
    "1 of the model's numbers is that of the profile emulated, fitted to runs of 2026-11-23 at http://127.0.0.1:4566, not at AWS's own endpoints; an account may have changed since.",
  ],
  [{ code: "not-all-published", failed: 1 }, "The topic did not take one event; it was never on the way."],
  [{ code: "not-all-published", failed: 4 }, "The topic did not take 4 events; they were never on the way."],
  [
    { code: "shards-unreported", events: 10, why: null },
    "The producer of 10 events did not report. What became of them is known by the rows alone.",
  ],
  [
    { code: "shards-unreported", events: 20, why: "The producer failed: Task timed out." },
    "The producer failed: Task timed out. What became of 20 events is known by the rows alone.",
  ],
  [
    {
      code: "requests-repeated",
      requests: [
        { service: "CloudFormation", times: 12, reason: "Rate exceeded." },
        { service: "Postgres", times: 1, reason: "Connection terminated unexpectedly" },
      ],
    },
    "Some requests failed for a while and were sent again: CloudFormation 12 times (Rate exceeded), Postgres once (Connection terminated unexpectedly).",
  ],
  [
    { code: "shards-failed", events: 1, why: "The run was interrupted first." },
    "One event was not fired, or not as it should have been. The run was interrupted first.",
  ],
  [
    { code: "shards-failed", events: 1_200, why: "The producer failed: no." },
    "1200 events were not fired, or not as they should have been. The producer failed: no.",
  ],
  [
    { code: "metrics-unreadable", why: "CloudWatch cannot be read: no; ask for this permission." },
    "CloudWatch could not be read (CloudWatch cannot be read: no; ask for this permission), so the figures that need it are shown as missing; on an account, `report --refresh` asks again.",
  ],
  [
    { code: "events-missing", missing: 1, outcome: "quiet", seeds: null },
    "One event reached neither the database nor a dead-letter queue: the queues were empty and nothing more arrived.",
  ],
  [
    { code: "rows-elsewhere", invocations: 12 },
    "12 invocations of the consumer ended without an error, and this database has no row of the run: see that the functions write to the same one, by FUNCTIONS_DATABASE_URL or by the URL that the template gives them.",
  ],
  [
    { code: "events-missing", missing: 3, outcome: "timeout", seeds: null },
    "3 events reached neither the database nor a dead-letter queue: the wait ended first, and they may still arrive; give --timeout more.",
  ],
  [
    { code: "events-missing", missing: 3, outcome: "interrupted", seeds: null },
    "3 events reached neither the database nor a dead-letter queue: the run was interrupted first.",
  ],
  [
    { code: "duplicates", duplicates: 1, seeds: null },
    "1 insert repeats an event that had completed already: delivery is at least once.",
  ],
  [
    { code: "duplicates", duplicates: 2, seeds: null },
    "2 inserts repeat events that had completed already: delivery is at least once.",
  ],
  [
    { code: "dead-letters-completed", completed: 10, deadLetters: 64, seeds: null },
    "The dead-letter queue got 64 messages, 10 of them of events that completed all the same and so have not failed: a redrive would repeat these.",
  ],
  [
    { code: "prediction", platform: "2026", seed: 1, seeds: [1, 2, 3] },
    "A prediction of the local model (AWS's limits of 2026, seeds 1-3), no measurement; --target aws measures.",
  ],
  [
    {
      code: "events-missing",
      missing: 3,
      outcome: "quiet",
      seeds: [
        { seed: 3, count: 2 },
        { seed: 8, count: 1 },
      ],
    },
    "3 events (2 with seed 3, 1 with seed 8) reached neither the database nor a dead-letter queue: the queues were empty and nothing more arrived.",
  ],
  [
    {
      code: "duplicates",
      duplicates: 24,
      seeds: Array.from({ length: 12 }, (_, index) => ({ seed: index + 1, count: 2 })),
    },
    "24 inserts (2 with seed 1, 2 with seed 2, 2 with seed 3, 2 with seed 4, 2 with seed 5, 2 with seed 6, 2 with seed 7, 2 with seed 8, 2 with seed 9, 2 with seed 10, 4 with 2 other seeds) repeat events that had completed already: delivery is at least once.",
  ],
  [
    { code: "concurrency-disagrees", cloudWatch: 5, overlap: 9 },
    "CloudWatch saw a concurrency of 5, the rows show 9 overlapping invocations; it samples, and an invocation that failed leaves no row.",
  ],
  [
    { code: "assumption-implausible", name: "database.connectMs", value: 400, range: [5, 60] },
    "database.connectMs=400 was given, and 5 to 60 is plausible; the model was never held against such a number.",
  ],
  [
    { code: "assumption-decided", name: "database.maximumConnections", value: 97, origin: "platform", count: 526 },
    "526 connections were refused, because the model's database takes 97 at once (database.maximumConnections=97, of the platform); --assume gives your own.",
  ],
  [
    { code: "assumption-decided", name: "database.connectMs", value: 3800, origin: "configuration", count: 1 },
    "One invocation timed out while connecting to the model's database (database.connectMs=3800, by the configuration file); --assume gives your own.",
  ],
  [
    { code: "assumption-decided", name: "lambda.accountConcurrency", value: 10, origin: "given", count: 84 },
    "84 invocations were throttled by the account's quota of 10, not by a reservation (lambda.accountConcurrency=10, given).",
  ],
  [
    { code: "assumption-decided", name: "mapping.throttlePolicy", value: 0, origin: "platform", count: 105 },
    "105 events failed or are missing in a run with throttles, and what a mapping does with a throttled batch is not known for sure (mapping.throttlePolicy=0, of the platform); --assume mapping.throttlePolicy=1 shows the other way.",
  ],
  [
    { code: "numbers-differ", numbers: [{ name: "database.maximumConnections", value: "none" }] },
    "database.maximumConnections=none was given, and the published result has an account and a downstream of its own.",
  ],
  [
    { code: "metric-missing", metric: "consumer.Errors" },
    "CloudWatch had no data for consumer.Errors, so the figures that need it are shown as missing; its points can come minutes late.",
  ],
  [
    {
      code: "settings-differ",
      settings: [
        { name: "WorkMs", value: "1", published: "1150" },
        { name: "BatchSize", value: "10", published: "1" },
      ],
    },
    "Other settings than the published result's: WorkMs 1 (published: 1150), BatchSize 10 (published: 1).",
  ],
  [
    { code: "events-differ", events: 12, published: 1000 },
    "The published result is of one burst of 1000 events, this run of 12 events: counts and times do not compare.",
  ],
  [
    { code: "platform-differs", platform: "2026", published: "2020" },
    "AWS's limits of 2026 are modelled, the published result is of 2020; --platform 2020 models that year.",
  ],
])("says $code in a sentence", (caveat, sentence) => {
  expect(caveatText(caveat)).toBe(sentence);
});
