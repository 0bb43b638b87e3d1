/** SNS topics and subscriptions, as templates declare them. */
import { valueAt } from "../../template/references.ts";
import type { TemplateMap, TemplateValue } from "../../template/template.ts";
import type { ResourceType, Statement } from "../account.ts";
import { policyDocument } from "../template/policy-document.ts";
import { list, object, oneOf, refined, required, text } from "../template/properties.ts";
import { alreadyExists, resourceType, takes } from "../template/resource-type.ts";
import {
  existingTopic,
  fifoTopicSettings,
  protocols,
  quietProtocols,
  rawDeliveryRefusal,
  subscriptionAttributes,
  subscriptionSettings,
  topicAttributes,
} from "./subscription.ts";

const protocol = refined(text, (value) =>
  protocols.some((each) => each === value) || quietProtocols.has(value)
    ? null
    : `must be ${protocols.join(" or ")} for the local target, which does not model ${value}`,
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sns-topic.html */
const topic = resourceType(
  "AWS::SNS::Topic",
  {
    TopicName: text,
    Subscription: list(object({ Endpoint: required(text), Protocol: required(protocol) })),
    ...topicAttributes,
    TracingConfig: oneOf("PassThrough", "Active"),
  },
  {
    // A display name is the sender of e-mails and text messages. Encryption at rest, signatures and logs of deliveries change no delivery.
    inert: ["DeliveryStatusLogging", "DisplayName", "KmsMasterKeyId", "SignatureVersion", "Tags"],
    inertIn: ({ Subscription }) => (Array.isArray(Subscription) ? [...new Set(Subscription.flatMap(quietName))] : []),
    attributes: ["TopicArn", "TopicName"],
    creationMs: takes(5, [2, 15], "a few calls that take effect at once"),
    deletionMs: takes(1, [0.5, 3], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const suffix = properties.FifoTopic ? ".fifo" : "";
      const most = account.constants["sns.maximumNameCharacters"] - suffix.length;
      const name = properties.TopicName ?? generatedName(most) + suffix;
      if (account.sns.list().some((each) => each.name === name)) throw alreadyExists("AWS::SNS::Topic", name);
      const created = account.sns.create(name, fifoTopicSettings(properties));
      try {
        for (const { Protocol, Endpoint } of properties.Subscription ?? []) {
          if (!quietProtocols.has(Protocol)) created.subscribe(Protocol, Endpoint);
        }
      } catch (failure) {
        account.sns.delete(created.arn);
        throw failure;
      }
      return {
        physicalId: created.arn,
        attributes: { TopicArn: created.arn, TopicName: name },
        delete: () => account.sns.delete(created.arn),
      };
    },
  },
);

function quietName(subscription: TemplateValue): string[] {
  const protocol = valueAt(subscription, "Protocol");
  return quietProtocols.has(protocol) ? [`Subscription by ${protocol}`] : [];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sns-subscription.html */
const delivering = resourceType(
  "AWS::SNS::Subscription",
  {
    TopicArn: required(text),
    Protocol: required(protocol),
    Endpoint: required(text),
    ...subscriptionAttributes,
  },
  {
    attributes: ["Arn"],
    creationMs: takes(2, [1, 5], "one call; subscriptions within the account need no confirmation"),
    deletionMs: takes(1, [0.5, 3], "one call that takes effect at once"),
    create({ account, properties }) {
      const subscribed = existingTopic(account, properties.TopicArn);
      const created = subscribed.subscribe(properties.Protocol, properties.Endpoint, subscriptionSettings(properties));
      return {
        physicalId: created.arn,
        attributes: { Arn: created.arn },
        delete: () => subscribed.unsubscribe(created.arn),
      };
    },
  },
);

/** A subscription of a person or a store, of which a topic and its other subscriptions know nothing. */
const quiet = resourceType(
  "AWS::SNS::Subscription",
  { TopicArn: required(text), Protocol: required(text), Endpoint: text },
  {
    inert: ["DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"],
    attributes: ["Arn"],
    creationMs: delivering.creationMs,
    deletionMs: delivering.deletionMs,
    create({ account, properties, generatedName }) {
      const arn = `${existingTopic(account, properties.TopicArn).arn}:${generatedName(36)}`;
      return { physicalId: arn, attributes: { Arn: arn }, delete() {} };
    },
  },
);

const ofProtocol = ({ Protocol }: TemplateMap) => (quietProtocols.has(Protocol) ? quiet : delivering);

const subscription: ResourceType = {
  ...delivering,
  inertIn: ({ Protocol }) => (quietProtocols.has(Protocol) ? "all" : []),
  check(properties) {
    const problems = ofProtocol(properties).check(properties);
    const { Protocol, RawMessageDelivery } = properties;
    const refusal =
      RawMessageDelivery === undefined || typeof Protocol !== "string" ? null : rawDeliveryRefusal(Protocol);
    if (refusal === null || problems.some(({ path }) => path[0] === "Protocol")) return problems;
    return [...problems, { path: ["RawMessageDelivery"], message: `is refused by SNS: ${refusal} Remove it` }];
  },
  create: (creation) => ofProtocol(creation.properties).create(creation),
};

/**
 * The only publishers that are modelled are functions of the account, and their roles' policies decide. A topic policy that
 * lets services publish changes nothing for them. Any other policy would, so it is refused.
 */
const servicesMayPublish = refined(policyDocument, ({ Statement }) =>
  [Statement].flat().every(isServiceAllowance)
    ? null
    : "must only allow services, by Principal: Service, to publish; the local target models no other topic policy",
);

function isServiceAllowance(statement: Statement | undefined): boolean {
  const principal = statement?.Principal;
  // Every request of the model is by HTTPS, so that this denies none.
  const insecure = statement?.Condition?.Bool?.["aws:SecureTransport"];
  if (statement?.Effect === "Deny" && insecure !== undefined && [insecure].flat().every((each) => each === "false")) {
    return true;
  }
  return (
    statement?.Effect === "Allow" &&
    typeof principal === "object" &&
    Object.keys(principal).every((key) => key === "Service")
  );
}

const topicPolicy = resourceType(
  "AWS::SNS::TopicPolicy",
  { Topics: required(list(text)), PolicyDocument: required(servicesMayPublish) },
  {
    creationMs: takes(2, [1, 5], "one call for each topic"),
    deletionMs: takes(1, [0.5, 3], "one call for each topic"),
    create({ account, properties, generatedName }) {
      for (const arn of properties.Topics) existingTopic(account, arn);
      return { physicalId: generatedName(128), attributes: {}, delete() {} };
    },
  },
);

export const snsTypes = [topic, subscription, topicPolicy];
