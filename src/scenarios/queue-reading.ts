/** The numbers that decide how a function reads a queue, as a run has them. */
import type { Scenario, Settings } from "../model.ts";
import { callOf } from "../template/calls.ts";
import { effectiveTemplate } from "../template/effective.ts";
import { resourceNamed, valueAt } from "../template/references.ts";
import type { WindowRule } from "../template/refusals.ts";
import type { TemplatePath, TemplateResource, TemplateValue } from "../template/template.ts";

/** AWS's values for what a template leaves out, and its rule for large batches. */
export interface ServiceDefaults {
  visibilitySeconds: number;
  timeoutSeconds: number;
  /** of a mapping that reads a queue */
  batchSize: number;
  /** of a mapping that reads a stream */
  streamBatchSize: number;
  /** of an asynchronous invocation */
  retries: number;
  windowRule: WindowRule;
}

/** A number of a resource. */
export interface Amount {
  value: number;
  /** to its property, or to the resource's properties where it is the service's default */
  path: TemplatePath;
  /** the setting that gives it; null: it is written in the template, or the service's default */
  setting: string | null;
  /** the words for it in a sentence: the setting, or the property with its resource */
  name: string;
}

/** An event source mapping from a queue to a function of the template. */
export interface QueueReading {
  mapping: TemplateResource;
  queue: TemplateResource;
  fn: TemplateResource;
  /** seconds */
  visibility: Amount;
  /** seconds */
  timeout: Amount;
  batchSize: Amount;
  /** seconds */
  window: Amount;
  /** null: the queue gives nothing up */
  maxReceiveCount: Amount | null;
}

/** Reads the numbers of the resources that a run makes. */
export function amountIn({ template }: Scenario, settings: Settings) {
  const { resources } = effectiveTemplate(template, settings);
  return {
    resources,
    /** null where it is left out, or not known yet. */
    textOf(resource: TemplateResource, ...keys: string[]): string | null {
      const value = valueAt(resource.properties, ...keys);
      return value === undefined || typeof value === "object" ? null : String(value);
    },
    /** NaN where the number is not known yet; null where it is left out and `otherwise` is null. */
    of(resource: TemplateResource, otherwise: number | null, ...keys: string[]): Amount | null {
      const value = valueAt(resource.properties, ...keys) ?? otherwise;
      if (value === null) return null;
      const written = template.resources.find(({ logicalId }) => logicalId === resource.logicalId)!.properties;
      const call = callOf(writtenAt(written, keys) ?? "");
      const named = call?.name === "Ref" && typeof call.argument === "string" ? call.argument : null;
      const setting = named !== null && Object.hasOwn(settings, named) ? named : null;
      return {
        value: typeof value === "object" ? Number.NaN : Number(value),
        path: ["Resources", resource.logicalId, "Properties", ...keys],
        setting,
        name: setting ?? `${keys.at(-1)} of ${resource.logicalId}`,
      };
    },
  };
}

/** A value as the template has it, in whichever branch of a condition it is. */
function writtenAt(value: TemplateValue | undefined, keys: readonly string[]): TemplateValue | undefined {
  if (value === undefined) return undefined;
  const branches = valueAt(value, "Fn::If");
  if (Array.isArray(branches)) return writtenAt(branches[1], keys) ?? writtenAt(branches[2], keys);
  const [key, ...rest] = keys;
  return key === undefined ? value : writtenAt(valueAt(value, key), rest);
}

export function queueReadings(scenario: Scenario, settings: Settings, defaults: ServiceDefaults): QueueReading[] {
  const { resources, of: amount } = amountIn(scenario, settings);
  return resources
    .filter(({ type }) => type === "AWS::Lambda::EventSourceMapping")
    .flatMap((mapping): QueueReading[] => {
      const queue = resourceNamed(mapping.properties.EventSourceArn, resources);
      const fn = resourceNamed(mapping.properties.FunctionName, resources);
      if (queue?.type !== "AWS::SQS::Queue" || fn?.type !== "AWS::Lambda::Function") return [];
      return [
        {
          mapping,
          queue,
          fn,
          visibility: amount(queue, defaults.visibilitySeconds, "VisibilityTimeout")!,
          timeout: amount(fn, defaults.timeoutSeconds, "Timeout")!,
          batchSize: amount(mapping, defaults.batchSize, "BatchSize")!,
          window: amount(mapping, 0, "MaximumBatchingWindowInSeconds")!,
          maxReceiveCount: amount(queue, null, "RedrivePolicy", "maxReceiveCount"),
        },
      ];
    });
}

/** The largest batches that a function gets of the streams that it reads. */
export function streamBatchSizes(
  { resources, of: amount }: ReturnType<typeof amountIn>,
  fn: TemplateResource,
  { streamBatchSize }: ServiceDefaults,
): Amount[] {
  return resources
    .filter(
      ({ type, properties }) =>
        type === "AWS::Lambda::EventSourceMapping" &&
        resourceNamed(properties.FunctionName, resources) === fn &&
        resourceNamed(properties.EventSourceArn, resources)?.type === "AWS::Kinesis::Stream",
    )
    .map((mapping) => amount(mapping, streamBatchSize, "BatchSize")!);
}
