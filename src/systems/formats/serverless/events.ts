/** The events of a function, as CloudFormation's resources. https://www.serverless.com/framework/docs/providers/aws/guide/events */
import { filledIn, frameworkDefaults } from "./filled-in.ts";
import { logicalIds } from "./logical-ids.ts";
import type { Resources, ServiceFunction } from "./service.ts";
import { listIn, type Made, mapIn, plain, textIn, under, type Written } from "./written.ts";

interface Event {
  fn: ServiceFunction;
  /** its settings, or the short form of them */
  event: Written;
  /** from 1: its number among all events of the function */
  position: number;
  /** from 1: its number among the events of its kind */
  ordinal: number;
  provider: Written | undefined;
  resources: Resources;
}

/** Kinds that invoke a function at somebody's request, and those that nothing is made of beside permissions, make none here. */
const kinds: Readonly<Record<string, (event: Event) => void>> = {
  sqs: addQueueMapping,
  stream: addStreamMapping,
  sns: addTopic,
  eventBridge: addRule,
  schedule: addSchedule,
  cloudwatchEvent: addCloudWatchEvent,
  cloudwatchLog: addLogSubscription,
  s3: addBucket,
  iot: addIotRule,
  kafka: addKafkaMapping,
  msk: addKafkaMapping,
  activemq: addBrokerMapping,
  rabbitmq: addBrokerMapping,
  httpApi: ({ fn, event, resources }) =>
    resources.add(event, logicalIds.httpIntegration(fn.name), "AWS::ApiGatewayV2::Integration", {
      IntegrationType: "AWS_PROXY",
      IntegrationUri: fn.target,
    }),
  websocket: ({ fn, event, resources }) =>
    resources.add(event, logicalIds.webSocketIntegration(fn.name), "AWS::ApiGatewayV2::Integration", {
      IntegrationType: "AWS_PROXY",
      IntegrationUri: fn.target,
    }),
};

export function addEvents(fn: ServiceFunction, provider: Written | undefined, resources: Resources): void {
  const ordinals = new Map<string, number>();
  for (const [index, entry] of (listIn(under(fn.written, "events")) ?? []).entries()) {
    for (const [kind, event] of mapIn(entry) ?? []) {
      const ordinal = (ordinals.get(kind) ?? 0) + 1;
      ordinals.set(kind, ordinal);
      if (event.value === null || !Object.hasOwn(kinds, kind)) continue;
      kinds[kind]!({ fn, event, position: index + 1, ordinal, provider, resources });
    }
  }
}

const mapping = "AWS::Lambda::EventSourceMapping";

function addQueueMapping({ fn, event, resources }: Event): void {
  const arn = under(event, "arn") ?? event;
  const setting = (key: string) => plain(under(event, key));
  const maximum = setting("maximumConcurrency");
  resources.add(event, logicalIds.queueMapping(fn.name, lastNameIn(arn, ":")), mapping, {
    EventSourceArn: arn,
    FunctionName: fn.target,
    BatchSize: setting("batchSize") ?? filledIn(event, frameworkDefaults.queueBatchSize),
    MaximumBatchingWindowInSeconds: setting("maximumBatchingWindow"),
    Enabled: setting("enabled"),
    FunctionResponseTypes: responseTypes(event),
    FilterCriteria: filterCriteria(event),
    ScalingConfig: maximum && { MaximumConcurrency: maximum },
  });
}

function addStreamMapping({ fn, event, resources }: Event): void {
  const arn = under(event, "arn") ?? event;
  const type = textIn(under(event, "type")) ?? textIn(arn)?.split(":")[2] ?? "kinesis";
  const stream = textIn(arn)?.split("/")[1] ?? lastNameIn(arn, "/");
  const setting = (key: string) => plain(under(event, key));
  const onFailure = under(event, "destinations", "onFailure");
  const consumer = under(event, "consumer");
  let source: Made = arn;
  if (consumer !== undefined && type === "kinesis" && textIn(consumer) !== "false") {
    const isMade = textIn(consumer) === "true";
    source = isMade ? { Ref: logicalIds.streamConsumer(fn.name, stream) } : consumer;
    if (isMade) {
      resources.add(consumer, logicalIds.streamConsumer(fn.name, stream), "AWS::Kinesis::StreamConsumer", {
        StreamARN: arn,
        ConsumerName: `${fn.name}${stream}Consumer`,
      });
    }
  }
  resources.add(event, logicalIds.streamMapping(fn.name, type, stream), mapping, {
    EventSourceArn: source,
    FunctionName: fn.target,
    BatchSize: setting("batchSize") ?? filledIn(event, frameworkDefaults.streamBatchSize),
    StartingPosition: under(event, "startingPosition") ?? filledIn(event, frameworkDefaults.startingPosition),
    MaximumBatchingWindowInSeconds: setting("batchWindow"),
    ParallelizationFactor: setting("parallelizationFactor"),
    MaximumRetryAttempts: setting("maximumRetryAttempts"),
    MaximumRecordAgeInSeconds: setting("maximumRecordAgeInSeconds"),
    BisectBatchOnFunctionError: setting("bisectBatchOnFunctionError"),
    TumblingWindowInSeconds: setting("tumblingWindowInSeconds"),
    Enabled: setting("enabled"),
    FunctionResponseTypes: responseTypes(event),
    FilterCriteria: filterCriteria(event),
    DestinationConfig: onFailure && { OnFailure: { Destination: under(onFailure, "arn") ?? onFailure } },
  });
}

/** The framework makes a topic that is only named, with the function among its subscriptions, unless the subscription has settings of its own. */
function addTopic({ fn, event, resources }: Event): void {
  const short = mapIn(event) === null ? event : undefined;
  const arn = under(event, "arn") ?? (textIn(short)?.startsWith("arn:") || short?.unread ? short : undefined);
  const name = textIn(under(event, "topicName")) ?? (arn === undefined ? (textIn(short) ?? "") : lastNameIn(arn, ":"));
  const subscription = {
    Protocol: "lambda",
    Endpoint: fn.target,
    FilterPolicy: under(event, "filterPolicy"),
    FilterPolicyScope: under(event, "filterPolicyScope"),
    RedrivePolicy: redrivePolicy(under(event, "redrivePolicy")),
  };
  const subscriptionId = logicalIds.subscription(fn.name, name);
  if (arn !== undefined) {
    resources.add(event, subscriptionId, "AWS::SNS::Subscription", { TopicArn: arn, ...subscription });
    return;
  }
  const topicId = logicalIds.topic(name);
  const isSimple = subscription.FilterPolicy === undefined && subscription.RedrivePolicy === undefined;
  const others = listIn(under(resources.get(topicId), "Properties", "Subscription")) ?? [];
  resources.add(event, topicId, "AWS::SNS::Topic", {
    TopicName: under(event, "topicName") ?? name,
    DisplayName: under(event, "displayName"),
    Subscription: isSimple ? [...others, { Protocol: "lambda", Endpoint: fn.target }] : undefined,
  });
  if (!isSimple) {
    resources.add(event, subscriptionId, "AWS::SNS::Subscription", { TopicArn: { Ref: topicId }, ...subscription });
  }
}

function redrivePolicy(written: Written | undefined): Made | undefined {
  if (written === undefined) return undefined;
  const reference = textIn(under(written, "deadLetterTargetRef"));
  if (reference !== null) return { deadLetterTargetArn: { "Fn::GetAtt": [reference, "Arn"] } };
  const imported = under(written, "deadLetterTargetImport", "arn");
  return { deadLetterTargetArn: imported ? { "Fn::ImportValue": imported } : under(written, "deadLetterTargetArn") };
}

function addRule({ fn, event, position, resources }: Event): void {
  const bus = under(event, "eventBus");
  const busName = textIn(bus);
  const isMade = busName !== null && busName !== "default" && !busName.startsWith("arn:");
  if (isMade) {
    resources.add(bus!, logicalIds.bus(busName), "AWS::Events::EventBus", { Name: bus });
  }
  const retries = under(event, "retryPolicy");
  const deadLetters = under(event, "deadLetterQueueArn");
  const ruleName = `${fn.functionName}-rule-${position}`;
  resources.add(event, logicalIds.rule(ruleName), "AWS::Events::Rule", {
    Name: under(event, "name") ?? ruleName,
    EventBusName: isMade ? { Ref: logicalIds.bus(busName) } : busName === "default" ? undefined : bus,
    EventPattern: under(event, "pattern"),
    ScheduleExpression: under(event, "schedule"),
    State: state(event),
    Targets: [
      {
        Arn: fn.target,
        Id: `${ruleName}-target`,
        RetryPolicy: retries && {
          MaximumEventAgeInSeconds: plain(under(retries, "maximumEventAge")),
          MaximumRetryAttempts: plain(under(retries, "maximumRetryAttempts")),
        },
        DeadLetterConfig: deadLetters && { Arn: deadLetters },
      },
    ],
  });
}

function addSchedule({ fn, event, resources }: Event): void {
  const rate = under(event, "rate") ?? event;
  const isScheduler = textIn(under(event, "method")) === "scheduler";
  for (const expression of listIn(rate) ?? [rate]) {
    const id = nextFree(resources, (index) =>
      (isScheduler ? logicalIds.scheduler : logicalIds.schedule)(fn.name, index),
    );
    if (isScheduler) {
      resources.add(event, id, "AWS::Scheduler::Schedule", {
        ScheduleExpression: expression,
        State: state(event),
        Target: { Arn: fn.target },
      });
    } else {
      resources.add(event, id, "AWS::Events::Rule", {
        ScheduleExpression: expression,
        State: state(event),
        Targets: [{ Arn: fn.target, Id: `${fn.name}Schedule` }],
      });
    }
  }
}

/** A schedule of several rates takes a number for each. */
function nextFree(resources: Resources, idOf: (index: number) => string): string {
  let index = 1;
  while (resources.get(idOf(index)) !== undefined) index += 1;
  return idOf(index);
}

function addCloudWatchEvent({ fn, event, ordinal, resources }: Event): void {
  resources.add(event, logicalIds.cloudWatchEvent(fn.name, ordinal), "AWS::Events::Rule", {
    Name: under(event, "name"),
    EventPattern: under(event, "event"),
    State: state(event),
    Targets: [{ Arn: fn.target, Id: `${fn.name}CloudWatchEvent` }],
  });
}

function addLogSubscription({ fn, event, ordinal, resources }: Event): void {
  resources.add(event, logicalIds.logSubscription(fn.name, ordinal), "AWS::Logs::SubscriptionFilter", {
    LogGroupName: under(event, "logGroup") ?? event,
    FilterPattern: under(event, "filter") ?? "",
    DestinationArn: fn.target,
  });
}

/** The framework makes the bucket, with what `provider.s3` says of it, unless it is said to be there. */
function addBucket({ fn, event, provider, resources }: Event): void {
  const bucket = under(event, "bucket") ?? event;
  const key = textIn(bucket);
  if (key === null || textIn(under(event, "existing")) === "true") return;
  const id = logicalIds.bucket(key);
  const others =
    listIn(under(resources.get(id), "Properties", "NotificationConfiguration", "LambdaConfigurations")) ?? [];
  const notification = { Event: under(event, "event") ?? "s3:ObjectCreated:*", Function: fn.target };
  resources.add(event, id, "AWS::S3::Bucket", {
    BucketName: under(provider, "s3", key, "name") ?? bucket,
    NotificationConfiguration: { LambdaConfigurations: [...others, notification] },
  });
}

function addIotRule({ fn, event, ordinal, resources }: Event): void {
  resources.add(event, logicalIds.iotRule(fn.name, ordinal), "AWS::IoT::TopicRule", {
    TopicRulePayload: { Sql: under(event, "sql"), Actions: [{ Lambda: { FunctionArn: fn.target } }] },
  });
}

function addKafkaMapping({ fn, event, resources }: Event): void {
  const topic = under(event, "topic");
  const arn = under(event, "arn");
  const id = logicalIds.streamMapping(
    fn.name,
    arn ? "MSK" : "Kafka",
    `${arn ? lastNameIn(arn, "/") : ""}${textIn(topic) ?? ""}`,
  );
  resources.add(event, id, mapping, {
    EventSourceArn: arn,
    FunctionName: fn.target,
    SelfManagedEventSource: arn
      ? undefined
      : { Endpoints: { KafkaBootstrapServers: under(event, "bootstrapServers") ?? [] } },
    Topics: topic && [topic],
    BatchSize: plain(under(event, "batchSize")),
    StartingPosition: under(event, "startingPosition") ?? filledIn(event, frameworkDefaults.startingPosition),
  });
}

function addBrokerMapping({ fn, event, resources }: Event): void {
  const queue = under(event, "queue");
  resources.add(event, logicalIds.streamMapping(fn.name, "MQ", textIn(queue) ?? ""), mapping, {
    EventSourceArn: under(event, "arn"),
    FunctionName: fn.target,
    Queues: queue && [queue],
    BatchSize: plain(under(event, "batchSize")),
  });
}

function responseTypes(event: Written): Made | undefined {
  const type = under(event, "functionResponseType");
  return type && [type];
}

/** As CloudFormation has filters: each pattern is a text. */
function filterCriteria(event: Written): Made | undefined {
  const patterns = listIn(under(event, "filterPatterns"));
  return patterns === null
    ? undefined
    : { Filters: patterns.map((each) => ({ Pattern: JSON.stringify(jsonOf(each)) })) };
}

function jsonOf(written: Written): unknown {
  const map = mapIn(written);
  if (map !== null) return Object.fromEntries([...map].map(([key, each]) => [key, jsonOf(each)]));
  return listIn(written)?.map(jsonOf) ?? written.value;
}

function state(event: Written): Made | undefined {
  const enabled = textIn(under(event, "enabled"));
  return enabled === "false" ? "DISABLED" : undefined;
}

/** The name of what an ARN names, in whichever way it is written: the last of a text, of a `Fn::Join` or a `Fn::Sub`, or the resource that is referred to. */
function lastNameIn(arn: Written, separator: string): string {
  const lastOf = (text: string) => text.split(separator).at(-1)!;
  const [[name, argument] = []] = [...(mapIn(arn) ?? [])];
  if (argument === undefined) return lastOf(String(arn.value ?? ""));
  const list = listIn(argument);
  if (name === "Fn::Join") return lastNameIn(listIn(list?.[1])?.at(-1) ?? argument, separator);
  if (name === "Fn::Sub") return lastOf(textIn(list?.[0] ?? argument) ?? "");
  return textIn(list?.[0] ?? argument) ?? lastNameIn(argument, separator);
}
