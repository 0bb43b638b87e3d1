/** Estimates a run's cost before it is made, by the prices of us-east-1 in US dollars, without free tiers. */
import type { Settings } from "../model.ts";

const perMillion = 1e-6;

/** https://aws.amazon.com/lambda/pricing/, /sns/pricing/, /sqs/pricing/, /cloudwatch/pricing/ */
const price = {
  lambdaRequest: 0.2 * perMillion,
  lambdaGigabyteSecondArm: 0.0000133334,
  snsPublish: 0.5 * perMillion,
  sqsRequest: 0.4 * perMillion,
  metricRead: 0.01 / 1_000,
  logGigabyte: 0.5,
};

/**
 * US dollars an hour for a single instance of RDS for Postgres, and the prices of its storage, address and secret.
 * https://aws.amazon.com/rds/postgresql/pricing/, /vpc/pricing/, /secrets-manager/pricing/; as third parties quoted them in 2026
 */
const databasePrice = {
  instance: { "db.t4g.micro": 0.016, "db.t4g.small": 0.032, "db.t4g.medium": 0.065 } as Record<string, number>,
  storageGigabyteMonth: 0.115,
  publicAddress: 0.005,
  secretMonth: 0.4,
};
const hoursPerMonth = 730;
const databaseGigabytes = 20;

/** The time of handler, connection and runtime beyond WorkMs. */
const overheadSeconds = 0.2;
/** Instances of a consumer that nothing limits. */
const unlimited = 100;
/** One to receive and one to delete, and as many again because some events are received twice. */
const sqsRequestsPerEvent = 4;
const producerGigabytes = 0.25;
const metricsPerMinute = 14;
const bytesLoggedPerInvocation = 500;

/**
 * Lambda reads an idle queue over five connections (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html), each
 * of which is assumed to wait SQS's longest, 20 s.
 */
const pollsPerDay = (5 * 86_400) / 20;

/** US dollars a day that a run's idle stack costs. Functions, topics and empty queues cost nothing, but reading the queues does. */
export function idleCostPerDay(eventSourceMappings: number): number {
  return eventSourceMappings * pollsPerDay * price.sqsRequest;
}

/** US dollars an hour that `infra/database.yaml` costs; null: the class's price is not known here. */
export function databaseCostPerHour(instanceClass: string): number | null {
  const { instance, storageGigabyteMonth, publicAddress, secretMonth } = databasePrice;
  const perHour = instance[instanceClass];
  if (perHour === undefined) return null;
  return perHour + publicAddress + (databaseGigabytes * storageGigabyteMonth + secretMonth) / hoursPerMonth;
}

/** US dollars, without the cost of the database. */
export function estimatedCost(topology: readonly string[], settings: Settings, events: number): number {
  const setting = (name: string, otherwise: number) =>
    settings[name] === undefined ? otherwise : Number(settings[name]);
  const workSeconds = setting("WorkMs", 1_000) / 1_000 + overheadSeconds;
  const consumerGigabytes = setting("ConsumerMemory", 128) / 1_024;
  const rate = setting("PublishRate", 0);
  const publishSeconds = rate > 0 ? events / rate : events / 1_000;
  const concurrency = Math.max(1, setting("ReservedConcurrency", unlimited));
  const minutes = Math.max(publishSeconds, (events * workSeconds) / concurrency) / 60 + 5;
  return (
    events *
      (price.snsPublish + price.lambdaRequest + workSeconds * consumerGigabytes * price.lambdaGigabyteSecondArm) +
    publishSeconds * producerGigabytes * price.lambdaGigabyteSecondArm +
    (topology.includes("SQS") ? events * sqsRequestsPerEvent * price.sqsRequest : 0) +
    minutes * metricsPerMinute * price.metricRead +
    events * bytesLoggedPerInvocation * 1e-9 * price.logGigabyte
  );
}
