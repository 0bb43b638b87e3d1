/** The estimate of what a run has cost until now. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dearestOf, sumOfExpenses } from "../../../src/metrics/cost-ahead.ts";
import { expensesUntilNow, type Progressed, unpricedTypes } from "../../../src/metrics/spending.ts";
import type { MetricSeries } from "../../../src/model.ts";

const minute = 60_000;

function counted(name: string, ...values: number[]): MetricSeries {
  const points = values.map((value, index) => ({ timestamp: index * minute, value }));
  return { name, statistic: "Sum", points };
}

function aRun(run: Partial<Progressed> = {}): Progressed {
  return {
    topology: ["SNS", "SQS", "Lambda"],
    settings: { WorkMs: "1000", ConsumerMemory: "1024" },
    size: { consumer: { memoryMb: 1_024, architecture: "arm64" }, minimumPollers: null, shards: null },
    hasQueue: true,
    published: 1_000,
    completed: 0,
    dead: 0,
    metrics: [],
    forMs: 10 * minute,
    metricsRead: 0,
    ...run,
  };
}

const dollarsFor = (run: Progressed, item: string) =>
  expensesUntilNow(run).find((one) => one.item === item)?.dollars ?? 0;

it("bills a storm's invocations and their time at Lambda's published prices, whatever the rows show", () => {
  const metrics = [counted("consumer.Invocations", 50_000, 50_000), counted("consumer.Duration", 2_000, 1_000)];
  const run = aRun({ metrics });
  // 150,000 GB-s at $0.0000133334, and 100,000 requests at $0.20 a million.
  expect(dollarsFor(run, "duration")).toBeCloseTo(2.00001, 5);
  expect(dollarsFor(run, "invocations")).toBeCloseTo(0.02, 9);
  expect(dearestOf(expensesUntilNow(run))?.item).toBe("duration");
});

it("goes by the rows where CloudWatch is silent", () => {
  const silent = aRun({ completed: 1_000 });
  // 1.2 s each, with what a handler takes besides its work, in one gigabyte.
  expect(dollarsFor(silent, "duration")).toBeCloseTo(1_000 * 1.2 * 0.0000133334, 9);
  expect(dollarsFor(silent, "invocations")).toBeCloseTo(0.0002, 9);
  expect(dollarsFor(silent, "receives")).toBeGreaterThan(0);
});

it("goes by the time for shards and pollers, and an hour of a shard that has begun is a whole one", () => {
  const size = { consumer: null, minimumPollers: null, shards: 4 };
  const stream = (forMs: number) =>
    aRun({ topology: ["Kinesis", "Lambda"], hasQueue: false, published: 0, size, forMs });
  expect(dollarsFor(stream(1), "shards")).toBeCloseTo(4 * 0.015, 9);
  expect(dollarsFor(stream(90 * minute), "shards")).toBeCloseTo(8 * 0.015, 9);
  const pollers = aRun({
    size: { consumer: null, minimumPollers: 2, shards: null },
    metrics: [counted("consumerMapping.ProvisionedPollers", 2, 20, 3)],
    forMs: 60 * minute,
  });
  expect(dollarsFor(pollers, "pollers")).toBeCloseTo(20 * 0.00925, 9);
});

it("never comes to less where more has happened", () => {
  const counts = fc.record({
    published: fc.nat(1e6),
    completed: fc.nat(1e6),
    dead: fc.nat(1e6),
    forMs: fc.nat(1e8),
    metricsRead: fc.nat(1e6),
    invocations: fc.nat(1e6),
    receives: fc.nat(1e6),
  });
  const cost = ({ invocations, receives, ...run }: Record<string, number>) =>
    sumOfExpenses(
      expensesUntilNow(
        aRun({
          ...run,
          metrics: [
            counted("consumer.Invocations", invocations!),
            counted("consumer.Duration", 1_000),
            counted("queue.NumberOfMessagesReceived", receives!),
          ],
        }),
      ),
    );
  fc.assert(
    fc.property(counts, fc.constantFrom(...Object.keys(aCount)), fc.nat(1e6), (before, name, more) => {
      const after = { ...before, [name]: (before as Record<string, number>)[name]! + more };
      expect(cost(after)).toBeGreaterThanOrEqual(cost(before) - 1e-12);
    }),
    { seed: 1 },
  );
});

const aCount = { published: 0, completed: 0, dead: 0, forMs: 0, metricsRead: 0, invocations: 0, receives: 0 };

describe("prices that are not known", () => {
  it("are named by the type of the resource, and never count as nothing", () => {
    const types = ["AWS::SQS::Queue", "AWS::EC2::NatGateway", "AWS::IAM::Role", "AWS::DynamoDB::Table"];
    expect(unpricedTypes(types, { shards: null })).toEqual(["AWS::DynamoDB::Table", "AWS::EC2::NatGateway"]);
  });

  it("are those of a stream that is billed by what goes through it", () => {
    expect(unpricedTypes(["AWS::Kinesis::Stream"], { shards: 1 })).toEqual([]);
    expect(unpricedTypes(["AWS::Kinesis::Stream"], { shards: null })).toEqual([
      "AWS::Kinesis::Stream in the mode ON_DEMAND",
    ]);
  });
});
