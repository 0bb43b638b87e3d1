/**
 * The templates against AWS's published resource schemas: types, properties, required ones, primitive types, enums,
 * attributes, references, ranges, lengths and patterns, in what the parameters let in as well. cfn-lint has corrections of its
 * own to the schemas: it is asked in `test:slow`.
 */
import { expect, it } from "vitest";
import { planted } from "./planted-mistake.ts";
import { objectionsTo } from "./resource-schemas.ts";
import { shippedTemplates } from "./shipped-templates.ts";

it("covers the five scenarios", () => {
  expect(shippedTemplates.length).toBeGreaterThanOrEqual(5);
});

it.each(shippedTemplates)("finds nothing to object to in $file", async ({ text }) => {
  expect(await objectionsTo(text)).toEqual([]);
});

it.each<[kind: string, original: string | RegExp, mistake: string, objection: string]>([
  [
    "type",
    "  Queue:\n    Type: AWS::SQS::Queue\n",
    "  Queue:\n    Type: AWS::SQS::Qeue\n",
    "Queue is of the unknown type AWS::SQS::Qeue",
  ],
  [
    "property",
    "VisibilityTimeout: !Ref VisibilityTimeout",
    "VisibilityTimeOut: !Ref VisibilityTimeout",
    "Queue/Properties/VisibilityTimeOut is no property",
  ],
  [
    "property further in",
    "- MaximumConcurrency: !Ref MaximumConcurrency",
    "- MaxConcurrency: !Ref MaximumConcurrency",
    "ConsumerMapping/Properties/ScalingConfig/MaxConcurrency is no property",
  ],
  [
    "missing property",
    /( {2}ConsumerFunction:[\s\S]*?) {6}Role: !GetAtt ConsumerRole.Arn\n/,
    "$1",
    "ConsumerFunction/Properties/Role is missing",
  ],
  [
    "primitive",
    /(DeadLetterQueue:\n.*\n.*\n {6})MessageRetentionPeriod: 1209600/,
    "$1MessageRetentionPeriod: two weeks",
    'DeadLetterQueue/Properties/MessageRetentionPeriod is "two weeks", not an integer',
  ],
  [
    "primitive in a parameter",
    "BatchSize: !Ref BatchSize",
    "BatchSize: !Ref ReportBatchItemFailures",
    "ConsumerMapping/Properties/BatchSize is the text of ReportBatchItemFailures, not an integer",
  ],
  [
    "list",
    /FunctionResponseTypes: !If\n\s+- ReportsItemFailures\n\s+- - ReportBatchItemFailures\n\s+- !Ref AWS::NoValue/,
    "FunctionResponseTypes: ReportBatchItemFailures",
    'ConsumerMapping/Properties/FunctionResponseTypes is "ReportBatchItemFailures", not a list',
  ],
  [
    "text for an object",
    /LoggingConfig:\n\s+LogGroup: !Ref ConsumerLogGroup/,
    "LoggingConfig: ConsumerLogGroup",
    'ConsumerFunction/Properties/LoggingConfig is "ConsumerLogGroup", not an object (LoggingConfig)',
  ],
  [
    "enum",
    /LoggingConfig:\n(\s+)LogGroup: !Ref ConsumerLogGroup/,
    "LoggingConfig:\n$1LogFormat: Xml\n$1LogGroup: !Ref ConsumerLogGroup",
    "ConsumerFunction/Properties/LoggingConfig/LogFormat is Xml, not one of Text, JSON",
  ],
  [
    "enum in a parameter",
    "[1, 3, 5, 7, 14,",
    "[1, 3, 5, 7, 13, 14,",
    "ConsumerLogGroup/Properties/RetentionInDays (LogRetentionDays) is 13, not one of",
  ],
  [
    "attribute",
    "Endpoint: !GetAtt Queue.Arn",
    "Endpoint: !GetAtt Queue.ARN",
    "Subscription/Properties/Endpoint: AWS::SQS::Queue has no attribute ARN",
  ],
  [
    "reference",
    "FunctionName: !Ref ConsumerFunction",
    "FunctionName: !Ref Consumer",
    "ConsumerMapping/Properties/FunctionName refers to Consumer, which is neither a resource nor a parameter",
  ],
  [
    "reference in an output",
    "Value: !Ref ProducerFunction",
    "Value: !GetAtt Producer.Arn",
    "Outputs/ProducerFunction refers to Producer, which is no resource",
  ],
  [
    "pattern",
    "Role: !GetAtt ConsumerRole.Arn",
    "Role: consumer role",
    "ConsumerFunction/Properties/Role is consumer role, not of the pattern ^arn:",
  ],
  [
    "pattern in a parameter",
    "Role: !GetAtt ConsumerRole.Arn",
    "Role: !Ref DatabaseUrl",
    "ConsumerFunction/Properties/Role (DatabaseUrl) is , not of the pattern ^arn:",
  ],
  [
    "pattern of a parameter",
    "^(0|[2-9]|[1-9][0-9]|[1-9][0-9][0-9]|1000)$",
    "^([0-9]|[1-9][0-9]|[1-9][0-9][0-9]|1000)$",
    "ConsumerMapping/Properties/ScalingConfig/MaximumConcurrency (MaximumConcurrency) is 1, below 2",
  ],
  [
    "value that a condition lets through",
    /LimitsConcurrency: .*/,
    'LimitsConcurrency: !Not [!Equals [!Ref MaximumConcurrency, "2"]]',
    "ConsumerMapping/Properties/ScalingConfig/MaximumConcurrency (MaximumConcurrency) is 0, below 2",
  ],
  [
    "shortest",
    "FunctionName: !Ref ConsumerFunction",
    'FunctionName: ""',
    "ConsumerMapping/Properties/FunctionName has 0 characters, fewer than 1",
  ],
  [
    "longest",
    "Handler: consumer.handler",
    `Handler: ${"x".repeat(129)}`,
    "ConsumerFunction/Properties/Handler has 129 characters, more than 128",
  ],
  [
    "longest list",
    /Architectures:\n(\s+)- arm64/,
    "Architectures:\n$1- arm64\n$1- x86_64",
    "ConsumerFunction/Properties/Architectures has 2 items, more than 1",
  ],
  [
    "least",
    "MaximumBatchingWindowInSeconds: !Ref MaximumBatchingWindow",
    "MaximumBatchingWindowInSeconds: -1",
    "ConsumerMapping/Properties/MaximumBatchingWindowInSeconds is -1, below 0",
  ],
  [
    "most",
    "BatchSize: !Ref BatchSize",
    "BatchSize: 10001",
    "ConsumerMapping/Properties/BatchSize is 10001, above 10000",
  ],
  [
    "most, further in",
    "- MaximumConcurrency: !Ref MaximumConcurrency",
    "- MaximumConcurrency: 1001",
    "ConsumerMapping/Properties/ScalingConfig/MaximumConcurrency is 1001, above 1000",
  ],
  [
    "least of a parameter",
    /(ConsumerTimeout:\n.*\n {4})MinValue: 1/,
    "$1MinValue: 0",
    "ConsumerFunction/Properties/Timeout (ConsumerTimeout) is 0, below 1",
  ],
  [
    "most of a parameter",
    "MaxValue: 300",
    "MaxValue: 301",
    "ConsumerMapping/Properties/MaximumBatchingWindowInSeconds (MaximumBatchingWindow) is 301, above 300",
  ],
  [
    "no bound of a parameter",
    /\n {4}MaxValue: 300/,
    "",
    "ConsumerMapping/Properties/MaximumBatchingWindowInSeconds (MaximumBatchingWindow) has no MaxValue, which is 300",
  ],
])("finds a planted mistake of the kind: %s", async (_kind, original, mistake, objection) => {
  expect(await objectionsTo(planted(original, mistake))).toEqual(
    expect.arrayContaining([expect.stringContaining(objection)]),
  );
});
