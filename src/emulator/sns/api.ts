/** SNS's API: topics, subscriptions, publishing. https://docs.aws.amazon.com/sns/latest/api/ */
import { z } from "zod";
import type { Account, Topic } from "../account.ts";
import { runBatch } from "../api/batch.ts";
import { flag, list, map, messageAttributes, pageToken } from "../api/input.ts";
import { type Api, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";

const message = {
  Message: z.string(),
  Subject: z.string().optional(),
  MessageAttributes: messageAttributes.optional(),
};

const operations: Api["operations"] = {
  CreateTopic: operation(z.strictObject({ Name: z.string() }), ({ account }, { Name }) => ({
    TopicArn: account.sns.create(Name).arn,
  })),

  /** A topic that is not there is deleted, too. */
  DeleteTopic: operation(z.strictObject({ TopicArn: z.string() }), ({ account }, { TopicArn }) => {
    account.sns.delete(TopicArn);
    return {};
  }),

  ListTopics: operation(z.strictObject({ NextToken: pageToken.optional() }), ({ account }) => ({
    Topics: account.sns.list().map(({ arn }) => ({ TopicArn: arn })),
  })),

  GetTopicAttributes: operation(z.strictObject({ TopicArn: z.string() }), ({ account }, { TopicArn }) => {
    const topic = topicOf(account, TopicArn);
    return {
      Attributes: new Map([
        ["TopicArn", topic.arn],
        ["Owner", account.accountId],
        ["DisplayName", ""],
        ["SubscriptionsConfirmed", String(topic.subscriptions.length)],
        ["SubscriptionsPending", "0"],
        ["SubscriptionsDeleted", "0"],
      ]),
    };
  }),

  Publish: operation(z.strictObject({ TopicArn: z.string(), ...message }), ({ account }, { TopicArn, ...entry }) => ({
    MessageId: publish(topicOf(account, TopicArn), entry),
  })),

  PublishBatch: operation(
    z.strictObject({
      TopicArn: z.string(),
      PublishBatchRequestEntries: list(z.strictObject({ Id: z.string(), ...message })),
    }),
    ({ account }, { TopicArn, PublishBatchRequestEntries }) => {
      const topic = topicOf(account, TopicArn);
      const limits = {
        entries: account.constants["sns.maximumBatchEntries"],
        bytes: account.constants["sns.maximumMessageBytes"],
      };
      return runBatch(
        PublishBatchRequestEntries,
        limits,
        ({ Message }) => Message,
        (entry) => ({ MessageId: publish(topic, entry) }),
      );
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
    ({ account }, { TopicArn, Protocol, Endpoint, Attributes = {} }) => {
      const { RawMessageDelivery = "false", RedrivePolicy, ...others } = Attributes;
      const [other] = Object.keys(others);
      if (other !== undefined) {
        throw new ServiceError(
          "InvalidParameter",
          `Invalid parameter: the emulator does not model Attributes.${other}`,
        );
      }
      const subscription = topicOf(account, TopicArn).subscribe(Protocol, Endpoint, {
        rawMessageDelivery: RawMessageDelivery === "true",
        deadLetterTargetArn: RedrivePolicy === undefined ? null : deadLetterTargetOf(RedrivePolicy),
      });
      return { SubscriptionArn: subscription.arn };
    },
  ),

  /** A subscription that is not there is removed, too. */
  Unsubscribe: operation(z.strictObject({ SubscriptionArn: z.string() }), ({ account }, { SubscriptionArn }) => {
    const topicArn = SubscriptionArn.slice(0, SubscriptionArn.lastIndexOf(":"));
    account.sns.topic(topicArn)?.unsubscribe(SubscriptionArn);
    return {};
  }),

  ListSubscriptionsByTopic: operation(
    z.strictObject({ TopicArn: z.string(), NextToken: pageToken.optional() }),
    ({ account }, { TopicArn }) => ({
      Subscriptions: topicOf(account, TopicArn).subscriptions.map(({ arn, topicArn, protocol, endpoint }) => ({
        SubscriptionArn: arn,
        Owner: account.accountId,
        Protocol: protocol,
        Endpoint: endpoint,
        TopicArn: topicArn,
      })),
    }),
  ),
};

function topicOf(account: Account, arn: string): Topic {
  const topic = account.sns.topic(arn);
  if (!topic) throw new ServiceError("NotFound", "Topic does not exist", 404);
  return topic;
}

function publish(topic: Topic, { Message, Subject, MessageAttributes }: z.output<z.ZodObject<typeof message>>): string {
  return topic.publish(Message, { subject: Subject, messageAttributes: MessageAttributes }).messageId;
}

function deadLetterTargetOf(redrivePolicy: string): string {
  try {
    return z.strictObject({ deadLetterTargetArn: z.string() }).parse(JSON.parse(redrivePolicy)).deadLetterTargetArn;
  } catch {
    throw new ServiceError(
      "InvalidParameter",
      "Invalid parameter: Attributes Reason: RedrivePolicy: it must be a JSON object with the one member deadLetterTargetArn",
    );
  }
}

export const snsApi: Api = {
  name: "SNS",
  signingName: "sns",
  version: "2010-03-31",
  targetPrefix: "SNS_20100331",
  xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  queryCodes: {},
  inputErrors: { missing: "InvalidParameter", invalid: "InvalidParameter" },
  operations,
};
