/** A lifted path has the figures of the scenario that a person writes with the same settings. */
import { expect, it } from "vitest";
import type { Figures, Scenario } from "../../../src/model.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { lift } from "../../../src/systems/lift.ts";
import { simulated } from "../scenarios/simulated.ts";
import { aSystem } from "./a-system.ts";

const model = { platform: "2026", profile: null, ranges: false, region: "eu-west-1" } as const;

function figuresOf(scenario: Scenario): Promise<Figures> {
  return simulated(scenario, { events: 120, seed: 7, model });
}

/** A scenario as a person writes one: parts, and the defaults of their parameters. */
function byHand(parts: string[], defaults: Record<string, string | number>, topology: string[]): Scenario {
  const parameters = Object.entries(defaults).map(
    ([name, value]) => `  ${name}: { Default: ${JSON.stringify(value)} }`,
  );
  const text = `Metadata:
  ThrottleBench:
    Title: By hand
    Parts: [${[...parts, "dead-letters", "log-groups", "network"].join(", ")}]
    Topology: [${topology.join(", ")}]
Parameters:
${parameters.join("\n")}
`;
  return readScenario("by-hand", "by-hand.yaml", text);
}

const worker = (properties: string) => `Worker: { Type: AWS::Lambda::Function, Properties: { ${properties} } }`;
const failed = "Failed: { Type: AWS::SQS::Queue }";
const redrive = (count: number) =>
  `RedrivePolicy: { deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: ${count} }`;

it.each([
  {
    name: "a queue with MaximumConcurrency",
    theirs: `Resources:
  ${worker("Timeout: 20, MemorySize: 512")}
  ${failed}
  Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 120, ${redrive(5)} } }
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker, BatchSize: 2, ScalingConfig: { MaximumConcurrency: 3 } }
`,
    scenario: byHand(
      ["consumer", "producer-to-queue", "queue-to-consumer"],
      {
        ConsumerTimeout: 20,
        ConsumerMemory: 512,
        VisibilityTimeout: 120,
        MaxReceiveCount: 5,
        BatchSize: 2,
        MaximumConcurrency: "3",
      },
      ["SQS", "Lambda"],
    ),
  },
  {
    name: "a topic and a queue with a reservation",
    theirs: `Resources:
  ${worker("Timeout: 10, MemorySize: 256, ReservedConcurrentExecutions: 2")}
  ${failed}
  Orders: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: sqs, Endpoint: !GetAtt Jobs.Arn }] } }
  Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 15, ${redrive(3)} } }
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker, BatchSize: 1 }
`,
    scenario: byHand(
      ["consumer", "reserved-concurrency", "producer-to-topic", "topic-to-queue", "queue-to-consumer"],
      { ConsumerTimeout: 10, ReservedConcurrency: 2, VisibilityTimeout: 15, MaxReceiveCount: 3, BatchSize: 1 },
      ["SNS", "SQS", "Lambda"],
    ),
  },
  {
    name: "a stream",
    theirs: `Resources:
  ${worker("Timeout: 30, MemorySize: 256")}
  ${failed}
  Clicks: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 2 } }
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Clicks.Arn
      FunctionName: !Ref Worker
      StartingPosition: LATEST
      BatchSize: 5
      MaximumRetryAttempts: 3
      BisectBatchOnFunctionError: true
      DestinationConfig: { OnFailure: { Destination: !GetAtt Failed.Arn } }
`,
    scenario: byHand(
      ["consumer", "producer-to-stream", "stream-to-consumer"],
      { ConsumerTimeout: 30, ShardCount: 2, BatchSize: 5, MaximumRetryAttempts: 3, BisectBatchOnFunctionError: "true" },
      ["Kinesis", "Lambda"],
    ),
  },
])("of $name", async ({ theirs, scenario }) => {
  const lifted = await figuresOf(lift(aSystem(theirs)).scenario);
  const written = await figuresOf(scenario);
  expect(lifted.summary).toEqual(written.summary);
  expect(lifted.details).toEqual(written.details);
});
