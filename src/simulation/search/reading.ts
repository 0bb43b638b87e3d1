/** Reads a template for what throttles in it, and which of its settings decide that: by its resources, never by its name. */
import type { Scenario, Settings } from "../../model.ts";
import { amountIn } from "../../scenarios/queue-reading.ts";
import { callOf } from "../../template/calls.ts";
import { resourceNamed, valueAt } from "../../template/references.ts";
import type { TemplateResource, TemplateValue } from "../../template/template.ts";

/** The way by which events reach the consumer. `topic`: asynchronously. `url`: by an API destination. `schedule`: it takes them from a queue itself. */
export type Source = "queue" | "fifo" | "stream" | "topic" | "url" | "schedule";

type Kind = "consumer" | "producer" | "mapping" | "queue" | "stream" | "destination";

/** The numbers and texts that a template may leave to a setting, each by the property that takes it. */
const places = {
  work: ["consumer", "Environment", "Variables", "WORK_MS"],
  workMax: ["consumer", "Environment", "Variables", "WORK_MS_MAX"],
  hold: ["consumer", "Environment", "Variables", "HOLD_MS"],
  failureRate: ["consumer", "Environment", "Variables", "FAILURE_RATE"],
  reportsFailures: ["consumer", "Environment", "Variables", "REPORT_BATCH_ITEM_FAILURES"],
  limiter: ["consumer", "Environment", "Variables", "LIMITER"],
  limiterRate: ["consumer", "Environment", "Variables", "LIMITER_RATE"],
  limiterCapacity: ["consumer", "Environment", "Variables", "LIMITER_CAPACITY"],
  pullCount: ["consumer", "Environment", "Variables", "PULL_COUNT"],
  timeout: ["consumer", "Timeout"],
  memory: ["consumer", "MemorySize"],
  reserved: ["consumer", "ReservedConcurrentExecutions"],
  publishRate: ["producer", "Environment", "Variables", "PUBLISH_RATE"],
  messageGroups: ["producer", "Environment", "Variables", "MESSAGE_GROUPS"],
  noisyShare: ["producer", "Environment", "Variables", "NOISY_SHARE"],
  batchSize: ["mapping", "BatchSize"],
  window: ["mapping", "MaximumBatchingWindowInSeconds"],
  maximumConcurrency: ["mapping", "ScalingConfig", "MaximumConcurrency"],
  minimumPollers: ["mapping", "ProvisionedPollerConfig", "MinimumPollers"],
  maximumPollers: ["mapping", "ProvisionedPollerConfig", "MaximumPollers"],
  parallelization: ["mapping", "ParallelizationFactor"],
  streamRetries: ["mapping", "MaximumRetryAttempts"],
  visibility: ["queue", "VisibilityTimeout"],
  receives: ["queue", "RedrivePolicy", "maxReceiveCount"],
  retention: ["queue", "MessageRetentionPeriod"],
  shards: ["stream", "ShardCount"],
  streamRetention: ["stream", "RetentionPeriodHours"],
  destinationRate: ["destination", "InvocationRateLimitPerSecond"],
} as const satisfies Record<string, readonly [Kind, ...string[]]>;

/** A part that a setting can play. */
export type Part = keyof typeof places;

export const parts = Object.keys(places) as Part[];

export interface Reading {
  /** null: none that is known */
  source: Source | null;
  /** what is in effect; a part that the template has not is absent */
  values: Partial<Record<Part, string>>;
  /** the setting that gives it; absent: it is written in the template, or missing there */
  settings: Partial<Record<Part, string>>;
}

/** NaN: the template has no such number. */
export function numberOf({ values }: Reading, part: Part): number {
  const text = values[part];
  return text === undefined ? Number.NaN : Number(text);
}

/** The number, or `otherwise` where the template leaves it out. */
export function numberOr(reading: Reading, part: Part, otherwise: number): number {
  const value = numberOf(reading, part);
  return Number.isNaN(value) ? otherwise : value;
}

/** Reads a scenario as it is with these settings. */
export function readingOf(scenario: Scenario, settings: Settings): Reading {
  const amounts = amountIn(scenario, settings);
  const { resources } = amounts;
  const output = (name: string) => scenario.template.outputs.find((each) => each.name === name)?.value;
  const consumer = resourceNamed(output("ConsumerFunction"), resources);
  const names = (value: Parameters<typeof resourceNamed>[0], what: TemplateResource | null) =>
    what !== null && resourceNamed(value, resources)?.logicalId === what.logicalId;
  const ofType = (type: string) => resources.filter((each) => each.type === type);
  const mapping =
    ofType("AWS::Lambda::EventSourceMapping").find(({ properties }) => names(properties.FunctionName, consumer)) ??
    null;
  const fed = mapping && resourceNamed(mapping.properties.EventSourceArn, resources);
  const targetsOf = ({ properties }: TemplateResource) => [properties.Targets ?? []].flat();
  const schedule = ofType("AWS::Events::Rule").find(
    (rule) =>
      rule.properties.ScheduleExpression !== undefined &&
      targetsOf(rule).some((target) => names(valueAt(target, "Arn"), consumer)),
  );
  const pulled = resourceNamed(valueAt(consumer?.properties, "Environment", "Variables", "QUEUE_URL"), resources);
  const subscription = ofType("AWS::SNS::Subscription").find(({ properties }) => names(properties.Endpoint, consumer));
  const found: Record<Kind, TemplateResource | null> = {
    consumer,
    producer: resourceNamed(output("ProducerFunction"), resources),
    mapping,
    queue: fed?.type === "AWS::SQS::Queue" ? fed : schedule === undefined ? null : pulled,
    stream: fed?.type === "AWS::Kinesis::Stream" ? fed : null,
    destination: ofType("AWS::Events::ApiDestination")[0] ?? null,
  };
  const reading: Reading = { source: null, values: {}, settings: {} };
  for (const part of parts) {
    const [kind, ...keys] = places[part];
    const resource = found[kind];
    if (resource === null) continue;
    const text = amounts.textOf(resource, ...keys);
    if (text !== null) reading.values[part] = text;
    const written = scenario.template.resources.find(({ logicalId }) => logicalId === resource.logicalId);
    const setting = settingAt(written?.properties, keys, settings);
    if (setting !== null) reading.settings[part] = setting;
  }
  reading.source = sourceOf();
  return reading;

  function sourceOf(): Source | null {
    if (found.stream !== null) return "stream";
    if (mapping !== null && found.queue !== null) {
      return String(found.queue.properties.FifoQueue ?? false) === "true" ? "fifo" : "queue";
    }
    if (schedule !== undefined) return "schedule";
    if (found.destination !== null) return "url";
    return subscription === undefined ? null : "topic";
  }
}

/** The setting that a property refers to, also where a condition leaves it out at its present value, as MaximumConcurrency=0; null: none. */
function settingAt(written: TemplateValue | undefined, keys: readonly string[], settings: Settings): string | null {
  if (written === undefined) return null;
  const call = callOf(written);
  if (call?.name === "Fn::If" && Array.isArray(call.argument)) {
    return settingAt(call.argument[1], keys, settings) ?? settingAt(call.argument[2], keys, settings);
  }
  const [key, ...rest] = keys;
  if (key !== undefined) return settingAt(valueAt(written, key), rest, settings);
  const name = call?.name === "Ref" ? String(call.argument) : null;
  return name !== null && Object.hasOwn(settings, name) ? name : null;
}
