/** Templates of other people hold more than an event path: it is accepted and named, or refused by name. */
import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import { describe, expect, it } from "vitest";
import { requireFaultless, withEveryFault } from "../../../src/cli/running/faults.ts";
import { inertResourceTypes } from "../../../src/emulator/inert/resources.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { replacedCode } from "../../../src/scenarios/contract.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { ignoredIn } from "../../../src/targets/service-rules.ts";

const whole = findScenario("scenario-4").templateBody;

/** The template with lines after the line that begins so; `consumer`: after the properties of the consumer begin. */
function withLines(after: string, added: string): string {
  return whole.replace(`\n${after}\n`, `\n${after}\n${added}\n`);
}

function accepted(text: string, isLocal = true) {
  try {
    const scenario = readScenario("mine", "mine.yaml", text);
    const settings = settingsOf(scenario, []);
    requireFaultless(scenario, settings, isLocal);
    return { ignored: ignoredIn(scenario), replaced: replacedCode(scenario, settings) };
  } catch (error) {
    throw withEveryFault(error, [], isLocal);
  }
}

describe("resources that change no event are accepted, named, and can be referred to", () => {
  it.each([
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::KMS::Key",
    "AWS::SSM::Parameter",
    "AWS::CDK::Metadata",
    "AWS::Logs::MetricFilter",
    "AWS::DynamoDB::Table",
    "AWS::S3::BucketPolicy",
  ])("%s", (type) => {
    const text = withLines("Resources:", `  Extra: { Type: "${type}", Properties: { Whatever: !Ref Queue } }`);
    expect(accepted(text.replace("\nOutputs:\n", "\nOutputs:\n  Name: { Value: !Ref Extra }\n")).ignored).toEqual([
      `Extra (${type})`,
    ]);
  });
});

describe("types that could change an event are refused, with the nearest", () => {
  it.each([
    ["AWS::Pipes::Pipe", /nearest that is modelled is AWS::Lambda::EventSourceMapping/],
    ["AWS::Scheduler::Schedule", /AWS::Events::Rule with a ScheduleExpression/],
    ["AWS::SQS::Quue", /nearest that is modelled is AWS::SQS::Queue/],
  ])("%s", (type, told) => {
    const text = withLines("Resources:", `  Extra: { Type: "${type}" }`);
    expect(() => accepted(text)).toThrow(told);
    expect(() => accepted(text)).not.toThrow(/modelled are/);
  });
});

describe("code is replaced", () => {
  const foreign = whole.replaceAll("Runtime: nodejs22.x", "Runtime: python3.12");

  it("whatever its language is, and it is said whose", () => {
    expect(accepted(foreign).replaced).toEqual(expect.arrayContaining(["ConsumerFunction", "ProducerFunction"]));
  });

  it("on an account only by code for Node.js, which another runtime cannot run", () => {
    expect(() => accepted(foreign, false)).toThrow(/write Runtime: nodejs22\.x for ConsumerFunction/);
    expect(accepted(whole, false).replaced).toEqual([]);
  });
});

describe("properties that change no event are accepted", () => {
  it.each([
    ["KmsMasterKeyId: alias/aws/sqs", "    Type: AWS::SQS::Queue\n    Properties:"],
    ["TracingConfig: { Mode: Active }", "    Type: AWS::Lambda::Function\n    Properties:"],
    ["Layers: []", "    Type: AWS::Lambda::Function\n    Properties:"],
    ["EphemeralStorage: { Size: 512 }", "    Type: AWS::Lambda::Function\n    Properties:"],
  ])("%s", (property, after) => {
    expect(whole).toContain(`\n${after}\n`);
    expect(accepted(withLines(after, `      ${property}`)).ignored).toEqual([]);
  });
});

it.each([
  ["a queue", "Type: AWS::SQS::QueuePolicy, Properties: { Queues: [!Ref Queue]", "sqs:*"],
  ["a topic", "Type: AWS::SNS::TopicPolicy, Properties: { Topics: [!Ref Topic]", "sns:Publish"],
])("takes the policy of %s that denies insecure transport", (_, owner, action) => {
  const statement = `{ Effect: Deny, Principal: "*", Action: "${action}", Resource: "*", Condition: { Bool: { "aws:SecureTransport": false } } }`;
  const text = withLines("Resources:", `  Secure: { ${owner}, PolicyDocument: { Statement: [${statement}] } } }`);
  expect(accepted(text).ignored).toEqual([]);
  expect(() => accepted(text.replace('"aws:SecureTransport"', '"aws:ViaAWSService"'))).toThrow(/aws:ViaAWSService/);
});

it("takes the parameter that every output of CDK has", () => {
  const bootstrap =
    "  BootstrapVersion:\n    Type: AWS::SSM::Parameter::Value<String>\n    Default: /cdk-bootstrap/x/version";
  expect(accepted(withLines("Parameters:", bootstrap)).ignored).toEqual([]);
});

it("calls a SAM template by its name, with the way in, and nothing else", () => {
  const text = `Transform: AWS::Serverless-2016-10-31\nGlobals: {}\n${whole}`;
  expect(() => accepted(text)).toThrow(
    /^mine\.yaml, line 1: this is a SAM template, .* `throttle-bench init --from mine\.yaml`/,
  );
});

it("knows inert types and attributes by the names that AWS publishes", async () => {
  const schemas = await loadAwsServiceSpec();
  for (const { type, attributes } of inertResourceTypes) {
    if (type === "AWS::CDK::Metadata") continue;
    const [schema] = schemas.lookup("resource", "cloudFormationType", "equals", type);
    expect({ type, isThere: schema !== undefined }).toEqual({ type, isThere: true });
    const known = [...Object.keys(schema!.attributes), ...Object.keys(schema!.properties)];
    expect({ type, unknown: attributes.filter((each) => !known.includes(each)) }).toEqual({ type, unknown: [] });
  }
});
