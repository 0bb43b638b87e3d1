/** SNS's API: topics, subscriptions, publishing. https://docs.aws.amazon.com/sns/latest/api/ */
import * as z from "zod";
import type { Account, FifoTopicSettings, Subscription } from "../account.ts";
import { readAttributes } from "../api/attributes.ts";
import { flag, list, map, messageAttributes, pageOf, pageToken } from "../api/input.ts";
import { type Api, type Output, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import type { Problem } from "../template/properties.ts";
import {
  existingTopic,
  fifoTopicSettings,
  subscriptionAttributes,
  subscriptionSettings,
  topicAttributes,
} from "./subscription.ts";

const message = {
  Message: z.string(),
  Subject: z.string().optional(),
  MessageAttributes: messageAttributes.optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
};

/** A page has so many topics or subscriptions: https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
const pageSize = 100;

const operations: Api["operations"] = {
  CreateTopic: operation(
    z.strictObject({ Name: z.string(), Attributes: map(z.string()).optional() }),
    (account, { Name, Attributes = {} }) => {
      const attributes = readAttributes(Attributes, topicAttributes, [], refusedAttribute);
      return { TopicArn: account.sns.create(Name, fifoTopicSettings(attributes)).arn };
    },
  ),

  /** A topic that is not there is deleted, too. */
  DeleteTopic: operation(z.strictObject({ TopicArn: z.string() }), (account, { TopicArn }) => {
    account.sns.delete(TopicArn);
    return {};
  }),

  ListTopics: operation(z.strictObject({ NextToken: pageToken.optional() }), (account, { NextToken }) => {
    const { items, next } = pageOf(account.sns.list(), NextToken, pageSize);
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
  }),

  GetTopicAttributes: operation(z.strictObject({ TopicArn: z.string() }), (account, { TopicArn }) => {
    const topic = existingTopic(account, TopicArn);
    return {
      Attributes: new Map([
        ["TopicArn", topic.arn],
        ["Owner", account.accountId],
        ["DisplayName", ""],
        ["SubscriptionsConfirmed", String(topic.subscriptions.length)],
        ["SubscriptionsPending", "0"],
        ["SubscriptionsDeleted", "0"],
        ...fifoAttributes(topic.settings.fifo),
      ]),
    };
  }),

  Publish: operation(
    z.strictObject({ TopicArn: z.string(), ...message }),
    (account, { TopicArn, Message, Subject, MessageAttributes, MessageGroupId, MessageDeduplicationId }) => {
      const { messageId, sequenceNumber } = existingTopic(account, TopicArn).publish(Message, {
        subject: Subject,
        messageAttributes: MessageAttributes,
        messageGroupId: MessageGroupId,
        messageDeduplicationId: MessageDeduplicationId,
      });
      return { MessageId: messageId, SequenceNumber: sequenceNumber };
    },
  ),

  PublishBatch: operation(
    z.strictObject({
      TopicArn: z.string(),
      PublishBatchRequestEntries: list(z.strictObject({ Id: z.string(), ...message })),
    }),
    (account, { TopicArn, PublishBatchRequestEntries }) => {
      const { Successful, Failed } = existingTopic(account, TopicArn).publishBatch(PublishBatchRequestEntries);
      const answers = Successful.map(({ Id, MessageId, SequenceNumber }) => ({ Id, MessageId, SequenceNumber }));
      return { Successful: answers, Failed };
    },
  ),

  Subscribe: operation(
    z.strictObject({
      TopicArn: z.string(),
      Protocol: z.string(),
      Endpoint: z.string(),
      Attributes: map(z.string()).optional(),
      /** The subscriptions that are modelled need no confirmation, so their ARN is known either way. */
      ReturnSubscriptionArn: flag.optional(),
    }),
    (account, { TopicArn, Protocol, Endpoint, Attributes = {} }) => {
      const attributes = readAttributes(Attributes, subscriptionAttributes, ["RedrivePolicy"], refusedAttribute);
      const topic = existingTopic(account, TopicArn);
      const subscription = topic.subscribe(Protocol, Endpoint, subscriptionSettings(attributes));
      return { SubscriptionArn: subscription.arn };
    },
  ),

  /** A subscription that is not there is removed, too. */
  Unsubscribe: operation(z.strictObject({ SubscriptionArn: z.string() }), (account, { SubscriptionArn }) => {
    const topicArn = SubscriptionArn.slice(0, SubscriptionArn.lastIndexOf(":"));
    account.sns.topic(topicArn)?.unsubscribe(SubscriptionArn);
    return {};
  }),

  ListSubscriptionsByTopic: operation(
    z.strictObject({ TopicArn: z.string(), NextToken: pageToken.optional() }),
    (account, { TopicArn, NextToken }) =>
      pageOfSubscriptions(account, existingTopic(account, TopicArn).subscriptions, NextToken),
  ),

  ListSubscriptions: operation(z.strictObject({ NextToken: pageToken.optional() }), (account, { NextToken }) =>
    pageOfSubscriptions(
      account,
      account.sns.list().flatMap(({ subscriptions }) => subscriptions),
      NextToken,
    ),
  ),

  GetSubscriptionAttributes: operation(z.strictObject({ SubscriptionArn: z.string() }), (account, input) => {
    const subscription = account.sns
      .list()
      .flatMap(({ subscriptions }) => subscriptions)
      .find(({ arn }) => arn === input.SubscriptionArn);
    if (!subscription) throw new ServiceError("NotFound", "Subscription does not exist", 404);
    const { rawMessageDelivery, deadLetterTargetArn } = subscription;
    return {
      Attributes: new Map([
        ...Object.entries(describeSubscription(account, subscription)),
        ["PendingConfirmation", "false"],
        ["ConfirmationWasAuthenticated", "true"],
        ["RawMessageDelivery", String(rawMessageDelivery)],
        ...(deadLetterTargetArn === null ? [] : [["RedrivePolicy", JSON.stringify({ deadLetterTargetArn })] as const]),
      ]),
    };
  }),
};

function pageOfSubscriptions(account: Account, all: readonly Subscription[], token: string | undefined): Output {
  const { items, next } = pageOf(all, token, pageSize);
  return { Subscriptions: items.map((each) => describeSubscription(account, each)), NextToken: next };
}

function describeSubscription({ accountId }: Account, { arn, topicArn, protocol, endpoint }: Subscription) {
  return { SubscriptionArn: arn, Owner: accountId, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn };
}

function fifoAttributes(fifo: FifoTopicSettings | null): [string, string][] {
  if (fifo === null) return [];
  return [
    ["FifoTopic", "true"],
    ["ContentBasedDeduplication", String(fifo.contentBasedDeduplication)],
    ["FifoThroughputScope", fifo.throughputScope],
  ];
}

function refusedAttribute(name: string, problem: Problem | null): ServiceError {
  const reason =
    problem === null
      ? `the emulator does not model Attributes.${name}`
      : `Attributes Reason: ${[name, ...problem.path].join(".")} ${problem.message}`;
  return new ServiceError("InvalidParameter", `Invalid parameter: ${reason}`);
}

export const snsApi: Api = {
  name: "SNS",
  signingName: "sns",
  version: "2010-03-31",
  targetPrefix: "SNS_20100331",
  xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  inputErrors: { missing: "InvalidParameter", invalid: "InvalidParameter" },
  operations,
};
