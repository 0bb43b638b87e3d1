/** The time that functions work for an event, as CloudWatch measured it. */
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { serviceDefaults } from "../../targets/service-rules.ts";
import { referencesIn } from "../../template/intrinsics.ts";
import type { TemplateResource, TemplateValue } from "../../template/template.ts";
import { type Asking, policyCure } from "./asking.ts";
import { nameIn } from "./gathered.ts";

const dayMs = 86_400_000;
const measuredDays = 14;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const maximumQueries = 500;

/** The time that a function works for one event, in whole milliseconds. */
export interface MeasuredWork {
  /** the median; where it gets batches, the mean */
  workMs: number;
  /** of 95 %, and not below `workMs` */
  workMsMax: number;
  /** where it is from, in a table's words */
  from: string;
}

/** By the logical IDs of functions, each of which is in one of both. */
export interface Works {
  work: Map<string, MeasuredWork>;
  /** sentences without a full stop: why the time is not known, and what to do */
  withoutWork: Map<string, string>;
}

interface Query {
  /** of the function */
  logicalId: string;
  namespace: "AWS/Lambda" | "AWS/SQS" | "AWS/Kinesis";
  metric: string;
  dimension: { Name: string; Value: string };
  statistic: string;
}

/** A metric's values by the beginnings of their days. */
type Days = ReadonlyMap<number, number>;

interface Duration {
  p50: number;
  p95: number;
  /** of all invocations together */
  sum: number;
  invocations: number;
}

/** Batches that a function gets. */
interface Batches {
  /** that its sources handed over; 0: not known */
  events: number;
  /** events that a batch has at most */
  most: number;
}

/** @param nameOf the name by which the account knows a resource; null: it is not known */
export async function readWork(
  asking: Asking,
  resources: readonly TemplateResource[],
  nameOf: (logicalId: string) => string | null,
): Promise<Works> {
  const works: Works = { work: new Map(), withoutWork: new Map() };
  const functions = resources.filter(({ type }) => type === "AWS::Lambda::Function");
  const known = functions.filter(({ logicalId }) => nameOf(logicalId) !== null);
  const sourcesOf = new Map(known.map((each) => [each, sourceQueries(each, resources, nameOf)]));
  const durationsOf = new Map(
    known.map(({ logicalId }) => [logicalId, durationQueries(logicalId, nameOf(logicalId)!)]),
  );
  const queries = [...[...durationsOf.values()].flat(), ...[...sourcesOf.values()].flat().map(({ query }) => query)];
  const daysOf = await readMetrics(asking, queries);
  for (const each of functions) {
    const { logicalId, properties } = each;
    const durations = durationsOf.get(logicalId);
    if (daysOf === null || durations === undefined) {
      const reason = daysOf === null ? `cloudwatch:GetMetricData is denied; ${policyCure}` : "its name is not known";
      works.withoutWork.set(logicalId, `CloudWatch was not asked how long the work takes: ${reason}; or give --work`);
      continue;
    }
    const [p50, p95, total, counts] = durations.map(daysOf) as [Days, Days, Days, Days];
    const invocations = sum(counts);
    if (invocations === 0) {
      works.withoutWork.set(
        logicalId,
        `CloudWatch has no Duration of ${nameOf(logicalId)} in the last ${measuredDays} days; give the time of the work with --work`,
      );
      continue;
    }
    const duration = { p50: weighted(p50, counts), p95: weighted(p95, counts), sum: sum(total), invocations };
    const timeoutSeconds = Number(properties.Timeout ?? serviceDefaults.timeoutSeconds);
    if (duration.p50 >= timeoutSeconds * 1_000) {
      works.withoutWork.set(
        logicalId,
        `most of the ${invocations} invocations of ${nameOf(logicalId)} in the last ${measuredDays} days were ended by its timeout of ${timeoutSeconds} s, so that their Duration does not tell how long the work takes; give its time with --work`,
      );
      continue;
    }
    const sources = sourcesOf.get(each)!;
    const events = sources.reduce((all, { query }) => all + sum(daysOf(query)), 0);
    const most = Math.max(1, ...sources.map((source) => source.most));
    works.work.set(logicalId, measured(duration, most === 1 ? null : { events, most }));
  }
  return works;
}

/**
 * Duration is that of a whole batch, and the work is that of an event. Batches differ in size, so that the median of their durations says little of an event:
 * the mean is exact. The longest ones are taken as full. `batches` null: the function gets events one by one.
 */
function measured({ p50, p95, sum, invocations }: Duration, batches: Batches | null): MeasuredWork {
  // A queue's messages count as received also where the function was throttled and never saw them.
  const size = batches === null ? 1 : Math.min(batches.most, Math.max(1, batches.events / invocations));
  const isDivided = batches !== null && batches.events > 0;
  const workMs = Math.max(1, Math.round(isDivided ? sum / invocations / size : p50));
  const workMsMax = Math.max(workMs, Math.round(isDivided ? p95 / batches.most : p95));
  const all = `Duration of ${invocations} invocation${invocations === 1 ? "" : "s"} in ${measuredDays} days`;
  const percentiles = `p50 ${Math.round(p50)} ms, p95 ${Math.round(p95)} ms`;
  if (batches === null) return { workMs, workMsMax, from: `${all}: ${percentiles}` };
  const of = isDivided
    ? `, of batches of ${size.toFixed(1)} events on average`
    : ", of whole batches, because CloudWatch does not know their size";
  return { workMs, workMsMax, from: `${all}: ${percentiles}${of}` };
}

function durationQueries(logicalId: string, functionName: string): Query[] {
  const dimension = { Name: "FunctionName", Value: functionName };
  return ["p50", "p95", "Sum", "SampleCount"].map((statistic) => {
    return { logicalId, namespace: "AWS/Lambda", metric: "Duration", dimension, statistic };
  });
}

/** Asks for what the function's sources hand over, with the events that a batch of each has at most. */
function sourceQueries(
  { logicalId }: TemplateResource,
  resources: readonly TemplateResource[],
  nameOf: (logicalId: string) => string | null,
): { query: Query; most: number }[] {
  const mappings = resources.filter(
    ({ type, properties }) =>
      type === "AWS::Lambda::EventSourceMapping" && idsIn(properties.FunctionName).includes(logicalId),
  );
  const { batchSize, streamBatchSize } = serviceDefaults;
  return mappings.flatMap(({ properties: { EventSourceArn, BatchSize } }) => {
    const source = resources.find((each) => idsIn(EventSourceArn).includes(each.logicalId));
    const arn = typeof EventSourceArn === "string" ? EventSourceArn : "";
    const name = source === undefined ? nameIn(arn) : nameOf(source.logicalId);
    const service = source?.type.split("::")[1]?.toLowerCase() ?? arn.split(":")[2];
    const queue = {
      namespace: "AWS/SQS",
      metric: "NumberOfMessagesReceived",
      dimension: "QueueName",
      most: batchSize,
    } as const;
    const stream = {
      namespace: "AWS/Kinesis",
      metric: "IncomingRecords",
      dimension: "StreamName",
      most: streamBatchSize,
    } as const;
    const found = service === "sqs" ? queue : service === "kinesis" ? stream : null;
    if (found === null || name === null || name === "") return [];
    const { namespace, metric } = found;
    const query = { logicalId, namespace, metric, statistic: "Sum", dimension: { Name: found.dimension, Value: name } };
    return [{ query, most: typeof BatchSize === "number" ? BatchSize : found.most }];
  });
}

function idsIn(value: TemplateValue | undefined): string[] {
  return value === undefined ? [] : [...referencesIn(value, [])].map(({ name }) => name);
}

/** Asks for days, because CloudWatch keeps those the longest. null: it may not be asked. */
async function readMetrics(asking: Asking, queries: readonly Query[]): Promise<((query: Query) => Days) | null> {
  const { account } = asking;
  const end = account.clock.now();
  const found = new Map<string, Map<number, number>>();
  for (let from = 0; from < queries.length; from += maximumQueries) {
    const results = await asking.list(
      { action: "cloudwatch:GetMetricData", what: "the time of the work (Duration)", isQuiet: true },
      (NextToken) =>
        account.clients.get(CloudWatchClient).send(
          new GetMetricDataCommand({
            StartTime: new Date(end - (end % dayMs) - measuredDays * dayMs),
            EndTime: new Date(end),
            NextToken,
            MetricDataQueries: queries
              .slice(from, from + maximumQueries)
              .map(({ namespace, metric, dimension, statistic }, index) => ({
                Id: `q${from + index}`,
                MetricStat: {
                  Metric: { Namespace: namespace, MetricName: metric, Dimensions: [dimension] },
                  Period: dayMs / 1_000,
                  Stat: statistic,
                },
              })),
          }),
        ),
      ({ MetricDataResults, NextToken }) => ({ items: MetricDataResults, next: NextToken }),
    );
    if (results === null) return null;
    // The values of one query may come on several pages.
    for (const { Id = "", Timestamps = [], Values = [] } of results) {
      const days = found.get(Id) ?? new Map<number, number>();
      for (const [index, at] of Timestamps.entries()) days.set(at.getTime(), Values[index] ?? 0);
      found.set(Id, days);
    }
  }
  return (query) => found.get(`q${queries.indexOf(query)}`) ?? new Map();
}

function sum(days: Days): number {
  return [...days.values()].reduce((all, each) => all + each, 0);
}

/** The mean of the days' values by how many invocations each day had: CloudWatch has percentiles of a period, and none of several. */
function weighted(days: Days, counts: Days): number {
  let total = 0;
  let invocations = 0;
  for (const [day, value] of days) {
    const count = counts.get(day) ?? 0;
    total += value * count;
    invocations += count;
  }
  return invocations === 0 ? 0 : total / invocations;
}
