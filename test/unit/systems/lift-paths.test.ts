/** Every kind of event path, lifted: what is found, what is taken, and that the scenario is one that a run and AWS would take. */
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../../src/model.ts";
import { contractFaults } from "../../../src/scenarios/contract.ts";
import { refusals } from "../../../src/scenarios/refusals.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { pathInWords } from "../../../src/systems/event-path.ts";
import { eventPathsIn } from "../../../src/systems/event-paths.ts";
import { lift } from "../../../src/systems/lift.ts";
import { outOfBounds, serviceDefaults } from "../../../src/targets/service-rules.ts";
import { objectionsTo } from "../../contract/resource-schemas.ts";
import { simulated } from "../scenarios/simulated.ts";
import { aSystem } from "./a-system.ts";

const model = { platform: "2026", profile: null, ranges: false, region: "eu-west-1" } as const;

function faultsOf(scenario: Scenario) {
  const settings = settingsOf(scenario, []);
  return [
    ...contractFaults(scenario, settings),
    ...refusals(scenario, settings, serviceDefaults),
    ...outOfBounds(scenario, settings),
  ];
}

const worker = (properties = "{ Timeout: 30 }") => `
  Worker: { Type: AWS::Lambda::Function, Properties: ${properties} }`;

interface Kind {
  name: string;
  resources: string;
  words: string;
  settings: Record<string, string>;
  /** properties that stand in the scenario's resources */
  properties?: Record<string, string>;
  notModelled?: string[];
  topology: string[];
}

const kinds: readonly Kind[] = [
  {
    name: "a topic, a queue and a function",
    resources: `${worker("{ Timeout: 30, ReservedConcurrentExecutions: 2 }")}
  Orders:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{ Protocol: sqs, Endpoint: !GetAtt Jobs.Arn }]
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: "180"
      DelaySeconds: 5
      RedrivePolicy: '{ "deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:failed", "maxReceiveCount": 4 }'
  Feed: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker } }`,
    words: "SNS Orders → SQS Jobs → Lambda Worker",
    settings: { VisibilityTimeout: "180", MaxReceiveCount: "4", ReservedConcurrency: "2", BatchSize: "10" },
    properties: { DelaySeconds: "5" },
    topology: ["SNS", "SQS", "Lambda"],
  },
  {
    name: "a topic that invokes a function by its alias, and a subscription with a filter",
    resources: `${worker()}
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Worker, FunctionVersion: !GetAtt V.Version, Name: live } }
  V: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Worker } }
  Orders: { Type: AWS::SNS::Topic }
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: { TopicArn: !Ref Orders, Protocol: lambda, Endpoint: !Ref Live, FilterPolicy: { kind: [paid] } }
  Retries:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: { FunctionName: !Ref Worker, Qualifier: live, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 3600 }`,
    words: "SNS Orders → Lambda Worker",
    settings: { MaximumRetryAttempts: "1", MaximumEventAge: "3600", ReservedConcurrency: "none" },
    topology: ["SNS", "Lambda"],
  },
  {
    name: "a FIFO topic and a FIFO queue",
    resources: `${worker()}
  Orders: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true, TopicName: orders.fifo, ContentBasedDeduplication: true } }
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      { FifoQueue: true, QueueName: jobs.fifo, VisibilityTimeout: 60, DeduplicationScope: messageGroup, FifoThroughputLimit: perMessageGroupId }
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: { TopicArn: !Ref Orders, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn, RawMessageDelivery: true }
  Feed: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker, BatchSize: 1 } }`,
    words: "SNS FIFO Orders → SQS FIFO Jobs → Lambda Worker",
    settings: { VisibilityTimeout: "60", BatchSize: "1", MessageGroups: "1", MaxReceiveCount: "0" },
    properties: {
      FifoThroughputLimit: "perMessageGroupId",
      DeduplicationScope: "messageGroup",
      RawMessageDelivery: "true",
      ContentBasedDeduplication: "true",
    },
    topology: ["SNS FIFO", "SQS FIFO", "Lambda"],
  },
  {
    name: "a queue of another stack, with provisioned pollers",
    resources: `${worker()}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !ImportValue jobs-arn
      FunctionName: !Ref Worker
      ProvisionedPollerConfig: { MinimumPollers: 5, MaximumPollers: 50 }`,
    words: "SQS jobs-arn → Lambda Worker",
    settings: { VisibilityTimeout: "30", MinimumPollers: "5", MaximumPollers: "50" },
    topology: ["SQS", "Lambda"],
  },
  {
    name: "a stream of two shards",
    resources: `${worker()}
  Clicks: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 2, RetentionPeriodHours: 48 } }
  Failed: { Type: AWS::SQS::Queue }
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Clicks.Arn
      FunctionName: !Ref Worker
      StartingPosition: LATEST
      BatchSize: 20
      ParallelizationFactor: 3
      MaximumRetryAttempts: 2
      MaximumRecordAgeInSeconds: 3600
      BisectBatchOnFunctionError: true
      TumblingWindowInSeconds: 30
      DestinationConfig: { OnFailure: { Destination: !GetAtt Failed.Arn } }`,
    words: "Kinesis Clicks → Lambda Worker",
    settings: {
      ShardCount: "2",
      BatchSize: "20",
      ParallelizationFactor: "3",
      MaximumRetryAttempts: "2",
      MaximumRecordAge: "3600",
      BisectBatchOnFunctionError: "true",
    },
    properties: { RetentionPeriodHours: "48" },
    notModelled: ["TumblingWindowInSeconds"],
    topology: ["Kinesis", "Lambda"],
  },
  {
    name: "a stream on demand that an enhanced consumer reads",
    resources: `${worker()}
  Clicks: { Type: AWS::Kinesis::Stream, Properties: { StreamModeDetails: { StreamMode: ON_DEMAND } } }
  Reader: { Type: AWS::Kinesis::StreamConsumer, Properties: { ConsumerName: reader, StreamARN: !GetAtt Clicks.Arn } }
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Reader.ConsumerARN, FunctionName: !Ref Worker, StartingPosition: LATEST }`,
    words: "Kinesis Clicks → Lambda Worker",
    settings: { ShardCount: "4", BatchSize: "100", MaximumRetryAttempts: "-1" },
    properties: { "StreamModeDetails.StreamMode": "ON_DEMAND" },
    notModelled: ["AWS::Kinesis::StreamConsumer"],
    topology: ["Kinesis", "Lambda"],
  },
  {
    name: "a stream that a parameter names, told by its starting position",
    resources: `${worker()}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !Ref SourceArn, FunctionName: !Ref Worker, StartingPosition: TRIM_HORIZON }`,
    words: "Kinesis SourceArn → Lambda Worker",
    settings: { ShardCount: "1" },
    topology: ["Kinesis", "Lambda"],
  },
  {
    name: "a rule and a queue",
    resources: `${worker()}
  Bus: { Type: AWS::Events::EventBus, Properties: { Name: orders } }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: { source: [orders] }
      Targets: [{ Id: jobs, Arn: !GetAtt Jobs.Arn, RetryPolicy: { MaximumRetryAttempts: 7, MaximumEventAgeInSeconds: 600 } }]
  Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 200 } }
  Feed: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker } }`,
    words: "EventBridge Bus → SQS Jobs → Lambda Worker",
    settings: { MaximumRetryAttempts: "7", MaximumEventAge: "600", VisibilityTimeout: "200" },
    topology: ["EventBridge", "SQS", "Lambda"],
  },
  {
    name: "a rule of the default bus and a function",
    resources: `${worker("{ Timeout: 30, DeadLetterConfig: { TargetArn: !GetAtt Failed.Arn } }")}
  Failed: { Type: AWS::SQS::Queue }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.ecs] }
      Targets: [{ Id: worker, Arn: !GetAtt Worker.Arn, RetryPolicy: { MaximumRetryAttempts: 3 } }]`,
    words: "EventBridge default → Lambda Worker",
    settings: { RuleMaximumRetryAttempts: "3", MaximumRetryAttempts: "2", MaximumEventAge: "21600" },
    topology: ["EventBridge", "Lambda"],
  },
  {
    name: "a schedule and a function that pulls",
    resources: `${worker("{ Timeout: 120, Environment: { Variables: { JOBS: !Ref Jobs } } }")}
  Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 200 } }
  Every:
    Type: AWS::Events::Rule
    Properties: { ScheduleExpression: rate(2 minutes), Targets: [{ Id: worker, Arn: !GetAtt Worker.Arn }] }`,
    words: "SQS Jobs → Lambda Worker",
    settings: { PullCount: "10", ConsumerTimeout: "120" },
    properties: { ScheduleExpression: "rate(2 minutes)" },
    topology: ["SQS", "Lambda"],
  },
  {
    name: "a bucket and a queue",
    resources: `${worker()}
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: { QueueConfigurations: [{ Event: "s3:ObjectCreated:*", Queue: !GetAtt Jobs.Arn }] }
  Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 200 } }
  Feed: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker } }`,
    words: "S3 Uploads → SQS Jobs → Lambda Worker",
    settings: { VisibilityTimeout: "200" },
    topology: ["SQS", "Lambda"],
  },
  {
    name: "a bucket and a function",
    resources: `${worker()}
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: { LambdaConfigurations: [{ Event: "s3:ObjectCreated:*", Function: !GetAtt Worker.Arn }] }`,
    words: "S3 Uploads → Lambda Worker",
    settings: { MaximumRetryAttempts: "2" },
    topology: ["SNS", "Lambda"],
  },
  {
    name: "a bucket whose notifications CDK declares apart, twice",
    resources: `${worker()}
  Uploads: { Type: AWS::S3::Bucket }
  Notifications:
    Type: Custom::S3BucketNotifications
    Properties:
      BucketName: !Ref Uploads
      NotificationConfiguration:
        LambdaFunctionConfigurations:
          - { Events: ["s3:ObjectCreated:*"], LambdaFunctionArn: !GetAtt Worker.Arn }
          - { Events: ["s3:ObjectRemoved:*"], LambdaFunctionArn: !GetAtt Worker.Arn }`,
    words: "S3 Uploads → Lambda Worker",
    settings: { MaximumRetryAttempts: "2" },
    topology: ["SNS", "Lambda"],
  },
  {
    name: "a function that says what becomes of its asynchronous invocations",
    resources: `${worker()}
  Failed: { Type: AWS::SQS::Queue }
  Invocations:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Worker
      Qualifier: $LATEST
      MaximumRetryAttempts: 0
      DestinationConfig: { OnFailure: { Destination: !GetAtt Failed.Arn } }`,
    words: "Lambda Worker",
    settings: { MaximumRetryAttempts: "0", MaximumEventAge: "21600" },
    topology: ["SNS", "Lambda"],
  },
  {
    name: "a rule and an API destination",
    resources: `
  Connection: { Type: AWS::Events::Connection, Properties: { AuthorizationType: API_KEY } }
  Partner:
    Type: AWS::Events::ApiDestination
    Properties:
      { ConnectionArn: !GetAtt Connection.Arn, HttpMethod: POST, InvocationEndpoint: "https://example.com/", InvocationRateLimitPerSecond: 5 }
  Rule:
    Type: AWS::Events::Rule
    Properties: { EventPattern: { source: [orders] }, Targets: [{ Id: partner, Arn: !GetAtt Partner.Arn, RoleArn: r }] }`,
    words: "EventBridge default → API destination Partner",
    settings: { InvocationRateLimit: "5", MaximumRetryAttempts: "185" },
    topology: ["EventBridge", "API destination", "Lambda"],
  },
];

describe.each(kinds)("$name", ({ resources, words, settings, properties = {}, notModelled = [], topology }) => {
  const system = () => aSystem(`Parameters: { SourceArn: { Type: String } }\nResources:${resources}\n`);

  it("is found, and its settings are taken", () => {
    expect(eventPathsIn(system()).map(pathInWords)).toEqual([words]);
    const { scenario, taken, leftOut } = lift(system());
    expect(scenario.topology).toEqual(topology);
    expect(settingsOf(scenario, [])).toMatchObject(settings);
    const inResources = taken.filter(({ setting }) => setting === null).map(({ property, value }) => [property, value]);
    expect(Object.fromEntries(inResources)).toEqual(properties);
    const missing = leftOut.filter(({ kind }) => kind === "not modelled").map(({ property, type }) => property ?? type);
    expect(missing).toEqual(notModelled);
  });

  it("is a scenario that AWS's schemas, the contract and the model take", async () => {
    const { scenario } = lift(system(), { workMs: 10 });
    expect(await objectionsTo(scenario.templateBody)).toEqual([]);
    expect(faultsOf(scenario)).toEqual([]);
    const { summary } = await simulated(scenario, { events: 20, timeoutMs: 3_600_000, model });
    expect(summary).toMatchObject({ totalEvents: 20, eventsCompleted: 20 });
  });
});

it("lifts the asynchronous invocations of a function that nothing in the file feeds, once it is named", () => {
  const system = aSystem(`Resources:${worker("{ Timeout: 12 }")}\n`);
  expect(() => lift(system)).toThrow("nothing in it feeds a function; choose one with --function");
  const { scenario, path } = lift(system, { functionName: "Worker" });
  expect(path).toMatchObject({ kind: "asynchronous", stations: [{ logicalId: "Worker" }] });
  expect(settingsOf(scenario, [])).toMatchObject({ ConsumerTimeout: "12", MaximumEventAge: "21600" });
});

it.each([
  [
    "DynamoDB",
    "!GetAtt Table.StreamArn",
    "StartingPosition: LATEST",
    /a stream of a DynamoDB table, .* Kinesis stream of one shard/,
  ],
  ["MSK", "arn:aws:kafka:eu-west-1:111122223333:cluster/c/1", "Topics: [t]", /a topic of Kafka/],
  ["MQ", "arn:aws:mq:eu-west-1:111122223333:broker:b:1", "Queues: [q]", /a queue of Amazon MQ/],
  [
    "DocumentDB",
    "arn:aws:rds:eu-west-1:111122223333:cluster:c",
    "DocumentDBEventSourceConfig: {}",
    /change stream of DocumentDB/,
  ],
])("refuses a source that is not modelled by its name, with the nearest: %s", (_, arn, property, message) => {
  const text = `Resources:${worker()}
  Table: { Type: AWS::DynamoDB::Table, Properties: {} }
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: ${arn}
      FunctionName: !Ref Worker
      ${property}
`;
  expect(eventPathsIn(aSystem(text))).toEqual([]);
  expect(() => lift(aSystem(text))).toThrow(message);
  expect(() => lift(aSystem(text), { functionName: "Worker" })).toThrow(message);
});
