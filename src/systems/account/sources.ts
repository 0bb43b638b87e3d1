/** Queues, streams, topics and rules that send events to a function, each as the account has it. */
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { DescribeStreamSummaryCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  SNSClient,
  type Subscription,
} from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from "@aws-sdk/client-sqs";
import type { Asking } from "./asking.ts";
import { type Gathered, nameIn, parsed, type Told } from "./gathered.ts";

export class Sources {
  #subscriptions: Promise<Subscription[] | null> | null = null;
  #buses: Promise<string[]> | null = null;

  constructor(
    private readonly asking: Asking,
    private readonly gathered: Gathered,
  ) {}

  /** Reads a queue with its dead-letter queue. One that cannot be read stays an ARN. */
  async readQueue(arn: string): Promise<void> {
    if (this.gathered.has(arn) || !/^arn:[^:]+:sqs:/.test(arn)) return;
    const [, partition, , region, accountId, name] = arn.split(":");
    const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    const QueueUrl = `https://sqs.${region}.${suffix}/${accountId}/${name}`;
    const answer = await this.asking.ask(
      { action: "sqs:GetQueueAttributes", what: `the settings of the queue ${name}` },
      () => this.#clients.get(SQSClient).send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
    );
    const attributes = answer?.Attributes;
    if (attributes === undefined) return;
    const number = (key: QueueAttributeName) => (attributes[key] === undefined ? undefined : Number(attributes[key]));
    const redrive = parsed(attributes.RedrivePolicy);
    const isFifo = attributes.FifoQueue === "true";
    const properties: Told = {
      QueueName: name,
      VisibilityTimeout: number("VisibilityTimeout"),
      MessageRetentionPeriod: number("MessageRetentionPeriod"),
      DelaySeconds: number("DelaySeconds"),
      ReceiveMessageWaitTimeSeconds: number("ReceiveMessageWaitTimeSeconds"),
      MaximumMessageSize: number("MaximumMessageSize"),
      ...(isFifo && {
        FifoQueue: true,
        ContentBasedDeduplication: attributes.ContentBasedDeduplication === "true",
        DeduplicationScope: attributes.DeduplicationScope,
        FifoThroughputLimit: attributes.FifoThroughputLimit,
      }),
    };
    const deadLetters = redrive?.deadLetterTargetArn;
    if (typeof deadLetters === "string" && deadLetters !== arn) await this.readQueue(deadLetters);
    if (typeof deadLetters === "string") {
      const maxReceiveCount = redrive?.maxReceiveCount === undefined ? undefined : Number(redrive.maxReceiveCount);
      properties.RedrivePolicy = { deadLetterTargetArn: this.gathered.reference(deadLetters), maxReceiveCount };
    }
    this.gathered.add("AWS::SQS::Queue", "Queue", name!, arn, "Arn", properties);
  }

  /** Reads a stream, or the stream of an enhanced fan-out consumer. */
  async readStream(arn: string): Promise<void> {
    const StreamARN = arn.replace(/\/consumer\/.*$/, "");
    const name = nameIn(StreamARN);
    if (!this.gathered.has(StreamARN)) {
      const answer = await this.asking.ask(
        { action: "kinesis:DescribeStreamSummary", what: `the shards of the stream ${name}` },
        () => this.#kinesis().send(new DescribeStreamSummaryCommand({ StreamARN })),
      );
      const summary = answer?.StreamDescriptionSummary;
      if (summary === undefined) return;
      this.gathered.add("AWS::Kinesis::Stream", "Stream", name, StreamARN, "Arn", {
        Name: name,
        ShardCount: summary.OpenShardCount,
        RetentionPeriodHours: summary.RetentionPeriodHours,
        StreamModeDetails: { StreamMode: summary.StreamModeDetails?.StreamMode },
      });
    }
    if (arn === StreamARN || this.gathered.has(arn)) return;
    const ConsumerName = /\/consumer\/([^:/]+)/.exec(arn)?.[1] ?? "consumer";
    const properties = { ConsumerName, StreamARN: this.gathered.reference(StreamARN) };
    this.gathered.add("AWS::Kinesis::StreamConsumer", "StreamConsumer", ConsumerName, arn, null, properties);
  }

  /** Reads the topics that a queue or a function is subscribed to. */
  async readSubscriptions(endpointArn: string): Promise<void> {
    this.#subscriptions ??= this.asking.list(
      { action: "sns:ListSubscriptions", what: "the subscriptions to topics" },
      (NextToken) => this.#clients.get(SNSClient).send(new ListSubscriptionsCommand({ NextToken })),
      ({ Subscriptions, NextToken }) => ({ items: Subscriptions, next: NextToken }),
    );
    for (const { SubscriptionArn, TopicArn, Protocol, Endpoint } of (await this.#subscriptions) ?? []) {
      if (Endpoint !== endpointArn || TopicArn === undefined || !SubscriptionArn?.startsWith("arn:")) continue;
      const topic = nameIn(TopicArn);
      const answer = await this.asking.ask(
        { action: "sns:GetSubscriptionAttributes", what: `the settings of the subscription to ${topic}` },
        () => this.#clients.get(SNSClient).send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
      );
      const { RawMessageDelivery, FilterPolicy, FilterPolicyScope, RedrivePolicy } = answer?.Attributes ?? {};
      if (!this.gathered.has(TopicArn)) {
        const properties = { TopicName: topic, FifoTopic: topic.endsWith(".fifo") || undefined };
        this.gathered.add("AWS::SNS::Topic", "Topic", topic, TopicArn, null, properties);
      }
      this.gathered.add("AWS::SNS::Subscription", "Subscription", `${topic}-${nameIn(endpointArn)}`, null, null, {
        TopicArn: this.gathered.reference(TopicArn),
        Protocol,
        Endpoint: this.gathered.reference(endpointArn),
        RawMessageDelivery: RawMessageDelivery === undefined ? undefined : RawMessageDelivery === "true",
        FilterPolicy: parsed(FilterPolicy),
        FilterPolicyScope,
        RedrivePolicy: parsed(RedrivePolicy),
      });
    }
  }

  /** Reads the rules of all buses that have a queue or a function as their target. */
  async readRules(targetArn: string): Promise<void> {
    const client = this.#clients.get(EventBridgeClient);
    this.#buses ??= this.asking
      .list(
        { action: "events:ListEventBuses", what: "the event buses" },
        (NextToken) => client.send(new ListEventBusesCommand({ NextToken })),
        ({ EventBuses, NextToken }) => ({ items: EventBuses, next: NextToken }),
      )
      .then((buses) => [...new Set(["default", ...(buses ?? []).flatMap(({ Name }) => Name ?? [])])]);
    for (const EventBusName of await this.#buses) {
      const names = await this.asking.list(
        { action: "events:ListRuleNamesByTarget", what: `the rules of the bus ${EventBusName}` },
        (NextToken) => client.send(new ListRuleNamesByTargetCommand({ TargetArn: targetArn, EventBusName, NextToken })),
        ({ RuleNames, NextToken }) => ({ items: RuleNames, next: NextToken }),
      );
      for (const name of names ?? []) await this.#readRule(name, EventBusName, targetArn);
    }
  }

  async #readRule(Name: string, EventBusName: string, targetArn: string): Promise<void> {
    const client = this.#clients.get(EventBridgeClient);
    const rule = await this.asking.ask({ action: "events:DescribeRule", what: `the rule ${Name}` }, () =>
      client.send(new DescribeRuleCommand({ Name, EventBusName })),
    );
    if (rule === null || (rule.Arn !== undefined && this.gathered.has(rule.Arn))) return;
    const targets = await this.asking.list(
      { action: "events:ListTargetsByRule", what: `the targets of the rule ${Name}` },
      (NextToken) => client.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName, NextToken })),
      ({ Targets, NextToken }) => ({ items: Targets, next: NextToken }),
    );
    const busArn = rule.Arn?.replace(/:rule\/.*$/, `:event-bus/${EventBusName}`) ?? null;
    if (EventBusName !== "default" && busArn !== null && !this.gathered.has(busArn)) {
      this.gathered.add("AWS::Events::EventBus", "Bus", EventBusName, busArn, null, { Name: EventBusName });
    }
    this.gathered.add("AWS::Events::Rule", "Rule", Name, rule.Arn ?? null, "Arn", {
      Name,
      EventBusName: EventBusName === "default" || busArn === null ? undefined : this.gathered.reference(busArn),
      EventPattern: parsed(rule.EventPattern),
      ScheduleExpression: rule.ScheduleExpression,
      State: rule.State,
      Targets: (targets ?? [])
        .filter(({ Arn }) => Arn === targetArn)
        .map(({ Id, Arn, DeadLetterConfig, RetryPolicy, SqsParameters }) => ({
          Id,
          Arn: this.gathered.reference(Arn!),
          DeadLetterConfig,
          RetryPolicy,
          SqsParameters,
        })),
    });
  }

  /** Speaks HTTP/1.1 by Lambda's connections, as all others do: by itself the SDK speaks HTTP/2 to Kinesis alone. */
  #kinesis(): KinesisClient {
    const { requestHandler } = this.#clients.get(LambdaClient).config;
    return new KinesisClient({ ...this.#clients.configuration, requestHandler });
  }

  get #clients() {
    return this.asking.account.clients;
  }
}
