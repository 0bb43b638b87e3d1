/** A subscription's attributes in AWS's names, for the API and the resource type alike, and as settings. */
import type { Account, FifoTopicSettings, SubscriptionSettings, Topic } from "../account.ts";
import type { Attributes } from "../api/attributes.ts";
import { ServiceError } from "../service-error.ts";
import { flag, object, oneOf, required, text } from "../template/properties.ts";

/** The protocols that topics deliver by. */
export const protocols = ["lambda", "sqs"] as const;

/** The protocols of people and of stores: what is sent there reaches no function and no queue. https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export const quietProtocols: ReadonlySet<unknown> = new Set(["email", "email-json", "sms", "application", "firehose"]);

/** https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html */
const rawProtocols = ["sqs", "http", "https", "firehose"];

/** Why SNS refuses the attribute RawMessageDelivery, also when it is false, in its words; null: it takes it. */
export function rawDeliveryRefusal(protocol: string): string | null {
  return rawProtocols.includes(protocol)
    ? null
    : `Delivery protocol [${protocol}] does not support raw message delivery.`;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html */
export const subscriptionAttributes = {
  RawMessageDelivery: flag,
  RedrivePolicy: object({ deadLetterTargetArn: required(text) }),
};

export function subscriptionSettings({
  RawMessageDelivery,
  RedrivePolicy,
}: Attributes<typeof subscriptionAttributes, "RedrivePolicy">): Partial<SubscriptionSettings> {
  return {
    ...(RawMessageDelivery === undefined ? {} : { rawMessageDelivery: RawMessageDelivery }),
    deadLetterTargetArn: RedrivePolicy?.deadLetterTargetArn ?? null,
  };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const topicAttributes = {
  FifoTopic: flag,
  ContentBasedDeduplication: flag,
  FifoThroughputScope: oneOf("Topic", "MessageGroup"),
};

/** null: the topic is a standard one. @throws ServiceError for attributes that only FIFO topics have. */
export function fifoTopicSettings({
  FifoTopic,
  ContentBasedDeduplication,
  FifoThroughputScope,
}: Attributes<typeof topicAttributes, never>): FifoTopicSettings | null {
  if (FifoTopic) {
    const throughputScope = FifoThroughputScope ?? "Topic";
    return { contentBasedDeduplication: ContentBasedDeduplication ?? false, throughputScope };
  }
  if (ContentBasedDeduplication) throw foreign("Content-based deduplication can only be set for FIFO topics");
  if (FifoThroughputScope !== undefined) throw foreign("FifoThroughputScope can only be set for FIFO topics");
  return null;
}

function foreign(reason: string): ServiceError {
  return new ServiceError("InvalidParameter", `Invalid parameter: ${reason}`);
}

/** @throws ServiceError `NotFound`. */
export function existingTopic({ sns }: Account, arn: string): Topic {
  const topic = sns.topic(arn);
  if (!topic) throw new ServiceError("NotFound", "Topic does not exist", 404);
  return topic;
}
