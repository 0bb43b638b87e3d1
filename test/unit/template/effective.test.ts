/** A template with its parameters applied, as far as that is known before there is a stack. */
import { expect, it } from "vitest";
import { effectiveTemplate } from "../../../src/template/effective.ts";
import { readTemplate } from "../../../src/template/sections.ts";

const template = readTemplate(`
Parameters:
  Size: { Type: Number }
  Names: { Type: CommaDelimitedList }
  Secret: { Type: String, Default: hidden }
Conditions:
  IsLarge: !Equals [!Ref Size, "10"]
  IsSmall: !Not [!Condition IsLarge]
  IsHere: !Equals [!Ref AWS::Region, eu-west-1]
  HasSecret: !Not [!Equals [!Ref Secret, ""]]
  Circle: !Not [!Condition Circle]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Delay: !Ref Size
      Names: !Ref Names
      Name: !Sub "queue-\${Size}"
      Where: !Sub "\${AWS::Region}-\${Size}"
      Large: !If [IsLarge, [!Ref Size], !Ref AWS::NoValue]
      Small: !If [IsSmall, { Of: !GetAtt Queue.Arn }, !Ref AWS::NoValue]
      Here: !If [IsHere, 1, 2]
      Secret: !Ref Secret
      List: [1, !Ref AWS::NoValue, 2]
  OnlyLarge: { Type: AWS::SNS::Topic, Condition: IsLarge }
  OnlySmall: { Type: AWS::SNS::Topic, Condition: IsSmall }
  OnlyHere: { Type: AWS::SNS::Topic, Condition: IsHere }
  OnlySecret: { Type: AWS::SNS::Topic, Condition: HasSecret }
  InCircle: { Type: AWS::SNS::Topic, Condition: Circle }
Outputs:
  Large: { Condition: IsLarge, Value: !Ref Queue }
  Small: { Condition: IsSmall, Value: !Ref Size }
`);

it("applies what is given, and leaves what only the stack knows", () => {
  const { resources, outputs } = effectiveTemplate(template, { Size: "10", Names: "a, b" });
  expect(resources[0]!.properties).toEqual({
    Delay: "10",
    Names: ["a", "b"],
    Name: "queue-10",
    Where: { "Fn::Sub": "${AWS::Region}-${Size}" },
    Large: ["10"],
    Here: { "Fn::If": ["IsHere", 1, 2] },
    Secret: { Ref: "Secret" },
    List: [1, 2],
  });
  expect(resources.map(({ logicalId }) => logicalId)).toEqual([
    "Queue",
    "OnlyLarge",
    "OnlyHere",
    "OnlySecret",
    "InCircle",
  ]);
  expect(outputs.map(({ name, value }) => [name, value])).toEqual([["Large", { Ref: "Queue" }]]);
});

it("takes the other branch of a condition that does not hold", () => {
  const { resources, outputs } = effectiveTemplate(template, { Size: "9", Names: "" });
  expect(resources[0]!.properties.Large).toBeUndefined();
  expect(resources[0]!.properties.Small).toEqual({ Of: { "Fn::GetAtt": ["Queue", "Arn"] } });
  expect(resources.map(({ logicalId }) => logicalId)).toContain("OnlySmall");
  expect(outputs).toMatchObject([{ name: "Small", value: "9" }]);
});

it("leaves the template as it is", () => {
  const before = structuredClone(template.resources);
  effectiveTemplate(template, { Size: "10", Names: "" });
  expect(template.resources).toEqual(before);
});
