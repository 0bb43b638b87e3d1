/**
 * The resources that SAM makes of a function's events, by its developer guide:
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
import { describe, expect, it } from "vitest";
import { pathInWords } from "../../../../src/systems/event-path.ts";
import { sam } from "../../../../src/systems/formats/sam/sam.ts";
import { lift } from "../../../../src/systems/lift.ts";
import type { System } from "../../../../src/systems/system.ts";
import { placeOf, type TemplatePath } from "../../../../src/template/template.ts";
import { aSystem } from "../a-system.ts";

function read(text: string, parameters: Record<string, string> = {}): System {
  const head = "Transform: AWS::Serverless-2016-10-31\n";
  return sam.read({ file: "mine.yaml", text: text.includes("Transform:") ? text : head + text, parameters });
}

/** By their logical IDs, type and properties in one. */
function resourcesOf({ template }: System) {
  return Object.fromEntries(
    template.resources.map(({ logicalId, type, properties }) => [logicalId, { Type: type, ...properties }]),
  );
}

function lineOf({ template }: System, ...path: TemplatePath): number {
  return placeOf(template, ["Resources", ...path]).line;
}

describe("a mapping", () => {
  const system = read(`
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Orders: { Type: AWS::Kinesis::Stream }
  Dead: { Type: AWS::SNS::Topic }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        FromJobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
            BatchSize: 5
            FunctionResponseTypes: [ReportBatchItemFailures]
            ScalingConfig:
              MaximumConcurrency: 2
        FromOrders:
          Type: Kinesis
          Properties:
            Stream: !GetAtt Orders.Arn
            StartingPosition: LATEST
            BisectBatchOnFunctionError: true
            DestinationConfig: { OnFailure: { Type: SNS, Destination: !Ref Dead } }
        FromDocuments:
          Type: DocumentDB
          Properties: { Cluster: arn:cluster, DatabaseName: shop, SourceAccessConfigurations: [] }
        FromKafka:
          Type: SelfManagedKafka
          Properties: { KafkaBootstrapServers: ["one:9092"], Topics: [t], ConsumerGroupId: mine }
`);
  const resources = resourcesOf(system);

  it("has the event's properties, and the queue as its source", () => {
    expect(resources.WorkerFromJobs).toEqual({
      Type: "AWS::Lambda::EventSourceMapping",
      FunctionName: { Ref: "Worker" },
      EventSourceArn: { "Fn::GetAtt": ["Jobs", "Arn"] },
      BatchSize: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it("stands at the lines of the event", () => {
    expect(lineOf(system, "WorkerFromJobs")).toBe(11);
    expect(lineOf(system, "WorkerFromJobs", "Properties", "BatchSize")).toBe(15);
    expect(lineOf(system, "WorkerFromJobs", "Properties", "ScalingConfig", "MaximumConcurrency")).toBe(18);
  });

  it("leaves out the type of a destination, which SAM takes for the permission", () => {
    expect(resources.WorkerFromOrders).toMatchObject({
      EventSourceArn: { "Fn::GetAtt": ["Orders", "Arn"] },
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: { Ref: "Dead" } } },
    });
    expect(resources.WorkerFromOrders).not.toHaveProperty("DestinationConfig.OnFailure.Type");
  });

  it("gathers what belongs to one kind of source", () => {
    expect(resources.WorkerFromDocuments).toMatchObject({
      EventSourceArn: "arn:cluster",
      DocumentDBEventSourceConfig: { DatabaseName: "shop" },
    });
    expect(resources.WorkerFromKafka).toEqual({
      Type: "AWS::Lambda::EventSourceMapping",
      FunctionName: { Ref: "Worker" },
      Topics: ["t"],
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ["one:9092"] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: "mine" },
    });
  });
});

describe("Globals", () => {
  const system = read(`
Mappings: { Stages: { prod: { Seconds: 20 } } }
Parameters:
  Stage: { Type: String, Default: prod }
Globals:
  Function:
    Timeout: !FindInMap [Stages, !Ref Stage, Seconds]
    MemorySize: 512
    Layers: [common]
    Environment: { Variables: { A: global, B: global } }
    DeadLetterQueue: { Type: SQS, TargetArn: arn:aws:sqs:eu-west-1:1:dead }
Resources:
  Own:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 1024
      Layers: [own]
      Environment: { Variables: { B: own } }
  Bare:
    Type: AWS::Serverless::Function
  Without:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [MemorySize, DeadLetterQueue]
  WithoutAny:
    Type: AWS::Serverless::Function
    IgnoreGlobals: "*"
`);
  const resources = resourcesOf(system);

  it("are replaced by a function's own scalars, and merged with its lists and maps", () => {
    expect(resources.Own).toEqual({
      Type: "AWS::Lambda::Function",
      Timeout: 20,
      MemorySize: 1024,
      Layers: ["common", "own"],
      Environment: { Variables: { A: "global", B: "own" } },
      DeadLetterConfig: { TargetArn: "arn:aws:sqs:eu-west-1:1:dead" },
    });
  });

  it("keep their lines", () => {
    expect(lineOf(system, "Own", "Properties", "Timeout")).toBe(8);
    expect(lineOf(system, "Own", "Properties", "MemorySize")).toBe(17);
    expect(lineOf(system, "Own", "Properties", "Environment", "Variables", "A")).toBe(11);
    expect(lineOf(system, "Own", "Properties", "Environment", "Variables", "B")).toBe(19);
    expect(lineOf(system, "Bare", "Properties", "MemorySize")).toBe(9);
  });

  it("give a function without properties all of them, and one that ignores some the others", () => {
    expect(resources.Bare).toMatchObject({ Timeout: 20, MemorySize: 512 });
    expect(resources.Without).toMatchObject({ Timeout: 20 });
    expect(resources.Without).not.toHaveProperty("MemorySize");
    expect(resources.Without).not.toHaveProperty("DeadLetterConfig");
    expect(resources.WithoutAny).toEqual({ Type: "AWS::Lambda::Function" });
  });
});

describe("an SNS event", () => {
  const system = read(`
Resources:
  News: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true } }
  Mine: { Type: AWS::SQS::Queue }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Direct:
          Type: SNS
          Properties: { Topic: !Ref News, FilterPolicy: { kind: [a] }, RedrivePolicy: { deadLetterTargetArn: arn } }
        Through:
          Type: SNS
          Properties:
            Topic: !Ref News
            SqsSubscription: true
        ThroughMine:
          Type: SNS
          Properties:
            Topic: !Ref News
            SqsSubscription:
              QueueUrl: !Ref Mine
              QueueArn: !GetAtt Mine.Arn
              BatchSize: 7
        Off:
          Type: SNS
          Properties: { Topic: !Ref News, SqsSubscription: false }
`);
  const resources = resourcesOf(system);

  it("subscribes the function", () => {
    const direct = {
      Type: "AWS::SNS::Subscription",
      Protocol: "lambda",
      Endpoint: { "Fn::GetAtt": ["Worker", "Arn"] },
      TopicArn: { Ref: "News" },
    };
    expect(resources.WorkerDirect).toEqual({
      ...direct,
      FilterPolicy: { kind: ["a"] },
      RedrivePolicy: { deadLetterTargetArn: "arn" },
    });
    expect(resources.WorkerOff).toEqual(direct);
  });

  it("with SqsSubscription has a queue of its own, FIFO behind a FIFO topic, with a mapping", () => {
    expect(resources.WorkerThroughQueue).toEqual({ Type: "AWS::SQS::Queue", FifoQueue: true });
    expect(resources.WorkerThrough).toMatchObject({
      Protocol: "sqs",
      Endpoint: { "Fn::GetAtt": ["WorkerThroughQueue", "Arn"] },
    });
    expect(resources.WorkerThroughEventSourceMapping).toEqual({
      Type: "AWS::Lambda::EventSourceMapping",
      FunctionName: { Ref: "Worker" },
      EventSourceArn: { "Fn::GetAtt": ["WorkerThroughQueue", "Arn"] },
      BatchSize: 10,
      Enabled: true,
    });
    expect(lineOf(system, "WorkerThroughQueue")).toBe(17);
  });

  it("says that SAM wrote the mapping's batch size where nobody did", () => {
    const filled = system.filledIn.map(({ path, by }) => `${by} ${path.slice(1).join(" ")}`);
    expect(filled).toContain("SAM WorkerThroughEventSourceMapping Properties BatchSize");
    expect(filled).not.toContain("SAM WorkerThroughMineEventSourceMapping Properties BatchSize");
  });

  it("takes a queue that is given, with its batch size", () => {
    expect(resources.WorkerThroughMineEventSourceMapping).toMatchObject({
      EventSourceArn: { "Fn::GetAtt": ["Mine", "Arn"] },
      BatchSize: 7,
    });
    expect(resources).not.toHaveProperty("WorkerThroughMineQueue");
    expect(lineOf(system, "WorkerThroughMineEventSourceMapping", "Properties", "BatchSize")).toBe(25);
  });
});

it("makes the queue or the topic of a destination itself, where only its type is given", () => {
  const system = read(`
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      EventInvokeConfig:
        MaximumEventAgeInSeconds: 60
        MaximumRetryAttempts: 0
        DestinationConfig:
          OnSuccess: { Type: SNS }
          OnFailure: { Type: SQS }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Dimensions: [{ Name: QueueName, Value: !GetAtt Worker.DestinationQueue.QueueName }]
      AlarmActions: [!Ref Worker.DestinationTopic, !Sub "\${Worker.DestinationTopic}/x"]
`);
  const resources = resourcesOf(system);
  expect(resources.WorkerEventInvokeConfig).toEqual({
    Type: "AWS::Lambda::EventInvokeConfig",
    FunctionName: { Ref: "Worker" },
    Qualifier: "$LATEST",
    MaximumEventAgeInSeconds: 60,
    MaximumRetryAttempts: 0,
    DestinationConfig: {
      OnSuccess: { Destination: { Ref: "WorkerEventInvokeConfigOnSuccessTopic" } },
      OnFailure: { Destination: { "Fn::GetAtt": ["WorkerEventInvokeConfigOnFailureQueue", "Arn"] } },
    },
  });
  expect(resources.WorkerEventInvokeConfigOnFailureQueue).toEqual({ Type: "AWS::SQS::Queue" });
  expect(resources.WorkerEventInvokeConfigOnSuccessTopic).toEqual({ Type: "AWS::SNS::Topic" });
  expect(resources.Alarm).toMatchObject({
    Dimensions: [{ Value: { "Fn::GetAtt": ["WorkerEventInvokeConfigOnFailureQueue", "QueueName"] } }],
    AlarmActions: [
      { Ref: "WorkerEventInvokeConfigOnSuccessTopic" },
      { "Fn::Sub": "${WorkerEventInvokeConfigOnSuccessTopic}/x" },
    ],
  });
});

it("sends events to the alias where one is published, with its provisioned concurrency", () => {
  const resources = resourcesOf(
    read(`
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live-now
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 }
      EventInvokeConfig: { MaximumRetryAttempts: 1 }
      FunctionUrlConfig: { AuthType: NONE }
      Events:
        FromJobs: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }
        Hourly: { Type: Schedule, Properties: { Schedule: rate(1 hour), Enabled: false } }
`),
  );
  const alias = { Ref: "WorkerAliasliveDnow" };
  expect(resources.WorkerAliasliveDnow).toEqual({
    Type: "AWS::Lambda::Alias",
    FunctionName: { Ref: "Worker" },
    Name: "live-now",
    FunctionVersion: { "Fn::GetAtt": ["WorkerVersion", "Version"] },
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
  });
  expect(resources.WorkerFromJobs).toMatchObject({ FunctionName: alias });
  expect(resources.WorkerEventInvokeConfig).toMatchObject({ Qualifier: "live-now", MaximumRetryAttempts: 1 });
  expect(resources.WorkerUrl).toMatchObject({ TargetFunctionArn: alias, AuthType: "NONE" });
  expect(resources.WorkerHourly).toMatchObject({ State: "DISABLED", Targets: [{ Arn: alias }] });
});

describe("a rule", () => {
  const resources = resourcesOf(
    read(`
Resources:
  Shop: { Type: AWS::Events::EventBus, Properties: { Name: shop } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Ordered:
          Type: EventBridgeRule
          Properties:
            EventBusName: !Ref Shop
            Pattern: { source: [shop] }
            RetryPolicy: { MaximumRetryAttempts: 5 }
            DeadLetterConfig: { Type: SQS }
        Nightly:
          Type: ScheduleV2
          Properties: { ScheduleExpression: rate(1 day), DeadLetterConfig: { Arn: arn:dead } }
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Events:
        Started: { Type: CloudWatchEvent, Properties: { Pattern: { source: [shop] } } }
`),
  );

  it("has the function as its target, with the retries and a dead-letter queue that SAM makes", () => {
    expect(resources.WorkerOrdered).toEqual({
      Type: "AWS::Events::Rule",
      EventBusName: { Ref: "Shop" },
      EventPattern: { source: ["shop"] },
      Targets: [
        {
          Arn: { "Fn::GetAtt": ["Worker", "Arn"] },
          Id: "WorkerOrderedLambdaTarget",
          RetryPolicy: { MaximumRetryAttempts: 5 },
          DeadLetterConfig: { Arn: { "Fn::GetAtt": ["WorkerOrderedQueue", "Arn"] } },
        },
      ],
    });
    expect(resources.WorkerOrderedQueue).toEqual({ Type: "AWS::SQS::Queue" });
  });

  it("of a schedule is the Scheduler's own", () => {
    expect(resources.WorkerNightly).toMatchObject({
      Type: "AWS::Scheduler::Schedule",
      ScheduleExpression: "rate(1 day)",
      Target: { Arn: { "Fn::GetAtt": ["Worker", "Arn"] }, DeadLetterConfig: { Arn: "arn:dead" } },
    });
  });

  it("of a state machine starts the state machine", () => {
    expect(resources.FlowStarted).toMatchObject({ Targets: [{ Arn: { Ref: "Flow" } }] });
    expect(resources.Flow).toEqual({ Type: "AWS::StepFunctions::StateMachine" });
  });
});

it("adds what invokes a function to the bucket, the pool and the rules that do", () => {
  const resources = resourcesOf(
    read(`
Resources:
  Files: { Type: AWS::S3::Bucket }
  Users: { Type: AWS::Cognito::UserPool }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Upload: { Type: S3, Properties: { Bucket: !Ref Files, Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"] } }
        SignUp: { Type: Cognito, Properties: { UserPool: !Ref Users, Trigger: PreSignUp } }
        Logged: { Type: CloudWatchLogs, Properties: { LogGroupName: app, FilterPattern: error } }
        Things: { Type: IoTRule, Properties: { Sql: SELECT * FROM 't' } }
        Asked: { Type: HttpApi }
        Got: { Type: Api, Properties: { Path: /, Method: get } }
`),
  );
  const arn = { "Fn::GetAtt": ["Worker", "Arn"] };
  expect(resources.Files).toMatchObject({
    NotificationConfiguration: {
      LambdaConfigurations: [
        { Event: "s3:ObjectCreated:*", Function: arn },
        { Event: "s3:ObjectRemoved:*", Function: arn },
      ],
    },
  });
  expect(resources.Users).toMatchObject({ LambdaConfig: { PreSignUp: arn } });
  expect(resources.WorkerLogged).toMatchObject({ Type: "AWS::Logs::SubscriptionFilter", DestinationArn: arn });
  expect(resources.WorkerThings).toMatchObject({ TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: arn } }] } });
  expect(resources.WorkerAskedPermission).toMatchObject({ Principal: "apigateway.amazonaws.com" });
  expect(Object.keys(resources)).toEqual(expect.arrayContaining(["ServerlessRestApi", "ServerlessHttpApi"]));
});

it("knows functions in events by parameters, and unrolls loops with their Globals", () => {
  const text = `
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Size: { Type: Number, Default: 10 }
  Limited: { Type: String, Default: "no" }
Conditions:
  IsLimited: !Equals [!Ref Limited, "yes"]
Globals: { Function: { Timeout: 7 } }
Resources:
  Fn::ForEach::Workers:
    - Name
    - [One, Two]
    - Worker\${Name}:
        Type: AWS::Serverless::Function
        Properties:
          Events:
            Jobs:
              Type: SQS
              Properties:
                Queue: !Sub arn:aws:sqs:eu-west-1:1:\${Name}
                BatchSize: !Ref Size
                ScalingConfig: !If [IsLimited, { MaximumConcurrency: 2 }, !Ref AWS::NoValue]
  Never: { Type: AWS::Serverless::Function, Condition: IsLimited, Properties: { Events: { A: { Type: Nothing } } } }
`;
  const plain = resourcesOf(read(text));
  expect(plain.WorkerOne).toMatchObject({ Timeout: 7 });
  expect(plain.WorkerTwoJobs).toMatchObject({ EventSourceArn: "arn:aws:sqs:eu-west-1:1:Two", BatchSize: "10" });
  expect(plain.WorkerTwoJobs).not.toHaveProperty("ScalingConfig");
  expect(plain).not.toHaveProperty("Never");
  const limited = read(text.replace("{ Type: Nothing }", "{ Type: HttpApi }"), { Limited: "yes", Size: "3" });
  expect(resourcesOf(limited).WorkerOneJobs).toMatchObject({
    BatchSize: "3",
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

it("takes the last of two equal keys, as the SAM CLI does", () => {
  const system = read(`
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 5
      MemorySize: 128
      Timeout: 9
`);
  expect(resourcesOf(system).Worker).toMatchObject({ Timeout: 9 });
  expect(lineOf(system, "Worker", "Properties", "Timeout")).toBe(9);
});

it("names what it does not read: an application of its own, and a property that SAM does not have", () => {
  const { unread, template } = read(`
Globals: { Function: { Timout: 5 } }
Resources:
  Other: { Type: AWS::Serverless::Application, Properties: { Location: other.yaml } }
  Link: { Type: AWS::Serverless::Connector, Properties: { Permissions: [Write] } }
  Table: { Type: AWS::Serverless::SimpleTable }
  Worker: { Type: AWS::Serverless::Function }
`);
  expect(unread.map(({ place, message }) => `${place.line} ${message}`)).toEqual([
    expect.stringContaining("5 Other is an application of its own"),
    expect.stringContaining("3 Worker has Timout"),
  ]);
  expect(template.resources.map(({ type }) => type)).toEqual([
    "AWS::CloudFormation::Stack",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::Function",
  ]);
});

it("refuses everything that SAM would, each with its line", () => {
  const text = `
Globals: { Funktion: { Timeout: 5 } }
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      DeadLetterQueue: { Type: S3, TargetArn: arn }
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 }
      Events:
        Typo: { Type: SQZ }
        NoType: { Properties: {} }
        NoQueue: { Type: SQS, Properties: { BatchSize: 1 } }
        Both: { Type: Schedule, Properties: { Schedule: rate(1 day), State: ENABLED, Enabled: true } }
        Elsewhere: { Type: S3, Properties: { Bucket: !Ref Nowhere, Events: s3 } }
        HalfQueue: { Type: SNS, Properties: { Topic: t, SqsSubscription: { QueueArn: a } } }
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: Lambda } } }
  Strange: { Type: AWS::Serverless::Funktion }
`;
  let message = "";
  try {
    read(text);
  } catch (error) {
    message = (error as { sentence: string }).sentence;
  }
  const lines = message
    .split("\n")
    .slice(1)
    .map((line) => Number(/line (\d+)/.exec(line)?.[1]));
  expect(lines).toEqual([3, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18]);
  expect(message).toContain("has the type SQZ");
  expect(message).toContain("lacks Queue; add it");
});

it("is lifted like any other template: settings of the function, its Globals and its queue, each with its line", () => {
  const text = `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Timeout: 10 } }
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      ReservedConcurrentExecutions: 2
      Events:
        FromJobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
            BatchSize: 5
            ScalingConfig:
              MaximumConcurrency: 2
`;
  const { taken, path } = lift(aSystem(text, {}, "sam.yaml"), {});
  expect(pathInWords(path)).toBe("SQS Jobs → Lambda Worker");
  expect(Object.fromEntries(taken.map(({ setting, value, place }) => [setting, [value, place.line]]))).toEqual({
    ConsumerTimeout: ["10", 2],
    VisibilityTimeout: ["60", 7],
    ReservedConcurrency: ["2", 11],
    BatchSize: ["5", 17],
    MaximumConcurrency: ["2", 19],
  });
});

it("recognizes a template by its transform, alone or in a list", () => {
  const of = (Transform: unknown) => sam.recognizes({ Transform, Resources: {} });
  expect(of("AWS::Serverless-2016-10-31")).toBe(true);
  expect(of(["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"])).toBe(true);
  expect(of("AWS::LanguageExtensions")).toBe(false);
  expect(sam.recognizes({ Resources: { Worker: { Type: "AWS::Lambda::Function" } } })).toBe(false);
});
