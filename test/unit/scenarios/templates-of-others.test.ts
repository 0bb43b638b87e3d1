/** Templates of other people hold more than an event path: it is accepted and named, or refused by name. */
import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import { describe, expect, it } from "vitest";
import { requireFaultless, withEveryFault } from "../../../src/cli/running/faults.ts";
import { inertResourceTypes } from "../../../src/emulator/inert/resources.ts";
import { ignoredLine } from "../../../src/reports/ignored.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { replacedCode } from "../../../src/scenarios/contract.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { ignoredIn } from "../../../src/targets/service-rules.ts";
import { simulated } from "./simulated.ts";

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
    const ignored = ignoredIn(scenario, replacedCode(scenario, settings));
    return {
      ignored: ignored.resources.map(({ logicalId, type }) => `${logicalId} (${type})`),
      properties: ignored.properties,
      replaced: ignored.replacedCode,
      line: ignoredLine(ignored),
    };
  } catch (error) {
    throw withEveryFault(error, [], isLocal);
  }
}

async function summaryOf(body: string) {
  return (await simulated(readScenario("mine", "mine.yaml", body), { events: 10 })).summary;
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
    "AWS::ResourceGroups::Group",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::ServiceCatalogAppRegistry::Application",
  ])("%s", (type) => {
    const text = withLines("Resources:", `  Extra: { Type: "${type}", Properties: { Whatever: !Ref Queue } }`);
    expect(accepted(text.replace("\nOutputs:\n", "\nOutputs:\n  Name: { Value: !Ref Extra }\n")).ignored).toEqual([
      `Extra (${type})`,
    ]);
  });
});

describe("subscriptions of people and stores change no event: they are accepted and named", () => {
  const protocols = ["email", "email-json", "sms", "application", "firehose"];

  it.each(protocols)("by %s, on the topic of the events", (protocol) => {
    const properties = `TopicArn: !Ref Topic, Protocol: ${protocol}, Endpoint: me@example.com, FilterPolicy: { a: [b] }`;
    const text = withLines("Resources:", `  Mail: { Type: AWS::SNS::Subscription, Properties: { ${properties} } }`);
    expect(accepted(text).ignored).toEqual(["Mail (AWS::SNS::Subscription)"]);
  });

  it.each(protocols)("by %s, within an alarm's topic", (protocol) => {
    const text = withLines(
      "Resources:",
      `  Alarms: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: ${protocol}, Endpoint: x }] } }`,
    );
    const { ignored, line } = accepted(text);
    expect(ignored).toEqual([]);
    expect(line).toBe(`Ignored, because they change no event: Subscription by ${protocol} of one resource.`);
  });

  it("but not of another system, by http", () => {
    const properties = "TopicArn: !Ref Topic, Protocol: https, Endpoint: https://example.com";
    const text = withLines("Resources:", `  Hook: { Type: AWS::SNS::Subscription, Properties: { ${properties} } }`);
    expect(() => accepted(text)).toThrow(/Protocol of AWS::SNS::Subscription \(Hook\) must be lambda or sqs/);
  });

  it("and leave the run as it is without them", async () => {
    const mail = "{ TopicArn: !Ref Topic, Protocol: email, Endpoint: me@example.com }";
    const text = withLines("Resources:", `  Mail: { Type: AWS::SNS::Subscription, Properties: ${mail} }`);
    expect(await summaryOf(text)).toEqual(await summaryOf(whole));
  });
});

it("refuses raw delivery to a function, as SNS does, before anything is made", () => {
  const text = findScenario("scenario-1").templateBody;
  const raw = text.replace(/(\n +)Protocol: lambda\n/, "$1Protocol: lambda$1RawMessageDelivery: true\n");
  expect(raw).not.toBe(text);
  expect(() => accepted(raw)).toThrow(
    /RawMessageDelivery of AWS::SNS::Subscription \(\w+\) is refused by SNS: Delivery protocol \[lambda\] does not support raw message delivery\. Remove it/,
  );
});

it.each([
  "AWSXRayDaemonWriteAccess",
  "service-role/AWSLambdaKinesisExecutionRole",
  "service-role/AWSLambdaVPCAccessExecutionRole",
])("takes a role with AWS's policy %s", (name) => {
  const text = withLines(
    "    Type: AWS::IAM::Role\n    Properties:",
    `      ManagedPolicyArns: ["arn:aws:iam::aws:policy/${name}"]`,
  );
  expect(text).not.toBe(whole);
  expect(accepted(text).ignored).toEqual([]);
});

it("takes a dead-letter queue that names its sources, and refuses one that has none", () => {
  const withPermission = (permission: string) =>
    withLines(
      "    Type: AWS::SQS::Queue\n    Properties:",
      `      RedriveAllowPolicy: { redrivePermission: ${permission} }`,
    );
  expect(accepted(withPermission("allowAll")).ignored).toEqual([]);
  expect(accepted(withPermission("byQueue")).ignored).toEqual([]);
  expect(() => accepted(withPermission("denyAll"))).toThrow(/redrivePermission/);
});

const managed =
  '{ Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Statement: { Effect: Allow, Action: "xray:*", Resource: "*" } } } }';

it("accepts, lists and runs a template that has one of each, with what refers to them", async () => {
  const types = [...inertResourceTypes.map(({ type }) => type), "Custom::Anything"];
  const each = types.map((type, index) => `  Extra${index}: { Type: "${type}", DeletionPolicy: Delete }`);
  const references = inertResourceTypes.flatMap(({ attributes }, index) =>
    attributes.map((attribute) => `      - !GetAtt Extra${index}.${attribute}`),
  );
  const reader = ["  Reader:", "    Type: Custom::Reader", "    Properties:", "      All:", ...references];
  const text = withLines("Resources:", [...each, ...reader, `  Rights: ${managed}`].join("\n"));
  const { ignored, line } = accepted(text);
  expect(ignored).toHaveLength(types.length + 1);
  expect(ignored).toContain("Reader (Custom::Reader)");
  expect(line).toContain("(AWS::ApplicationAutoScaling::ScalableTarget; it decides cold starts alone)");
  expect(await summaryOf(text)).toMatchObject({ totalEvents: 10, eventsCompleted: 10 });
});

describe("what puts an inert resource on an event's path is refused by name", () => {
  const version = "  Live: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref ConsumerFunction } }";
  const bucket = (notification: string) =>
    withLines(
      "Resources:",
      `  Files: { Type: AWS::S3::Bucket, Properties: { NotificationConfiguration: ${notification} } }`,
    );

  it.each(["FunctionName: !Ref Live", "FunctionName: !GetAtt Live.FunctionArn"])("%s of a mapping", (name) => {
    const text = withLines("Resources:", version);
    expect(accepted(text).ignored).toEqual(["Live (AWS::Lambda::Version)"]);
    const named = text.replace(/(ConsumerMapping:[\s\S]*?)FunctionName: !\w+ [\w.]+/, `$1${name}`);
    expect(named).not.toBe(text);
    expect(() => accepted(named)).toThrow(/Live \(AWS::Lambda::Version\).* name the function itself/);
  });

  it("a share of the function's reservation that an alias takes", () => {
    const text = withLines(
      "Resources:",
      version.replace("Properties: {", "Properties: { ProvisionedConcurrencyConfig: {},"),
    );
    expect(() => accepted(text)).toThrow(/ProvisionedConcurrencyConfig of AWS::Lambda::Version/);
  });

  it.each([
    "{ QueueConfigurations: [{ Event: x, Queue: !GetAtt Queue.Arn }] }",
    "{ TopicConfigurations: [{ Event: x, Topic: !Ref Topic }] }",
    "{ LambdaConfigurations: [{ Event: x, Function: !GetAtt ConsumerFunction.Arn }] }",
  ])("a bucket that sends to %s", (notification) => {
    expect(() => accepted(bucket(notification))).toThrow(
      /Files \(AWS::S3::Bucket\) sends events to (Queue|Topic|Cons)/,
    );
    expect(accepted(bucket("{ EventBridgeConfiguration: {} }")).ignored).toEqual(["Files (AWS::S3::Bucket)"]);
  });

  it("a log group that sends its lines to a function", () => {
    const filter =
      "  F: { Type: AWS::Logs::SubscriptionFilter, Properties: { DestinationArn: !GetAtt ConsumerFunction.Arn } }";
    expect(() => accepted(withLines("Resources:", filter))).toThrow(/sends events to ConsumerFunction/);
  });

  it("an attribute that is not known", () => {
    const text = withLines("Resources:", "  Tables: { Type: AWS::DynamoDB::Table }");
    const named = text.replace(
      /(ConsumerMapping:[\s\S]*?)EventSourceArn: !\w+ [\w.]+/,
      "$1EventSourceArn: !GetAtt Tables.StreamArn",
    );
    expect(() => accepted(named)).toThrow(/the attribute StreamArn of AWS::DynamoDB::Table \(Tables\)/);
  });
});

it.each(["Retain", "RetainExceptOnCreate", "Snapshot"])("takes DeletionPolicy: %s, but on no account", (policy) => {
  const update = "    UpdateReplacePolicy: Retain\n    UpdatePolicy: {}\n    CreationPolicy: {}";
  const text = withLines("  Queue:", `    DeletionPolicy: ${policy}\n${update}`);
  expect(text).toContain(policy);
  expect(accepted(text).ignored).toEqual([]);
  expect(() => accepted(text, false)).toThrow(
    `DeletionPolicy: ${policy} would leave something of Queue on the account after the run: write DeletionPolicy: Delete`,
  );
  expect(accepted(withLines("  Queue:", `    DeletionPolicy: Delete\n${update}`), false).ignored).toEqual([]);
});

describe("types that could change an event are refused, with the nearest", () => {
  it.each([
    ["AWS::CloudFormation::Stack", /has the nested stack's resources in itself/],
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
    ["FileSystemConfigs: []", "    Type: AWS::Lambda::Function\n    Properties:"],
    ["RecursiveLoop: Terminate", "    Type: AWS::Lambda::Function\n    Properties:"],
    ["MetricsConfig: { Metrics: [EventCount] }", "    Type: AWS::Lambda::EventSourceMapping\n    Properties:"],
    ["LoggingConfig: { SystemLogLevel: INFO }", "    Type: AWS::Lambda::EventSourceMapping\n    Properties:"],
    ["KmsKeyArn: alias/mine", "    Type: AWS::Lambda::EventSourceMapping\n    Properties:"],
  ])("%s", (property, after) => {
    expect(whole).toContain(`\n${after}\n`);
    const { ignored, line } = accepted(withLines(after, `      ${property}`));
    expect(ignored).toEqual([]);
    if (!property.startsWith("TracingConfig")) expect(line).toContain(property.split(":")[0]);
  });
});

it.each([
  ["a queue", "Type: AWS::SQS::QueuePolicy, Properties: { Queues: [!Ref Queue]", "sqs:*"],
  ["a topic", "Type: AWS::SNS::TopicPolicy, Properties: { Topics: [!Ref Topic]", "sns:Publish"],
])("takes the policy of %s that denies insecure transport", (_, owner, action) => {
  const statement = `{ Effect: Deny, Principal: "*", Action: "${action}", Resource: "*", Condition: { Bool: { "aws:SecureTransport": false } } }`;
  const text = withLines("Resources:", `  Secure: { ${owner}, PolicyDocument: { Statement: [${statement}] } } }`);
  expect(accepted(text).ignored).toEqual([]);
  for (const more of ["NotPrincipal: { AWS: x }", "NotResource: x"]) {
    const further = text.replace("Effect: Deny", `Effect: Deny, ${more}`);
    expect(accepted(further).ignored).toEqual([]);
    expect(() => accepted(further.replace("Effect: Deny", "Effect: Allow"))).toThrow(more.split(":")[0]);
  }
  const named = `Action: "${action}"`;
  expect(accepted(text.replace(named, `Not${named}`)).ignored).toEqual([]);
  expect(() => accepted(text.replace(named, `Akt${named}`))).toThrow(/Akt/);
  const numeric = text.replace("Condition: {", 'Condition: { NumericLessThan: { "aws:MultiFactorAuthAge": 1 },');
  expect(accepted(numeric).ignored).toEqual([]);
  expect(() => accepted(numeric.replace("Effect: Deny", "Effect: Allow"))).toThrow(/NumericLessThan/);
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
