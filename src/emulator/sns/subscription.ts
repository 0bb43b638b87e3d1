/** A subscription's attributes in AWS's names, for the API and the resource type alike, and as settings. */
import type { Account, SubscriptionSettings, Topic } from "../account.ts";
import type { Attributes } from "../api/attributes.ts";
import { ServiceError } from "../service-error.ts";
import { flag, object, required, text } from "../template/properties.ts";

/** The protocols that topics deliver by. */
export const protocols = ["lambda", "sqs"] as const;

/** https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html */
export const subscriptionAttributes = {
  RawMessageDelivery: flag,
  RedrivePolicy: object({ deadLetterTargetArn: required(text) }),
};

export function subscriptionSettings({
  RawMessageDelivery,
  RedrivePolicy,
}: Attributes<typeof subscriptionAttributes, "RedrivePolicy">): SubscriptionSettings {
  return {
    rawMessageDelivery: RawMessageDelivery ?? false,
    deadLetterTargetArn: RedrivePolicy?.deadLetterTargetArn ?? null,
  };
}

/** @throws ServiceError `NotFound`. */
export function existingTopic({ sns }: Account, arn: string): Topic {
  const topic = sns.topic(arn);
  if (!topic) throw new ServiceError("NotFound", "Topic does not exist", 404);
  return topic;
}
