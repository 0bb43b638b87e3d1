/** Files of the Serverless Framework as systems. Documented: https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { settingsOf } from "../../../../src/scenarios/settings.ts";
import { eventPathsIn } from "../../../../src/systems/event-paths.ts";
import { readSystem } from "../../../../src/systems/formats/formats.ts";
import { lift } from "../../../../src/systems/lift.ts";
import type { System } from "../../../../src/systems/system.ts";
import { placeOf } from "../../../../src/template/template.ts";
import { aSystem } from "../a-system.ts";

const head = "service: shop\nprovider:\n  name: aws\n";

function aService(text: string, parameters: Record<string, string> = {}): System {
  return aSystem(text, parameters, "serverless.yml");
}

function propertiesOf({ template }: System, logicalId: string) {
  return template.resources.find((each) => each.logicalId === logicalId)?.properties;
}

function lineOf(text: string, part: string): number {
  return text.split("\n").findIndex((line) => line.includes(part)) + 1;
}

/** A worker with these settings of its own and one event. */
function aWorker(event: string, own = "", others = ""): string {
  return `${head}functions:\n  worker:\n    handler: index.handler\n${own}    events:\n${event.replaceAll(/^(?=.)/gm, "      ")}\n${others}`;
}

it("lifts a queue outside of the file with what the function says of it", () => {
  const event = "- sqs:\n    arn: arn:aws:sqs:eu-west-1:123456789012:jobs\n    batchSize: 5";
  const { scenario, path } = lift(aService(aWorker(event, "    reservedConcurrency: 2\n")));
  expect(path.stations.map(({ name }) => name)).toEqual(["jobs", "worker"]);
  expect(settingsOf(scenario, [])).toMatchObject({
    BatchSize: "5",
    ReservedConcurrency: "2",
    ConsumerTimeout: "6",
    ConsumerMemory: "1024",
  });
});

describe("functions", () => {
  it("have the framework's timeout and memory, which nobody wrote", () => {
    const system = aService(aWorker("- sqs: arn:aws:sqs:eu-west-1:123456789012:jobs"));
    expect(propertiesOf(system, "WorkerLambdaFunction")).toMatchObject({
      FunctionName: "shop-dev-worker",
      Timeout: 6,
      MemorySize: 1024,
    });
    const { defaulted } = lift(system);
    const page = "https://www.serverless.com/framework/docs/providers/aws/guide/functions";
    for (const [setting, value] of [
      ["ConsumerTimeout", "6"],
      ["ConsumerMemory", "1024"],
    ] as const) {
      expect(defaulted).toContainEqual(
        expect.objectContaining({ setting, value, by: "the Serverless Framework", source: page }),
      );
    }
  });

  it("take what the provider has where they have nothing of their own, with its line", () => {
    const text = aWorker("- sqs: arn:aws:sqs:eu-west-1:123456789012:jobs", "    memorySize: 256\n").replace(
      "name: aws\n",
      "name: aws\n  timeout: 20\n  memorySize: 512\n",
    );
    const system = aService(text);
    expect(propertiesOf(system, "WorkerLambdaFunction")).toMatchObject({ Timeout: 20, MemorySize: 256 });
    expect(placeOf(system.template, ["Resources", "WorkerLambdaFunction", "Properties", "Timeout"])).toEqual({
      file: "serverless.yml",
      line: lineOf(text, "timeout: 20"),
    });
  });

  it("have reservation, dead letters, destinations and the limits of asynchronous events", () => {
    const system = aService(`${head}functions:
  my-worker:
    handler: index.handler
    reservedConcurrency: 0
    onError: arn:aws:sns:eu-west-1:123456789012:failed
    maximumEventAge: 600
    maximumRetryAttempts: 0
    destinations:
      onFailure: rescue
      onSuccess: arn:aws:sqs:eu-west-1:123456789012:done
  rescue:
    handler: index.rescue
`);
    expect(propertiesOf(system, "MyDashworkerLambdaFunction")).toMatchObject({
      ReservedConcurrentExecutions: 0,
      DeadLetterConfig: { TargetArn: "arn:aws:sns:eu-west-1:123456789012:failed" },
    });
    expect(propertiesOf(system, "MyDashworkerLambdaEvConf")).toEqual({
      FunctionName: { Ref: "MyDashworkerLambdaFunction" },
      Qualifier: "$LATEST",
      MaximumEventAgeInSeconds: 600,
      MaximumRetryAttempts: 0,
      DestinationConfig: {
        OnFailure: { Destination: { "Fn::GetAtt": ["RescueLambdaFunction", "Arn"] } },
        OnSuccess: { Destination: "arn:aws:sqs:eu-west-1:123456789012:done" },
      },
    });
  });

  it("may be a list of maps", () => {
    const system = aService(`${head}functions:\n  - a:\n      handler: a.h\n  - b:\n      handler: b.h\n`);
    expect(system.template.resources.map(({ logicalId }) => logicalId)).toEqual(["ALambdaFunction", "BLambdaFunction"]);
  });

  it("are called as the user calls them", () => {
    const system = aService(aWorker("- sqs: arn:aws:sqs:eu-west-1:123456789012:jobs"));
    expect(eventPathsIn(system)[0]!.stations.at(-1)).toMatchObject({ name: "worker" });
  });

  it("keep to the condition that makes them", () => {
    const conditions = "resources:\n  Conditions:\n    IsProd:\n      Fn::Equals: ['${sls:stage}', prod]\n";
    const text = `${head}functions:\n  a:\n    handler: a.h\n  b:\n    handler: b.h\n    condition: IsProd\n${conditions}`;
    expect(propertiesOf(aService(text), "BLambdaFunction")).toBeUndefined();
    expect(propertiesOf(aService(text, { stage: "prod" }), "BLambdaFunction")).toBeDefined();
  });

  it("are reached by their alias where concurrency is provisioned", () => {
    const own = "    provisionedConcurrency: 3\n";
    const system = aService(aWorker("- sqs: arn:aws:sqs:eu-west-1:123456789012:jobs", own));
    expect(propertiesOf(system, "WorkerProvConcLambdaAlias")).toMatchObject({
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
    });
    const { FunctionName } = propertiesOf(system, "WorkerEventSourceMappingSQSJobs")!;
    expect(FunctionName).toEqual({ "Fn::Sub": "${WorkerLambdaFunction.Arn}:provisioned" });
    expect(lift(system).path.stations.at(-1)!.logicalId).toBe("WorkerLambdaFunction");
  });
});

describe("a queue", () => {
  const resources = `resources:
  Resources:
    Jobs:
      Type: AWS::SQS::Queue
      Properties:
        VisibilityTimeout: 90
        RedrivePolicy: { deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 4 }
    Failed:
      Type: AWS::SQS::Queue
`;

  it("is read as its event says, with the lines of the file", () => {
    const event = `- sqs:
    arn: !GetAtt Jobs.Arn
    batchSize: 5
    maximumBatchingWindow: 2
    functionResponseType: ReportBatchItemFailures
    maximumConcurrency: 7`;
    const text = aWorker(event, "    timeout: 15\n    reservedConcurrency: 20\n", resources);
    const { scenario, taken } = lift(aService(text));
    expect(settingsOf(scenario, [])).toMatchObject({
      VisibilityTimeout: "90",
      MaxReceiveCount: "4",
      BatchSize: "5",
      MaximumBatchingWindow: "2",
      ReportBatchItemFailures: "true",
      MaximumConcurrency: "7",
      ConsumerTimeout: "15",
      ReservedConcurrency: "20",
    });
    const lines = text.split("\n");
    const keys: Record<string, string> = {
      VisibilityTimeout: "VisibilityTimeout: 90",
      MaxReceiveCount: "maxReceiveCount: 4",
      BatchSize: "batchSize: 5",
      MaximumBatchingWindow: "maximumBatchingWindow: 2",
      ReportBatchItemFailures: "functionResponseType",
      MaximumConcurrency: "maximumConcurrency: 7",
      ConsumerTimeout: "timeout: 15",
      ReservedConcurrency: "reservedConcurrency: 20",
    };
    expect(taken.map(({ setting }) => setting).toSorted()).toEqual(Object.keys(keys).toSorted());
    for (const { setting, place } of taken) expect(lines[place.line - 1]).toContain(keys[setting!]);
  });

  it("is found by its name where the event has its ARN as text", () => {
    const named = resources.replace("VisibilityTimeout: 90", "QueueName: jobs-${sls:stage}");
    const event = "- sqs: arn:aws:sqs:${aws:region}:${aws:accountId}:jobs-${sls:stage}";
    const system = aService(aWorker(event, "", named), { stage: "prod" });
    expect(eventPathsIn(system)[0]!.stations[0]).toMatchObject({ service: "SQS", logicalId: "Jobs" });
  });

  it("may be outside of the file, by ARN, import or variable", () => {
    for (const arn of ["arn:aws:sqs:eu-west-1:123456789012:jobs", "!ImportValue jobs", "${ssm:/jobs/arn}"]) {
      const system = aService(aWorker(`- sqs:\n    arn: ${arn}\n    batchSize: 1`));
      expect(lift(system).path).toMatchObject({ kind: "queue", stations: [{ service: "SQS" }, { name: "worker" }] });
    }
  });

  it("that is switched off has Enabled: false, and filters stand as text", () => {
    const event =
      "- sqs:\n    arn: !GetAtt Jobs.Arn\n    enabled: false\n    filterPatterns:\n      - body: { kind: [a] }";
    const system = aService(aWorker(event, "", resources));
    expect(propertiesOf(system, "WorkerEventSourceMappingSQSJobs")).toMatchObject({
      Enabled: false,
      BatchSize: 10,
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }] },
    });
  });
});

describe("the plugin serverless-lift", () => {
  const queue = `${head}constructs:
  jobs:
    type: queue
    worker:
      handler: worker.handler
      timeout: 20
      reservedConcurrency: 5
`;

  it("makes a queue, its dead letters and its worker, by its own defaults", () => {
    const { scenario, defaulted } = lift(aService(queue));
    expect(settingsOf(scenario, [])).toMatchObject({
      VisibilityTimeout: "120",
      MaxReceiveCount: "3",
      BatchSize: "1",
      ReportBatchItemFailures: "true",
      ConsumerTimeout: "20",
      ReservedConcurrency: "5",
    });
    const page = "https://github.com/getlift/lift/blob/master/docs/queue.md";
    const own = { by: "serverless-lift", source: page };
    expect(defaulted).toContainEqual(expect.objectContaining({ setting: "MaxReceiveCount", ...own }));
  });

  it("takes what is written: retries, batches, window, concurrency, delay and FIFO", () => {
    const text = `${queue}    maxRetries: 7\n    batchSize: 4\n    maxBatchingWindow: 9\n    maxConcurrency: 3\n    delay: 5\n    fifo: true\n`;
    const system = aService(text);
    const queues = system.template.resources.filter(({ type }) => type === "AWS::SQS::Queue");
    expect(queues.map(({ properties }) => properties)).toEqual([
      { QueueName: "shop-dev-jobs-dlq.fifo", MessageRetentionPeriod: 1_209_600, FifoQueue: true },
      expect.objectContaining({
        QueueName: "shop-dev-jobs.fifo",
        VisibilityTimeout: 6 * 20 + 9,
        RedrivePolicy: expect.objectContaining({ maxReceiveCount: 7 }),
        DelaySeconds: 5,
        FifoQueue: true,
      }),
    ]);
    expect(settingsOf(lift(system).scenario, [])).toMatchObject({ BatchSize: "4", MaximumConcurrency: "3" });
  });

  it("gives its queue's ARN by a variable", () => {
    const event = "${construct:jobs.queueArn}";
    const system = aService(`${queue}functions:\n  other:\n    handler: o.h\n    events:\n      - sqs: ${event}\n`);
    const sources = system.template.resources
      .filter(({ type }) => type === "AWS::Lambda::EventSourceMapping")
      .map(({ properties }) => properties.EventSourceArn);
    expect(sources).toHaveLength(2);
    expect(sources[0]).toEqual(sources[1]);
  });
});

describe("a topic", () => {
  it("that is only named is made, and the function subscribes to it", () => {
    const system = aService(aWorker("- sns: order-placed", "    reservedConcurrency: 1\n"));
    expect(propertiesOf(system, "SNSTopicOrderplaced")).toMatchObject({
      TopicName: "order-placed",
      Subscription: [{ Protocol: "lambda", Endpoint: { "Fn::GetAtt": ["WorkerLambdaFunction", "Arn"] } }],
    });
    const { path, scenario } = lift(system);
    expect(path.stations.map(({ service }) => service)).toEqual(["SNS", "Lambda"]);
    expect(settingsOf(scenario, [])).toMatchObject({ ReservedConcurrency: "1" });
  });

  it("has one subscription for each function, with a resource of its own where it filters or redrives", () => {
    const text = `${head}functions:
  a: { handler: a.h, events: [{ sns: orders }] }
  b: { handler: b.h, events: [{ sns: orders }] }
  c:
    handler: c.h
    events:
      - sns:
          topicName: orders
          filterPolicy: { kind: [x] }
          redrivePolicy: { deadLetterTargetRef: Failed }
resources:
  Resources:
    Failed: { Type: AWS::SQS::Queue }
`;
    const system = aService(text);
    expect(propertiesOf(system, "SNSTopicOrders")!.Subscription).toHaveLength(2);
    expect(propertiesOf(system, "CSnsSubscriptionOrders")).toMatchObject({
      TopicArn: { Ref: "SNSTopicOrders" },
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Failed", "Arn"] } },
      FilterPolicy: { kind: ["x"] },
    });
    expect(eventPathsIn(system)).toHaveLength(3);
  });
});

describe("a stream", () => {
  it("is read as its event says, in batches of 10 unless it says otherwise", () => {
    const resources =
      "resources:\n  Resources:\n    Clicks: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 2 } }\n";
    const event = `- stream:
    type: kinesis
    arn: !GetAtt Clicks.Arn
    batchWindow: 1
    parallelizationFactor: 4
    maximumRetryAttempts: 2
    maximumRecordAgeInSeconds: 120
    bisectBatchOnFunctionError: true
    tumblingWindowInSeconds: 5
    startingPosition: LATEST
    destinations: { onFailure: { arn: !GetAtt Failed.Arn, type: sqs } }`;
    const system = aService(aWorker(event, "", `${resources}    Failed: { Type: AWS::SQS::Queue }\n`));
    expect(propertiesOf(system, "WorkerEventSourceMappingKinesisClicks")).toMatchObject({
      BatchSize: 10,
      StartingPosition: "LATEST",
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 4,
      MaximumRetryAttempts: 2,
      MaximumRecordAgeInSeconds: 120,
      BisectBatchOnFunctionError: true,
      TumblingWindowInSeconds: 5,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": ["Failed", "Arn"] } } },
    });
    const { path, defaulted } = lift(system);
    expect(path.kind).toBe("stream");
    expect(defaulted).toContainEqual(
      expect.objectContaining({ setting: "BatchSize", value: "10", by: "the Serverless Framework" }),
    );
  });

  it("of a table is a stream that is not modelled, and is said so", () => {
    const event = "- stream: arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2020-01-01T00:00:00.000";
    expect(() => lift(aService(aWorker(event)))).toThrow(/a stream of a DynamoDB table, which is not modelled/);
  });

  it("that a consumer of its own reads is found behind it", () => {
    const event = "- stream:\n    arn: arn:aws:kinesis:eu-west-1:123456789012:stream/clicks\n    consumer: true";
    const system = aService(aWorker(event));
    expect(propertiesOf(system, "WorkerclicksConsumerStreamConsumer")).toMatchObject({
      ConsumerName: "workerclicksConsumer",
    });
    expect(lift(system).path.kind).toBe("stream");
  });
});

describe("other events", () => {
  it("come from a bus that is made by its name, with retries and dead letters of its target", () => {
    const event = `- eventBridge:
    eventBus: orders
    pattern: { source: [shop] }
    retryPolicy: { maximumEventAge: 60, maximumRetryAttempts: 3 }
    deadLetterQueueArn: arn:aws:sqs:eu-west-1:123456789012:failed`;
    const system = aService(aWorker(event));
    expect(propertiesOf(system, "OrdersEventBridgeEventBus")).toEqual({ Name: "orders" });
    expect(propertiesOf(system, "Shopdevworkerrule1EventBridgeRule")!.Targets).toEqual([
      expect.objectContaining({
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 3 },
        DeadLetterConfig: { Arn: "arn:aws:sqs:eu-west-1:123456789012:failed" },
      }),
    ]);
    expect(lift(system).path.stations.map(({ service }) => service)).toEqual(["EventBridge", "Lambda"]);
  });

  it("come by schedules, of which each rate is a rule", () => {
    const system = aService(aWorker("- schedule:\n    rate: [rate(1 minute), rate(1 hour)]\n    enabled: false"));
    expect(propertiesOf(system, "WorkerEventsRuleSchedule2")).toMatchObject({
      ScheduleExpression: "rate(1 hour)",
      State: "DISABLED",
    });
  });

  it("come from a bucket, which the framework makes once", () => {
    const text = `${head}functions:\n  a: { handler: a.h, events: [{ s3: uploads }] }\n  b: { handler: b.h, events: [{ s3: uploads }] }\n`;
    const system = aService(text);
    expect(eventPathsIn(system).map(({ stations }) => stations.map(({ name }) => name))).toEqual([
      ["S3BucketUploads", "a"],
      ["S3BucketUploads", "b"],
    ]);
  });

  it("of requests feed no path, and brokers are named as not modelled", () => {
    const requests = "- http: GET /a\n- httpApi: GET /b\n- websocket: $connect";
    expect(eventPathsIn(aService(aWorker(requests)))).toEqual([]);
    const broker = "- kafka:\n    topic: orders\n    bootstrapServers: [a:9092]";
    expect(() => lift(aService(aWorker(broker)))).toThrow(/a topic of Kafka, which is not modelled/);
  });
});

describe("resources", () => {
  it("may be a list, go over what the framework makes, and extend it", () => {
    const text = aWorker(
      "- sqs: arn:aws:sqs:eu-west-1:123456789012:jobs",
      "",
      `resources:
  - Resources:
      Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }
  - Resources:
      WorkerLambdaFunction: { Properties: { Timeout: 44 } }
    extensions:
      WorkerEventSourceMappingSQSJobs:
        Properties: { ScalingConfig: { MaximumConcurrency: 9 } }
      WorkerLogGroup:
        Properties: { RetentionInDays: 3 }
      Nothing:
        Properties: { A: b }
`,
    );
    const system = aService(text);
    expect(settingsOf(lift(system).scenario, [])).toMatchObject({ ConsumerTimeout: "44", MaximumConcurrency: "9" });
    expect(system.unread).toEqual([
      {
        place: { file: "serverless.yml", line: lineOf(text, "Nothing:") },
        path: null,
        message: expect.stringMatching(/^Nothing is no resource/),
      },
    ]);
  });

  it("have parameters of the template, which --parameters gives", () => {
    const parameters = "resources:\n  Parameters:\n    Visibility: { Type: Number, Default: 40 }\n  Resources:\n";
    const text = aWorker(
      "- sqs: { arn: !GetAtt Jobs.Arn }",
      "",
      `${parameters}    Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: !Ref Visibility } }\n`,
    );
    const visibility = (given: Record<string, string>) =>
      propertiesOf(aService(text, given), "Jobs")!.VisibilityTimeout;
    expect(Number(visibility({}))).toBe(40);
    expect(visibility({ Visibility: "55" })).toBe("55");
  });
});

it("keeps lists within lists, as functions of CloudFormation have them", () => {
  const arn = "arn: { 'Fn::Join': [':', [arn, aws, sqs, !Ref AWS::Region, !Ref AWS::AccountId, jobs]] }";
  const system = aService(aWorker(`- sqs: { ${arn} }`));
  expect(propertiesOf(system, "WorkerEventSourceMappingSQSJobs")!.EventSourceArn).toEqual({
    "Fn::Sub": "arn:aws:sqs:us-east-1:${AWS::AccountId}:jobs",
  });
});

describe("files that are none", () => {
  it("are refused by name, with what to do", () => {
    expect(() => aService("service: a\nprovider:\n  name: google\nfunctions: {}\n")).toThrow(
      "serverless.yml, line 2: the service's provider is google; give a service for aws.",
    );
    expect(() =>
      aSystem("services:\n  a:\n    path: service-a\n  b:\n    path: b\n", {}, "serverless-compose.yml"),
    ).toThrow(
      "composes services of the Serverless Framework; give the file of one of them: service-a/serverless.yml, b/serverless.yml.",
    );
    expect(() => aSystem("export default {};", {}, "serverless.ts")).toThrow(/serverless print/);
  });

  it("that go in a circle by their aliases are refused", () => {
    const text = `${head}functions: { a: &a { handler: a.h, again: *a } }\n`;
    expect(() => aService(text)).toThrow(
      "serverless.yml, line 4: the file is nested deeper than 64 levels, its aliases followed.",
    );
  });

  it("that extend or declare what is no map are read without it", () => {
    const resources = "resources: { Resources: { Q: 5 }, extensions: { Q: 3, ALambdaFunction: 4 } }\n";
    const system = aService(`${head}functions: { a: { handler: a.h } }\n${resources}`);
    expect(system.template.resources.map(({ logicalId }) => logicalId)).toEqual(["ALambdaFunction"]);
  });

  it("that are JSON are read alike", () => {
    const service = { service: { name: "shop" }, provider: "aws", functions: { a: { handler: "a.h", timeout: 9 } } };
    expect(propertiesOf(aService(JSON.stringify(service)), "ALambdaFunction")).toMatchObject({
      FunctionName: "shop-dev-a",
      Timeout: 9,
    });
  });
});

describe("variables", () => {
  const timeoutOf = (text: string, parameters: Record<string, string> = {}, custom = "") =>
    propertiesOf(
      aService(`${head}${custom}functions:\n  a:\n    handler: a.h\n    timeout: ${text}\n`, parameters),
      "ALambdaFunction",
    )!.Timeout;

  it("come from the file itself, by keys and indices, as deep as they are nested", () => {
    const custom = "custom:\n  dev: { times: [4, '${self:custom.base}'] }\n  base: 8\n";
    expect(timeoutOf("${self:custom.dev.times.0}", {}, custom)).toBe(4);
    expect(timeoutOf("${self:custom.${sls:stage}.times.1}", {}, custom)).toBe(8);
    expect(timeoutOf("${self:custom.none, self:custom.base}", {}, custom)).toBe(8);
  });

  it("come from --parameters as options, parameters and environment, each before its default", () => {
    expect(timeoutOf("${opt:t, 5}")).toBe(5);
    expect(timeoutOf("${opt:t, 5}", { t: "7" })).toBe(7);
    expect(timeoutOf("${env:T, '9'}")).toBe(9);
    expect(timeoutOf("${param:t}", { t: "7" })).toBe(7);
    expect(timeoutOf("${ssm:/timeout}", { "ssm:/timeout": "12" })).toBe(12);
  });

  it("come from the parameters of the stage, then of every stage", () => {
    const stages = "stages:\n  default: { params: { t: 1, u: 2 } }\n  prod: { params: { t: 3 } }\n";
    const params = "params:\n  default: { t: 1, u: 2 }\n  prod: { t: 3 }\n";
    for (const section of [stages, params]) {
      expect(timeoutOf("${param:t}", {}, section)).toBe(1);
      expect(timeoutOf("${param:t}", { stage: "prod" }, section)).toBe(3);
      expect(timeoutOf("${param:u}", { stage: "prod" }, section)).toBe(2);
    }
  });

  it("know stage and region", () => {
    const named = (text: string, parameters = {}) =>
      propertiesOf(
        aService(`${head}functions:\n  a:\n    handler: a.h\n    name: ${text}\n`, parameters),
        "ALambdaFunction",
      )!.FunctionName;
    expect(named("a-${self:provider.stage}-${aws:region}")).toBe("a-dev-us-east-1");
    expect(named("a-${opt:stage, self:provider.stage}", { stage: "prod" })).toBe("a-prod");
  });

  it("leave CloudFormation's own placeholders alone", () => {
    const custom =
      "resources:\n  Resources:\n    Q:\n      Type: AWS::SQS::Queue\n      Properties: { KmsMasterKeyId: !Sub '${Key}-${sls:stage}' }\n";
    const system = aService(`${head}${custom}functions:\n  a: { handler: a.h }\n`);
    expect(propertiesOf(system, "Q")!.KmsMasterKeyId).toEqual({ "Fn::Sub": "${Key}-dev" });
  });

  it("turn texts to booleans", () => {
    const event =
      "- sqs: { arn: 'arn:aws:sqs:eu-west-1:123456789012:jobs', enabled: '${strToBool(${opt:on, ''false''})}' }";
    const system = aService(aWorker(event));
    expect(propertiesOf(system, "WorkerEventSourceMappingSQSJobs")!.Enabled).toBe(false);
  });

  it("that are not known leave their property out, and say what gives it", () => {
    const text = `${head}functions:\n  a:\n    handler: a.h\n    reservedConcurrency: \${ssm:/shop/limit}\n    environment: { TOKEN: '\${ssm:/token}' }\n`;
    const system = aService(text);
    expect(propertiesOf(system, "ALambdaFunction")).not.toHaveProperty("ReservedConcurrentExecutions");
    expect(system.unread).toEqual([
      {
        place: { file: "serverless.yml", line: lineOf(text, "reservedConcurrency") },
        path: ["Resources", "ALambdaFunction", "Properties", "ReservedConcurrentExecutions"],
        message: '${ssm:/shop/limit} is known only when it is deployed; give it with --parameters "ssm:/shop/limit=…"',
      },
    ]);
  });

  it("that are not known have their default until they are given, which is said", () => {
    const system = aService(`${head}functions:\n  a:\n    handler: a.h\n    timeout: \${cf:other.Timeout, 12}\n`);
    expect(propertiesOf(system, "ALambdaFunction")!.Timeout).toBe(12);
    expect(system.unread).toEqual([
      expect.objectContaining({ path: null, message: expect.stringMatching(/until then it has its default$/) }),
    ]);
  });

  it("in a circle are refused", () => {
    const circle = "custom:\n  a: ${self:custom.b}\n  b: ${self:custom.a}\n";
    expect(() => timeoutOf("${self:custom.a}", {}, circle)).toThrow(
      /serverless\.yml, line \d+: variables go in a circle/,
    );
    const within = "custom:\n  a: { b: '${self:custom.a}' }\n";
    const text = `${head}${within}functions: { x: { handler: a.h, environment: '\${self:custom.a}' } }\n`;
    expect(() => aService(text)).toThrow(/variables go in a circle/);
  });

  it("that double what they name come to an end", () => {
    const doubled = Array.from(
      { length: 40 },
      (_, i) => `  v${i + 1}: ['\${self:custom.v${i}}', '\${self:custom.v${i}}']`,
    );
    const text = `${head}custom:\n  v0: x\n${doubled.join("\n")}\nfunctions: { a: { handler: a.h, layers: '\${self:custom.v40}' } }\n`;
    expect(() => aService(text)).toThrow(/more than 200000 values/);
    const longer = Array.from({ length: 40 }, (_, i) => `  v${i + 1}: '\${self:custom.v${i}}\${self:custom.v${i}}'`);
    expect(() => timeoutOf("${self:custom.v40}", {}, `custom:\n  v0: x\n${longer.join("\n")}\n`)).toThrow(
      /more than 100000 characters/,
    );
  });

  it("that nobody asks for are refused in --parameters", () => {
    expect(() => timeoutOf("5", { staeg: "prod" })).toThrow(
      /--parameters gives staeg, which no variable of the service is called/,
    );
  });
});

describe("files beside the service", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function aFolder(files: Record<string, string>): string {
    const folder = mkdtempSync(join(tmpdir(), "throttle-bench-service-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return join(folder, "app/serverless.yml");
  }

  const service = (functions: string, others = "") => `${head}${others}functions: ${functions}\n`;
  const read = (file: string, text: string) => readSystem({ file, text, parameters: {} });

  it("give functions, settings and resources, with their own lines", () => {
    const text = service(
      "${file(./functions.yml)}",
      "custom: ${file(settings.json)}\nresources:\n  - ${file(queues.yml)}\n",
    );
    const file = aFolder({
      "app/functions.yml":
        "worker:\n  handler: a.h\n  timeout: ${self:custom.limits.timeout}\n  events:\n    - sqs: { arn: !GetAtt Jobs.Arn, batchSize: 2 }\n",
      "app/settings.json": '{ "limits": { "timeout": 11 } }',
      "app/queues.yml":
        "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 77\n",
    });
    const system = read(file, text);
    const { scenario, taken } = lift(system);
    expect(settingsOf(scenario, [])).toMatchObject({ ConsumerTimeout: "11", BatchSize: "2", VisibilityTimeout: "77" });
    const placeOfSetting = (setting: string) => taken.find((each) => each.setting === setting)!.place;
    expect(placeOfSetting("VisibilityTimeout")).toEqual({ file: join(dirname(file), "queues.yml"), line: 5 });
    expect(placeOfSetting("ConsumerTimeout")).toEqual({ file: join(dirname(file), "functions.yml"), line: 3 });
  });

  it("that are programs, stand outside of the folder or are not there are not read, and are said", () => {
    const file = aFolder({ "app/limits.js": "module.exports = { t: 5 }", "secret.yml": "t: 5" });
    for (const [path, reason] of [
      ["./limits.js", "is a program, which is not run"],
      ["../secret.yml", "stands outside of the folder of the service"],
      ["none.yml", "cannot be read"],
    ]) {
      const system = read(file, service(`{ a: { handler: a.h, timeout: '\${file(${path}):t}' } }`));
      expect(system.unread).toEqual([
        expect.objectContaining({
          path: ["Resources", "ALambdaFunction", "Properties", "Timeout"],
          message: expect.stringContaining(`${path} ${reason}; give the value with --parameters "file(${path}):t=…"`),
        }),
      ]);
    }
  });
});
