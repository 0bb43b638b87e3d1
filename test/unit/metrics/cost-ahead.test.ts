/** The estimate that is shown before a run is paid for. */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  databaseCostPerHour,
  dearestOf,
  expensesAhead,
  type Planned,
  sumOfExpenses,
} from "../../../src/metrics/cost-ahead.ts";
import { shippedPrices } from "../../../src/metrics/prices.ts";
import type { Settings, Spikes } from "../../../src/model.ts";
import { shippedScenarios } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";

function estimatedCost(
  topology: readonly string[],
  settings: Planned["settings"],
  events: number,
  spikes?: Planned["spikes"],
): number {
  return sumOfExpenses(expensesAhead({ topology, settings, events, ...(spikes && { spikes }) }));
}

it("says that a thousand events by each shipped scenario cost a part of a dollar", () => {
  const costs = shippedScenarios().map((each) => estimatedCost(each.topology, settingsOf(each, []), 1_000));
  expect(costs.length).toBeGreaterThanOrEqual(5);
  expect(Math.min(...costs)).toBeGreaterThan(0.001);
  expect(Math.max(...costs)).toBeLessThan(0.2);
});

it("bills a million events of a second in a gigabyte at Lambda's published prices", () => {
  const settings = { WorkMs: "800", ConsumerMemory: "1024", ReservedConcurrency: "1000", PublishRate: "1000" };
  // 1e6 × (1 GB-s + request + publish) and about two thousandths of that for the rest.
  const published = 13.3333 + 0.2 + 0.5;
  expect(estimatedCost(["SNS", "Lambda"], settings, 1_000_000)).toBeGreaterThan(published);
  expect(estimatedCost(["SNS", "Lambda"], settings, 1_000_000)).toBeLessThan(published * 1.03);
});

it("is never less for more events, or with a queue on the way", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 60_000 }), (events, work) => {
      const settings = { WorkMs: String(work), ReservedConcurrency: "1" };
      const cost = estimatedCost(["SNS", "Lambda"], settings, events);
      expect(estimatedCost(["SNS", "Lambda"], settings, events + 1)).toBeGreaterThan(cost);
      expect(estimatedCost(["SNS", "SQS", "Lambda"], settings, events)).toBeGreaterThan(cost);
    }),
  );
});

it("charges for what is paid by the hour as long as spikes follow one another", () => {
  const spikes = { count: 4, everyMs: 3_600_000 };
  const settings = { WorkMs: "0", ShardCount: "1", PublishRate: "50" };
  const extra =
    estimatedCost(["Kinesis", "Lambda"], settings, 400, spikes) - estimatedCost(["Kinesis", "Lambda"], settings, 400);
  // Three hours more of a shard, and of 17 metrics a minute.
  expect(extra).toBeCloseTo(3 * 0.015 + (180 * 17) / 100_000, 3);
});

it("charges for a topic, a bus and an API destination where events pass one", () => {
  const million = (...topology: string[]) => estimatedCost(topology, { WorkMs: "0" }, 1_000_000);
  const bare = million("Lambda");
  // By the price pages: $0.50, $1 and $0.20 a million.
  expect(million("SNS", "Lambda") - bare).toBeCloseTo(0.5, 9);
  expect(million("EventBridge", "API destination", "Lambda") - bare).toBeCloseTo(1.2, 9);
  expect(million("EventBridge", "Lambda") - bare).toBeCloseTo(1, 9);
});

/** So much of each thing that has a price. */
type Amounts = Partial<Record<keyof typeof shippedPrices.prices, number>>;

it.each<[what: string, topology: string[], settings: Settings, events: number, spikes: Spikes | undefined, Amounts]>([
  [
    // 1.2 s of each event in half a gigabyte, two at a time: ten minutes, and five more; 20 s of a producer of a quarter.
    "of a reserved concurrency and pollers that are paid for",
    ["SNS", "SQS", "Lambda"],
    { WorkMs: "1000", ConsumerMemory: "512", PublishRate: "50", ReservedConcurrency: "2", MaximumPollers: "4" },
    1_000,
    undefined,
    {
      "sns.publish": 1_000,
      "sqs.request": 4_000,
      "lambda.request": 1_000,
      "lambda.gigabyteSecondArm": 605,
      "lambda.pollerHour": 1,
      "cloudwatch.metric": 15 * 17,
      "logs.gigabyte": 0.0005,
    },
  ],
  [
    // A hundred at a time in 128 MB, sent a thousand a second: two hours, and five minutes more.
    "of a consumer that nothing limits, by the settings that are usual",
    ["SNS FIFO", "SQS FIFO", "Lambda"],
    {},
    600_000,
    undefined,
    {
      "sns.fifoPublish": 600_000,
      "sqs.fifoRequest": 2_400_000,
      "lambda.request": 600_000,
      "lambda.gigabyteSecondArm": 90_000 + 150,
      "cloudwatch.metric": 125 * 17,
      "logs.gigabyte": 0.3,
    },
  ],
  [
    // Ten at a time: two hours, and five minutes more, of two shards.
    "of a stream's shards",
    ["Kinesis", "Lambda"],
    { WorkMs: "800", ShardCount: "2", ParallelizationFactor: "5" },
    72_000,
    undefined,
    {
      "kinesis.putUnit": 72_000,
      "kinesis.shardHour": 6,
      "lambda.request": 72_000,
      "lambda.gigabyteSecondArm": 9_000 + 18,
      "cloudwatch.metric": 125 * 17,
      "logs.gigabyte": 0.036,
    },
  ],
  [
    // Two times ten minutes from the first spike to the last, which lasts 10 s, and five minutes more.
    "of spikes",
    ["EventBridge", "Lambda"],
    { WorkMs: "0", ReservedConcurrency: "0", PublishRate: "10" },
    300,
    { count: 3, everyMs: 600_000 },
    {
      "eventbridge.event": 300,
      "lambda.request": 300,
      "lambda.gigabyteSecondArm": 7.5 + 7.5,
      "cloudwatch.metric": (1_210 / 60 + 5) * 17,
      "logs.gigabyte": 0.00015,
    },
  ],
])("adds up %s", (_, topology, settings, events, spikes, amounts) => {
  const charges = Object.entries(amounts).map(([price, amount]) => {
    const { dollars, per } = shippedPrices.prices[price as keyof typeof shippedPrices.prices];
    return (dollars * amount) / per;
  });
  const all = charges.reduce((sum, one) => sum + one, 0);
  expect(sumOfExpenses(expensesAhead({ topology, settings, events, spikes }))).toBeCloseTo(all, 9);
});

it("tells the cost of the database per hour, and none for a class without a known price", () => {
  // The instance and its public address are by the hour; storage and secret are a tenth of that.
  expect(databaseCostPerHour("db.t4g.small")).toBeGreaterThan(0.032 + 0.005);
  expect(databaseCostPerHour("db.t4g.small")).toBeLessThan((0.032 + 0.005) * 1.11);
  const { prices } = shippedPrices;
  const month = 20 * prices["rds.storageGigabyteMonth"].dollars + prices["secrets.month"].dollars;
  for (const [size, price] of [
    ["micro", prices["rds.t4gMicroHour"]],
    ["medium", prices["rds.t4gMediumHour"]],
  ] as const) {
    const hour = price.dollars + prices["vpc.publicAddressHour"].dollars;
    expect(databaseCostPerHour(`db.t4g.${size}`)).toBeCloseTo(hour + month / 730, 9);
  }
  expect(databaseCostPerHour("db.r8g.large")).toBeNull();
  expect(databaseCostPerHour("toString")).toBeNull();
});

it("says what makes most of it: an hour of many shards, or the time of many attempts", () => {
  const shards = expensesAhead({ topology: ["Kinesis", "Lambda"], settings: { ShardCount: "50" }, events: 1 });
  expect(dearestOf(shards)).toEqual({ item: "shards", dollars: 0.75 });
  const tried = (attempts: number) =>
    expensesAhead({ topology: ["SQS", "Lambda"], settings: { WorkMs: "1000" }, events: 100_000, attempts });
  expect(dearestOf(tried(10))?.item).toBe("duration");
  // The attempts are most of the sum, and its other lines stay as they are.
  expect(sumOfExpenses(tried(10))).toBeGreaterThan(8 * sumOfExpenses(tried(1)));
  expect(sumOfExpenses(tried(10))).toBeLessThan(10 * sumOfExpenses(tried(1)));
  expect(dearestOf([])).toBeNull();
});

it("goes by the prices that are given, and by those of us-east-1 for what they leave out", () => {
  const half = { region: "eu-nowhere-1", date: "2026-01-01", prices: { ...shippedPrices.prices } };
  half.prices["sns.publish"] = { ...half.prices["sns.publish"], dollars: 0.25 };
  const cost = (prices?: Planned["prices"]) =>
    sumOfExpenses(
      expensesAhead({ topology: ["SNS", "Lambda"], settings: {}, events: 1_000_000, ...(prices && { prices }) }),
    );
  expect(cost() - cost(half)).toBeCloseTo(0.25, 9);
});
