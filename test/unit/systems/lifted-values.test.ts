/** Every lifted scenario is one that can be run, and its resources have the very values of the system that it was lifted from. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { contractFaults } from "../../../src/scenarios/contract.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { lift } from "../../../src/systems/lift.ts";
import { outOfBounds } from "../../../src/targets/service-rules.ts";
import { effectiveTemplate } from "../../../src/template/effective.ts";
import { valueAt } from "../../../src/template/references.ts";
import type { TemplateMap, TemplateValue } from "../../../src/template/template.ts";
import { aSystem } from "./a-system.ts";

/** A property, or none, of one of the values that AWS takes. */
function maybe<Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(values, { nil: undefined });
}

const fn = fc.record({
  Timeout: maybe(fc.integer({ min: 1, max: 900 })),
  MemorySize: maybe(fc.integer({ min: 128, max: 10_240 })),
  ReservedConcurrentExecutions: maybe(fc.integer({ min: 0, max: 900 })),
});

const queue = fc.record({
  VisibilityTimeout: maybe(fc.integer({ min: 0, max: 43_200 })),
  MessageRetentionPeriod: maybe(fc.integer({ min: 60, max: 1_209_600 })),
  DelaySeconds: maybe(fc.integer({ min: 0, max: 900 })),
  RedrivePolicy: maybe(
    fc.record({
      deadLetterTargetArn: fc.constant({ "Fn::GetAtt": ["Failed", "Arn"] }),
      maxReceiveCount: fc.integer({ min: 1, max: 1_000 }),
    }),
  ),
});

const queueMapping = fc.record({
  BatchSize: maybe(fc.integer({ min: 1, max: 10_000 })),
  MaximumBatchingWindowInSeconds: maybe(fc.integer({ min: 0, max: 300 })),
  ScalingConfig: maybe(fc.record({ MaximumConcurrency: fc.integer({ min: 2, max: 1_000 }) })),
  FunctionResponseTypes: maybe(fc.constant(["ReportBatchItemFailures"])),
  ProvisionedPollerConfig: maybe(
    fc.record({
      MinimumPollers: fc.integer({ min: 2, max: 200 }),
      MaximumPollers: fc.integer({ min: 200, max: 2_000 }),
    }),
  ),
});

const stream = fc.oneof(
  fc.record({
    ShardCount: fc.integer({ min: 1, max: 200 }),
    RetentionPeriodHours: maybe(fc.integer({ min: 24, max: 8_760 })),
  }),
  fc.constant({ StreamModeDetails: { StreamMode: "ON_DEMAND" } }),
);

const streamMapping = fc.record({
  StartingPosition: fc.constantFrom("LATEST", "TRIM_HORIZON"),
  BatchSize: maybe(fc.integer({ min: 1, max: 10_000 })),
  MaximumBatchingWindowInSeconds: maybe(fc.integer({ min: 0, max: 300 })),
  ParallelizationFactor: maybe(fc.integer({ min: 1, max: 10 })),
  MaximumRetryAttempts: maybe(fc.integer({ min: -1, max: 10_000 })),
  MaximumRecordAgeInSeconds: maybe(fc.constantFrom(-1, 60, 3_600, 604_800)),
  BisectBatchOnFunctionError: maybe(fc.boolean()),
  FunctionResponseTypes: maybe(fc.constant(["ReportBatchItemFailures"])),
});

const invokeConfig = fc.record({
  MaximumEventAgeInSeconds: maybe(fc.integer({ min: 60, max: 21_600 })),
  MaximumRetryAttempts: maybe(fc.integer({ min: 0, max: 2 })),
});

const entry = fc.constantFrom("none", "topic", "rule", "bucket");

interface Drawn {
  resources: Record<string, { Type: string; Properties: object }>;
  /** the scenario's resource for each of the system's */
  counterparts: Record<string, string>;
}

const failed = { Failed: { Type: "AWS::SQS::Queue", Properties: {} } };

/** A resource that sends its events on; an ARN is that of `target`. */
function entryTo(kind: string, target: string): Drawn["resources"] {
  const arn = { "Fn::GetAtt": [target, "Arn"] };
  const isQueue = target === "Queue";
  switch (kind) {
    case "topic":
      return {
        Topic: {
          Type: "AWS::SNS::Topic",
          Properties: { Subscription: [{ Protocol: isQueue ? "sqs" : "lambda", Endpoint: arn }] },
        },
      };
    case "rule":
      return {
        Rule: {
          Type: "AWS::Events::Rule",
          Properties: { EventPattern: { source: ["x"] }, Targets: [{ Id: "a", Arn: arn }] },
        },
      };
    case "bucket": {
      const configuration = isQueue
        ? { QueueConfigurations: [{ Event: "s3:ObjectCreated:*", Queue: arn }] }
        : { LambdaConfigurations: [{ Event: "s3:ObjectCreated:*", Function: arn }] };
      return { Bucket: { Type: "AWS::S3::Bucket", Properties: { NotificationConfiguration: configuration } } };
    }
    default:
      return {};
  }
}

function mapped(source: string, properties: object) {
  const ends = { EventSourceArn: { "Fn::GetAtt": [source, "Arn"] }, FunctionName: { Ref: "Worker" } };
  return { Type: "AWS::Lambda::EventSourceMapping", Properties: { ...properties, ...ends } };
}

const system: fc.Arbitrary<Drawn> = fc.oneof(
  fc.record({ fn, queue, queueMapping, entry }).map(({ entry: kind, ...drawn }) => ({
    resources: {
      ...failed,
      ...entryTo(kind, "Queue"),
      Queue: { Type: "AWS::SQS::Queue", Properties: drawn.queue },
      Feed: mapped("Queue", drawn.queueMapping),
      Worker: { Type: "AWS::Lambda::Function", Properties: drawn.fn },
    },
    counterparts: { Queue: "Queue", Feed: "ConsumerMapping", Worker: "ConsumerFunction" },
  })),
  fc.record({ fn, stream, streamMapping, isKept: fc.boolean() }).map((drawn) => ({
    resources: {
      ...failed,
      Stream: { Type: "AWS::Kinesis::Stream", Properties: drawn.stream },
      Feed: mapped("Stream", {
        ...drawn.streamMapping,
        ...(drawn.isKept && { DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": ["Failed", "Arn"] } } } }),
      }),
      Worker: { Type: "AWS::Lambda::Function", Properties: drawn.fn },
    },
    counterparts: { Stream: "Stream", Feed: "ConsumerMapping", Worker: "ConsumerFunction" },
  })),
  fc.record({ fn, invokeConfig, entry }).map((drawn) => ({
    resources: {
      ...entryTo(drawn.entry, "Worker"),
      Config: {
        Type: "AWS::Lambda::EventInvokeConfig",
        Properties: { ...drawn.invokeConfig, FunctionName: { Ref: "Worker" }, Qualifier: "$LATEST" },
      },
      Worker: { Type: "AWS::Lambda::Function", Properties: drawn.fn },
    },
    counterparts: { Config: "ConsumerInvokeConfig", Worker: "ConsumerFunction" },
  })),
);

/** Properties that are the way itself, or the place in a stream, which a run's own stream has not. */
const notCompared = new Set([
  "EventSourceArn",
  "FunctionName",
  "Qualifier",
  "StartingPosition",
  "deadLetterTargetArn",
  "Destination",
]);

/** Every number, flag and text of a value with the keys to it. */
function* leaves(value: TemplateValue | undefined, keys: string[] = []): Iterable<[keys: string[], leaf: string]> {
  if (value === undefined || notCompared.has(keys.at(-1) ?? "")) return;
  if (Array.isArray(value)) yield [keys, value.join(",")];
  else if (typeof value === "object")
    for (const [key, below] of Object.entries(value)) yield* leaves(below, [...keys, key]);
  else yield [keys, String(value)];
}

it("has the values of its source, keeps the contract and is within AWS's bounds, whatever the path and its settings", () => {
  fc.assert(
    fc.property(system, ({ resources, counterparts }) => {
      const text = JSON.stringify({ Resources: resources });
      const { scenario, taken, leftOut } = lift(aSystem(text, {}, "theirs.json"));
      const settings = settingsOf(scenario, []);
      expect(contractFaults(scenario, settings)).toEqual([]);
      expect(outOfBounds(scenario, settings)).toEqual([]);
      const effective = effectiveTemplate(scenario.template, settings).resources;
      for (const [theirs, ours] of Object.entries(counterparts)) {
        const { properties } = effective.find(({ logicalId }) => logicalId === ours)!;
        const written = JSON.parse(JSON.stringify(resources[theirs]!.Properties)) as TemplateMap;
        for (const [keys, leaf] of leaves(written)) {
          const value = valueAt(properties, ...keys);
          expect([ours, ...keys, Array.isArray(value) ? value.join(",") : String(value)]).toEqual([
            ours,
            ...keys,
            leaf,
          ]);
        }
      }
      expect(new Set(taken.map(({ resource, property }) => `${resource}.${property}`)).size).toBe(taken.length);
      expect(leftOut.filter(({ kind }) => kind === "not modelled")).toEqual([]);
    }),
    // .ci/run tries more.
    { numRuns: Math.ceil(Number(process.env.FAST_CHECK_RUNS ?? 100) / 5) },
  );
});
