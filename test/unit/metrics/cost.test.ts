/** A run's cost: by hand, by the price pages' own examples, and null where something was not counted. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constantsOf } from "../../../src/emulator/platforms/platforms.ts";
import { type Billed, costOf, idleCostPerDay, recosted } from "../../../src/metrics/cost.ts";
import { charge, shippedPrices } from "../../../src/metrics/prices.ts";
import type { Cost, CostLine, MetricSeries } from "../../../src/model.ts";
import { defaultSize } from "../../../src/steps/consumer.ts";
import { aRecord } from "../records/a-record.ts";

const { prices } = shippedPrices;
const small = { consumer: { memoryMb: 256, architecture: "arm64" }, minimumPollers: null, shards: null };

const series = (name: string, ...values: number[]): MetricSeries => ({
  name,
  statistic: name.endsWith("Duration") ? "Average" : "Sum",
  points: values.map((value, minute) => ({ timestamp: minute * 60_000, value })),
});

/** 1000 events over two minutes: 400 of 1 s and 600 of 2 s, three polls that found nothing. */
const counted: MetricSeries[] = [
  series("queue.NumberOfMessagesReceived", 400, 650),
  series("queue.NumberOfMessagesDeleted", 400, 600),
  series("queue.NumberOfEmptyReceives", 1, 2),
  series("consumer.Invocations", 400, 600),
  series("consumer.Duration", 1_000, 2_000),
];

function aRun(metrics = counted, rest: Partial<Billed> & { perBatch?: number } = {}): Billed {
  const { perBatch = 1, ...others } = rest;
  const { summary, details, stack, burst, topology } = aRecord();
  return {
    topology,
    stack: { ...stack, queue: "queue" },
    burst: { ...burst, published: 1_000 },
    summary: { ...summary, totalEvents: 1_000, eventsCompleted: 1_000, duplicates: 0 },
    details: { ...details, batches: 1_000 / perBatch },
    metrics,
    ...others,
  };
}

function amounts({ lines }: Cost): Record<string, number | null> {
  return Object.fromEntries(lines.map(({ item, count }) => [item, count]));
}

it("bills an API destination's path by its events and requests, and no queue", () => {
  const topology = ["EventBridge", "API destination", "Lambda"];
  const base = aRun();
  const cost = costOf({ ...base, topology, stack: { ...base.stack, queue: null } }, small);
  expect(amounts(cost)).toEqual({ "bus events": 1_000, requests: 1_000, invocations: 1_000, duration: 400 });
  // $1 and $0.20 a million, as the price pages have it.
  const dollars = Object.fromEntries(cost.lines.map((line) => [line.item, line.dollars]));
  expect([dollars["bus events"], dollars.requests]).toEqual([0.001, 0.0002]);
  expect(cost.idleMonth).toBe(0);
});

it("bills whoever sends straight to a queue for each send, which a topic's deliveries are free of", () => {
  const items = (topology: string[]) => amounts(costOf(aRun(counted, { topology }), small));
  expect(items(["SQS", "Lambda"])).toMatchObject({ sends: 1_000, receives: 1_050 });
  expect(items(["SNS", "SQS", "Lambda"])).not.toHaveProperty("sends");
});

it("bills a consumer that pulls for each delete, and nothing for a queue that nothing reads in between", () => {
  const run = aRun(counted, { topology: ["SQS", "Lambda"], perBatch: 50 });
  const [pulled, mapped] = [0, null].map((minimumPollers) => costOf(run, { ...small, minimumPollers }));
  expect(amounts(pulled!)).toMatchObject({ receives: 105, deletes: 1_000 });
  expect(amounts(mapped!)).toMatchObject({ receives: 105, deletes: 100 });
  expect([pulled!.idleMonth, mapped!.idleMonth]).toEqual([0, 0.259]);
});

const without = (name: string) => counted.filter((each) => each.name !== name);

describe("the cost of a run", () => {
  it("is what a hand comes to", () => {
    const cost = costOf(aRun(), small);
    expect(amounts(cost)).toEqual({
      publishes: 1_000,
      receives: 1_050,
      "empty receives": 3,
      deletes: 1_000,
      invocations: 1_000,
      // 400 × 1 s + 600 × 2 s, with a quarter of a GB
      duration: 400,
    });
    // 1000 × 0.5/M + 2053 × 0.4/M + 1000 × 0.2/M + 400 × 0.0000133334
    expect(cost.run).toBeCloseTo(0.0005 + 0.000_821_2 + 0.0002 + 0.005_333_36, 9);
    expect(cost.perMillionEvents).toBe(6.855);
    // 30 × 86,400 s ÷ 20 s × 5 polls at 0.4/M
    expect(cost.idleMonth).toBe(0.259);
    expect(cost.month).toBe(0.465);
    expect(cost).toMatchObject({ region: "us-east-1", ...small });
  });

  it("bills FIFO topics and queues by their own prices", () => {
    const cost = costOf(aRun(counted, { topology: ["SNS FIFO", "SQS FIFO", "Lambda"] }), small);
    // 1000 × 0.31/M + 2053 × 0.5/M + 1000 × 0.2/M + 400 × 0.0000133334
    expect(cost.run).toBeCloseTo(0.000_31 + 0.001_026_5 + 0.0002 + 0.005_333_36, 9);
    // 30 × 86,400 s ÷ 20 s × 5 polls at 0.5/M
    expect(cost.idleMonth).toBe(0.324);
    const alone = costOf(aRun(counted, { topology: ["SQS FIFO", "Lambda"] }), small);
    // In place of each publish a send.
    expect(alone.run).toBeCloseTo(cost.run! - 0.000_31 + 0.000_5, 9);
  });

  it("counts a batch's messages as one receive and one delete, as long as they fit into a request", () => {
    expect(amounts(costOf(aRun(counted, { perBatch: 5 }), small))).toMatchObject({ receives: 210, deletes: 200 });
    expect(amounts(costOf(aRun(counted, { perBatch: 100 }), small))).toMatchObject({ receives: 105, deletes: 100 });
  });

  it("bills the processor that the consumer has", () => {
    const duration = (architecture: string) =>
      costOf(aRun(), { ...small, consumer: { memoryMb: 1_024, architecture } }).lines.find(
        ({ item }) => item === "duration",
      )!;
    expect(duration("x86_64")).toMatchObject({ count: 1_600, dollars: 0.026_666_72 });
    expect(duration("arm64")).toMatchObject({ count: 1_600, dollars: 0.021_333_44 });
  });

  it("has no queue and no idle polls where there is none", () => {
    const run = aRun(counted, { topology: ["SNS", "Lambda"], stack: { ...aRecord().stack, queue: null } });
    const cost = costOf(run, small);
    expect(Object.keys(amounts(cost))).toEqual(["publishes", "invocations", "duration"]);
    expect(cost.idleMonth).toBe(0);
  });

  it.each([
    ["consumer.Invocations", ["invocations", "duration"]],
    ["consumer.Duration", ["duration"]],
  ])("is missing, and never 0, where CloudWatch had no %s", (name, missing) => {
    const cost = costOf(aRun(without(name)), small);
    const uncounted = cost.lines.filter(({ count, dollars }) => count === null && dollars === null);
    expect(uncounted.map(({ item }) => item)).toEqual(missing);
    expect(cost).toMatchObject({ run: null, perMillionEvents: null, month: null });
  });

  it("is missing where CloudWatch showed nothing of the queue, and 0 where it showed the queue's other metrics", () => {
    const nothing = counted.filter(({ name }) => !name.startsWith("queue."));
    expect(amounts(costOf(aRun(nothing), small))).toMatchObject({
      receives: null,
      "empty receives": null,
      deletes: null,
    });
    const busy = costOf(aRun(without("queue.NumberOfEmptyReceives")), small);
    expect(amounts(busy)).toMatchObject({ "empty receives": 0, receives: 1_050 });
    expect(busy.run).not.toBeNull();
  });

  it("is missing without the consumer's size", () => {
    expect(costOf(aRun(), { ...small, consumer: null })).toMatchObject({ run: null, month: null });
  });

  it("is the sum of its lines, and grows with each count", () => {
    const name = fc.constantFrom(...counted.map((each) => each.name));
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 1_000_000 }), (more, by) => {
        const cost = costOf(aRun(), small);
        const sum = cost.lines.reduce((total, { dollars }) => total + dollars!, 0);
        expect(cost.run).toBeCloseTo(sum, 8);
        const raised = counted.map((each) =>
          each.name === more
            ? { ...each, points: each.points.map((point) => ({ ...point, value: point.value + by })) }
            : each,
        );
        expect(costOf(aRun(raised), small).run).toBeGreaterThan(cost.run!);
      }),
    );
  });

  it("keeps its prices when its counts come late", () => {
    const dear = { ...prices["lambda.request"], dollars: 0.3 };
    const elsewhere = { region: "eu-west-1", date: "2026-01-01", prices: { ...prices, "lambda.request": dear } };
    const early = costOf(aRun(without("consumer.Invocations")), small, elsewhere);
    expect(recosted({ ...aRun(), cost: early })).toEqual(costOf(aRun(), small, elsewhere));
    expect(recosted({ ...aRun(), cost: null })).toBeNull();
  });

  it("takes for a function that does not say its size what Lambda does", () => {
    const constants = constantsOf("2026");
    expect(defaultSize.memoryMb).toBe(constants["lambda.defaultMemoryMb"]);
  });
});

describe("the cost of provisioned pollers", () => {
  const size = { ...small, minimumPollers: 2 };
  const pollers: MetricSeries = {
    name: "consumerMapping.ProvisionedPollers",
    statistic: "Maximum",
    points: [2, 6, 6, 2].map((value, minute) => ({ timestamp: minute * 60_000, value })),
  };

  /** Its first event is sent half a minute after the first whole one. */
  function polled(timeTakenSeconds: number | null, metrics = [...counted, pollers]): Cost {
    const run = aRun(metrics);
    return costOf(
      { ...run, burst: { ...run.burst, firstSentAt: 30_000 }, summary: { ...run.summary, timeTakenSeconds } },
      size,
    );
  }

  it("is that of each second of the run, by the most pollers of its minute", () => {
    // 30 s with 2, 60 s with 6 and 10 s with 6
    expect(amounts(polled(100)).pollers).toBeCloseTo((30 * 2 + 70 * 6) / 3_600, 9);
  });

  it("is that of a minute at least", () => {
    expect(amounts(polled(1)).pollers).toBeCloseTo((30 * 2 + 30 * 6) / 3_600, 9);
  });

  it("comes to 13.5 dollars a month for two that wait, with their polls, and counts them once", () => {
    const cost = polled(100);
    // 2 × 730 h × 0.00925, and 30 × 2 × 4,320 polls at 0.4/M
    expect(cost.idleMonth).toBeCloseTo(13.505 + 0.104, 3);
    const spikes = 30 * (cost.run! - (2 * 100 * prices["lambda.pollerHour"].dollars) / 3_600);
    expect(cost.month).toBeCloseTo(cost.idleMonth + spikes, 3);
  });

  it("is missing where CloudWatch had no number of pollers, or nothing was completed", () => {
    expect(polled(100, counted)).toMatchObject({ run: null, month: null });
    expect(amounts(polled(null)).pollers).toBeNull();
  });
});

describe("the cost of a stream", () => {
  const ofStream = (timeTakenSeconds: number | null, shards: number | null = 2) => {
    const run = aRun();
    const streamed = { ...run, topology: ["Kinesis", "Lambda"], stack: { ...run.stack, queue: null } };
    return costOf({ ...streamed, summary: { ...run.summary, timeTakenSeconds } }, { ...small, shards });
  };

  it("is a unit for each event, and each hour of each shard that has begun", () => {
    expect(amounts(ofStream(100))).toMatchObject({ puts: 1_000, shards: 2 });
    expect(amounts(ofStream(3_601))).toMatchObject({ shards: 4 });
    const { lines } = ofStream(100);
    const dollars = (item: string) => lines.find((line) => line.item === item)!.dollars;
    expect([dollars("puts"), dollars("shards")]).toEqual([0.000014, 0.03]);
  });

  it("comes to 21.9 dollars a month for two shards that wait, and counts those of a run once", () => {
    const cost = ofStream(100);
    expect(cost.idleMonth).toBeCloseTo(2 * 730 * 0.015, 3);
    expect(cost.month).toBeCloseTo(cost.idleMonth + 30 * (cost.run! - 0.03), 3);
  });

  it("is missing where the shards are not known, or nothing was completed", () => {
    expect(ofStream(100, null)).toMatchObject({ run: null, month: null });
    expect(amounts(ofStream(null)).shards).toBeNull();
  });
});

describe("the prices", () => {
  // A shard is quoted as 10.80 dollars for the 720 hours of a month of 30 days.
  it("bill a shard as third parties quote it", () => {
    expect(charge(prices["kinesis.shardHour"], 720)).toBeCloseTo(10.8, 9);
  });

  // Lambda's page, example 1: 3 million executions of 1 s with 512 MB, less the free tier, come to 18.34 and 0.40 dollars at
  // 0.00001667 per GB-s; https://aws.amazon.com/lambda/pricing/ (stored copy).
  it("bill Lambda as the example of its page does", () => {
    const gigabyteSeconds = 3e6 * 1 * (512 / 1_024) - 400_000;
    expect(charge(prices["lambda.gigabyteSecondX86"], gigabyteSeconds)).toBeCloseTo(18.34, 1);
    expect(charge(prices["lambda.request"], 2e6)).toBeCloseTo(0.4, 9);
  });

  // 6.3 million requests a month are 2.52 dollars: https://adhdecode-articles-4.pages.dev/articles/sqs/sqs-cost-per-million-messages-pricing
  it("bill SQS as a published example does", () => {
    expect(charge(prices["sqs.request"], 6.3e6)).toBeCloseTo(2.52, 9);
  });

  it("have a source each, and a day", () => {
    expect(shippedPrices.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const price of Object.values(prices))
      expect(price.source).toContain(price.source.startsWith("http") ? "://" : "AWS");
  });

  it("stand in each line with their source", () => {
    const line: CostLine = costOf(aRun(), small).lines[0]!;
    expect(line).toMatchObject({ price: 0.5, per: 1_000_000, source: prices["sns.publish"].source });
  });
});

it("counts in what an idle stack costs a day the polls of each mapping", () => {
  // Five long polls of 20 s at a time are 21,600 requests a day.
  expect(idleCostPerDay(1)).toBeCloseTo((21_600 * 0.4) / 1e6, 12);
  expect(idleCostPerDay(3)).toBeCloseTo((3 * 21_600 * 0.4) / 1e6, 12);
});

it("takes a queue for seen that reported either what it gave or what it lost, and nothing for what it did not report", () => {
  const of = (...metrics: MetricSeries[]) => amounts(costOf(aRun(metrics), small));
  const [received, deleted] = [
    series("queue.NumberOfMessagesReceived", 30),
    series("queue.NumberOfMessagesDeleted", 20),
  ];
  expect(of(received)).toMatchObject({ receives: 30, "empty receives": 0, deletes: 0 });
  expect(of(deleted)).toMatchObject({ receives: null, "empty receives": 0, deletes: 20 });
  expect(of()).toMatchObject({ receives: null, "empty receives": null, deletes: null });
});

it("goes by the rows of a batch, of which a repeated one is one, and by one where nobody counted batches", () => {
  const received = [series("queue.NumberOfMessagesReceived", 1_200)];
  const base = aRun(received);
  const of = (duplicates: number, batches: number) =>
    amounts(costOf({ ...base, summary: { ...base.summary, duplicates }, details: { ...base.details, batches } }, small))
      .receives;
  expect([of(200, 200), of(0, 500), of(0, 0)]).toEqual([200, 600, 1_200]);
});

it("does not know the worked time where a minute has durations and no invocations", () => {
  const metrics = [series("consumer.Invocations", 400), series("consumer.Duration", 1_000, 2_000)];
  expect(amounts(costOf(aRun(metrics), small)).duration).toBeNull();
});

it("spreads a month's cost over the spikes of the run, and knows none per event without events", () => {
  const run = aRun();
  const each = Array(2).fill(null);
  const twice = { ...run, details: { ...run.details, spikes: { everyMs: 86_400_000, each } } } as unknown as Billed;
  const [once, spread] = [costOf(run, small), costOf(twice, small)];
  expect(spread.month! - spread.idleMonth).toBeCloseTo((once.month! - once.idleMonth) / 2, 3);
  const none = costOf({ ...run, summary: { ...run.summary, totalEvents: 0 } }, small);
  expect(none.perMillionEvents).toBeNull();
});
