/** Templates as CDK synthesizes them: constructs have paths, logical IDs end in a hash, and much of what is there was written by nobody. */
import { expect, it } from "vitest";
import { pathInWords } from "../../../src/systems/event-path.ts";
import { eventPathsIn } from "../../../src/systems/event-paths.ts";
import { lift } from "../../../src/systems/lift.ts";
import { aSystem } from "./a-system.ts";

/** A resource with the path of its construct. */
function construct(path: string, Type: string, Properties: object, others: object = {}): object {
  return { Type, Properties, Metadata: { "aws:cdk:path": path }, ...others };
}

const role = { Role: { "Fn::GetAtt": ["WorkerServiceRole0123ABCD", "Arn"] }, Runtime: "nodejs22.x" };

/** A bus, a rule to a queue, and a function that reads it through its alias; another queue is imported from another stack. */
const synthesized = JSON.stringify({
  Resources: {
    Shop58A2D9B1: construct("App/Shop/Resource", "AWS::Events::EventBus", { Name: "AppShop" }),
    ToJobs11AA22BB: construct("App/ToJobs/Resource", "AWS::Events::Rule", {
      EventBusName: { Ref: "Shop58A2D9B1" },
      EventPattern: { source: ["shop"] },
      State: "ENABLED",
      Targets: [{ Arn: { "Fn::GetAtt": ["Jobs3C4D5E6F", "Arn"] }, Id: "Target0" }],
    }),
    Jobs3C4D5E6F: construct("App/Jobs/Resource", "AWS::SQS::Queue", { VisibilityTimeout: 60 }),
    WorkerServiceRole0123ABCD: construct("App/Worker/ServiceRole/Resource", "AWS::IAM::Role", {}),
    Worker9F8E7D6C: construct("App/Worker/Resource", "AWS::Lambda::Function", { ...role, Timeout: 10 }),
    WorkerCurrentVersionE7F8: construct("App/Worker/CurrentVersion/Resource", "AWS::Lambda::Version", {
      FunctionName: { Ref: "Worker9F8E7D6C" },
    }),
    LiveA1B2C3D4: construct("App/Live/Resource", "AWS::Lambda::Alias", {
      FunctionName: { Ref: "Worker9F8E7D6C" },
      FunctionVersion: { "Fn::GetAtt": ["WorkerCurrentVersionE7F8", "Version"] },
      Name: "live",
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
    }),
    LiveSqsEventSource0011: construct("App/Live/SqsEventSource:AppJobs/Resource", "AWS::Lambda::EventSourceMapping", {
      BatchSize: 5,
      EventSourceArn: { "Fn::GetAtt": ["Jobs3C4D5E6F", "Arn"] },
      FunctionName: { Ref: "LiveA1B2C3D4" },
      ScalingConfig: { MaximumConcurrency: 2 },
    }),
    MailerHandler77665544: construct("App/Mailer/Handler/Resource", "AWS::Lambda::Function", role),
    MailerSource8899: construct("App/Mailer/Handler/Source/Resource", "AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::ImportValue": "Queues:ExportsOutputFnGetAttMailsArn" },
      FunctionName: { Ref: "MailerHandler77665544" },
    }),
    LogRetentionaae0aa3c: construct("App/LogRetentionaae0/Resource", "AWS::Lambda::Function", role),
    WorkerLogRetention55: construct("App/Worker/LogRetention/Resource", "Custom::LogRetention", {
      ServiceToken: { "Fn::GetAtt": ["LogRetentionaae0aa3c", "Arn"] },
      RetentionInDays: 7,
    }),
    CDKMetadata: construct(
      "App/CDKMetadata/Default",
      "AWS::CDK::Metadata",
      { Analytics: "v2:" },
      { Condition: "CDKMetadataAvailable" },
    ),
  },
  Conditions: {
    CDKMetadataAvailable: { "Fn::Or": [{ "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-west-1"] }] },
  },
  Parameters: {
    BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/hnb659fds/version" },
  },
  Rules: { CheckBootstrapVersion: { Assertions: [{ Assert: { "Fn::Not": [{ "Fn::Contains": [["1"], "6"] }] } }] } },
});

const app = aSystem(synthesized, {}, "App.template.json");

it("calls resources by the paths of their constructs", () => {
  expect(app.format).toBe("CDK");
  expect(eventPathsIn(app).map((path) => `${pathInWords(path)} by ${path.choose.join(" ")}`)).toEqual([
    "EventBridge App/Shop → SQS App/Jobs → Lambda App/Worker by --function App/Worker",
    "SQS Queues:ExportsOutputFnGetAttMailsArn → Lambda App/Mailer/Handler by --function App/Mailer/Handler",
  ]);
});

it.each(["App/Worker", "Worker", "Worker9F8E7D6C"])("finds a function as %s", (functionName) => {
  const { taken } = lift(app, { functionName });
  expect(Object.fromEntries(taken.map(({ setting, value }) => [setting, value]))).toMatchObject({
    VisibilityTimeout: "60",
    BatchSize: "5",
    MaximumConcurrency: "2",
    ConsumerTimeout: "10",
  });
});

it("finds a function by the last construct of its path, and its queue outside at AWS's defaults", () => {
  const { taken, defaulted } = lift(app, { functionName: "Handler" });
  expect(taken).toEqual([]);
  expect(defaulted.filter(({ isOutside }) => isOutside).map(({ setting }) => setting)).toContain("VisibilityTimeout");
});

it("counts what CDK adds among what changes no event", () => {
  const { leftOut } = lift(app, { functionName: "Worker" });
  const without = leftOut.filter(({ property, kind }) => property === null && kind === "no effect");
  const types = without.map(({ type }) => type);
  for (const type of ["AWS::CDK::Metadata", "Custom::LogRetention", "AWS::IAM::Role", "AWS::Lambda::Version"]) {
    expect(types, type).toContain(type);
  }
  expect(leftOut.filter(({ kind }) => kind === "not modelled").map(({ type, property }) => [type, property])).toEqual([
    ["AWS::Lambda::Alias", "ProvisionedConcurrencyConfig"],
  ]);
});
