/** A queue, and the event source mapping by which a function reads it. */
import { awsDefault } from "../../targets/service-rules.ts";
import type { TemplateValue } from "../../template/template.ts";
import type { Station } from "../event-path.ts";
import { flag, type Owner } from "./ledger.ts";
import { inScenario, type Lifting, none } from "./lifting.ts";

const deadLetterQueues =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html";
const partialResponses = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html";

/** The queue itself, whoever reads it. */
export function liftQueue(lifting: Lifting, queue: Station): void {
  const { ledger, draft } = lifting;
  const owner = lifting.owner(queue);
  ledger.setting({
    setting: "VisibilityTimeout",
    owner,
    keys: ["VisibilityTimeout"],
    otherwise: awsDefault("sqs.defaultVisibilityTimeoutMs", 1_000),
    at: [inScenario("Queue", "VisibilityTimeout")],
  });
  liftReceiveCount(lifting, owner);
  draft.conditions.set("GivesUp", "!Not [!Equals [!Ref MaxReceiveCount, 0]]");
  draft.add(
    ["Queue", "RedrivePolicy"],
    "!If [GivesUp, { deadLetterTargetArn: !GetAtt DeadLetterQueue.Arn, maxReceiveCount: !Ref MaxReceiveCount }, !Ref AWS::NoValue]",
  );
  for (const key of ["MessageRetentionPeriod", "DelaySeconds", "ReceiveMessageWaitTimeSeconds"]) {
    ledger.property(owner, [key], ["Queue", key]);
  }
  if (queue.service === "SQS FIFO") liftFifoQueue(lifting, queue);
}

function liftReceiveCount({ ledger }: Lifting, owner: Owner): void {
  const keys = ["RedrivePolicy", "maxReceiveCount"];
  const others = [
    "MinValue: 0",
    "Description: >-",
    "  How often a message may be received before the queue moves it to the dead-letter queue at the next receive. With 0",
    "  the queue has no dead-letter queue, and a message comes back until the queue no longer keeps it.",
  ];
  const written = ledger.value(owner, keys);
  const unknown =
    written === undefined
      ? (ledger.unreadAt(owner, keys)?.message ?? null)
      : ledger.unknownUntilDeployed(owner, keys, written.value, "MaxReceiveCount");
  if (unknown !== null && ledger.value(owner, ["RedrivePolicy", "deadLetterTargetArn"]) !== undefined) {
    // There is a dead-letter queue, and AWS advises at least 5 for one that Lambda reads: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    ledger.assume("MaxReceiveCount", "5", unknown, others);
    return;
  }
  // The part gives every message up some time. A queue need not, and 0 says so.
  ledger.setting({
    setting: "MaxReceiveCount",
    owner,
    keys,
    otherwise: none("0", deadLetterQueues),
    at: [inScenario("Queue", "RedrivePolicy", "maxReceiveCount")],
    others,
  });
}

function liftFifoQueue(lifting: Lifting, queue: Station): void {
  const { ledger, draft } = lifting;
  const owner = lifting.owner(queue);
  draft.use("fifo-queue");
  ledger.property(owner, ["ContentBasedDeduplication"], ["Queue", "ContentBasedDeduplication"], flag);
  ledger.property(owner, ["DeduplicationScope"], ["Queue", "DeduplicationScope"], plainText);
  ledger.property(owner, ["FifoThroughputLimit"], ["Queue", "FifoThroughputLimit"], plainText);
  ledger.assume(
    "MessageGroups",
    "1",
    "the events' message groups are in no file, and with 1 the queue is worked one batch after the other; give theirs with --set MessageGroups=10",
  );
}

export function liftQueueMapping(lifting: Lifting): void {
  const { ledger, draft, path } = lifting;
  const owner = lifting.ownerOfLink(path.links.at(-1)!);
  const isFifo = lifting.station("SQS FIFO") !== null;
  draft.use("queue-to-consumer");
  ledger.setting({
    setting: "BatchSize",
    owner,
    keys: ["BatchSize"],
    otherwise: awsDefault("mapping.defaultQueueBatchSize"),
    at: [inScenario("ConsumerMapping", "BatchSize")],
  });
  ledger.setting({
    setting: "MaximumBatchingWindow",
    owner,
    keys: ["MaximumBatchingWindowInSeconds"],
    otherwise: none("0"),
    at: [inScenario("ConsumerMapping", "MaximumBatchingWindowInSeconds")],
  });
  if (isFifo) {
    // Lambda takes no window for a FIFO queue, not even of 0 s.
    draft.add(
      ["ConsumerMapping", "MaximumBatchingWindowInSeconds"],
      "!If [HasBatchingWindow, !Ref MaximumBatchingWindow, !Ref AWS::NoValue]",
    );
  }
  liftPollers(lifting);
  ledger.setting({
    setting: "ReportBatchItemFailures",
    owner,
    keys: ["FunctionResponseTypes"],
    otherwise: none("false", partialResponses),
    convert: reportsItemFailures,
    takes: "a list with ReportBatchItemFailures",
    at: [inScenario("ConsumerMapping", "FunctionResponseTypes")],
  });
}

function liftPollers(lifting: Lifting): void {
  const { ledger, draft, path } = lifting;
  const owner = lifting.ownerOfLink(path.links.at(-1)!);
  const maximum = {
    setting: "MaximumConcurrency",
    owner,
    keys: ["ScalingConfig", "MaximumConcurrency"],
    otherwise: none("0", "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"),
    at: [inScenario("ConsumerMapping", "ScalingConfig", "MaximumConcurrency")],
  };
  ledger.setting(maximum);
  if (ledger.value(owner, ["ProvisionedPollerConfig"]) === undefined) return;
  draft.use("provisioned-pollers");
  for (const [setting, fact] of [
    ["MinimumPollers", "mapping.defaultMinimumPollers"],
    ["MaximumPollers", "mapping.defaultMaximumPollers"],
  ] as const) {
    ledger.setting({
      setting,
      owner,
      keys: ["ProvisionedPollerConfig", setting],
      otherwise: awsDefault(fact),
      at: [inScenario("ConsumerMapping", "ProvisionedPollerConfig", setting)],
    });
  }
}

export function reportsItemFailures(value: TemplateValue): string | undefined {
  if (!Array.isArray(value) || value.some((each) => typeof each === "object")) return undefined;
  return String(value.includes("ReportBatchItemFailures"));
}

export function plainText(value: TemplateValue): string | undefined {
  return typeof value === "object" ? undefined : String(value);
}
