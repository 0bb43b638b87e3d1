/** SNS events: a subscription of the function, or of a queue in between. */
import type { Event } from "./event.ts";
import type { Expansion, Invoked } from "./expansion.ts";
import { arnOf, type Parts, referred } from "./written.ts";

const page =
  "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-sqssubscriptionobject.html";

/** SAM writes it into the mapping of a queue in between where nothing is given. */
const batchSize = 10;

export function expandSubscription(event: Event, invoked: Invoked, expansion: Expansion): void {
  const { logicalId, properties, place } = event;
  const { condition } = invoked;
  event.require("Topic", expansion);
  const subscribe = (protocol: string, endpoint: Parts) =>
    expansion.make(
      logicalId,
      "AWS::SNS::Subscription",
      place,
      { Protocol: protocol, Endpoint: endpoint, TopicArn: properties.get("Topic"), ...subscriptionProperties() },
      condition,
    );
  const subscriptionProperties = () =>
    Object.fromEntries(
      ["Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"].map((name) => [name, properties.get(name)]),
    );
  const between = properties.get("SqsSubscription");
  if (between === undefined || (!between.isMap && !between.isTrue)) {
    subscribe("lambda", invoked.arn);
    return;
  }
  const map = (queueArn: Parts, size: Parts) => {
    const mapping = `${logicalId}EventSourceMapping`;
    expansion.make(
      mapping,
      "AWS::Lambda::EventSourceMapping",
      between.place,
      { FunctionName: invoked.name, EventSourceArn: queueArn, BatchSize: size ?? batchSize, Enabled: true },
      condition,
    );
    expansion.fillIn(mapping, [...(size === undefined ? ["BatchSize"] : []), "Enabled"], page);
  };
  if (!between.isMap) {
    const queue = `${logicalId}Queue`;
    const isFifo = expansion.resource(referred(properties.get("Topic")?.value))?.properties.get("FifoTopic")?.isTrue;
    expansion.make(queue, "AWS::SQS::Queue", between.place, { FifoQueue: isFifo || undefined }, condition);
    map(arnOf(queue), undefined);
    subscribe("sqs", arnOf(queue));
    return;
  }
  const queueArn = between.get("QueueArn");
  if (queueArn === undefined || between.get("QueueUrl") === undefined) {
    expansion.refuse(between, `SqsSubscription of ${event.name} lacks QueueArn or QueueUrl; add both, or write true`);
  }
  map(queueArn, between.get("BatchSize"));
  subscribe("sqs", queueArn);
}
