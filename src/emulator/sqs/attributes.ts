/** A queue's attributes: AWS's names for them, which the API and the resource type share, and their bounds. */
import { deadLetterTypeRefusal } from "../../template/fifo-refusals.ts";
import type { Account, FifoSettings, QueueSettings } from "../account.ts";
import type { Attributes } from "../api/attributes.ts";
import { ServiceError } from "../service-error.ts";
import { integerBetween } from "../template/bounds.ts";
import { policyDocument } from "../template/policy-document.ts";
import { flag, given, milliseconds, object, oneOf, required, text } from "../template/properties.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const queueAttributes = {
  FifoQueue: flag,
  ContentBasedDeduplication: flag,
  DeduplicationScope: oneOf("queue", "messageGroup"),
  FifoThroughputLimit: oneOf("perQueue", "perMessageGroupId"),
  VisibilityTimeout: integerBetween(0, "sqs.maximumVisibilityTimeoutMs"),
  DelaySeconds: integerBetween(0, "sqs.maximumDelayMs"),
  MessageRetentionPeriod: integerBetween("sqs.minimumRetentionMs", "sqs.maximumRetentionMs"),
  ReceiveMessageWaitTimeSeconds: integerBetween(0, "sqs.maximumReceiveWaitMs"),
  MaximumMessageSize: integerBetween("sqs.minimumMessageBytes", "sqs.maximumMessageBytes"),
  RedrivePolicy: object({
    deadLetterTargetArn: required(text),
    maxReceiveCount: required(integerBetween(1, "sqs.maximumMaxReceiveCount")),
  }),
};

/** The attributes that the API sets; a template has the policy as a resource of its own. */
export const settableAttributes = { ...queueAttributes, Policy: policyDocument };

export const jsonAttributes = ["RedrivePolicy", "Policy"] as const;

/** `before`: the queue's FIFO settings, of which the attributes may be a part; null: it has none. */
export function queueSettings(
  attributes: Attributes<typeof settableAttributes, (typeof jsonAttributes)[number]>,
  before: FifoSettings | null = null,
): Partial<QueueSettings> {
  return given<QueueSettings>({
    fifo: fifoSettings(attributes, before) ?? undefined,
    visibilityTimeoutMs: milliseconds(attributes.VisibilityTimeout),
    delayMs: milliseconds(attributes.DelaySeconds),
    retentionMs: milliseconds(attributes.MessageRetentionPeriod),
    receiveWaitMs: milliseconds(attributes.ReceiveMessageWaitTimeSeconds),
    maximumMessageBytes: attributes.MaximumMessageSize,
    redrivePolicy: attributes.RedrivePolicy,
    policy: attributes.Policy,
  });
}

/** @throws ServiceError for attributes that only FIFO queues have. */
function fifoSettings(
  attributes: Pick<
    Attributes<typeof queueAttributes, "RedrivePolicy">,
    "FifoQueue" | "ContentBasedDeduplication" | "DeduplicationScope" | "FifoThroughputLimit"
  >,
  before: FifoSettings | null,
): FifoSettings | null {
  const { FifoQueue, ContentBasedDeduplication, DeduplicationScope, FifoThroughputLimit } = attributes;
  if (FifoQueue !== true && before === null) {
    const own = { ContentBasedDeduplication, DeduplicationScope, FifoThroughputLimit };
    const foreign = Object.entries(own).find(([, value]) => value !== undefined && value !== false);
    if (foreign === undefined) return null;
    throw new ServiceError("InvalidAttributeName", `Unknown Attribute ${foreign[0]}.`);
  }
  return {
    contentBasedDeduplication: ContentBasedDeduplication ?? before?.contentBasedDeduplication ?? false,
    deduplicationScope: DeduplicationScope ?? before?.deduplicationScope ?? "queue",
    throughputLimit: FifoThroughputLimit ?? before?.throughputLimit ?? "perQueue",
  };
}

/** @throws ServiceError when a setting is out of SQS's bounds, or its dead-letter queue does not exist or is of the other type. */
export function checkSettings(settings: Partial<QueueSettings>, { constants, sqs }: Account): void {
  const bounds: [keyof QueueSettings, string, number, number][] = [
    ["visibilityTimeoutMs", "VisibilityTimeout", 0, constants["sqs.maximumVisibilityTimeoutMs"]],
    ["delayMs", "DelaySeconds", 0, constants["sqs.maximumDelayMs"]],
    ["retentionMs", "MessageRetentionPeriod", constants["sqs.minimumRetentionMs"], constants["sqs.maximumRetentionMs"]],
    ["receiveWaitMs", "ReceiveMessageWaitTimeSeconds", 0, constants["sqs.maximumReceiveWaitMs"]],
    [
      "maximumMessageBytes",
      "MaximumMessageSize",
      constants["sqs.minimumMessageBytes"],
      constants["sqs.maximumMessageBytes"],
    ],
  ];
  for (const [setting, attribute, minimum, maximum] of bounds) {
    const value = settings[setting];
    if (value !== undefined && !(Number(value) >= minimum && Number(value) <= maximum)) {
      throw new ServiceError("InvalidAttributeValue", `Invalid value for the parameter ${attribute}.`);
    }
  }
  const { fifo = null } = settings;
  if (fifo?.throughputLimit === "perMessageGroupId" && fifo.deduplicationScope !== "messageGroup") {
    throw new ServiceError(
      "InvalidAttributeValue",
      "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
    );
  }
  if (!settings.redrivePolicy) return;
  const { deadLetterTargetArn, maxReceiveCount } = settings.redrivePolicy;
  const most = constants["sqs.maximumMaxReceiveCount"];
  if (!(Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= most)) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Value for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${most} both inclusive.`,
    );
  }
  const target = sqs.queue(deadLetterTargetArn);
  if (target && (target.settings.fifo === null) === (fifo === null)) return;
  const reason = target ? deadLetterTypeRefusal : "Dead letter target does not exist.";
  throw new ServiceError(
    "InvalidParameterValue",
    `Value ${JSON.stringify(settings.redrivePolicy)} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
  );
}
