/** The cost of a run, line by line: a count, a price, and where the price comes from. */
import type { Cost, CostLine, MetricSeries, Price, Prices, RunRecord } from "../model.ts";
import { toThreeDecimals } from "./figures.ts";
import { charge, shippedPrices } from "./prices.ts";

/** The parts of a record that tell what was billed. */
export type Billed = Pick<RunRecord, "topology" | "summary" | "details" | "burst" | "stack" | "metrics">;

/** The counts behind a bill; null, and a metric without points: it is not known. */
export interface Counted {
  topology: readonly string[];
  published: number;
  hasQueue: boolean;
  metrics: readonly MetricSeries[];
  /** that are received, and deleted, together */
  messagesPerRequest: number;
  pollerHours: number | null;
  shardHours: number | null;
}

/** By what Lambda bills, as the template has it. `consumer` is null where it is not known. */
export type Size = Pick<Cost, "consumer" | "minimumPollers" | "shards">;

/** SQS takes and gives at most so many messages in one request: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api.html */
const mostPerRequest = 10;

/**
 * Lambda reads an idle queue over five connections (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html), each
 * of which is assumed to wait SQS's longest, 20 s.
 */
const pollsPerDay = (5 * 86_400) / 20;
const pollsPerPollerAndDay = 86_400 / 20;

const daysPerMonth = 30;
const hoursPerMonth = 730;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The cost of an event's path, from its publication to the consumer; the bench's own functions (an adapter among them), its reading of metrics
 * and the logs are left out. What could not be counted is null, and so is every sum of it.
 *
 * Lambda rounds each duration up to 1 ms, which no metric tells, and bills the start of an environment, which its metrics leave out.
 */
export function costOf(run: Billed, size: Size, prices: Prices = shippedPrices): Cost {
  return summedUp(run, size, prices, [...linesOf(countedOf(run, size), size, prices)]);
}

function countedOf(run: Billed, { shards }: Size): Counted {
  const { topology, burst, stack, metrics } = run;
  return {
    topology,
    published: burst.published,
    hasQueue: stack.queue !== null,
    metrics,
    messagesPerRequest: messagesPerRequest(run),
    pollerHours: pollerHours(run),
    shardHours: shardHours(run, shards),
  };
}

/** The cost by what is counted now, at the prices that it has. */
export function recosted(run: Billed & { cost: Cost | null }): Cost | null {
  if (run.cost === null) return null;
  const { region, date, consumer, minimumPollers, shards, lines } = run.cost;
  const known = lines.map(({ item, price, per, unit, source }) => [
    priceOf(item, consumer, run.topology),
    { dollars: price, per, unit, source },
  ]);
  const prices = { ...shippedPrices.prices, ...Object.fromEntries(known) };
  return costOf(run, { consumer, minimumPollers, shards }, { region, date, prices });
}

/** The lines of a bill, in the order of an event's path. */
export function* linesOf(
  { topology, published, hasQueue, metrics, messagesPerRequest, pollerHours, shardHours }: Counted,
  { consumer, minimumPollers }: Size,
  { prices }: Pick<Prices, "prices">,
): Iterable<CostLine> {
  const requestsFor = (messages: number | null) => messages && Math.ceil(messages / messagesPerRequest);
  // A topic takes ten messages in one PublishBatch, and whoever sends events for real may send each by itself.
  const line = (item: CostLine["item"], count: number | null) =>
    lineOf(item, count, prices[priceOf(item, consumer, topology)]);
  if (topology.includes("SNS") || topology.includes("SNS FIFO")) yield line("publishes", published);
  // Whoever sends straight to a queue pays for it; a topic's own sends are free.
  if (topology[0]?.startsWith("SQS")) yield line("sends", published);
  if (hasQueue) {
    const received = total(metrics, "queue.NumberOfMessagesReceived");
    const deleted = total(metrics, "queue.NumberOfMessagesDeleted");
    const isSeen = received !== null || deleted !== null;
    yield line("receives", requestsFor(received));
    yield line("empty receives", total(metrics, "queue.NumberOfEmptyReceives", isSeen));
    const gone = total(metrics, "queue.NumberOfMessagesDeleted", isSeen);
    // A consumer that receives by itself deletes each message as soon as it is worked.
    yield line("deletes", minimumPollers === 0 ? gone : requestsFor(gone));
  }
  if (topology.includes("Kinesis")) {
    // An event of the bench is far from the 25 KB of a unit.
    yield line("puts", published);
    yield line("shards", shardHours);
  }
  if (topology.includes("EventBridge")) yield line("bus events", published);
  if (topology.includes("API destination")) yield line("requests", total(metrics, "consumer.Invocations"));
  yield line("invocations", total(metrics, "consumer.Invocations"));
  const seconds = workedSeconds(metrics);
  yield line("duration", consumer && seconds && (seconds * consumer.memoryMb) / 1_024);
  if (minimumPollers) yield line("pollers", pollerHours);
}

function priceOf(
  item: CostLine["item"],
  consumer: Size["consumer"],
  topology: readonly string[],
): keyof Prices["prices"] {
  switch (item) {
    case "publishes":
      return topology.includes("SNS FIFO") ? "sns.fifoPublish" : "sns.publish";
    case "invocations":
      return "lambda.request";
    case "duration":
      return consumer?.architecture === "arm64" ? "lambda.gigabyteSecondArm" : "lambda.gigabyteSecondX86";
    case "pollers":
      return "lambda.pollerHour";
    case "puts":
      return "kinesis.putUnit";
    case "shards":
      return "kinesis.shardHour";
    case "bus events":
      return "eventbridge.event";
    case "requests":
      return "eventbridge.apiDestination";
    default:
      return requestPrice(topology);
  }
}

function requestPrice(topology: readonly string[]): "sqs.fifoRequest" | "sqs.request" {
  return topology.includes("SQS FIFO") ? "sqs.fifoRequest" : "sqs.request";
}

function lineOf(item: CostLine["item"], count: number | null, { dollars, per, unit, source }: Price): CostLine {
  const charged = count === null ? null : toNanodollars(charge({ dollars, per }, count));
  return { item, count, dollars: charged, price: dollars, per, unit, source };
}

/** The messages of one batch are received and deleted together, and a batch is as large as the rows of a batch are many. */
function messagesPerRequest({ details, summary }: Billed): number {
  const rows = summary.eventsCompleted + summary.duplicates;
  return Math.min(mostPerRequest, details.batches > 0 ? Math.max(1, rows / details.batches) : 1);
}

/** Durations are averages of a minute's invocations. */
function workedSeconds(metrics: readonly MetricSeries[]): number | null {
  const invocations = new Map(
    pointsOf(metrics, "consumer.Invocations").map(({ timestamp, value }) => [timestamp, value]),
  );
  const durations = pointsOf(metrics, "consumer.Duration");
  if (durations.length === 0 || durations.some(({ timestamp }) => !invocations.has(timestamp))) return null;
  return durations.reduce((sum, { timestamp, value }) => sum + invocations.get(timestamp)! * value, 0) / 1_000;
}

/** From the first event to the last completion; null: it is not known. A poller is billed by the second, and for a minute at least. */
function billedMs({ burst, summary: { timeTakenSeconds } }: Billed): number | null {
  if (burst.firstSentAt === null || timeTakenSeconds === null) return null;
  return Math.max(minuteMs, timeTakenSeconds * 1_000);
}

/** The most pollers of each minute stand for all of it, so that this is rather too much. */
function pollerHours(run: Billed): number | null {
  const [forMs, points] = [billedMs(run), pointsOf(run.metrics, "consumerMapping.ProvisionedPollers")];
  if (forMs === null || points.length === 0) return null;
  const from = run.burst.firstSentAt!;
  const pollerMs = points.reduce((sum, { timestamp, value }) => {
    const within = Math.min(timestamp + minuteMs, from + forMs) - Math.max(timestamp, from);
    return sum + value * Math.max(0, within);
  }, 0);
  return pollerMs / hourMs;
}

/** A shard is billed by the hour, and an hour that has begun is taken for a whole one. */
function shardHours(run: Billed, shards: number | null): number | null {
  const forMs = billedMs(run);
  return shards === null || forMs === null ? null : shards * Math.ceil(forMs / hourMs);
}

/**
 * null: it has no points. A queue reports all of its metrics in a minute, so one that has none where others have (`isSeen`) counted
 * nothing.
 */
export function total(metrics: readonly MetricSeries[], name: string, isSeen = false): number | null {
  const points = pointsOf(metrics, name);
  if (points.length === 0) return isSeen ? 0 : null;
  return points.reduce((sum, { value }) => sum + value, 0);
}

function pointsOf(metrics: readonly MetricSeries[], name: string) {
  return metrics.find((series) => series.name === name)?.points ?? [];
}

function summedUp(
  run: Billed,
  { consumer, minimumPollers, shards }: Size,
  { region, date, prices }: Prices,
  lines: CostLine[],
): Cost {
  const runDollars = lines.reduce<number | null>(
    (sum, { dollars }) => (sum === null || dollars === null ? null : sum + dollars),
    0,
  );
  const { totalEvents } = run.summary;
  const { everyMs, each } = run.details.spikes ?? { everyMs: dayMs, each: [null] };
  const polls = minimumPollers === null ? pollsPerDay : minimumPollers * pollsPerPollerAndDay;
  const idlePolls = run.stack.queue === null ? 0 : charge(prices[requestPrice(run.topology)], daysPerMonth * polls);
  const hour = charge(prices["lambda.pollerHour"], minimumPollers ?? 0);
  const hasStream = run.topology.includes("Kinesis");
  const shardHour = hasStream ? charge(prices["kinesis.shardHour"], shards ?? 0) : 0;
  const idleMonth = idlePolls + (hour + shardHour) * hoursPerMonth;
  // The least number of pollers and the shards are in the month's hours already.
  const shardDollars = hasStream ? charge(prices["kinesis.shardHour"], shardHours(run, shards) ?? 0) : 0;
  const spike = runDollars && runDollars - (hour * (billedMs(run) ?? 0)) / hourMs - shardDollars;
  return {
    region,
    date,
    consumer,
    minimumPollers,
    shards,
    lines,
    run: runDollars && toNanodollars(runDollars),
    perMillionEvents:
      runDollars === null || totalEvents === 0 ? null : toThreeDecimals((runDollars / totalEvents) * 1e6),
    month: spike === null ? null : toThreeDecimals((spike * daysPerMonth * dayMs) / everyMs / each.length + idleMonth),
    idleMonth: toThreeDecimals(idleMonth),
  };
}

function toNanodollars(dollars: number): number {
  return Math.round(dollars * 1e9) / 1e9;
}

/** US dollars a day that a run's idle stack costs. Functions, topics and empty queues cost nothing, but reading the queues does. */
export function idleCostPerDay(eventSourceMappings: number): number {
  return charge(shippedPrices.prices["sqs.request"], eventSourceMappings * pollsPerDay);
}
