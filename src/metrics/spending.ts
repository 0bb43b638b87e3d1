/** Estimates of what a run has cost until now, by what CloudWatch has counted, by the rows, and by the time. */
import type { Expense, MetricSeries, Prices, Settings } from "../model.ts";
import { type Counted, linesOf, type Size, total } from "./cost.ts";
import { expensesAhead } from "./cost-ahead.ts";
import { charge, shippedPrices } from "./prices.ts";

const hourMs = 3_600_000;

/** Standard classes of resources that cost nothing while they are idle, or whose use the lines of a bill hold. */
const known = /^AWS::(IAM|Lambda|Logs|SNS|SQS|Events|CloudFormation)::/;
const knownTypes = new Set([
  "AWS::EC2::InternetGateway",
  "AWS::EC2::Route",
  "AWS::EC2::RouteTable",
  "AWS::EC2::SecurityGroup",
  "AWS::EC2::Subnet",
  "AWS::EC2::SubnetRouteTableAssociation",
  "AWS::EC2::VPC",
  "AWS::EC2::VPCGatewayAttachment",
  "AWS::Kinesis::Stream",
]);

/** A run as far as it had come when it was looked at. */
export interface Progressed {
  topology: readonly string[];
  settings: Settings;
  /** what Lambda bills by */
  size: Size;
  hasQueue: boolean;
  /** events; those of which it is not known yet are left out */
  published: number;
  completed: number;
  dead: number;
  /** every point since the stack was made that CloudWatch had */
  metrics: readonly MetricSeries[];
  /** since the stack was made */
  forMs: number;
  /** that CloudWatch was asked for until now */
  metricsRead: number;
  /** absent: those of us-east-1 */
  prices?: Prices;
}

/**
 * Rather too much than too little: each message that was received is taken for a request of its own. What CloudWatch has no point of is
 * taken to be as it would be for the events that the rows show.
 */
export function expensesUntilNow(run: Progressed): Expense[] {
  const { topology, settings, size, hasQueue, published, completed, dead, metrics, forMs, metricsRead } = run;
  const prices = { ...shippedPrices.prices, ...run.prices?.prices };
  const hours = forMs / hourMs;
  const counted: Counted = {
    topology,
    published,
    hasQueue,
    metrics,
    messagesPerRequest: 1,
    pollerHours: hours * mostPollers(metrics, size),
    shardHours: size.shards && size.shards * Math.ceil(hours),
  };
  const expected = (events: number) => expensesAhead({ topology, settings, events, prices: run.prices });
  const invocations = Math.max(completed + dead, total(metrics, "consumer.Invocations") ?? 0);
  const lines = [...linesOf(counted, size, { prices })].map(({ item, dollars }) => ({
    item,
    dollars: dollars ?? dollarsFor(item, expected(invocations)),
  }));
  const workless = expensesAhead({ topology, settings: { ...settings, WorkMs: "0", WorkMsMax: "0" }, events: dead });
  return [
    ...lines,
    { item: "producer" as const, dollars: dollarsFor("producer", expected(published)) },
    { item: "dead letters" as const, dollars: dollarsFor("invocations", workless) + dollarsFor("duration", workless) },
    { item: "logs" as const, dollars: dollarsFor("logs", expected(invocations)) },
    { item: "metrics" as const, dollars: charge(prices["cloudwatch.metric"], metricsRead) },
  ].filter(({ dollars }) => dollars > 0);
}

/** The types of resources whose price is not known here, and a stream that is billed by what goes through it. */
export function unpricedTypes(types: readonly string[], { shards }: Pick<Size, "shards">): string[] {
  const others = types.filter((type) => !known.test(type) && !knownTypes.has(type));
  const isOnDemand = types.includes("AWS::Kinesis::Stream") && shards === null;
  return [...new Set([...others, ...(isOnDemand ? ["AWS::Kinesis::Stream in the mode ON_DEMAND"] : [])])].sort();
}

function dollarsFor(wanted: Expense["item"], expenses: readonly Expense[]): number {
  return expenses.find(({ item }) => item === wanted)?.dollars ?? 0;
}

/** A poller is billed while it is there; the most of any minute stand for all of the time. */
function mostPollers(metrics: readonly MetricSeries[], { minimumPollers }: Size): number {
  const points = metrics.find(({ name }) => name === "consumerMapping.ProvisionedPollers")?.points ?? [];
  return points.reduce((most, { value }) => Math.max(most, value), minimumPollers ?? 0);
}
