/** Twelve templates as people have them, of every format: each names its paths, and gives a scenario the settings that it throttles by. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { pathInWords } from "../../src/systems/event-path.ts";
import { eventPathsIn } from "../../src/systems/event-paths.ts";
import { readSystem } from "../../src/systems/formats/formats.ts";
import { lift } from "../../src/systems/lift.ts";

interface Expected {
  parameters?: Record<string, string>;
  functionName?: string;
  path: string;
  /** every setting that the file writes, as the scenario has it */
  taken: Record<string, string>;
  /** written, and to be known only after it is deployed */
  unread?: string[];
}

const templates: readonly [file: string, Expected][] = [
  [
    "invoices.yaml",
    {
      path: "SNS InvoiceTopic → SQS RenderQueue → Lambda Renderer",
      taken: {
        VisibilityTimeout: "300",
        MaxReceiveCount: "3",
        BatchSize: "4",
        MaximumBatchingWindow: "2",
        MaximumConcurrency: "5",
        ReportBatchItemFailures: "true",
        ConsumerTimeout: "20",
        ConsumerMemory: "512",
      },
    },
  ],
  [
    "invoices.yaml",
    {
      parameters: { Stage: "production" },
      path: "SNS InvoiceTopic → SQS RenderQueue → Lambda Renderer",
      taken: {
        VisibilityTimeout: "300",
        MaxReceiveCount: "3",
        BatchSize: "4",
        MaximumBatchingWindow: "2",
        MaximumConcurrency: "5",
        ReportBatchItemFailures: "true",
        ConsumerTimeout: "45",
        ConsumerMemory: "1769",
        ReservedConcurrency: "20",
      },
    },
  ],
  [
    "thumbnails.json",
    {
      path: "S3 Uploads → SQS Pictures → Lambda Thumbnailer",
      taken: { ConsumerTimeout: "60", ReservedConcurrency: "4" },
      unread: ["VisibilityTimeout"],
    },
  ],
  [
    "thumbnails.json",
    {
      parameters: { Visibility: "400", Concurrency: "9" },
      path: "S3 Uploads → SQS Pictures → Lambda Thumbnailer",
      taken: { VisibilityTimeout: "400", ConsumerTimeout: "60", ReservedConcurrency: "9" },
    },
  ],
  [
    "orders-sam.yaml",
    {
      path: "SQS Orders → Lambda Book",
      taken: {
        VisibilityTimeout: "180",
        MaxReceiveCount: "5",
        BatchSize: "5",
        MaximumConcurrency: "3",
        ReportBatchItemFailures: "true",
        ConsumerTimeout: "30",
        ConsumerMemory: "1024",
        ReservedConcurrency: "3",
      },
    },
  ],
  [
    "clicks-sam.yaml",
    {
      functionName: "Count",
      path: "Kinesis Clicks → Lambda Count",
      taken: {
        ShardCount: "2",
        BatchSize: "50",
        ParallelizationFactor: "2",
        MaximumRetryAttempts: "4",
        MaximumRecordAge: "3600",
        BisectBatchOnFunctionError: "true",
        ConsumerTimeout: "120",
      },
    },
  ],
  [
    "clicks-sam.yaml",
    {
      functionName: "Mail",
      path: "SNS Announcements → Lambda Mail",
      taken: { MaximumEventAge: "600", MaximumRetryAttempts: "1", ConsumerTimeout: "8", ReservedConcurrency: "2" },
    },
  ],
  [
    "Payments.template.json",
    {
      path: "SQS FIFO Payments/Payments → Lambda Payments/Settle",
      taken: {
        VisibilityTimeout: "90",
        MaxReceiveCount: "4",
        BatchSize: "1",
        MaximumConcurrency: "2",
        ConsumerTimeout: "15",
        ConsumerMemory: "256",
      },
    },
  ],
  [
    "Fulfilment.template.json",
    {
      functionName: "Ship",
      path: "EventBridge Fulfilment/Bus → Lambda Fulfilment/Ship",
      taken: { MaximumEventAge: "7200", MaximumRetryAttempts: "1", ConsumerTimeout: "12", ReservedConcurrency: "5" },
    },
  ],
  [
    "tickets.yaml",
    {
      functionName: "Worker",
      path: "EventBridge default → SQS Tickets → Lambda Worker",
      taken: {
        VisibilityTimeout: "150",
        MaxReceiveCount: "6",
        BatchSize: "20",
        MaximumBatchingWindow: "10",
        MinimumPollers: "2",
        MaximumPollers: "4",
        ConsumerTimeout: "25",
      },
    },
  ],
  [
    "tickets.yaml",
    {
      functionName: "Audit",
      parameters: { WorkerTimeout: "50" },
      path: "EventBridge default → Lambda Audit",
      taken: { RuleMaximumEventAge: "900", RuleMaximumRetryAttempts: "10", ReservedConcurrency: "1" },
    },
  ],
  [
    "stock.yaml",
    {
      functionName: "Update",
      path: "SNS FIFO StockChanges → SQS FIFO Stock → Lambda Update",
      taken: { VisibilityTimeout: "60", MaxReceiveCount: "10", BatchSize: "10", ConsumerTimeout: "10" },
    },
  ],
  [
    "serverless.yml",
    {
      functionName: "send",
      path: "SQS Letters → Lambda send",
      taken: {
        VisibilityTimeout: "240",
        MaxReceiveCount: "3",
        BatchSize: "8",
        MaximumBatchingWindow: "3",
        MaximumConcurrency: "4",
        ReportBatchItemFailures: "true",
        ConsumerTimeout: "40",
        ConsumerMemory: "512",
        ReservedConcurrency: "6",
      },
    },
  ],
  [
    "serverless.yml",
    {
      functionName: "subscribe",
      path: "SNS SNSTopicSubscriptions → Lambda subscribe",
      taken: { MaximumEventAge: "120", MaximumRetryAttempts: "0", ConsumerMemory: "512" },
    },
  ],
  [
    "serverless-telemetry.yml",
    {
      path: "Kinesis telemetry → Lambda fold",
      taken: {
        BatchSize: "200",
        MaximumBatchingWindow: "5",
        ParallelizationFactor: "4",
        MaximumRetryAttempts: "2",
        BisectBatchOnFunctionError: "true",
        ReportBatchItemFailures: "true",
      },
    },
  ],
  [
    "notifications-plan.json",
    {
      path: "SQS module.notifications.aws_sqs_queue.this → Lambda aws_lambda_function.notify",
      taken: {
        VisibilityTimeout: "220",
        MaxReceiveCount: "4",
        BatchSize: "6",
        MaximumBatchingWindow: "1",
        MaximumConcurrency: "8",
        ReportBatchItemFailures: "true",
        ConsumerTimeout: "35",
        ConsumerMemory: "384",
      },
      unread: ["MaxReceiveCount"],
    },
  ],
  [
    "measurements-state.json",
    {
      path: 'SNS aws_sns_topic.measurements → SQS aws_sqs_queue.measurements → Lambda aws_lambda_function.worker["slow"]',
      taken: {
        VisibilityTimeout: "90",
        MaxReceiveCount: "2",
        BatchSize: "10",
        MaximumBatchingWindow: "0",
        ConsumerTimeout: "14",
        ConsumerMemory: "128",
        ReservedConcurrency: "2",
      },
    },
  ],
];

const systemIn = (file: string, parameters: Record<string, string> = {}) =>
  readSystem({
    file,
    text: readFileSync(fileURLToPath(new URL(`templates/${file}`, import.meta.url)), "utf8"),
    parameters,
  });

describe("a template as people have it", () => {
  it.each(templates)("%s, %o: every setting that it writes is taken, and a scenario has it", (file, expected) => {
    const { parameters, functionName, path, taken, unread = [] } = expected;
    const lifted = lift(systemIn(file, parameters), { functionName });
    const settings = lifted.taken.filter((each) => each.setting !== null);
    expect({
      path: pathInWords(lifted.path),
      taken: Object.fromEntries(settings.map(({ setting, value }) => [setting, value])),
      unread: lifted.unread.map(({ setting }) => setting),
    }).toEqual({ path, taken, unread });
    const defaults = Object.fromEntries(
      lifted.scenario.template.parameters.map((parameter) => [parameter.name, parameter.default]),
    );
    expect(defaults).toMatchObject(taken);
  });

  it.each(["clicks-sam.yaml", "tickets.yaml", "serverless.yml"])(
    "%s has several event paths, and each is chosen by its function",
    (file) => {
      const paths = eventPathsIn(systemIn(file));
      expect(paths.length).toBeGreaterThan(1);
      expect(new Set(paths.map(({ choose }) => choose.join(" "))).size).toBe(paths.length);
      expect(() => lift(systemIn(file))).toThrow(/choose one/);
    },
  );

  // RedrivePolicy is JSON, which templates also write as text: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
  it.each([
    `!Sub '{"deadLetterTargetArn":"\${Lost.Arn}","maxReceiveCount":"\${Most}"}'`,
    `!Join ['', ['{"deadLetterTargetArn":"', !GetAtt Lost.Arn, '","maxReceiveCount":', !Ref Most, '}']]`,
    "!ToJsonString { deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: !Ref Most }",
    "{ deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: !Ref Most }",
  ])("a receive count is taken from %s, and assumed where its parameter has no value", (redrivePolicy) => {
    const text = [
      "Parameters: { Most: { Type: Number } }",
      "Resources:",
      "  Lost: { Type: AWS::SQS::Queue }",
      `  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      RedrivePolicy: ${redrivePolicy}`,
      "  Work: { Type: AWS::Lambda::Function, Properties: { Code: {}, Role: role } }",
      "  Mapping:\n    Type: AWS::Lambda::EventSourceMapping",
      "    Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Work }",
    ].join("\n");
    const known = lift(readSystem({ file: "jobs.yaml", text, parameters: { Most: "7" } }));
    expect(known.taken).toContainEqual(expect.objectContaining({ setting: "MaxReceiveCount", value: "7" }));
    const unknown = lift(readSystem({ file: "jobs.yaml", text, parameters: {} }));
    expect(unknown.assumed).toContainEqual({
      setting: "MaxReceiveCount",
      value: "5",
      why: expect.stringContaining("give it with --parameters Most=value"),
    });
  });
});
