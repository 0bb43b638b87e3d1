/** CloudFormation's own ways to write a value, read to the value and to the line where it stands. */
import { expect, it } from "vitest";
import { lift } from "../../../src/systems/lift.ts";
import { aQueuePath, aSystem } from "./a-system.ts";

function lineOf(text: string, part: string): number {
  return text.split("\n").findIndex((line) => line.includes(part)) + 1;
}

it("gives a value in a branch the line that it has there, and not that of the whole", () => {
  const text = `${aQueuePath({
    queue: `RedrivePolicy: !If
  - Never
  - !Ref AWS::NoValue
  - deadLetterTargetArn: !GetAtt Failed.Arn
    maxReceiveCount: 4`,
    mapping: `ScalingConfig:
  Fn::If:
    - Never
    - MaximumConcurrency: 3
    - Fn::If:
        - Always
        - MaximumConcurrency: 30
        - MaximumConcurrency: 300`,
  })}
Conditions:
  Never: !Equals [a, b]
  Always: !Not [!Condition Never]
`;
  const lines = lift(aSystem(text)).taken.map(({ setting, value, place: { line } }) => [setting, value, line]);
  expect(lines).toEqual([
    ["MaxReceiveCount", "4", lineOf(text, "maxReceiveCount: 4")],
    ["MaximumConcurrency", "30", lineOf(text, "MaximumConcurrency: 30")],
  ]);
});

it("keeps to the lines of a list's items where one before them is left out", () => {
  const text = `Conditions: { Never: !Equals [a, b] }
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Other: { Type: AWS::SQS::Queue }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [shop] }
      Targets:
        - !If [Never, { Id: other, Arn: !GetAtt Other.Arn }, !Ref AWS::NoValue]
        - Id: jobs
          Arn: !GetAtt Jobs.Arn
          RetryPolicy:
            MaximumRetryAttempts: 7
  Worker: { Type: AWS::Lambda::Function, Properties: {} }
  Feed: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Worker } }
`;
  const { taken } = lift(aSystem(text));
  expect(taken.map(({ setting, value, place }) => [setting, value, place.line])).toEqual([
    ["MaximumRetryAttempts", "7", lineOf(text, "MaximumRetryAttempts: 7")],
  ]);
});

it("reads a parameter by its default, whatever it is called", () => {
  const parameters =
    "Parameters: { valueOf: { Type: Number, Default: 33 }, constructor: { Type: Number, Default: 44 } }";
  const text = aQueuePath({ parameters, fn: "Timeout: !Ref valueOf", queue: "VisibilityTimeout: !Ref constructor" });
  expect(lift(aSystem(text)).taken.map(({ value }) => value)).toEqual(["44", "33"]);
});

it("refuses the value of a parameter that the template does not allow, as AWS does", () => {
  const parameters = `Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Sizes: { Type: CommaDelimitedList, Default: "1, 5", AllowedValues: [1, 5, 10] }`;
  const text = aQueuePath({ parameters, mapping: "BatchSize: !Select [1, !Ref Sizes]" });
  expect(() => aSystem(text, { Stage: "production" })).toThrow(
    "theirs.yaml, line 3: --parameters gives Stage=production, and it takes dev or prod.",
  );
  expect(() => aSystem(text, { Sizes: "1,6" })).toThrow("it takes 1, 5 or 10.");
  expect(lift(aSystem(text, { Stage: "prod", Sizes: "1, 10" })).taken.map(({ value }) => value)).toEqual(["10"]);
});
