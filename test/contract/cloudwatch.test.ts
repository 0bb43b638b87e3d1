/** CloudWatch: when points appear, what a query covers, and what Lambda's metrics count. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { LambdaFunction } from "../../src/emulator/account.ts";
import { hour, minute, second, start, TestAccount } from "./account.ts";
import { assumed, documented } from "./provenance.ts";

const getMetricData = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html";
const statistics = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html";
const lambdaMetrics = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html";
const lambdaMetricTypes = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html";
const concurrency = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html";

const metric = { namespace: "Test", name: "Metric", dimensions: { Of: "test" } };

interface Query {
  statistic?: string;
  periodMs?: number;
  start?: number;
  end?: number;
}

/** The points of a metric; times are milliseconds since the start. */
function points(account: TestAccount, of = metric, query: Query = {}) {
  const { statistic = "Sum", periodMs = minute, start: from = 0, end = 24 * hour } = query;
  return account.cloudwatch
    .query({ ...of, statistic, periodMs, start: start + from, end: start + end })
    .map(({ timestamp, value }) => [timestamp - start, value]);
}

function lambda(fn: LambdaFunction, name: string) {
  return { namespace: "AWS/Lambda", name, dimensions: { FunctionName: fn.name } } as unknown as typeof metric;
}

documented(lambdaMetrics, "sums up observations by minute, stamped with the minute's beginning", async () => {
  const account = new TestAccount();
  for (const at of [0, 59_999, 60_000, 90_000]) account.cloudwatch.record(metric, 1, start + at);
  await account.advance(hour);
  expect(points(account)).toEqual([
    [0, 2],
    [minute, 2],
  ]);
});

documented(getMetricData, "has no point, and no zero, for a minute without observations", async () => {
  const account = new TestAccount();
  for (const at of [0, 3 * minute]) account.cloudwatch.record(metric, 5, start + at);
  await account.advance(hour);
  expect(points(account)).toEqual([
    [0, 5],
    [3 * minute, 5],
  ]);
  expect(points(account, { ...metric, name: "Other" })).toEqual([]);
});

assumed(
  "AWS advises to read minutes later and publishes no bound",
  "shows a minute only some time after it is over",
  async () => {
    const account = new TestAccount();
    account.cloudwatch.record(metric, 1);
    await account.advance(minute + account.constants["cloudwatch.publishingDelayMs"] - 1);
    expect(points(account)).toEqual([]);
    await account.advance(1);
    expect(points(account)).toEqual([[0, 1]]);
  },
);

documented(getMetricData, "includes the start of a query and excludes its end", async () => {
  const account = new TestAccount();
  for (const at of [0, minute, 2 * minute, 3 * minute]) account.cloudwatch.record(metric, 1, start + at);
  await account.advance(hour);
  const timestamps = points(account, metric, { start: minute, end: 3 * minute }).map(([at]) => at);
  expect(timestamps).toEqual([minute, 2 * minute]);
});

documented(getMetricData, "rounds the start of a query down to a whole minute", async () => {
  const account = new TestAccount();
  account.cloudwatch.record(metric, 1, start + minute);
  await account.advance(hour);
  expect(points(account, metric, { start: minute + 34 * second })).toEqual([[minute, 1]]);
});

documented(getMetricData, "merges the minutes of a longer period", async () => {
  const account = new TestAccount();
  for (const at of [0, minute, 4 * minute, 5 * minute]) account.cloudwatch.record(metric, 2, start + at);
  await account.advance(hour);
  expect(points(account, metric, { periodMs: 5 * minute })).toEqual([
    [0, 6],
    [5 * minute, 2],
  ]);
});

documented(statistics, "knows sum, average, minimum, maximum, sample count and percentiles", async () => {
  const account = new TestAccount();
  for (let value = 1; value <= 100; value++) account.cloudwatch.record(metric, value);
  await account.advance(hour);
  const of = (statistic: string) => points(account, metric, { statistic })[0]![1];
  expect(["Sum", "Average", "Minimum", "Maximum", "SampleCount", "p50", "p99", "p100"].map(of)).toEqual([
    5_050, 50.5, 1, 100, 100, 50, 99, 100,
  ]);
});

documented(getMetricData, "keeps the metrics of different dimensions apart", async () => {
  const account = new TestAccount();
  account.cloudwatch.record(metric, 1);
  account.cloudwatch.record({ ...metric, dimensions: { Of: "other" } }, 10);
  await account.advance(hour);
  expect(points(account)).toEqual([[0, 1]]);
  expect(account.cloudwatch.list()).toHaveLength(2);
});

documented(
  lambdaMetricTypes,
  "counts throttled requests as Throttles, each rejected attempt, and not as Invocations or Errors",
  async () => {
    const account = new TestAccount();
    const fn = account.sleeper("fn", second, { reserved: 2 });
    account.burst(fn, 10);
    await account.advance(hour);
    expect(points(account, lambda(fn, "Invocations"))).toEqual([[0, 2]]);
    expect(points(account, lambda(fn, "Throttles"))).toEqual([[0, 8]]);
    expect(points(account, lambda(fn, "Errors"))).toEqual([[0, 0]]);
  },
);

documented(
  lambdaMetricTypes,
  "counts the retries of a mapping that holds a throttled message as Throttles",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue", { visibilityTimeoutMs: 10 * minute });
    const fn = account.sleeper("fn", 1, { reserved: 0, timeoutMs: second });
    queue.send("a");
    account.map(queue, fn);
    await account.advance(5 * minute);
    expect(account.total(fn, "Throttles")).toBeGreaterThan(10);
    expect(account.total(queue, "NumberOfMessagesReceived")).toBe(1);
  },
);

documented(lambdaMetricTypes, "counts failures as Errors and as Invocations, timeouts too", async () => {
  const account = new TestAccount();
  const fn = account.fn(
    "fn",
    async ({ slow }, { clock }) => {
      if (slow) await clock.sleep(minute);
      throw new Error("no");
    },
    { timeoutMs: second },
  );
  fn.invoke({ slow: true }, () => {});
  fn.invoke({ slow: false }, () => {});
  await account.advance(hour);
  expect(points(account, lambda(fn, "Errors"))).toEqual([[0, 2]]);
  expect(points(account, lambda(fn, "Invocations"))).toEqual([[0, 2]]);
});

documented(
  lambdaMetrics,
  "stamps every metric of an invocation with the moment of the invocation, so that points come late",
  async () => {
    const account = new TestAccount({
      constants: { "lambda.coldStartMedianMs": 2 * second, "lambda.coldStartSigma": 0 },
    });
    const fn = account.fn(
      "fn",
      async (_, { clock }) => {
        await clock.sleep(10 * minute);
        throw new Error("no");
      },
      { timeoutMs: 900 * second },
    );
    await account.advance(minute - second);
    account.burst(fn, 1);
    await account.advance(9 * minute);
    expect(points(account, lambda(fn, "Errors"))).toEqual([]);
    await account.advance(10 * minute);
    expect(points(account, lambda(fn, "Errors"))).toEqual([[0, 1]]);
    expect(points(account, lambda(fn, "Invocations"))).toEqual([[0, 1]]);
    expect(points(account, lambda(fn, "Duration"), { statistic: "Maximum" })).toEqual([[0, 10 * minute]]);
  },
);

documented(concurrency, "has ConcurrentExecutions of a function in each minute in which it runs", async () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", 3 * minute);
  await account.advance(500);
  account.burst(fn, 7);
  await account.advance(second);
  account.burst(fn, 3);
  await account.advance(hour);
  const maxima = points(account, lambda(fn, "ConcurrentExecutions"), { statistic: "Maximum" });
  expect(maxima.slice(0, 3)).toEqual([
    [0, 10],
    [minute, 10],
    [2 * minute, 10],
  ]);
  expect(maxima.length).toBeLessThanOrEqual(4);
});

assumed("AWS does not say how often it samples", "can miss a peak between two samples", async () => {
  const sampleMs = 1_000;
  const account = new TestAccount({ constants: { "cloudwatch.concurrencySampleMs": sampleMs } });
  const fn = account.fn("fn", async ({ ms }, { clock }) => clock.sleep(ms), { timeoutMs: minute });
  fn.invoke({ ms: 10 * sampleMs }, () => {});
  await account.advance(100);
  for (let count = 0; count < 50; count++) fn.invoke({ ms: 200 }, () => {});
  await account.advance(hour);
  expect(points(account, lambda(fn, "ConcurrentExecutions"), { statistic: "Maximum" })).toEqual([[0, 1]]);
});

it("never shows more concurrency than there was [assumed: a sample is one true count at one moment]", async () => {
  const invocation = fc.record({ at: fc.integer({ min: 0, max: 20_000 }), ms: fc.integer({ min: 1, max: 5_000 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(invocation, { minLength: 1, maxLength: 30, size: "max" }), async (invocations) => {
      const account = new TestAccount();
      let [running, peak] = [0, 0];
      const fn = account.fn(
        "fn",
        async ({ ms }, { clock }) => {
          peak = Math.max(peak, ++running);
          await clock.sleep(ms);
          running--;
        },
        { timeoutMs: minute },
      );
      for (const { at, ms } of invocations) account.kernel.at(start + at, () => fn.invoke({ ms }, () => {}));
      await account.advance(5 * minute);
      const [[, maximum]] = points(account, lambda(fn, "ConcurrentExecutions"), { statistic: "Maximum" }) as [
        [number, number],
      ];
      expect(maximum).toBeGreaterThanOrEqual(1);
      expect(maximum).toBeLessThanOrEqual(peak);
    }),
    { numRuns: 50 },
  );
});

assumed(
  "a minute in which nothing was throttled shows 0 on AWS's own dashboards",
  "has a point of 0 Throttles in a minute with invocations",
  async () => {
    const account = new TestAccount();
    const fn = account.sleeper("fn", second);
    account.burst(fn, 1);
    await account.advance(hour);
    expect(points(account, lambda(fn, "Throttles"))).toEqual([[0, 0]]);
  },
);
