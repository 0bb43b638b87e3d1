/** Reads a run's metrics from CloudWatch, each series by a name. */
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { MetricPoint, MetricSeries, MetricsWindow, StackNames } from "../model.ts";
import type { MetricName } from "../targets/clients.ts";
import { send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import { minuteMs } from "./timetable.ts";

type Statistic = MetricSeries["statistic"];

const functionMetrics: [name: string, statistic: Statistic][] = [
  ["Invocations", "Sum"],
  ["Errors", "Sum"],
  ["Throttles", "Sum"],
  ["ConcurrentExecutions", "Maximum"],
  ["Duration", "Average"],
  ["AsyncEventsReceived", "Sum"],
  ["AsyncEventsDropped", "Sum"],
  ["AsyncEventAge", "Maximum"],
];

/** The counts that a queue is billed by. */
const requestMetrics: [name: string, statistic: Statistic][] = [
  ["NumberOfMessagesReceived", "Sum"],
  ["NumberOfMessagesDeleted", "Sum"],
  ["NumberOfEmptyReceives", "Sum"],
];

/** The age of the last record of each batch, when the function gets it. */
const ageMetrics: [name: string, statistic: Statistic][] = [["IteratorAge", "Maximum"]];

const streamMetrics: [name: string, statistic: Statistic][] = [
  ["IncomingRecords", "Sum"],
  ["WriteProvisionedThroughputExceeded", "Sum"],
  ["GetRecords.IteratorAgeMilliseconds", "Maximum"],
];

const queueMetrics: [name: string, statistic: Statistic][] = [
  ["ApproximateNumberOfMessagesVisible", "Maximum"],
  ["ApproximateNumberOfMessagesNotVisible", "Maximum"],
  ["ApproximateAgeOfOldestMessage", "Maximum"],
];

const mappingMetrics: [name: string, statistic: Statistic][] = [["ProvisionedPollers", "Maximum"]];

/**
 * Reads the series of a stack's consumer, queues and stream from `start` to `end`. Their names are such as `consumer.Throttles` and
 * `queue.ApproximateNumberOfMessagesVisible`. A minute without a point is absent.
 */
export async function readSeries(
  target: Account,
  stack: StackNames,
  { start, end }: Pick<MetricsWindow, "start" | "end">,
  signal?: AbortSignal,
): Promise<MetricSeries[]> {
  const wanted = wantedOf(stack);
  const from = start - (start % minuteMs);
  // AWS's clock may be ahead of this one, and the end has to be after the start.
  const until = Math.max(end, start + 1);
  const { metrics } = target.clients;
  const points = metrics
    ? wanted.map(({ metric, statistic }) => metrics(metric, statistic, from, until))
    : await readPoints(target, wanted, from, until, signal);
  return wanted.map(({ name, statistic }, index) => ({ name, statistic, points: points[index]! }));
}

interface Wanted {
  /** the name of the series */
  name: string;
  metric: MetricName;
  statistic: Statistic;
}

function wantedOf({ consumerFunction, consumerMapping, queue, deadLetterQueue, stream }: StackNames): Wanted[] {
  const series = (role: string, namespace: string, dimensions: Record<string, string>, metrics: typeof queueMetrics) =>
    metrics.map(([name, statistic]) => ({
      name: `${role}.${name}`,
      metric: { namespace, name, dimensions },
      statistic,
    }));
  const ofQueue = (role: string, QueueName: string | null, metrics: typeof queueMetrics) =>
    QueueName === null ? [] : series(role, "AWS/SQS", { QueueName }, metrics);
  return [
    ...series("consumer", "AWS/Lambda", { FunctionName: consumerFunction }, functionMetrics),
    ...ofQueue("queue", queue, [...queueMetrics, ...requestMetrics]),
    ...ofQueue("deadLetterQueue", deadLetterQueue, queueMetrics),
    ...(consumerMapping === null
      ? []
      : series("consumerMapping", "AWS/Lambda", { EventSourceMappingUUID: consumerMapping }, mappingMetrics)),
    ...(stream === null
      ? []
      : [
          ...series("consumer", "AWS/Lambda", { FunctionName: consumerFunction }, ageMetrics),
          ...series("stream", "AWS/Kinesis", { StreamName: stream }, streamMetrics),
        ]),
  ];
}

/** The points of each series, by CloudWatch's API. */
async function readPoints(
  target: Account,
  wanted: readonly Wanted[],
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<MetricPoint[][]> {
  const client = target.clients.get(CloudWatchClient);
  const MetricDataQueries: MetricDataQuery[] = wanted.map(
    ({ metric: { namespace: Namespace, name: MetricName, dimensions }, statistic: Stat }, index) => ({
      Id: `m${index}`,
      MetricStat: {
        Metric: {
          Namespace,
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: minuteMs / 1_000,
        Stat,
      },
    }),
  );
  const points: MetricPoint[][] = wanted.map(() => []);
  const sending = { service: "CloudWatch", failure: "CloudWatch cannot be read", signal };
  let NextToken: string | undefined;
  do {
    const question = new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(start),
      EndTime: new Date(end),
      ScanBy: "TimestampAscending",
      NextToken,
    });
    const page = await send(target, () => client.send(question), sending);
    for (const { Id, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const known = points[Number(Id!.slice(1))]!;
      Timestamps.forEach((timestamp, index) => {
        known.push({ timestamp: timestamp.getTime(), value: Values[index]! });
      });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return points;
}

/** The consumer's figures by its metrics. Null: CloudWatch has no point. */
export function consumerFigures(series: readonly MetricSeries[]) {
  return {
    maxConcurrency: highest(series, "consumer.ConcurrentExecutions"),
    invocations: total(series, "consumer.Invocations"),
    throttles: total(series, "consumer.Throttles"),
    errors: total(series, "consumer.Errors"),
  };
}

/** The sum over a series' points; null when it has none. */
export function total(series: readonly MetricSeries[], name: string): number | null {
  return totalUntil(series, name, Number.POSITIVE_INFINITY);
}

/** The sum over a series' points up to a time, including its minute; null when it has none. */
export function totalUntil(series: readonly MetricSeries[], name: string, until: number): number | null {
  const points = pointsOf(series, name).filter(({ timestamp }) => timestamp <= until);
  return points.length === 0 ? null : points.reduce((sum, { value }) => sum + value, 0);
}

/** The highest of a series' points; null when it has none. */
function highest(series: readonly MetricSeries[], name: string): number | null {
  const points = pointsOf(series, name);
  return points.length === 0 ? null : points.reduce((maximum, { value }) => Math.max(maximum, value), 0);
}

/** The latest of a series' points; null when it has none. */
export function latest(series: readonly MetricSeries[], name: string): MetricPoint | null {
  return pointsOf(series, name).at(-1) ?? null;
}

function pointsOf(series: readonly MetricSeries[], name: string) {
  return series.find((each) => each.name === name)?.points ?? [];
}
