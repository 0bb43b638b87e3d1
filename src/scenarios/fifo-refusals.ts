/** Finds what AWS would refuse of FIFO queues and topics while it makes the stack, before anything is created. */
import {
  batchRefusal,
  deadLetterTypeRefusal,
  fifoQueueRefusal,
  fifoTopicRefusal,
  fifoWindowRefusal,
} from "../template/fifo-refusals.ts";
import { resourceNamed, valueAt } from "../template/references.ts";
import type { TemplatePath, TemplateResource, TemplateValue } from "../template/template.ts";
import type { Fault } from "./fault.ts";
import type { QueueReading } from "./queue-reading.ts";

const queueType = "AWS::SQS::Queue";
const topicType = "AWS::SNS::Topic";

/** A resource that says whether it is FIFO, by its own property; null: that is not known yet. */
function isFifo({ type, properties }: TemplateResource): boolean | null {
  const value = properties[type === queueType ? "FifoQueue" : "FifoTopic"] ?? false;
  return typeof value === "object" ? null : String(value).toLowerCase() === "true";
}

export function* fifoFaults(resources: readonly TemplateResource[]): Iterable<Fault> {
  for (const resource of resources) {
    if (resource.type === queueType) {
      yield* nameFaults(resource, "QueueName", "FifoQueue");
      yield* deadLetterFaults(resource, resources);
    } else if (resource.type === topicType) {
      yield* nameFaults(resource, "TopicName", "FifoTopic");
    } else if (resource.type === "AWS::SNS::Subscription") {
      yield* subscriptionFaults(resource, resources);
    }
  }
}

/** The window of a mapping that reads a FIFO queue, and its batch, which without a window is of ten messages at most. */
export function fifoReadingFaults({ queue, window, batchSize }: QueueReading, largestBatch: number): Fault[] {
  if (isFifo(queue) !== true) return [];
  const windowRefusal = fifoWindowRefusal(window.value);
  if (windowRefusal !== null) {
    const cure = `Lambda refuses the event source mapping, so set ${window.name} to 0, or leave it out`;
    return [{ path: window.path, message: `${windowRefusal}; ${cure}` }];
  }
  if (!(batchSize.value > largestBatch)) return [];
  const cure = `Lambda refuses the event source mapping of a FIFO queue, so lower ${batchSize.name} to at most ${largestBatch}`;
  return [{ path: batchSize.path, message: `${batchRefusal(largestBatch)}; ${cure}` }];
}

function* nameFaults(resource: TemplateResource, nameKey: string, fifoKey: string): Iterable<Fault> {
  const name = resource.properties[nameKey];
  const fifo = isFifo(resource);
  if (typeof name !== "string" || fifo === null || name.endsWith(".fifo") === fifo) return;
  const cure = fifo
    ? `end ${nameKey} of ${resource.logicalId} with .fifo, or leave it out`
    : `add ${fifoKey}: true to ${resource.logicalId}, or take .fifo from its ${nameKey}`;
  yield {
    path: pathTo(resource, nameKey),
    message: `the name of a FIFO ${noun(resource)} ends with .fifo, and no other's does: ${cure}`,
  };
}

function* deadLetterFaults(queue: TemplateResource, resources: readonly TemplateResource[]): Iterable<Fault> {
  const keys = ["RedrivePolicy", "deadLetterTargetArn"];
  const target = named(valueAt(queue.properties, ...keys), queueType, resources);
  const [own, others] = [isFifo(queue), target && isFifo(target)];
  if (target === null || own === null || others === null || own === others) return;
  const [standard, fifo] = own ? [target, queue] : [queue, target];
  const cure = `SQS refuses ${queue.logicalId}, so add FifoQueue: true to ${standard.logicalId}, or take it from ${fifo.logicalId}`;
  yield { path: pathTo(queue, ...keys), message: `${deadLetterTypeRefusal.replace(/\.$/, "")}; ${cure}` };
}

function* subscriptionFaults(subscription: TemplateResource, resources: readonly TemplateResource[]): Iterable<Fault> {
  const { TopicArn, Endpoint, Protocol } = subscription.properties;
  const topic = named(TopicArn, topicType, resources);
  const queue = named(Endpoint, queueType, resources);
  const ofTopic = topic && isFifo(topic);
  const path = pathTo(subscription, "Endpoint");
  if (topic === null || ofTopic === null) return;
  if (ofTopic && Protocol === "lambda") {
    const cure = `SNS refuses ${subscription.logicalId}, so subscribe a queue that the function reads, or take FifoTopic from ${topic.logicalId}`;
    yield { path, message: `${fifoTopicRefusal}; ${cure}` };
  } else if (!ofTopic && queue !== null && isFifo(queue) === true) {
    const cure = `SNS refuses ${subscription.logicalId}, so add FifoTopic: true to ${topic.logicalId}, or take FifoQueue from ${queue.logicalId}`;
    yield { path, message: `${fifoQueueRefusal}; ${cure}` };
  }
}

function named(
  value: TemplateValue | undefined,
  type: string,
  resources: readonly TemplateResource[],
): TemplateResource | null {
  const resource = resourceNamed(value, resources);
  return resource?.type === type ? resource : null;
}

function noun({ type }: TemplateResource): string {
  return type === queueType ? "queue" : "topic";
}

function pathTo({ logicalId }: TemplateResource, ...keys: string[]): TemplatePath {
  return ["Resources", logicalId, "Properties", ...keys];
}
