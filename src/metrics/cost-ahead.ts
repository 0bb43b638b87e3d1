/** Estimates of what a run, and a database, will cost in US dollars, told before they are made. */
import type { Settings, Spikes } from "../model.ts";
import { charge, shippedPrices } from "./prices.ts";

const { prices } = shippedPrices;

const instanceHours: Record<string, (typeof prices)["rds.t4gMicroHour"]> = {
  "db.t4g.micro": prices["rds.t4gMicroHour"],
  "db.t4g.small": prices["rds.t4gSmallHour"],
  "db.t4g.medium": prices["rds.t4gMediumHour"],
};
const hoursPerMonth = 730;
const databaseGigabytes = 20;

/** The time of handler, connection and runtime beyond WorkMs. */
const overheadSeconds = 0.2;
/** Instances of a consumer that nothing limits. */
const unlimited = 100;
/** One to receive and one to delete, and as many again because some events are received twice or are sent straight to the queue. */
const sqsRequestsPerEvent = 4;
const producerGigabytes = 0.25;
const metricsPerMinute = 17;
const bytesLoggedPerInvocation = 500;

/** US dollars an hour that `infra/database.yaml` costs; null: the class's price is not known here. */
export function databaseCostPerHour(instanceClass: string): number | null {
  const hour = Object.hasOwn(instanceHours, instanceClass) ? instanceHours[instanceClass] : undefined;
  if (hour === undefined) return null;
  const month = charge(prices["rds.storageGigabyteMonth"], databaseGigabytes) + charge(prices["secrets.month"], 1);
  return charge(hour, 1) + charge(prices["vpc.publicAddressHour"], 1) + month / hoursPerMonth;
}

/** US dollars, without the cost of the database. `events`: of all spikes together. */
export function estimatedCost(
  topology: readonly string[],
  settings: Settings,
  events: number,
  { count, everyMs }: Spikes = { count: 1, everyMs: 0 },
): number {
  const setting = (name: string, otherwise: number) =>
    settings[name] === undefined ? otherwise : Number(settings[name]);
  const workSeconds = setting("WorkMs", 1_000) / 1_000 + overheadSeconds;
  const consumerGigabytes = setting("ConsumerMemory", 128) / 1_024;
  const rate = setting("PublishRate", 0);
  const publishSeconds = rate > 0 ? events / rate : events / 1_000;
  const lines = topology.includes("Kinesis")
    ? setting("ShardCount", 1) * setting("ParallelizationFactor", 1)
    : unlimited;
  const concurrency = Math.max(1, setting("ReservedConcurrency", lines));
  const firingSeconds = ((count - 1) * everyMs) / 1_000 + publishSeconds / count;
  const minutes = Math.max(firingSeconds, (events * workSeconds) / concurrency) / 60 + 5;
  const gigabyteSeconds = events * workSeconds * consumerGigabytes + publishSeconds * producerGigabytes;
  /** Nothing for a stage that is not on the path of an event. */
  const at = (stage: string, price: keyof typeof prices, count: number) =>
    topology.includes(stage) ? charge(prices[price], count) : 0;
  return (
    at("SNS", "sns.publish", events) +
    at("SNS FIFO", "sns.fifoPublish", events) +
    at("SQS", "sqs.request", events * sqsRequestsPerEvent) +
    at("SQS FIFO", "sqs.fifoRequest", events * sqsRequestsPerEvent) +
    at("EventBridge", "eventbridge.event", events) +
    at("API destination", "eventbridge.apiDestination", events) +
    at("Kinesis", "kinesis.putUnit", events) +
    at("Kinesis", "kinesis.shardHour", setting("ShardCount", 1) * Math.ceil(minutes / 60)) +
    charge(prices["lambda.request"], events) +
    charge(prices["lambda.gigabyteSecondArm"], gigabyteSeconds) +
    charge(prices["lambda.pollerHour"], (setting("MaximumPollers", 0) * minutes) / 60) +
    charge(prices["cloudwatch.metric"], minutes * metricsPerMinute) +
    charge(prices["logs.gigabyte"], events * bytesLoggedPerInvocation * 1e-9)
  );
}
