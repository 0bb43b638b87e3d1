/** Reading templates: every form of every function, the line of every node, and nothing but TemplateError for what is wrong. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTemplate } from "../../../src/template/sections.ts";
import { placeOf, TemplateError } from "../../../src/template/template.ts";

/** The value of a property `Value`, written as in YAML. */
function propertyWritten(yaml: string) {
  const text = `Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      Value: ${yaml}\n`;
  return readTemplate(text).resources[0]!.properties.Value;
}

function errorOf(text: string): TemplateError {
  try {
    readTemplate(text);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("the template was read");
}

const aQueue = "Resources: { Queue: { Type: AWS::SQS::Queue } }";

describe("a short form becomes the long one", () => {
  it.each([
    ["!Ref Queue", { Ref: "Queue" }],
    ["!Condition Fast", { Condition: "Fast" }],
    ["!GetAtt Queue.Arn", { "Fn::GetAtt": ["Queue", "Arn"] }],
    ["!GetAtt [Queue, Arn]", { "Fn::GetAtt": ["Queue", "Arn"] }],
    ["{ Fn::GetAtt: Stack.Outputs.Arn }", { "Fn::GetAtt": ["Stack", "Outputs.Arn"] }],
    ["!Sub '${Queue}-x'", { "Fn::Sub": "${Queue}-x" }],
    ["!Sub ['${a}', { a: !Ref Queue }]", { "Fn::Sub": ["${a}", { a: { Ref: "Queue" } }] }],
    ["!Join ['-', [a, !Ref Queue]]", { "Fn::Join": ["-", ["a", { Ref: "Queue" }]] }],
    ["!If [Fast, 1, !Ref 'AWS::NoValue']", { "Fn::If": ["Fast", 1, { Ref: "AWS::NoValue" }] }],
    ["!Equals [a, b]", { "Fn::Equals": ["a", "b"] }],
    ["!Not [!Equals [a, b]]", { "Fn::Not": [{ "Fn::Equals": ["a", "b"] }] }],
    ["!And [!Condition A, !Condition B]", { "Fn::And": [{ Condition: "A" }, { Condition: "B" }] }],
    ["!Or [!Condition A, !Condition B]", { "Fn::Or": [{ Condition: "A" }, { Condition: "B" }] }],
    ["!Select [0, !Split [',', 'a,b']]", { "Fn::Select": [0, { "Fn::Split": [",", "a,b"] }] }],
    ["!FindInMap [A, B, C]", { "Fn::FindInMap": ["A", "B", "C"] }],
    ["!Base64 text", { "Fn::Base64": "text" }],
    ["!GetAZs ''", { "Fn::GetAZs": "" }],
    ["!ImportValue name", { "Fn::ImportValue": "name" }],
    ["!Cidr [a, 1, 8]", { "Fn::Cidr": ["a", 1, 8] }],
    ["!Transform { Name: AWS::Include }", { "Fn::Transform": { Name: "AWS::Include" } }],
  ])("%s", (short, long) => {
    expect(propertyWritten(short)).toEqual(long);
  });
});

describe("scalars are YAML 1.1's as CloudFormation takes them", () => {
  it.each([
    ["2012-10-17", "2012-10-17"],
    ["yes", true],
    ["Off", false],
    ["y", "y"],
    ["012", 10],
    ["'012'", "012"],
    ["123456789012", 123456789012],
    ["123456789012345678901", "123456789012345678901"],
    [".inf", ".inf"],
  ])("%s", (yaml, value) => {
    expect(propertyWritten(yaml)).toBe(value);
  });
});

describe("lines", () => {
  const template = readTemplate(`Parameters:
  Size:
    Type: Number
    Default: 1
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub
        - "\${a}"
        - a: !Ref Size
      Tags:
        - Key: k
          Value: v
`);

  it.each([
    [[], 1],
    [["Parameters", "Size", "Default"], 4],
    [["Resources", "Queue"], 6],
    [["Resources", "Queue", "Properties", "QueueName"], 9],
    [["Resources", "Queue", "Properties", "QueueName", "Fn::Sub", 1, "a", "Ref"], 11],
    [["Resources", "Queue", "Properties", "Tags", 0, "Value"], 14],
    [["Resources", "Queue", "Properties", "Tags", 0, "Absent", "Below"], 13],
  ] as [(string | number)[], number][])("of %j is %i", (path, line) => {
    expect(placeOf(template, path).line).toBe(line);
  });

  it("are known in JSON that is indented with tabs", () => {
    const json = '{\n\t"Resources": {\n\t\t"Queue": { "Type": "AWS::SQS::Queue" }\n\t}\n}';
    expect(placeOf(readTemplate(json), ["Resources", "Queue"]).line).toBe(3);
  });
});

describe("a template that is wrong is refused with its line", () => {
  it.each([
    ["a key that stands twice", `${aQueue}\nDescription: a\nDescription: b`, 3, /not well-formed.*unique/],
    ["a syntax error", "Resources:\n  Queue: [", 2, /not well-formed/],
    [
      "an alias",
      "Resources:\n  A: &a { Type: T }\n  B: *a",
      3,
      /YAML aliases are not allowed in CloudFormation templates/,
    ],
    ["a merge key", "Resources:\n  A:\n    <<: { Type: T }", 3, /merge key/],
    ["an unknown tag", "Resources:\n  A: !Foo x", 2, /!Foo is not a function/],
    ["binary", "Resources:\n  A: !!binary aGk=", 2, /binary is not a function/],
    [
      "null",
      "Resources:\n  A:\n    Type: T\n    Properties:",
      4,
      /\[\/Resources\/A\/Properties\] 'null' values are not allowed/,
    ],
    ["a numeric key", "Resources:\n  1: x", 2, /map keys must be strings; received numeric \[1\]/],
    ["a second document", `${aQueue}\n---\na: 1`, 2, /one YAML document/],
    ["no resources", "Description: a", 1, /At least one Resources member/],
    ["a resource without a type", "Resources:\n  A: {}", 2, /must contain a Type/],
    ["an unknown section", `${aQueue}\nResourses: {}`, 2, /\[Resourses\]/],
    ["an unknown version", `AWSTemplateFormatVersion: "2020-01-01"\n${aQueue}`, 1, /AWSTemplateFormatVersion/],
    ["a name with a hyphen", "Resources:\n  my-queue: { Type: T }", 2, /non alphanumeric/],
    ["an output without a value", `${aQueue}\nOutputs:\n  O: { Description: d }`, 3, /must have a Value/],
    [
      "an unknown parameter type",
      `${aQueue}\nParameters:\n  P:\n    Type: List<Nummer>`,
      4,
      /Unrecognized parameter type: List<Nummer> of P; did you mean List<Number>\?/,
    ],
    ["a misspelt parameter property", `${aQueue}\nParameters:\n  P:\n    Type: String\n    Defualt: x`, 5, /Defualt/],
    [
      "a default out of bounds",
      `${aQueue}\nParameters:\n  P: { Type: Number, MinValue: 1, Default: 0 }`,
      3,
      /not less than 1/,
    ],
    [
      "a pattern that is none",
      `${aQueue}\nParameters:\n  P: { Type: String, AllowedPattern: "(" }`,
      3,
      /regular expression/,
    ],
  ] as [string, string, number, RegExp][])("%s", (_, text, line, message) => {
    const error = errorOf(text);
    expect(error.message).toMatch(message);
    expect(error.place.line).toBe(line);
  });

  it.each(["[", "- ", "{a: ", "? "])("%j nested without end", (opening) => {
    expect(errorOf(opening.repeat(20_000)).message).toMatch(/deeper than 64 levels/);
  });

  it("whatever the text is", () => {
    const fragment = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "Resources:",
        "\n  ",
        "\n",
        ": ",
        "- ",
        "!Ref ",
        "!GetAtt ",
        "*a",
        "&a ",
        "{",
        "}",
        "[",
        "]",
        "<<",
        "|",
        "? ",
      ),
      fc.constantFrom("Type: T", "Parameters:", "'", '"', "---\n", "%TAG ! x:\n", "\t", "~", "__proto__", "!!set", "#"),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
        try {
          readTemplate(fragments.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
          expect((error as TemplateError).place.line).toBeGreaterThanOrEqual(1);
        }
      }),
      // .ci/run tries more.
      { numRuns: Number(process.env.FAST_CHECK_RUNS ?? 150) },
    );
  });
});

it("reads JSON data back as it was", () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.string().filter((key) => key !== "<<" && key !== "Fn::GetAtt"),
        tie("value"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));
  fc.assert(
    fc.property(value, (data) => {
      const text = JSON.stringify({ Metadata: { Data: data }, Resources: { A: { Type: "T" } } });
      expect(readTemplate(text).metadata.Data).toEqual(data);
    }),
  );
});

it("reads a parameter with all that it declares", () => {
  const { parameters } = readTemplate(`${aQueue}
Parameters:
  Secret: { Type: String, NoEcho: true, MinLength: 2, MaxLength: "8", AllowedPattern: "[a-z]*", ConstraintDescription: lower case }
  Size: { Type: Number, Default: 10, MinValue: 1, MaxValue: 10, AllowedValues: [1, 10], Description: how many }
`);
  expect(parameters).toEqual([
    {
      name: "Secret",
      type: "String",
      noEcho: true,
      minLength: 2,
      maxLength: 8,
      allowedPattern: "[a-z]*",
      constraintDescription: "lower case",
    },
    {
      name: "Size",
      type: "Number",
      default: "10",
      minValue: 1,
      maxValue: 10,
      allowedValues: ["1", "10"],
      description: "how many",
    },
  ]);
});
