/** A queue's attributes: AWS's names for them, which the API and the resource type share, and their bounds. */
import type { Account, QueueSettings } from "../account.ts";
import type { Attributes } from "../api/attributes.ts";
import { ServiceError } from "../service-error.ts";
import { integerBetween } from "../template/bounds.ts";
import { policyDocument } from "../template/policy-document.ts";
import { given, milliseconds, object, required, text } from "../template/properties.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const queueAttributes = {
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

export function queueSettings(
  attributes: Attributes<typeof settableAttributes, (typeof jsonAttributes)[number]>,
): Partial<QueueSettings> {
  return given<QueueSettings>({
    visibilityTimeoutMs: milliseconds(attributes.VisibilityTimeout),
    delayMs: milliseconds(attributes.DelaySeconds),
    retentionMs: milliseconds(attributes.MessageRetentionPeriod),
    receiveWaitMs: milliseconds(attributes.ReceiveMessageWaitTimeSeconds),
    maximumMessageBytes: attributes.MaximumMessageSize,
    redrivePolicy: attributes.RedrivePolicy,
    policy: attributes.Policy,
  });
}

/** @throws ServiceError when a setting is out of SQS's bounds, or its dead-letter queue does not exist. */
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
  if (!settings.redrivePolicy) return;
  const { deadLetterTargetArn, maxReceiveCount } = settings.redrivePolicy;
  const most = constants["sqs.maximumMaxReceiveCount"];
  if (!(Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= most)) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Value for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${most} both inclusive.`,
    );
  }
  if (!sqs.queue(deadLetterTargetArn)) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Value ${JSON.stringify(settings.redrivePolicy)} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  }
}
