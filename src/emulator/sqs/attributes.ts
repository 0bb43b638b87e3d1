/** A queue's attributes in AWS's names, for the API and the resource type alike, and as settings. */
import type { QueueSettings } from "../account.ts";
import { policyDocument } from "../template/policy-document.ts";
import { given, integer, milliseconds, object, required, text, type Values } from "../template/properties.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const queueAttributes = {
  VisibilityTimeout: integer,
  DelaySeconds: integer,
  MessageRetentionPeriod: integer,
  ReceiveMessageWaitTimeSeconds: integer,
  MaximumMessageSize: integer,
  RedrivePolicy: object({ deadLetterTargetArn: required(text), maxReceiveCount: required(integer) }),
};

/** The attributes that the API sets; a template has the policy as a resource of its own. */
export const settableAttributes = { ...queueAttributes, Policy: policyDocument };

type Nullable<T> = { [K in keyof T]: T[K] | null | undefined };

export function queueSettings(attributes: Nullable<Values<typeof settableAttributes>>): Partial<QueueSettings> {
  return given<QueueSettings>({
    visibilityTimeoutMs: milliseconds(attributes.VisibilityTimeout ?? undefined),
    delayMs: milliseconds(attributes.DelaySeconds ?? undefined),
    retentionMs: milliseconds(attributes.MessageRetentionPeriod ?? undefined),
    receiveWaitMs: milliseconds(attributes.ReceiveMessageWaitTimeSeconds ?? undefined),
    maximumMessageBytes: attributes.MaximumMessageSize ?? undefined,
    redrivePolicy: attributes.RedrivePolicy,
    policy: attributes.Policy,
  });
}
