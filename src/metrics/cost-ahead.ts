/** Estimates of what a run, and a database, will cost in US dollars, told before they are made. */
import type { Expense, Prices, Settings, Spikes } from "../model.ts";
import { charge, shippedPrices } from "./prices.ts";

const { prices: shipped } = shippedPrices;

const instanceHours: Record<string, (typeof shipped)["rds.t4gMicroHour"]> = {
  "db.t4g.micro": shipped["rds.t4gMicroHour"],
  "db.t4g.small": shipped["rds.t4gSmallHour"],
  "db.t4g.medium": shipped["rds.t4gMediumHour"],
};
const hoursPerMonth = 730;
const databaseGigabytes = 20;

/** The time of handler, connection and runtime beyond WorkMs. */
const overheadSeconds = 0.2;
/** Instances of a consumer that nothing limits. */
const unlimited = 100;
/** One, and as many again because some events are received twice. */
const receivesPerAttempt = 2;
const producerGigabytes = 0.25;
const metricsPerMinute = 17;
const bytesLoggedPerInvocation = 500;

/** US dollars an hour that `infra/database.yaml` costs; null: the class's price is not known here. */
export function databaseCostPerHour(instanceClass: string): number | null {
  const hour = Object.hasOwn(instanceHours, instanceClass) ? instanceHours[instanceClass] : undefined;
  if (hour === undefined) return null;
  const month = charge(shipped["rds.storageGigabyteMonth"], databaseGigabytes) + charge(shipped["secrets.month"], 1);
  return charge(hour, 1) + charge(shipped["vpc.publicAddressHour"], 1) + month / hoursPerMonth;
}

/** A run that is not made yet, or the part of it that has been made. */
export interface Planned {
  topology: readonly string[];
  settings: Settings;
  /** of all spikes together */
  events: number;
  /** absent: there is one */
  spikes?: Spikes;
  /** how often the consumer gets an event; absent: once */
  attempts?: number;
  /** absent: those of us-east-1 */
  prices?: Prices;
}

/** Without the cost of the database. */
export function expensesAhead({
  topology,
  settings,
  events,
  spikes: { count, everyMs } = { count: 1, everyMs: 0 },
  attempts = 1,
  prices: given,
}: Planned): Expense[] {
  const prices = { ...shipped, ...given?.prices };
  const setting = (name: string, otherwise: number) => Number(settings[name] ?? otherwise);
  const has = (stage: string) => topology.includes(stage);
  const most = Math.max(setting("WorkMs", 1_000), setting("WorkMsMax", 0));
  const workSeconds = most / 1_000 + overheadSeconds;
  const consumerGigabytes = setting("ConsumerMemory", 128) / 1_024;
  const rate = setting("PublishRate", 0);
  const publishSeconds = rate > 0 ? events / rate : events / 1_000;
  const shards = setting("ShardCount", 1);
  const lines = has("Kinesis") ? shards * setting("ParallelizationFactor", 1) : unlimited;
  const concurrency = Math.max(1, setting("ReservedConcurrency", lines));
  const firingSeconds = ((count - 1) * everyMs) / 1_000 + publishSeconds / count;
  const invocations = events * attempts;
  const minutes = Math.max(firingSeconds, (invocations * workSeconds) / concurrency) / 60 + 5;
  const hours = minutes / 60;
  const request = prices[has("SQS FIFO") ? "sqs.fifoRequest" : "sqs.request"];
  const hasQueue = has("SQS") || has("SQS FIFO");
  // The adapter and the producer are this project's, on arm64.
  const gigabyteSecond = prices["lambda.gigabyteSecondArm"];
  const all: [stage: boolean, item: Expense["item"], dollars: number][] = [
    [has("SNS"), "publishes", charge(prices["sns.publish"], events)],
    [has("SNS FIFO"), "publishes", charge(prices["sns.fifoPublish"], events)],
    [hasQueue, "sends", charge(request, events)],
    [hasQueue, "receives", charge(request, invocations * receivesPerAttempt)],
    [hasQueue, "deletes", charge(request, events)],
    [has("EventBridge"), "bus events", charge(prices["eventbridge.event"], events)],
    [has("API destination"), "requests", charge(prices["eventbridge.apiDestination"], invocations)],
    [has("Kinesis"), "puts", charge(prices["kinesis.putUnit"], events)],
    [has("Kinesis"), "shards", charge(prices["kinesis.shardHour"], shards * Math.ceil(hours))],
    [true, "invocations", charge(prices["lambda.request"], invocations)],
    [true, "duration", charge(gigabyteSecond, invocations * workSeconds * consumerGigabytes)],
    [true, "producer", charge(gigabyteSecond, publishSeconds * producerGigabytes)],
    [true, "pollers", charge(prices["lambda.pollerHour"], setting("MaximumPollers", 0) * hours)],
    [true, "metrics", charge(prices["cloudwatch.metric"], minutes * metricsPerMinute)],
    [true, "logs", charge(prices["logs.gigabyte"], invocations * bytesLoggedPerInvocation * 1e-9)],
  ];
  return all.flatMap(([isThere, item, dollars]) => (isThere && dollars > 0 ? [{ item, dollars }] : []));
}

/** US dollars */
export function sumOfExpenses(expenses: readonly Expense[]): number {
  return expenses.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** The one that makes most of the sum; null: there is none. */
export function dearestOf(expenses: readonly Expense[]): Expense | null {
  return expenses.reduce<Expense | null>(
    (most, one) => (most !== null && most.dollars >= one.dollars ? most : one),
    null,
  );
}

/** The sums of several estimates, item by item. */
export function addedUp(estimates: readonly (readonly Expense[])[]): Expense[] {
  const sums = new Map<Expense["item"], number>();
  for (const { item, dollars } of estimates.flat()) sums.set(item, (sums.get(item) ?? 0) + dollars);
  return [...sums].map(([item, dollars]) => ({ item, dollars }));
}
