/** A valid request of every operation that is served, as the SDK's own client serializes it, and in the other protocols that the front takes. */
import * as CloudFormation from "@aws-sdk/client-cloudformation";
import * as CloudWatch from "@aws-sdk/client-cloudwatch";
import * as Logs from "@aws-sdk/client-cloudwatch-logs";
import * as EventBridge from "@aws-sdk/client-eventbridge";
import * as Iam from "@aws-sdk/client-iam";
import * as Kinesis from "@aws-sdk/client-kinesis";
import * as Lambda from "@aws-sdk/client-lambda";
import * as SecretsManager from "@aws-sdk/client-secrets-manager";
import * as Sns from "@aws-sdk/client-sns";
import * as Sqs from "@aws-sdk/client-sqs";
import * as Sts from "@aws-sdk/client-sts";
import type { HttpRequest } from "@smithy/types";
import { zipSync } from "fflate";
import type { Api } from "../../../src/emulator/api/operation.ts";
import * as apis from "../../../src/emulator/apis.ts";
import { bytesOf, type WireRequest } from "../../../src/emulator/wire/message.ts";

export interface OperationRequest {
  service: string;
  operation: string;
  protocol: "query" | "json" | "rest";
  wire: WireRequest;
}

export const region = "us-east-1";
const account = "123456789012";
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;

export const queueArn = arn("sqs", "orders");
const queueUrl = `https://sqs.${region}.amazonaws.com/${account}/orders`;
const fifoUrl = `${queueUrl.replace("orders", "ordered")}.fifo`;
const topicArn = arn("sns", "news");
const streamArn = arn("kinesis", "stream/river");
const stackName = "everything";
const now = Date.UTC(2026, 0, 1);

export const zip = zipSync({
  "consumer.js": bytesOf("exports.handler = null"),
  "producer.js": bytesOf("exports.handler = null"),
});

const role = {
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: "worker",
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: ["lambda.amazonaws.com", "events.amazonaws.com"] },
          Action: "sts:AssumeRole",
        },
      ],
    },
    Policies: [
      {
        PolicyName: "all",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: ["sqs:*", "sns:*", "kinesis:*", "logs:*"], Resource: "*" }],
        },
      },
    ],
  },
};

const aFunction = (name: string, environment: Record<string, unknown>) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: name,
    Runtime: "nodejs22.x",
    Handler: `${name}.handler`,
    Role: { "Fn::GetAtt": ["Role", "Arn"] },
    Timeout: 30,
    Code: { ZipFile: "exports.handler = null" },
    Environment: { Variables: environment },
  },
});

/** Something of every service whose operations are asked for things that have to be there. */
export const template = {
  Description: "Something of everything",
  Parameters: { Seconds: { Type: "Number", Default: 30, MinValue: 1, AllowedPattern: "[0-9]+" } },
  Conditions: { Slow: { "Fn::Equals": [{ Ref: "Seconds" }, "60"] } },
  Resources: {
    Role: role,
    DeadLetters: { Type: "AWS::SQS::Queue", Properties: { QueueName: "lost" } },
    Orders: {
      Type: "AWS::SQS::Queue",
      Properties: {
        QueueName: "orders",
        VisibilityTimeout: { Ref: "Seconds" },
        RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["DeadLetters", "Arn"] }, maxReceiveCount: 3 },
      },
    },
    Ordered: { Type: "AWS::SQS::Queue", Properties: { QueueName: "ordered.fifo", FifoQueue: true } },
    News: { Type: "AWS::SNS::Topic", Properties: { TopicName: "news" } },
    River: { Type: "AWS::Kinesis::Stream", Properties: { Name: "river", ShardCount: 1 } },
    Consumer: aFunction("consumer", { WORK_MS: "0", GROUP: "completed", DATABASE_URL: "postgres://localhost/x" }),
    Producer: aFunction("producer", { TOPIC_ARN: { Ref: "News" }, PUBLISH_RATE: "0" }),
    Dead: {
      Type: "AWS::Lambda::EventInvokeConfig",
      Properties: {
        FunctionName: { Ref: "Consumer" },
        Qualifier: "$LATEST",
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": ["DeadLetters", "Arn"] } } },
      },
    },
    MayPublish: {
      Type: "AWS::Lambda::Permission",
      Properties: {
        Action: "lambda:InvokeFunction",
        FunctionName: { Ref: "Consumer" },
        Principal: "sns.amazonaws.com",
      },
    },
    Subscription: {
      Type: "AWS::SNS::Subscription",
      Properties: { TopicArn: { Ref: "News" }, Protocol: "lambda", Endpoint: { "Fn::GetAtt": ["Consumer", "Arn"] } },
    },
    Poller: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: { FunctionName: { Ref: "Consumer" }, EventSourceArn: { "Fn::GetAtt": ["Orders", "Arn"] } },
    },
    Reader: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        FunctionName: { Ref: "Consumer" },
        EventSourceArn: { "Fn::GetAtt": ["River", "Arn"] },
        StartingPosition: "LATEST",
        MaximumRetryAttempts: 1,
      },
    },
    Url: {
      Type: "AWS::Lambda::Url",
      Properties: { TargetFunctionArn: { "Fn::GetAtt": ["Consumer", "Arn"] }, AuthType: "NONE" },
    },
    Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "bus" } },
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        Name: "rule",
        EventBusName: { Ref: "Bus" },
        EventPattern: { source: ["shop"], detail: { state: [{ prefix: "new" }, "old"] } },
        Targets: [
          {
            Id: "queue",
            Arn: { "Fn::GetAtt": ["Orders", "Arn"] },
            InputTransformer: { InputPathsMap: { id: "$.detail.id" }, InputTemplate: '{"id": <id>}' },
          },
        ],
      },
    },
    Connection: {
      Type: "AWS::Events::Connection",
      Properties: {
        Name: "link",
        AuthorizationType: "API_KEY",
        AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: "x-key", ApiKeyValue: "secret" } },
      },
    },
    Destination: {
      Type: "AWS::Events::ApiDestination",
      Properties: {
        Name: "outside",
        ConnectionArn: { "Fn::GetAtt": ["Connection", "Arn"] },
        HttpMethod: "POST",
        InvocationEndpoint: { "Fn::GetAtt": ["Url", "FunctionUrl"] },
      },
    },
    Secret: {
      Type: "AWS::SecretsManager::Secret",
      Properties: {
        Name: "hidden",
        GenerateSecretString: { SecretStringTemplate: "{}", GenerateStringKey: "password" },
      },
    },
    Group: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/aws/lambda/consumer" } },
  },
  Outputs: { Queue: { Value: { Ref: "Orders" }, Description: "where orders wait" } },
};
const templateBody = JSON.stringify(template);
const smallBody = JSON.stringify({ Resources: { Q: { Type: "AWS::SQS::Queue", Properties: { DelaySeconds: 1 } } } });

const event = JSON.stringify({ id: 1, sentAt: now, runId: "run" });
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "s",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
    },
  ],
});
const attribute = {
  colour: { DataType: "String", StringValue: "blue" },
  size: { DataType: "Number", StringValue: "3" },
};
const time = { StartTime: new Date(now), EndTime: new Date(now + 3_600_000) };
const metric = {
  Namespace: "AWS/SQS",
  MetricName: "NumberOfMessagesSent",
  Dimensions: [{ Name: "QueueName", Value: "orders" }],
};
const changeSet = { StackName: stackName, ChangeSetName: "change" };
const group = { logGroupName: "/aws/lambda/consumer" };
const parameters = [{ ParameterKey: "Seconds", ParameterValue: "40" }];

/** Names that the account has made up. */
export interface Names {
  mapping: string;
  subscriptionArn: string;
}

/** The inputs by service, in an order in which what is deleted is deleted last. */
const inputsWith = ({ mapping, subscriptionArn }: Names): Record<string, Record<string, object>> => ({
  CloudFormation: {
    CreateStack: {
      StackName: "another",
      TemplateBody: smallBody,
      Tags: [{ Key: "k", Value: "v" }],
      Capabilities: ["CAPABILITY_IAM"],
      OnFailure: "DELETE",
      ClientRequestToken: "t",
      StackPolicyBody: policy,
      EnableTerminationProtection: false,
    },
    UpdateStack: {
      StackName: stackName,
      UsePreviousTemplate: true,
      Parameters: parameters,
      Capabilities: ["CAPABILITY_NAMED_IAM"],
    },
    UpdateTerminationProtection: { StackName: stackName, EnableTerminationProtection: true },
    GetStackPolicy: { StackName: stackName },
    DescribeStacks: { StackName: stackName },
    DescribeStackEvents: { StackName: stackName, NextToken: "page-0" },
    DescribeStackResources: { StackName: stackName, LogicalResourceId: "Orders" },
    DescribeStackResource: { StackName: stackName, LogicalResourceId: "Orders" },
    ListStackResources: { StackName: stackName, NextToken: "page-0" },
    ListExports: { NextToken: "page-0" },
    ListStacks: { StackStatusFilter: ["CREATE_COMPLETE"], NextToken: "page-0" },
    CreateChangeSet: {
      ...changeSet,
      ChangeSetType: "UPDATE",
      TemplateBody: templateBody,
      Parameters: [{ ParameterKey: "Seconds", UsePreviousValue: true }],
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Description: "d",
      ClientToken: "t",
    },
    DescribeChangeSet: { ...changeSet, IncludePropertyValues: true },
    ListChangeSets: { StackName: stackName },
    ExecuteChangeSet: { ...changeSet, ClientRequestToken: "t" },
    DeleteChangeSet: changeSet,
    ValidateTemplate: { TemplateBody: templateBody },
    GetTemplate: { StackName: stackName, TemplateStage: "Original" },
    GetTemplateSummary: { TemplateBody: templateBody },
    DeleteStack: { StackName: "another", ClientRequestToken: "t" },
  },
  CloudWatch: {
    GetMetricData: {
      ...time,
      MetricDataQueries: [
        { Id: "a", Label: "l", ReturnData: true, MetricStat: { Metric: metric, Period: 60, Stat: "p99" } },
      ],
      ScanBy: "TimestampAscending",
    },
    GetMetricStatistics: { ...metric, ...time, Period: 60, Statistics: ["Sum"], ExtendedStatistics: ["p50"] },
    ListMetrics: { ...metric, NextToken: "page-0" },
  },
  CloudWatchLogs: {
    DescribeLogGroups: { logGroupNamePrefix: "/aws", limit: 5 },
    DescribeLogStreams: { ...group, orderBy: "LastEventTime", descending: true, limit: 5, nextToken: "0" },
    FilterLogEvents: {
      ...group,
      startTime: 0,
      endTime: now + 1e9,
      filterPattern: 'ERROR -DEBUG ?"timed out"',
      logStreamNames: ["a"],
      limit: 10,
      nextToken: "0",
    },
    GetLogEvents: {
      ...group,
      logStreamName: "a",
      startTime: 0,
      endTime: now,
      startFromHead: true,
      limit: 5,
      nextToken: "f/0",
    },
  },
  EventBridge: {
    PutEvents: {
      Entries: [
        {
          Source: "shop",
          DetailType: "order",
          Detail: event,
          Resources: [queueArn],
          EventBusName: "bus",
          Time: new Date(now),
        },
      ],
    },
    ListEventBuses: { NamePrefix: "b" },
    DescribeEventBus: { Name: "bus" },
    ListRules: { EventBusName: "bus", NamePrefix: "r" },
    DescribeRule: { EventBusName: "bus", Name: "rule" },
    ListTargetsByRule: { EventBusName: "bus", Rule: "rule" },
    ListRuleNamesByTarget: { EventBusName: "bus", TargetArn: queueArn },
    ListConnections: {},
    DescribeConnection: { Name: "link" },
    ListApiDestinations: {},
    DescribeApiDestination: { Name: "outside" },
  },
  IAM: {
    SimulatePrincipalPolicy: {
      PolicySourceArn: `arn:aws:iam::${account}:root`,
      ActionNames: ["sqs:SendMessage"],
      ResourceArns: [queueArn],
      ContextEntries: [{ ContextKeyName: "aws:SourceArn", ContextKeyValues: [topicArn], ContextKeyType: "string" }],
    },
  },
  STS: { GetCallerIdentity: {} },
  Kinesis: {
    CreateStream: { StreamName: "brook", ShardCount: 1, StreamModeDetails: { StreamMode: "PROVISIONED" } },
    ListStreams: { Limit: 1, ExclusiveStartStreamName: "r", NextToken: "page-0" },
    DescribeStreamSummary: { StreamName: "river" },
    DescribeStream: { StreamARN: streamArn },
    ListShards: { StreamName: "river" },
    PutRecord: {
      StreamName: "river",
      Data: bytesOf(event),
      PartitionKey: "k",
      ExplicitHashKey: "1",
      SequenceNumberForOrdering: "1",
    },
    PutRecords: { StreamName: "river", Records: [{ Data: bytesOf(event), PartitionKey: "k" }] },
    GetShardIterator: {
      StreamName: "river",
      ShardId: "shardId-000000000000",
      ShardIteratorType: "AT_TIMESTAMP",
      Timestamp: new Date(now),
      StartingSequenceNumber: "1",
    },
    GetRecords: {
      ShardIterator: Buffer.from(JSON.stringify(["river", "shardId-000000000000", 0, now + 600_000])).toString(
        "base64",
      ),
      Limit: 5,
    },
    DeleteStream: { StreamName: "brook" },
  },
  Lambda: {
    Invoke: {
      FunctionName: "consumer",
      InvocationType: "RequestResponse",
      LogType: "Tail",
      Qualifier: "$LATEST",
      Payload: bytesOf(JSON.stringify(sqsEvent())),
    },
    ListFunctions: { MaxItems: 1, Marker: "page-0" },
    GetFunction: { FunctionName: "consumer", Qualifier: "$LATEST" },
    GetFunctionConfiguration: { FunctionName: arn("lambda", "function:consumer") },
    UpdateFunctionConfiguration: {
      FunctionName: "consumer",
      Timeout: 20,
      MemorySize: 256,
      Description: "d",
      Handler: "consumer.handler",
      Environment: { Variables: { WORK_MS: "0", GROUP: "completed" } },
      DeadLetterConfig: { TargetArn: queueArn },
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/consumer" },
    },
    UpdateFunctionCode: { FunctionName: "consumer", ZipFile: zip, Architectures: ["arm64"], Publish: false },
    PutFunctionConcurrency: { FunctionName: "consumer", ReservedConcurrentExecutions: 5 },
    GetFunctionConcurrency: { FunctionName: "consumer" },
    PutFunctionEventInvokeConfig: {
      FunctionName: "consumer",
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: queueArn }, OnSuccess: { Destination: queueArn } },
    },
    GetFunctionEventInvokeConfig: { FunctionName: "consumer" },
    GetAccountSettings: {},
    ListEventSourceMappings: { FunctionName: "consumer", EventSourceArn: queueArn, MaxItems: 1, Marker: "page-0" },
    GetEventSourceMapping: { UUID: mapping },
    UpdateEventSourceMapping: {
      UUID: mapping,
      FunctionName: "consumer",
      Enabled: true,
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    },
    DeleteFunctionConcurrency: { FunctionName: "consumer" },
    DeleteFunction: { FunctionName: "producer" },
  },
  "Secrets Manager": { GetSecretValue: { SecretId: "hidden", VersionStage: "AWSCURRENT" } },
  SNS: {
    CreateTopic: {
      Name: "more.fifo",
      Attributes: { FifoTopic: "true", ContentBasedDeduplication: "true", FifoThroughputScope: "Topic" },
    },
    ListTopics: { NextToken: "page-0" },
    GetTopicAttributes: { TopicArn: topicArn },
    Publish: { TopicArn: topicArn, Message: event, Subject: "s", MessageAttributes: attribute, MessageGroupId: "g" },
    PublishBatch: {
      TopicArn: topicArn,
      PublishBatchRequestEntries: [{ Id: "1", Message: event, MessageAttributes: attribute }],
    },
    Subscribe: {
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: queueArn,
      Attributes: { RawMessageDelivery: "true", RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn }) },
      ReturnSubscriptionArn: true,
    },
    ListSubscriptionsByTopic: { TopicArn: topicArn, NextToken: "page-0" },
    ListSubscriptions: { NextToken: "page-0" },
    GetSubscriptionAttributes: { SubscriptionArn: subscriptionArn },
    Unsubscribe: { SubscriptionArn: subscriptionArn },
    DeleteTopic: { TopicArn: arn("sns", "more.fifo") },
  },
  SQS: {
    CreateQueue: {
      QueueName: "more",
      Attributes: {
        DelaySeconds: "1",
        VisibilityTimeout: "30",
        MessageRetentionPeriod: "3600",
        Policy: policy,
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount: 3 }),
      },
    },
    GetQueueUrl: { QueueName: "orders" },
    ListQueues: { QueueNamePrefix: "o", MaxResults: 1, NextToken: "page-0" },
    GetQueueAttributes: { QueueUrl: queueUrl, AttributeNames: ["All", "Policy"] },
    SetQueueAttributes: {
      QueueUrl: fifoUrl,
      Attributes: { FifoQueue: "true", DeduplicationScope: "messageGroup", Policy: policy },
    },
    SendMessage: {
      QueueUrl: queueUrl,
      MessageBody: event,
      DelaySeconds: 0,
      MessageAttributes: attribute,
      MessageGroupId: "g",
    },
    SendMessageBatch: {
      QueueUrl: fifoUrl,
      Entries: [
        { Id: "a", MessageBody: event, MessageGroupId: "g", MessageDeduplicationId: "d" },
        { Id: "b", MessageBody: event, MessageGroupId: "g", MessageDeduplicationId: "e", MessageAttributes: attribute },
      ],
    },
    ReceiveMessage: {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 5,
      WaitTimeSeconds: 1,
      AttributeNames: ["All"],
      MessageSystemAttributeNames: ["SentTimestamp"],
      MessageAttributeNames: ["All", "col.*"],
    },
    DeleteMessage: { QueueUrl: queueUrl, ReceiptHandle: "r" },
    DeleteMessageBatch: { QueueUrl: queueUrl, Entries: [{ Id: "a", ReceiptHandle: "r" }] },
    ChangeMessageVisibility: { QueueUrl: queueUrl, ReceiptHandle: "r", VisibilityTimeout: 5 },
    PurgeQueue: { QueueUrl: queueUrl },
    DeleteQueue: { QueueUrl: queueUrl.replace("orders", "more") },
  },
});

/** The event that Lambda's poller gives a handler. */
function sqsEvent() {
  const record = {
    messageId: "m",
    receiptHandle: "r",
    body: event,
    attributes: {},
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: region,
  };
  return { Records: [record] };
}

const clients: Record<
  string,
  { module: object; Client: new (configuration: never) => { send(command: never): Promise<unknown> } }
> = {
  CloudFormation: { module: CloudFormation, Client: CloudFormation.CloudFormationClient },
  CloudWatch: { module: CloudWatch, Client: CloudWatch.CloudWatchClient },
  CloudWatchLogs: { module: Logs, Client: Logs.CloudWatchLogsClient },
  EventBridge: { module: EventBridge, Client: EventBridge.EventBridgeClient },
  IAM: { module: Iam, Client: Iam.IAMClient },
  STS: { module: Sts, Client: Sts.STSClient },
  Kinesis: { module: Kinesis, Client: Kinesis.KinesisClient },
  Lambda: { module: Lambda, Client: Lambda.LambdaClient },
  "Secrets Manager": { module: SecretsManager, Client: SecretsManager.SecretsManagerClient },
  SNS: { module: Sns, Client: Sns.SNSClient },
  SQS: { module: Sqs, Client: Sqs.SQSClient },
};

/** The request that the SDK's client makes of an operation's input. */
export async function sdkRequest(service: string, operation: string, input: object): Promise<WireRequest> {
  const { module, Client } = clients[service]!;
  let made: HttpRequest | null = null;
  const requestHandler = {
    handle(request: HttpRequest) {
      made = request;
      return Promise.reject(new Error("not sent"));
    },
  };
  const client = new Client({
    region,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    requestHandler,
    maxAttempts: 1,
  } as never);
  const Command = (module as Record<string, new (input: object) => never>)[`${operation}Command`]!;
  await client.send(new Command(input)).catch(() => {});
  if (made === null) throw new Error(`The SDK makes no request of ${service} ${operation}.`);
  const { method, path, query = {}, headers, body } = made as HttpRequest;
  return {
    method,
    path,
    query: query as WireRequest["query"],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof body === "string" ? bytesOf(body) : (body ?? new Uint8Array()),
  };
}

/** Each operation's request in each protocol in which the front takes it. @throws Error for an operation that has no input here */
export async function everyRequest(names: Names): Promise<OperationRequest[]> {
  const inputs = inputsWith(names);
  const requests: OperationRequest[] = [];
  for (const api of Object.values(apis) as Api[]) {
    for (const operation of Object.keys(api.operations)) {
      const input = inputs[api.name]?.[operation];
      if (input === undefined)
        throw new Error(`${api.name} ${operation} has no input in test/chaos/wire/sdk-requests.ts.`);
      const add = (protocol: OperationRequest["protocol"], wire: WireRequest) =>
        requests.push({ service: api.name, operation, protocol, wire });
      const wire = await sdkRequest(api.name, operation, input);
      add(protocolOf(wire), wire);
      if (api.http !== undefined) continue;
      if (protocolOf(wire) === "query") add("json", jsonRequest(api, operation, input));
      else if (api.xmlNamespace !== undefined) add("query", formRequest(api, operation, input));
    }
  }
  return requests;
}

function protocolOf({ headers }: WireRequest): OperationRequest["protocol"] {
  if (headers["x-amz-target"] !== undefined) return "json";
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? "query" : "rest";
}

const bare = { method: "POST", path: "/", query: {} };

function jsonRequest({ targetPrefix }: Api, operation: string, input: object): WireRequest {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `${targetPrefix}.${operation}` };
  return { ...bare, headers, body: bytesOf(JSON.stringify(input)) };
}

/** As clients that speak the query protocol only write an input. */
function formRequest({ version, flattened }: Api, operation: string, input: object): WireRequest {
  const pairs: [string, string][] = [
    ["Action", operation],
    ["Version", version],
  ];
  const flat = flattened?.(operation) ?? {};
  const write = (name: string, value: unknown): void => {
    if (value instanceof Date) pairs.push([name, value.toISOString()]);
    else if (Array.isArray(value)) for (const [index, each] of value.entries()) write(`${name}.${index + 1}`, each);
    else if (typeof value === "object" && value !== null) writeAll(`${name}.`, value);
    else pairs.push([name, String(value)]);
  };
  const writeAll = (before: string, members: object): void => {
    for (const [member, value] of Object.entries(members)) {
      const element = flat[member];
      if (element === undefined) write(`${before}${member}${Array.isArray(value) ? ".member" : ""}`, value);
      else if (Array.isArray(value)) write(`${before}${element}`, value);
      else {
        for (const [index, [Name, Value]] of Object.entries(value as object).entries())
          writeAll(`${before}${element}.${index + 1}.`, { Name, Value });
      }
    }
  };
  writeAll("", input);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { ...bare, headers, body: bytesOf(new URLSearchParams(pairs).toString()) };
}
