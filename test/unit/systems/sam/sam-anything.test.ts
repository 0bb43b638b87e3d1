/** A SAM template with anything anywhere is read, or refused with its line: it never breaks. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { eventPathsIn } from "../../../../src/systems/event-paths.ts";
import { sam } from "../../../../src/systems/formats/sam/sam.ts";
import { TemplateError } from "../../../../src/template/template.ts";

type Node = { [key: string]: unknown } | unknown[];

const whole = {
  Transform: ["AWS::Serverless-2016-10-31"],
  Conditions: { IsProd: { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-west-1"] } },
  Globals: { Function: { Timeout: 5, Layers: ["a"], Environment: { Variables: { A: "a" } } } },
  Resources: {
    News: { Type: "AWS::SNS::Topic", Properties: { FifoTopic: true } },
    Files: { Type: "AWS::S3::Bucket" },
    Worker: {
      Type: "AWS::Serverless::Function",
      Condition: "IsProd",
      IgnoreGlobals: ["Layers"],
      Properties: {
        AutoPublishAlias: "live",
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
        DeadLetterQueue: { Type: "SQS", TargetArn: "arn" },
        FunctionUrlConfig: { AuthType: "NONE" },
        EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: "SQS" }, OnSuccess: { Type: "SNS" } } },
        Events: {
          Topic: { Type: "SNS", Properties: { Topic: { Ref: "News" }, SqsSubscription: true } },
          Mine: {
            Type: "SNS",
            Properties: { Topic: { Ref: "News" }, SqsSubscription: { QueueArn: "a", QueueUrl: "u" } },
          },
          Jobs: { Type: "SQS", Properties: { Queue: "arn:aws:sqs:eu-west-1:1:q", BatchSize: 5 } },
          Rule: {
            Type: "EventBridgeRule",
            Properties: { Pattern: { source: ["s"] }, DeadLetterConfig: { Type: "SQS" } },
          },
          Night: { Type: "ScheduleV2", Properties: { ScheduleExpression: "rate(1 day)" } },
          File: { Type: "S3", Properties: { Bucket: { Ref: "Files" }, Events: ["s3:ObjectCreated:*"] } },
          Got: { Type: "Api", Properties: { Path: "/", Method: "get" } },
        },
      },
    },
  },
};

const odd = fc.constantFrom<unknown>(
  ...["text", 3, true, [], {}, ["a"], { a: 1 }],
  ...[{ Ref: "Nothing" }, { Ref: ["a"] }, { "Fn::If": ["IsProd", 1] }, { "Fn::GetAtt": "A" }, { "Fn::Sub": [] }],
);

/** Every place of the template, as its parent and its key. */
function placesIn(node: Node): [Node, string][] {
  return Object.entries(node).flatMap(([key, value]): [Node, string][] => {
    return [[node, key], ...(typeof value === "object" && value !== null ? placesIn(value as Node) : [])];
  });
}

it("reads or refuses whatever stands anywhere in it", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 }), (changes) => {
      const template = structuredClone(whole) as unknown as Node;
      for (const [index, value] of changes) {
        const places = placesIn(template);
        const [parent, key] = places[index % places.length]!;
        (parent as { [key: string]: unknown })[key] = structuredClone(value);
      }
      try {
        const system = sam.read({ file: "mine.json", text: JSON.stringify(template), parameters: {} });
        expect(system.template.resources.map(({ type }) => type)).not.toContain("AWS::Serverless::Function");
        eventPathsIn(system);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        expect(error.place.line).toBeGreaterThan(0);
      }
    }),
    // .ci/run tries more.
    { numRuns: Number(process.env.FAST_CHECK_RUNS ?? 100) },
  );
});
