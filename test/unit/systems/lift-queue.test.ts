/** Lifting a queue that a function reads. */
import { expect, it } from "vitest";
import { contractFaults } from "../../../src/scenarios/contract.ts";
import { refuseFaults } from "../../../src/scenarios/fault.ts";
import { refusals } from "../../../src/scenarios/refusals.ts";
import { readScenario } from "../../../src/scenarios/scenario.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { eventPathsIn } from "../../../src/systems/event-paths.ts";
import { lift } from "../../../src/systems/lift.ts";
import { serviceDefaults } from "../../../src/targets/service-rules.ts";
import { aQueuePath, aSystem } from "./a-system.ts";

const tuned = aQueuePath({
  queue: "VisibilityTimeout: 90\nRedrivePolicy:\n  deadLetterTargetArn: !GetAtt Failed.Arn\n  maxReceiveCount: 3",
  mapping: "BatchSize: 5\nScalingConfig:\n  MaximumConcurrency: 7\nFunctionResponseTypes: [ReportBatchItemFailures]",
  fn: "Timeout: 15\nMemorySize: 512\nReservedConcurrentExecutions: 20",
});

it("takes the settings that throttle, each with its line", () => {
  const { scenario, taken } = lift(aSystem(tuned));
  expect(settingsOf(scenario, [])).toMatchObject({
    VisibilityTimeout: "90",
    MaxReceiveCount: "3",
    BatchSize: "5",
    MaximumConcurrency: "7",
    ReportBatchItemFailures: "true",
    ConsumerTimeout: "15",
    ConsumerMemory: "512",
    ReservedConcurrency: "20",
  });
  const lines = tuned.split("\n");
  expect(taken.length).toBe(8);
  for (const { property, place } of taken) {
    expect(place.file).toBe("theirs.yaml");
    expect(lines[place.line - 1]).toContain(property.split(".").at(-1));
  }
});

it("keeps the contract, and reads back to the same settings", () => {
  const { scenario, text } = lift(aSystem(tuned));
  const settings = settingsOf(scenario, []);
  expect(contractFaults(scenario, settings)).toEqual([]);
  const again = readScenario("mine", "mine.yaml", text);
  expect(settingsOf(again, [])).toEqual(settings);
  expect(again.templateHash).toBe(scenario.templateHash);
});

it("fills in what nobody wrote with AWS's defaults, and says so", () => {
  const { scenario, taken, defaulted } = lift(aSystem(aQueuePath()));
  expect(taken).toEqual([]);
  expect(settingsOf(scenario, [])).toMatchObject({
    VisibilityTimeout: "30",
    MaxReceiveCount: "0",
    BatchSize: "10",
    MaximumBatchingWindow: "0",
    MaximumConcurrency: "0",
    ReportBatchItemFailures: "false",
    ConsumerTimeout: "3",
    ConsumerMemory: "128",
    ReservedConcurrency: "none",
    WorkMs: "1000",
  });
  for (const each of defaulted) expect(each).toMatchObject({ by: "AWS", source: expect.stringMatching(/^https:/) });
});

it("names the user's line for values that AWS refuses together", () => {
  const text = aQueuePath({ queue: "VisibilityTimeout: 10", fn: "Timeout: 60" });
  const { scenario } = lift(aSystem(text));
  const line = text.split("\n").indexOf("      VisibilityTimeout: 10") + 1;
  const faults = refusals(scenario, settingsOf(scenario, []), serviceDefaults);
  expect(() => refuseFaults(scenario, faults)).toThrow(
    `theirs.yaml, line ${line}: Queue visibility timeout: 10 seconds is less than Function timeout: 60 seconds`,
  );
});

it("names the user's line for a value that its property does not take", () => {
  const text = aQueuePath({ fn: "Timeout: 1200" });
  const line = text.split("\n").indexOf("      Timeout: 1200") + 1;
  expect(() => lift(aSystem(text))).toThrow(`theirs.yaml, line ${line}: Timeout of Worker is out of bounds`);
});

it("leaves what depends on a parameter without a value at AWS's default, and says how to give it", () => {
  const text = aQueuePath({ parameters: "Parameters:\n  Seconds: { Type: Number }", fn: "Timeout: !Ref Seconds" });
  const { unread, scenario } = lift(aSystem(text));
  expect(unread).toMatchObject([
    { setting: "ConsumerTimeout", message: expect.stringContaining("--parameters Seconds=value") },
  ]);
  expect(settingsOf(scenario, []).ConsumerTimeout).toBe("3");
  expect(settingsOf(lift(aSystem(text, { Seconds: "25" })).scenario, []).ConsumerTimeout).toBe("25");
});

it("lists the paths with the flags that choose each", () => {
  const text = aQueuePath({
    others: `
  Audit:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: !Sub "\${AWS::StackName}-audit" }
  AuditFeed:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Jobs.Arn
      FunctionName: !Sub "arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:\${AWS::StackName}-audit"
`,
  });
  const system = aSystem(text);
  expect(eventPathsIn(system).map(({ choose }) => choose)).toEqual([
    ["--function", "Worker"],
    ["--function", "Audit"],
  ]);
  expect(() => lift(system)).toThrow(/has 2 event paths; choose one:\n {2}--function Worker SQS Jobs → Lambda Worker/);
  expect(lift(system, { functionName: "Audit" }).path.stations.at(-1)!.logicalId).toBe("Audit");
});

it("lets a key that is written twice pass, as parsers of YAML do, and takes the later", () => {
  const { scenario } = lift(aSystem(aQueuePath({ fn: "Timeout: 5\nTimeout: 12" })));
  expect(settingsOf(scenario, []).ConsumerTimeout).toBe("12");
});

it("says which parameter decides between the branches of a value", () => {
  const text = aQueuePath({
    parameters: "Parameters:\n  Stage: { Type: String }\nConditions:\n  IsLive: !Equals [!Ref Stage, live]",
    fn: "Timeout: !If [IsLive, 30, 5]",
  });
  expect(lift(aSystem(text)).unread).toMatchObject([
    { setting: "ConsumerTimeout", message: expect.stringContaining("--parameters Stage=value") },
  ]);
  expect(settingsOf(lift(aSystem(text, { Stage: "live" })).scenario, []).ConsumerTimeout).toBe("30");
  expect(settingsOf(lift(aSystem(text, { Stage: "test" })).scenario, []).ConsumerTimeout).toBe("5");
});

it("says what is not modelled before what has no effect, and that a mapping is switched off", () => {
  const text = aQueuePath({
    queue: "KmsMasterKeyId: alias/mine\nQueueName: jobs",
    mapping: "Enabled: false\nFilterCriteria: { Filters: [] }\nSomethingNew: 1",
    others: `
  Second: { Type: AWS::Lambda::Function, Properties: {} }
  SecondFeed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Second }
`,
  });
  const { leftOut } = lift(aSystem(text), { functionName: "Worker" });
  const told = leftOut.map(({ resource, property, kind }) => [resource, property, kind]);
  expect(told).toEqual([
    ["Feed", "Enabled", "not modelled"],
    ["Feed", "SomethingNew", "not modelled"],
    ["SecondFeed", null, "not modelled"],
    ["Jobs", "KmsMasterKeyId", "no effect"],
    ["Jobs", "QueueName", "no effect"],
    ["Failed", null, "elsewhere"],
    ["Worker", "Runtime", "no effect"],
    ["Worker", "Handler", "no effect"],
    ["Worker", "Code", "no effect"],
    ["Worker", "Role", "no effect"],
    ["Role", null, "no effect"],
    ["Feed", "FilterCriteria", "every event passes"],
    ["Second", null, "elsewhere"],
  ]);
});

it("knows CDK's output without its constructs' paths, and a function without the digits that CDK gives it", () => {
  const text = `Resources:
  Worker475423FD: { Type: AWS::Lambda::Function, Properties: { Timeout: 7 } }
  Other0D02CEEE: { Type: AWS::Lambda::Function, Properties: { DeadLetterConfig: { TargetArn: arn } } }
Parameters:
  BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: /cdk-bootstrap/hnb659fds/version }
Rules:
  CheckBootstrapVersion: { Assertions: [] }
`;
  const system = aSystem(text);
  expect(system.format).toBe("CDK");
  expect(lift(system, { functionName: "Worker" }).path.stations).toMatchObject([{ logicalId: "Worker475423FD" }]);
});
