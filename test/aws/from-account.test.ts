/** Reading somebody's system from an account: against the served model after a burst, and against refusals that an account may give. */
import {
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it, onTestFinished } from "vitest";
import { readFunction } from "../../src/systems/account/function.ts";
import { readStack } from "../../src/systems/account/stack.ts";
import { pathInWords } from "../../src/systems/event-path.ts";
import { eventPathsIn } from "../../src/systems/event-paths.ts";
import { lift } from "../../src/systems/lift.ts";
import type { Lifted } from "../../src/systems/lifted.ts";
import { openAws } from "../../src/targets/aws.ts";
import { systemClock } from "../../src/targets/clock.ts";
import type { Account } from "../../src/targets/target.ts";
import { aWorkplace } from "../cli/throttle-bench.ts";
import { eachServed } from "./each-served.ts";
import { region } from "./serving.ts";

const each = eachServed();

/** Opens an account by way of the proxy; a pause of a retry takes no time. */
async function anAccount(): Promise<Account> {
  const clock = { ...systemClock, now: () => Date.now() + 3_600_000, sleep: async () => {} };
  const account = await openAws({ region, endpointUrl: each.faults.endpoint, clock });
  onTestFinished(() => account.close());
  return account;
}

/** Runs a burst and keeps its stack; `names` are the account's, by logical ID. */
async function afterBurst(scenario: string, settings: Record<string, number>) {
  const environment = {
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_REGION: region,
    AWS_ENDPOINT_URL: each.served.endpoint,
    DATABASE_URL: each.database.url,
  };
  const sets = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const burst = ["run", scenario, "--target", "aws", "--keep", "--events", "60", ...sets];
  const { status, stderr } = await aWorkplace().runBinary(environment, ...burst);
  expect(status, stderr).toBe(0);
  const { Stacks = [] } = await each.served.cloudFormation.send(new DescribeStacksCommand({}));
  const stackName = Stacks[0]!.StackName!;
  const { StackResources = [] } = await each.served.cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: stackName }),
  );
  const names = Object.fromEntries(
    StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId!, PhysicalResourceId!]),
  );
  return { stackName, names };
}

function settingsOf({ scenario }: Lifted): Record<string, unknown> {
  return Object.fromEntries(scenario.template.parameters.map(({ name, default: value }) => [name, value]));
}

describe("after a burst to a queue", { timeout: 60_000 }, () => {
  const settings = {
    VisibilityTimeout: 40,
    MaxReceiveCount: 4,
    BatchSize: 5,
    MaximumConcurrency: 3,
    ConsumerTimeout: 6,
    ReservedConcurrency: 7,
  };
  const expected = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));

  it("gives by --from-stack and by --from-function the settings that the stack has, and the work that it did", async () => {
    const { stackName, names } = await afterBurst("scenario-5", { WorkMs: 400, ...settings });
    const account = await anAccount();
    const stack = await readStack(account, stackName);
    const fn = await readFunction(account, names.ConsumerFunction!);
    for (const [{ system, work }, logicalId] of [
      [stack, "ConsumerFunction"],
      [fn, [...fn.work.keys()][0]!],
    ] as const) {
      const measured = work.get(logicalId)!;
      // The work of 400 ms, with the insert.
      expect(measured.workMs).toBeGreaterThanOrEqual(400);
      expect(measured.workMs).toBeLessThan(450);
      expect(measured.workMsMax).toBeGreaterThanOrEqual(measured.workMs);
      expect(measured.workMsMax).toBeLessThan(500);
      expect(measured.from).toMatch(
        /^Duration of \d+ invocations in 14 days: p50 \d+ ms, p95 \d+ ms, of batches of \d\.\d/,
      );
      const lifted = lift(system, { functionName: logicalId, ...measured, workFrom: measured.from });
      expect(settingsOf(lifted)).toMatchObject({ ...expected, WorkMs: String(measured.workMs) });
      expect(lifted.path.stations.map(({ service }) => service)).toEqual(["SNS", "SQS", "Lambda"]);
      expect(lifted.assumed).toEqual([]);
    }
    expect(fn.system.unread).toEqual([]);
  });

  it("says of a function that has not run that its time is not known", async () => {
    const { stackName } = await afterBurst("scenario-5", settings);
    const { system, work, withoutWork } = await readStack(await anAccount(), stackName);
    expect(work.has("DeadLetterRecorderFunction")).toBe(false);
    const why = withoutWork.get("DeadLetterRecorderFunction")!;
    expect(why).toMatch(
      /^CloudWatch has no Duration of .*DeadLetterRecorder.* in the last 14 days; give .* with --work$/,
    );
    const lifted = lift(system, { functionName: "DeadLetterRecorderFunction", withoutWork: why });
    expect(lifted.assumed).toContainEqual({ setting: "WorkMs", value: "1000", why });
  });

  it("takes no timeout for the time of the work", async () => {
    const endless = { ...settings, WorkMs: 3_000, ConsumerTimeout: 2, MaxReceiveCount: 1, BatchSize: 1 };
    const { stackName, names } = await afterBurst("scenario-5", endless);
    const account = await anAccount();
    const stack = await readStack(account, stackName);
    const fn = await readFunction(account, names.ConsumerFunction!);
    for (const { work, withoutWork } of [stack, fn]) {
      expect([...work.values()].filter(({ workMs }) => workMs >= 1_900)).toEqual([]);
      expect([...withoutWork.values()]).toContainEqual(
        expect.stringMatching(
          /^most of the \d+ invocations of .*Consumer.* were ended by its timeout of 2 s, so that their Duration does not tell how long the work takes; give its time with --work$/,
        ),
      );
    }
  });

  it("goes on without what the caller may not read, and names the action and the policy that allows it", async () => {
    const { names } = await afterBurst("scenario-5", settings);
    const denied = /^(GET .*\/concurrency|ListSubscriptions|GetMetricData)$/;
    each.faults.rule = (operation) =>
      denied.test(operation) ? { error: "AccessDeniedException", message: "not authorized", status: 403 } : undefined;
    const { system, work, withoutWork } = await readFunction(await anAccount(), names.ConsumerFunction!);
    expect(work.size).toBe(0);
    expect([...withoutWork.values()]).toEqual([
      expect.stringMatching(/cloudwatch:GetMetricData is denied; .*--policy read/),
    ]);
    const messages = system.unread.map(({ message }) => message);
    for (const action of ["lambda:GetFunctionConcurrency", "sns:ListSubscriptions"]) {
      expect(messages).toContainEqual(
        expect.stringContaining(`${action} is denied; the policy \`throttle-bench doctor --policy read\``),
      );
    }
    expect(eventPathsIn(system).map(({ stations }) => stations.map(({ service }) => service))).toEqual([
      ["SQS", "Lambda"],
    ]);
  });
});

it("reads the shards and the mapping of a stream", { timeout: 60_000 }, async () => {
  const { names } = await afterBurst("kinesis-one-shard", { WorkMs: 100 });
  const { system, work } = await readFunction(await anAccount(), names.ConsumerFunction!);
  const [path] = eventPathsIn(system);
  expect(path!.stations.map(({ service }) => service)).toEqual(["Kinesis", "Lambda"]);
  expect(settingsOf(lift(system))).toMatchObject({ ShardCount: "1" });
  expect([...work.values()][0]!.workMs).toBeGreaterThanOrEqual(95);
});

it("reads the topics, rules and asynchronous settings before a function", { timeout: 60_000 }, async () => {
  const { cloudFormation } = each.served;
  const TemplateBody = `
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }] } } }
  Worker:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: worker, Handler: consumer.handler, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, Timeout: 9, Code: { ZipFile: "x" } }
  Asynchronous:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: { FunctionName: !Ref Worker, Qualifier: $LATEST, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 120 }
  Shop: { Type: AWS::Events::EventBus, Properties: { Name: shop } }
  Placed:
    Type: AWS::Events::Rule
    Properties:
      Name: placed
      EventBusName: !Ref Shop
      EventPattern: { source: [shop] }
      Targets: [{ Id: worker, Arn: !GetAtt Worker.Arn }]
  Orders: { Type: AWS::SNS::Topic, Properties: { TopicName: orders } }
  Subscribed: { Type: AWS::SNS::Subscription, Properties: { TopicArn: !Ref Orders, Protocol: lambda, Endpoint: !GetAtt Worker.Arn } }
`;
  await cloudFormation.send(
    new CreateStackCommand({ StackName: "shop", TemplateBody, Capabilities: ["CAPABILITY_IAM"] }),
  );
  await each.served.sleep(600_000);
  const { system } = await readFunction(await anAccount(), "worker");
  expect(eventPathsIn(system).map(pathInWords).sort()).toEqual([
    "EventBridge shop → Lambda worker",
    "SNS orders → Lambda worker",
  ]);
  const lifted = lift(system, { functionName: "worker", queueName: "orders" });
  expect(settingsOf(lifted)).toMatchObject({ ConsumerTimeout: "9", MaximumEventAge: "120", MaximumRetryAttempts: "1" });
});

it("writes by init the scenario of a function, with the time of its work", {
  timeout: 60_000,
}, async () => {
  const { stackName, names } = await afterBurst("scenario-5", { WorkMs: 200, BatchSize: 1 });
  const environment = {
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_REGION: region,
    AWS_ENDPOINT_URL: each.served.endpoint,
  };
  const workplace = aWorkplace();
  const init = (...args: string[]) => workplace.runBinary(environment, "init", ...args);
  const written = await init("--from-function", names.ConsumerFunction!, "--out", "mine.yaml");
  expect(written).toMatchObject({ status: 0 });
  expect(written.stdout).toMatch(/WorkMs/);
  const { stdout, status } = await workplace.run("show", "./mine.yaml", "--template");
  expect(status).toBe(0);
  expect(stdout).toMatch(/WorkMs:\n(?: {4}.*\n)*? {4}Default: 2[0-4]\d\b/);
  const stack = await init("--from-stack", stackName);
  expect(stack).toMatchObject({ status: 2, stdout: "" });
  expect(stack.stderr).toContain("--function ConsumerFunction");
  const refused = await init("--from-stack", stackName, "--from-function", names.ConsumerFunction!);
  expect(refused).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("--from-stack and --from-function do not go together"),
  });
});

it("waits out throttling, and reads every page", { timeout: 60_000 }, async () => {
  const { names } = await afterBurst("straight-to-sqs", { WorkMs: 50 });
  const source = (name: string) => `arn:aws:sqs:${region}:123456789012:${name}`;
  const page = (name: string) => ({ UUID: name, EventSourceArn: source(name), BatchSize: 2, State: "Enabled" });
  each.faults.rule = (operation, count) => {
    if (operation === "GetMetricData" && count <= 2) {
      return { error: "ThrottlingException", message: "Rate exceeded", status: 400 };
    }
    if (!operation.includes("/event-source-mappings")) return undefined;
    return operation.includes("Marker=more")
      ? { answer: { EventSourceMappings: [page("second")] } }
      : { answer: { EventSourceMappings: [page("first")], NextMarker: "more" } };
  };
  const { system, work } = await readFunction(await anAccount(), names.ConsumerFunction!);
  expect(each.faults.operations.filter((operation) => operation === "GetMetricData")).toHaveLength(3);
  expect(work.size).toBe(1);
  const mappings = system.template.resources.filter(({ type }) => type === "AWS::Lambda::EventSourceMapping");
  // Neither queue is there, so that each stays the ARN that it is.
  expect(mappings.map(({ properties }) => properties.EventSourceArn)).toEqual([source("first"), source("second")]);
});

describe("without anything to read", () => {
  it.each([
    ["a stack", readStack, /^There is no stack orders in us-east-1; give its name, and its --region\.$/],
    [
      "a function",
      readFunction,
      /^There is no function orders in us-east-1; give its name as Lambda has it, and its --region\.$/,
    ],
  ])("says that there is no such thing: %s", async (_, read, message) => {
    await expect(read(await anAccount(), "orders")).rejects.toMatchObject({
      code: "bad-usage",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["GetFunctionConfiguration", readFunction, "lambda:GetFunctionConfiguration"],
    ["DescribeStacks", readStack, "cloudformation:DescribeStacks"],
  ])("ends where the first question is denied: %s", async (denied, read, action) => {
    each.faults.rule = (operation) =>
      operation === denied ? { error: "AccessDenied", message: "not authorized", status: 403 } : undefined;
    await expect(read(await anAccount(), "orders")).rejects.toMatchObject({
      code: "target-failed",
      message: expect.stringContaining(`could not be read (${action})`),
    });
  });
});
