/** The advice that AWS gives in prose, checked on event paths. Documented: each advice names its page of AWS's. */
import { describe, expect, it } from "vitest";
import { type Advice, adviceOn } from "../../../src/systems/advice.ts";
import { lift } from "../../../src/systems/lift.ts";
import { aQueuePath, aSystem } from "./a-system.ts";

function adviceFor(text: string): Advice[] {
  const system = aSystem(text);
  return adviceOn(system, lift(system, { functionName: "Worker" }));
}

function codesOf(text: string): string[] {
  return adviceFor(text)
    .map(({ code }) => code)
    .toSorted();
}

/** A queue path that follows all of the advice; `own` goes in place of what is well. */
const redrive = "RedrivePolicy: { deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5 }";
const alarm = `  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{ Name: QueueName, Value: !GetAtt Failed.QueueName }]
`;

function aQueue(own: { queue?: string; mapping?: string; fn?: string; others?: string; failed?: string } = {}): string {
  const text = aQueuePath({
    queue: own.queue ?? `VisibilityTimeout: 60\n${redrive}`,
    mapping: own.mapping ?? "FunctionResponseTypes: [ReportBatchItemFailures]",
    fn: own.fn ?? "Timeout: 10",
    others: own.others ?? alarm,
  });
  const failed = own.failed ?? "MessageRetentionPeriod: 1209600";
  return text.replace(
    "  Failed:\n    Type: AWS::SQS::Queue\n",
    `  Failed:\n    Type: AWS::SQS::Queue\n    Properties: { ${failed} }\n`,
  );
}

const capped = "FunctionResponseTypes: [ReportBatchItemFailures]\nScalingConfig: { MaximumConcurrency: 7 }";
const other = "  Other: { Type: AWS::Lambda::Function, Properties: { Timeout: 3 } }\n";

describe("a queue that follows all advice", () => {
  it.each([
    ["alone", {}],
    [
      "with a maximum concurrency and a reservation that holds it",
      { mapping: capped, fn: "Timeout: 10\nReservedConcurrentExecutions: 7" },
    ],
    ["with a reservation as large as a mapping can use", { fn: "Timeout: 10\nReservedConcurrentExecutions: 1000" }],
    ["with a maximum concurrency and no other function", { mapping: capped }],
    ["in batches of one", { mapping: "BatchSize: 1" }],
  ])("%s, is told nothing", (_, own) => {
    expect(adviceFor(aQueue(own))).toEqual([]);
  });
});

describe("a queue is told", () => {
  const told: [code: string, own: Parameters<typeof aQueue>[0], line: string][] = [
    ["visibility-below-advice", { queue: `VisibilityTimeout: 59\n${redrive}` }, "VisibilityTimeout: 59"],
    [
      "receives-below-advice",
      {
        queue: "VisibilityTimeout: 60\nRedrivePolicy:\n  deadLetterTargetArn: !GetAtt Failed.Arn\n  maxReceiveCount: 4",
      },
      "maxReceiveCount: 4",
    ],
    ["no-dead-letter-queue", { queue: "VisibilityTimeout: 60" }, "Jobs:"],
    ["dead-letter-queue-unwatched", { others: "" }, "Failed:"],
    ["dead-letter-retention", { failed: "MessageRetentionPeriod: 345600" }, "MessageRetentionPeriod: 345600"],
    [
      "dead-letter-queue-of-another-type",
      {
        queue: `VisibilityTimeout: 60\nFifoQueue: true\n${redrive}`,
      },
      "RedrivePolicy:",
    ],
    ["no-partial-batch-responses", { mapping: "BatchSize: 2" }, "BatchSize: 2"],
    [
      "dead-letters-of-the-function",
      { fn: "Timeout: 10\nDeadLetterConfig: { TargetArn: !GetAtt Failed.Arn }" },
      "DeadLetterConfig:",
    ],
    [
      "reservation-with-a-queue",
      { fn: "Timeout: 10\nReservedConcurrentExecutions: 999" },
      "ReservedConcurrentExecutions: 999",
    ],
    [
      "reservation-below-maximum-concurrency",
      { mapping: capped, fn: "Timeout: 10\nReservedConcurrentExecutions: 6" },
      "ReservedConcurrentExecutions: 6",
    ],
    ["maximum-concurrency-without-reservation", { mapping: capped, others: alarm + other }, "ScalingConfig:"],
  ];

  it.each(told)("%s, and nothing else, with its line", (code, own, line) => {
    const text = aQueue(own);
    const [advice, ...others] = adviceFor(text);
    expect(others).toEqual([]);
    expect(advice).toMatchObject({ code, source: expect.stringMatching(/^https:\/\/(docs\.aws\.amazon\.com)\//) });
    expect(text.split("\n")[advice!.place.line - 1]).toContain(line);
  });

  it("of the visibility with the batching window", () => {
    const mapping = "FunctionResponseTypes: [ReportBatchItemFailures]\nMaximumBatchingWindowInSeconds: 5";
    const [advice] = adviceFor(aQueue({ mapping }));
    expect(advice).toMatchObject({
      code: "visibility-below-advice",
      cure: "raise VisibilityTimeout of Jobs to at least 65",
    });
  });

  it("of a reservation that is less than all of its mappings may use together", () => {
    const second = `  Second:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: arn:aws:sqs:eu-west-1:123456789012:others
      FunctionName: !Ref Worker
      ScalingConfig: { MaximumConcurrency: 4 }
`;
    const system = aSystem(
      aQueue({ mapping: capped, fn: "Timeout: 10\nReservedConcurrentExecutions: 10", others: alarm + second }),
    );
    const [advice] = adviceOn(system, lift(system, { functionName: "Worker", queueName: "Jobs" }));
    expect(advice).toMatchObject({
      code: "reservation-below-maximum-concurrency",
      message: expect.stringContaining("11 times"),
    });
  });

  it("nothing of dead letters that a function reads, or of a FIFO queue's retention", () => {
    const reader = `  Redrive:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Failed.Arn, FunctionName: !Ref Other }
${other}`;
    expect(codesOf(aQueue({ others: reader }))).toEqual([]);
    const fifo = { queue: `VisibilityTimeout: 60\nFifoQueue: true\n${redrive}`, failed: "FifoQueue: true" };
    expect(codesOf(aQueue(fifo))).toEqual([]);
  });

  it("nothing of values that are not known before they are deployed", () => {
    const text = aQueue({
      queue: "VisibilityTimeout: !Ref Unknown\nRedrivePolicy: !Ref Unknown",
      fn: "Timeout: !Ref Unknown\nReservedConcurrentExecutions: !Ref Unknown",
    }).replace("Resources:", "Parameters: { Unknown: { Type: String } }\nResources:");
    expect(codesOf(text).filter((code) => /visibility|reservation|dead-letter-retention/.test(code))).toEqual([]);
  });
});

describe("a stream is told", () => {
  function aStream(mapping: string): string {
    return aQueuePath({
      mapping,
      others: "  Clicks: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }\n",
    }).replace(
      "EventSourceArn: !GetAtt Jobs.Arn",
      "EventSourceArn: !GetAtt Clicks.Arn\n      StartingPosition: LATEST",
    );
  }
  const destination = "DestinationConfig: { OnFailure: { Destination: !GetAtt Failed.Arn } }";

  it.each([
    ["no-limit-of-retries", "BatchSize: 1"],
    ["no-destination-of-a-stream", "BatchSize: 1\nMaximumRetryAttempts: 3"],
    ["no-bisection", `BatchSize: 2\nMaximumRetryAttempts: 3\n${destination}`],
  ])("%s, and nothing else", (code, mapping) => {
    expect(codesOf(aStream(mapping))).toEqual([code]);
  });

  it("nothing where it has all of them, or reports what failed", () => {
    expect(codesOf(aStream(`MaximumRetryAttempts: 3\n${destination}\nBisectBatchOnFunctionError: true`))).toEqual([]);
    const reports = "FunctionResponseTypes: [ReportBatchItemFailures]";
    expect(codesOf(aStream(`MaximumRecordAgeInSeconds: 60\n${destination}\n${reports}`))).toEqual([]);
  });
});

describe("a function that is invoked asynchronously is told", () => {
  function aTopic(fn = "", others = ""): string {
    return `Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Timeout: 10
${fn.replaceAll(/^(?=.)/gm, "      ")}
  Orders: { Type: AWS::SNS::Topic }
  Subscribed:
    Type: AWS::SNS::Subscription
    Properties: { Protocol: lambda, TopicArn: !Ref Orders, Endpoint: !GetAtt Worker.Arn }
${others}`;
  }
  const config = (properties: string) =>
    `  Config:\n    Type: AWS::Lambda::EventInvokeConfig\n    Properties: { FunctionName: !Ref Worker, Qualifier: $LATEST, ${properties} }\n`;
  const deadLetters = "DeadLetterConfig: { TargetArn: arn:aws:sqs:eu-west-1:123456789012:failed }";

  it("that what fails is discarded, after as many retries as it has", () => {
    expect(adviceFor(aTopic())).toEqual([
      expect.objectContaining({
        code: "no-destination-of-asynchronous-events",
        message: "Lambda discards an event that fails in Worker after 2 retries, and nobody is told",
      }),
    ]);
    const [advice] = adviceFor(aTopic("", config("MaximumRetryAttempts: 0")));
    expect(advice!.message).toContain("without a retry");
  });

  it("nothing of that where it has a destination or dead letters", () => {
    const onFailure = "DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:123456789012:failed' } }";
    expect(codesOf(aTopic("", config(onFailure)))).toEqual([]);
    expect(codesOf(aTopic(deadLetters))).toEqual([]);
  });

  it("that a reservation makes events wait, and for how long at most", () => {
    const reserved = `${deadLetters}\nReservedConcurrentExecutions: 1`;
    expect(adviceFor(aTopic(reserved))).toEqual([
      expect.objectContaining({
        code: "reservation-with-asynchronous-events",
        message: expect.stringContaining("for up to 6 hours"),
      }),
    ]);
    const [advice] = adviceFor(aTopic(reserved, config("MaximumEventAgeInSeconds: 120")));
    expect(advice!.message).toContain("for up to 120 s");
  });

  it("that a rule's target has no dead-letter queue, unless it has one", () => {
    const aRule = (target: string) => `Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      ${deadLetters}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [shop] }
      Targets:
        - { Id: worker, Arn: !GetAtt Worker.Arn${target} }
`;
    const text = aRule("");
    const [advice, ...others] = adviceFor(text);
    expect(others).toEqual([]);
    expect(advice).toMatchObject({ code: "target-without-dead-letter-queue" });
    expect(text.split("\n")[advice!.place.line - 1]).toContain("Id: worker");
    expect(codesOf(aRule(", DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:123456789012:failed' }"))).toEqual([]);
  });
});
