/** The API and templates refuse the same inputs: each input has one schema and one set of bounds. */
import {
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { CloudFormation } from "../../src/emulator/cloudformation/stacks.ts";
import { EventSourceMappings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { AnEmulator, rejection, zipOf } from "./an-emulator.ts";

/** A function, its queue and a mapping between them, made outside of any stack. */
function anEmulator() {
  const clients = new AnEmulator();
  const { emulator, lambda } = clients;
  const fn = clients.function("echo");
  const queue = emulator.sqs.create("queue");
  const mappings = emulator.service(EventSourceMappings);
  const { uuid } = mappings.create(queue.arn, fn.arn);
  const stream = emulator.kinesis.create("stream");
  const { uuid: streamUuid } = mappings.create(stream.arn, fn.arn, { startingPosition: "LATEST" });
  const topic = emulator.sns.create("topic");
  const roleArn = fn.settings.roleArn;
  return { clients, emulator, lambda, fn, queue, uuid, streamUuid, topic, roleArn };
}

type Made = ReturnType<typeof anEmulator>;

/** Why a stack of the one resource is not made, before it is begun or when the service is called. */
async function refusedInTemplate({ clients, emulator }: Made, Type: string, Properties: object): Promise<string> {
  const stacks = emulator.service(CloudFormation);
  const templateBody = JSON.stringify({ Resources: { One: { Type, Properties } } });
  try {
    stacks.createStack({ stackName: "one", templateBody, parameters: [] });
  } catch (refusal) {
    return (refusal as Error).message;
  }
  await clients.pass(600);
  const failed = stacks.describeStackEvents("one").find(({ status }) => status === "CREATE_FAILED");
  return failed?.statusReason ?? "not refused";
}

const functionProperties = ({ roleArn }: Made) => ({
  Runtime: "nodejs22.x",
  Handler: "echo.handler",
  Code: { ZipFile: "exports.handler = null" },
  Role: roleArn,
});

/** One input each: the resource type that has it, and the operation that takes it. */
const owners = {
  configuration: {
    template: (made: Made, input: object) =>
      refusedInTemplate(made, "AWS::Lambda::Function", { ...functionProperties(made), ...input }),
    api: ({ lambda }: Made, input: object) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "echo", ...input })),
  },
  architectures: {
    template: (made: Made, input: object) =>
      refusedInTemplate(made, "AWS::Lambda::Function", { ...functionProperties(made), ...input }),
    api: ({ lambda }: Made, input: object) =>
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "echo", ZipFile: zipOf("echo"), ...input })),
  },
  reservation: {
    template: (made: Made, input: object) =>
      refusedInTemplate(made, "AWS::Lambda::Function", { ...functionProperties(made), ...input }),
    api: ({ lambda }: Made, input: object) =>
      lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "echo", ...input } as never)),
  },
  eventInvoke: {
    template: (made: Made, input: object) =>
      refusedInTemplate(made, "AWS::Lambda::EventInvokeConfig", {
        FunctionName: "echo",
        Qualifier: "$LATEST",
        ...input,
      }),
    api: ({ lambda }: Made, input: object) =>
      lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "echo", ...input })),
  },
  mapping: {
    template: (made: Made, input: object) => {
      const other = made.emulator.sqs.create("another");
      const properties = { FunctionName: "echo", EventSourceArn: other.arn, ...input };
      return refusedInTemplate(made, "AWS::Lambda::EventSourceMapping", properties);
    },
    api: ({ lambda, uuid }: Made, input: object) =>
      lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, ...input })),
  },
  streamMapping: {
    template: (made: Made, input: object) => {
      const { arn: EventSourceArn } = made.emulator.kinesis.create("another");
      const properties = { FunctionName: "echo", EventSourceArn, StartingPosition: "LATEST", ...input };
      return refusedInTemplate(made, "AWS::Lambda::EventSourceMapping", properties);
    },
    api: ({ lambda, streamUuid }: Made, input: object) =>
      lambda.send(new UpdateEventSourceMappingCommand({ UUID: streamUuid, ...input })),
  },
  queue: {
    template: (made: Made, input: object) => refusedInTemplate(made, "AWS::SQS::Queue", input),
    api: ({ clients, queue }: Made, input: object) => clients.sqs.send(setting(queue.url, input)),
  },
  queuePolicy: {
    template: (made: Made, { Policy }: { Policy?: object }) =>
      refusedInTemplate(made, "AWS::SQS::QueuePolicy", { Queues: [made.queue.url], PolicyDocument: Policy }),
    api: ({ clients, queue }: Made, input: object) => clients.sqs.send(setting(queue.url, input)),
  },
  subscription: {
    template: (made: Made, input: object) =>
      refusedInTemplate(made, "AWS::SNS::Subscription", {
        TopicArn: made.topic.arn,
        Protocol: "sqs",
        Endpoint: made.queue.arn,
        ...input,
      }),
    api: ({ clients, topic, queue }: Made, input: object) => {
      const Attributes = textsOf(input);
      return clients.sns.send(
        new SubscribeCommand({ TopicArn: topic.arn, Protocol: "sqs", Endpoint: queue.arn, Attributes }),
      );
    },
  },
};

function setting(QueueUrl: string, input: object): SetQueueAttributesCommand {
  return new SetQueueAttributesCommand({ QueueUrl, Attributes: textsOf(input) });
}

function textsOf(input: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === "object" ? JSON.stringify(value) : `${value}`,
    ]),
  );
}

const nowhere = "arn:aws:sqs:us-east-1:123456789012:nowhere";
const atLeast = (least: number) => `Member must have value greater than or equal to ${least}`;
const atMost = (most: number) => `Member must have value less than or equal to ${most}`;

describe("a value out of AWS's bounds is refused by both in the same words", () => {
  it.each<[keyof typeof owners, object, string]>([
    ["configuration", { Timeout: 0 }, atLeast(1)],
    ["configuration", { Timeout: 901 }, atMost(900)],
    ["configuration", { MemorySize: 127 }, atLeast(128)],
    ["configuration", { MemorySize: 10_241 }, atMost(10_240)],
    ["reservation", { ReservedConcurrentExecutions: -1 }, atLeast(0)],
    ["reservation", { ReservedConcurrentExecutions: 901 }, "below its minimum value of [100]"],
    ["eventInvoke", { MaximumEventAgeInSeconds: 59 }, atLeast(60)],
    ["eventInvoke", { MaximumEventAgeInSeconds: 21_601 }, atMost(21_600)],
    ["eventInvoke", { MaximumRetryAttempts: -1 }, atLeast(0)],
    ["eventInvoke", { MaximumRetryAttempts: 3 }, atMost(2)],
    ["mapping", { BatchSize: 0 }, "BatchSize must be between 1 and 10000."],
    ["mapping", { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, "BatchSize must be between 1 and 10000."],
    ["mapping", { BatchSize: 11 }, "Maximum batch window in seconds must be greater than 0"],
    ["mapping", { MaximumBatchingWindowInSeconds: 301 }, "MaximumBatchingWindowInSeconds must be between 0 and 300."],
    ["mapping", { ScalingConfig: { MaximumConcurrency: 1 } }, "MaximumConcurrency must be between 2 and 1000."],
    ["mapping", { ScalingConfig: { MaximumConcurrency: 1_001 } }, "MaximumConcurrency must be between 2 and 1000."],
    ["streamMapping", { BatchSize: 10_001 }, "BatchSize must be between 1 and 10000."],
    ["streamMapping", { ParallelizationFactor: 0 }, atLeast(1)],
    ["streamMapping", { ParallelizationFactor: 11 }, atMost(10)],
    ["streamMapping", { MaximumRetryAttempts: 10_001 }, atMost(10_000)],
    ["streamMapping", { MaximumRetryAttempts: -2 }, atLeast(-1)],
    ["streamMapping", { MaximumRecordAgeInSeconds: 604_801 }, atMost(604_800)],
    ["streamMapping", { MaximumRecordAgeInSeconds: 59 }, "must be -1 or between 60 and 604800."],
    ["streamMapping", { MaximumRecordAgeInSeconds: 0 }, "must be -1 or between 60 and 604800."],
    ["streamMapping", { MaximumRecordAgeInSeconds: -2 }, atLeast(-1)],
    ["streamMapping", { ScalingConfig: { MaximumConcurrency: 2 } }, "ScalingConfig is not a setting of a mapping"],
    ["mapping", { ParallelizationFactor: 2 }, "ParallelizationFactor is not a setting of a mapping"],
    ["queue", { VisibilityTimeout: 43_201 }, "Invalid value for the parameter VisibilityTimeout."],
    ["queue", { VisibilityTimeout: -1 }, "Invalid value for the parameter VisibilityTimeout."],
    ["queue", { DelaySeconds: 901 }, "Invalid value for the parameter DelaySeconds."],
    ["queue", { MessageRetentionPeriod: 59 }, "Invalid value for the parameter MessageRetentionPeriod."],
    ["queue", { ReceiveMessageWaitTimeSeconds: 21 }, "Invalid value for the parameter ReceiveMessageWaitTimeSeconds."],
    ["queue", { MaximumMessageSize: 1_023 }, "Invalid value for the parameter MaximumMessageSize."],
    [
      "queue",
      { RedrivePolicy: { deadLetterTargetArn: nowhere, maxReceiveCount: 0 } },
      "valid values are from 1 to 1000",
    ],
    [
      "queue",
      { RedrivePolicy: { deadLetterTargetArn: nowhere, maxReceiveCount: 3 } },
      "Dead letter target does not exist.",
    ],
  ])("%s: %j: %s", async (name, input, words) => {
    const made = anEmulator();
    expect((await rejection(owners[name].api(made, input))).message).toContain(words);
    expect(await owners[name].template(made, input)).toContain(words);
  });
});

describe("a value of another shape is refused by both", () => {
  it.each<[keyof typeof owners, object, RegExp]>([
    ["configuration", { Timeout: "soon" }, /Timeout.* must be an integer/],
    ["configuration", { Environment: { Variables: "none" } }, /Environment\.Variables.* must be an object/],
    ["architectures", { Architectures: ["arm64", "x86_64"] }, /Architectures.* must have exactly one item/],
    ["architectures", { Architectures: ["mips"] }, /Architectures\.0.* must be arm64 or x86_64/],
    ["reservation", { ReservedConcurrentExecutions: 1.5 }, /ReservedConcurrentExecutions.* must be an integer/],
    ["eventInvoke", { MaximumRetryAttempts: "many" }, /MaximumRetryAttempts.* must be an integer/],
    ["eventInvoke", { DestinationConfig: { OnFailure: "queue" } }, /DestinationConfig\.OnFailure.* must be an object/],
    ["mapping", { Enabled: "perhaps" }, /Enabled.* must be true or false/],
    ["mapping", { FunctionResponseTypes: ["Others"] }, /FunctionResponseTypes\.0.* must be ReportBatchItemFailures/],
    ["streamMapping", { BisectBatchOnFunctionError: "perhaps" }, /BisectBatchOnFunctionError.* must be true or false/],
    ["queue", { VisibilityTimeout: "soon" }, /VisibilityTimeout/],
    ["queue", { RedrivePolicy: { maxReceiveCount: 3 } }, /RedrivePolicy/],
    ["queue", { RedrivePolicy: { deadLetterTargetArn: nowhere, maxReceiveCount: "few" } }, /RedrivePolicy/],
    ["queuePolicy", { Policy: { Statement: { Effect: "Perhaps", Action: "*" } } }, /Policy/],
    ["queuePolicy", { Policy: { Statement: { Effect: "Allow" } } }, /Policy/],
    [
      "queuePolicy",
      {
        Policy: { Statement: { Effect: "Allow", Action: "*", Condition: { Bool: { "aws:ViaAWSService": "true" } } } },
      },
      /Policy/,
    ],
    ["subscription", { RawMessageDelivery: "perhaps" }, /RawMessageDelivery.* must be true or false/],
    ["subscription", { RedrivePolicy: {} }, /RedrivePolicy\.deadLetterTargetArn.* is required/],
    ["subscription", { RedrivePolicy: { deadLetterTargetArn: nowhere, more: 1 } }, /RedrivePolicy\.more/],
  ])("%s: %j", async (name, input, words) => {
    const made = anEmulator();
    expect((await rejection(owners[name].api(made, input))).message).toMatch(words);
    expect(await owners[name].template(made, input)).toMatch(words);
  });
});

it("refuses a member that is not modelled by its name, on both sides", async () => {
  const made = anEmulator();
  const Environment = { Values: {} };
  // No client of the SDK would send it.
  const { text, statusCode } = await made.clients.raw({
    method: "PUT",
    path: "/2015-03-31/functions/echo/configuration",
    headers: { authorization: "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request" },
    text: JSON.stringify({ Environment }),
  });
  expect([statusCode, JSON.parse(text).message]).toEqual([
    400,
    "The emulator does not model the member Environment.Values of Lambda UpdateFunctionConfiguration.",
  ]);
  expect(await owners.configuration.template(made, { Environment })).toContain(
    "property Environment.Values of AWS::Lambda::Function (One) is not modelled by the local target",
  );
});

it("takes an environment variable that is called like a function of templates", async () => {
  const { lambda, fn } = anEmulator();
  const Environment = { Variables: { Ref: "main" } };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "echo", Environment }));
  expect(fn.settings.environment).toEqual({ Ref: "main" });
});

it("refuses a function's name in a template that the API could not find it by", async () => {
  const made = anEmulator();
  for (const FunctionName of ["a b", "x".repeat(65)]) {
    const refusal = await refusedInTemplate(made, "AWS::Lambda::Function", {
      ...functionProperties(made),
      FunctionName,
    });
    expect(refusal).toContain("Member must be a function's name or ARN");
    made.emulator.service(CloudFormation).deleteStack("one");
    await made.clients.pass(60);
  }
});
