/** CloudWatch's API as the SDK's client sees it. */
import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
  InvalidParameterCombinationException,
  InvalidParameterValueException,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  type MetricDataQuery,
  paginateListMetrics,
  ValidationException,
} from "@aws-sdk/client-cloudwatch";
import { expect, it } from "vitest";
import { start } from "./an-account.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference";
const minute = (count: number) => new Date(start + count * 60_000);

const metric = { Namespace: "AWS/Lambda", MetricName: "Duration", Dimensions: [{ Name: "FunctionName", Value: "f" }] };

function query(Id: string, Stat = "Sum", Period = 60): MetricDataQuery {
  return { Id, MetricStat: { Metric: metric, Period, Stat } };
}

/** Durations of 1 and 3 in minute 0, nothing in minute 1, 10 in minute 2; all of it published. */
async function aMetric() {
  const emulator = new AnEmulator();
  const identity = { namespace: "AWS/Lambda", name: "Duration", dimensions: { FunctionName: "f" } };
  for (const [value, at] of [
    [1, 0],
    [3, 30_000],
    [10, 125_000],
  ] as const) {
    emulator.emulator.cloudwatch.record(identity, value, start + at);
  }
  await emulator.pass(600);
  const data = (input: Partial<GetMetricDataCommandInput> = {}) =>
    emulator.cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [query("m")],
        StartTime: minute(0),
        EndTime: minute(10),
        ...input,
      }),
    );
  const statistics = (input: Partial<GetMetricStatisticsCommandInput>) =>
    emulator.cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...metric,
        StartTime: minute(0),
        EndTime: minute(10),
        Period: 60,
        ...input,
      }),
    );
  return { client: emulator.cloudWatch, emulator, data, statistics };
}

documented(`${reference}/API_GetMetricData.html`, "gives the newest points first, unless told otherwise", async () => {
  const { data } = await aMetric();
  const newest = await data();
  expect(newest.MetricDataResults).toEqual([
    { Id: "m", Label: "Duration", Timestamps: [minute(2), minute(0)], Values: [10, 4], StatusCode: "Complete" },
  ]);
  expect(newest.NextToken).toBeUndefined();
  const oldest = await data({ ScanBy: "TimestampAscending" });
  expect(oldest.MetricDataResults![0]).toMatchObject({ Timestamps: [minute(0), minute(2)], Values: [4, 10] });
});

documented(
  `${reference}/API_GetMetricData.html`,
  "takes the start in, rounded down, and leaves the end out",
  async () => {
    const { data } = await aMetric();
    const between = async (from: Date, to: Date) =>
      (await data({ StartTime: from, EndTime: to })).MetricDataResults![0]!.Values;
    expect(await between(minute(0), minute(2))).toEqual([4]);
    expect(await between(minute(2), minute(3))).toEqual([10]);
    expect(await between(minute(2.9), minute(3))).toEqual([10]);
    expect(await between(minute(1), minute(2))).toEqual([]);
  },
);

it("answers several queries: statistics, periods, labels, and none for what is not to be returned", async () => {
  const { data } = await aMetric();
  const statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum", "p50", "p99.9"];
  const { MetricDataResults } = await data({
    MetricDataQueries: [
      ...statistics.map((Stat, index) => query(`m${index}`, Stat, 300)),
      { ...query("labelled"), Label: "Mine" },
      { ...query("hidden"), ReturnData: false },
    ],
  });
  expect(MetricDataResults!.slice(0, 7).map(({ Values }) => Values![0])).toEqual([3, 14 / 3, 14, 1, 10, 3, 10]);
  expect(MetricDataResults!.slice(7).map(({ Id, Label }) => [Id, Label])).toEqual([["labelled", "Mine"]]);
});

it("has no points for a metric that nobody has recorded", async () => {
  const { data } = await aMetric();
  const unknown = { ...query("m"), MetricStat: { Metric: { ...metric, Dimensions: [] }, Period: 60, Stat: "Sum" } };
  const { MetricDataResults } = await data({ MetricDataQueries: [unknown] });
  expect(MetricDataResults).toMatchObject([{ Timestamps: [], Values: [], StatusCode: "Complete" }]);
});

it("refuses what it does not model or cannot answer", async () => {
  const { data } = await aMetric();
  const refused = async (input: Partial<GetMetricDataCommandInput>) => rejection(data(input));
  const queries = (...MetricDataQueries: MetricDataQuery[]) => ({ MetricDataQueries });
  const expression = await refused(queries(query("m"), { Id: "e", Expression: "m*2" }));
  expect(expression.message).toBe(
    "The emulator does not model the member MetricDataQueries.1.Expression of CloudWatch GetMetricData.",
  );
  for (const wrong of [query("m", "TM99"), query("m", "Sum", 30), query("M")]) {
    expect(await refused(queries(wrong))).toBeInstanceOf(InvalidParameterValueException);
  }
  expect(await refused({ NextToken: "2" })).toBeInstanceOf(InvalidParameterValueException);
  expect(await refused(queries(query("m"), query("m")))).toBeInstanceOf(ValidationException);
  expect(await refused({ EndTime: minute(0) })).toBeInstanceOf(ValidationException);
  const many = Array.from({ length: 501 }, (_, index) => query(`m${index}`));
  expect((await refused(queries(...many))).message).toContain("500");
  expect((await data(queries(...many.slice(1)))).MetricDataResults).toHaveLength(500);
});

documented(`${reference}/API_GetMetricStatistics.html`, "gives a metric's statistics by period", async () => {
  const { statistics } = await aMetric();
  const { Label, Datapoints } = await statistics({ Statistics: ["Sum", "Maximum"], ExtendedStatistics: ["p50"] });
  expect(Label).toBe("Duration");
  expect(Datapoints).toEqual([
    { Timestamp: minute(0), Sum: 4, Maximum: 3, ExtendedStatistics: { p50: 1 } },
    { Timestamp: minute(2), Sum: 10, Maximum: 10, ExtendedStatistics: { p50: 10 } },
  ]);
  const plain = await statistics({ Statistics: ["Average"], Period: 300 });
  expect(plain.Datapoints).toEqual([{ Timestamp: minute(0), Average: 14 / 3 }]);
});

documented(
  `${reference}/API_GetMetricStatistics.html#API_GetMetricStatistics_Errors`,
  "refuses combinations of parameters that have no answer",
  async () => {
    const { statistics } = await aMetric();
    for (const input of [{}, { Statistics: ["Sum" as const], EndTime: minute(1_441) }]) {
      expect(await rejection(statistics(input))).toBeInstanceOf(InvalidParameterCombinationException);
    }
  },
);

it("lists metrics by namespace, name and dimension", async () => {
  const { client, emulator } = await aMetric();
  emulator.emulator.cloudwatch.record({ namespace: "AWS/SQS", name: "Sent", dimensions: { QueueName: "q" } }, 1);
  const listed = async (input: ListMetricsCommandInput) => (await client.send(new ListMetricsCommand(input))).Metrics;
  expect(await listed({})).toHaveLength(2);
  expect(await listed({ Namespace: "AWS/Lambda" })).toEqual([metric]);
  expect(await listed({ MetricName: "Sent" })).toHaveLength(1);
  expect(await listed({ Dimensions: [{ Name: "FunctionName" }] })).toEqual([metric]);
  expect(await listed({ Dimensions: [{ Name: "FunctionName", Value: "g" }] })).toEqual([]);
  expect(await listed({ Dimensions: [{ Name: "toString" }] })).toEqual([]);
});

documented(`${reference}/API_ListMetrics.html`, "lists 500 metrics in an answer", async () => {
  const emulator = new AnEmulator();
  for (let number = 1; number <= 501; number++) {
    const dimensions = { QueueName: `queue-${number}` };
    emulator.emulator.cloudwatch.record({ namespace: "AWS/SQS", name: "NumberOfMessagesSent", dimensions }, 1, start);
  }
  await emulator.pass(900);
  const pages: number[] = [];
  for await (const { Metrics = [] } of paginateListMetrics({ client: emulator.cloudWatch }, {}))
    pages.push(Metrics.length);
  expect(pages).toEqual([500, 1]);
});
