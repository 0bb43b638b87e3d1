/**
 * The AWS CLI against `serve`, each version that is on the PATH: version 2.9 speaks the query protocol to SQS and CloudWatch,
 * newer ones JSON.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { deploymentPackage } from "../../src/steps/deployment-package.ts";
import { openDatabase, region, type Serving, serving, type TestDatabase } from "./serving.ts";

/** The whole template, as `show --template` prints it. */
const { templateBody } = findScenario("scenario-4");

/** The programs called `aws`, one of each version. */
function installed(): [version: string, program: string][] {
  const programs = (process.env.PATH ?? "").split(":").map((folder) => join(folder, "aws"));
  const versions = programs.flatMap((program): [string, string][] => {
    const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
    return status === 0 ? [[/^\S+/.exec(stdout)![0], program]] : [];
  });
  return [...new Map(versions)];
}

const programs = installed();

it("finds an AWS CLI to try", () => {
  expect(programs, "No `aws` is on the PATH: install Debian's package awscli, as .ci/run does.").not.toEqual([]);
});

describe.each(programs)("%s", (version, program) => {
  const stack = "from-the-cli";
  let database: TestDatabase;
  let served: Serving;
  let directory: string;

  beforeAll(async () => {
    database = await openDatabase();
    served = await serving(database.url);
    directory = mkdtempSync(join(tmpdir(), "throttle-bench-cli-"));
    writeFileSync(join(directory, "scenario-4.yaml"), templateBody);
  });

  afterAll(async () => {
    await served.close();
    await database.close();
    rmSync(directory, { recursive: true });
  });

  /** The standard output of a command. */
  const printed = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      program,
      [...args, "--endpoint-url", served.endpoint, "--output", "json"],
      {
        cwd: directory,
        env: {
          PATH: process.env.PATH,
          HOME: directory,
          AWS_DEFAULT_REGION: region,
          AWS_ACCESS_KEY_ID: "x",
          AWS_SECRET_ACCESS_KEY: "x",
          AWS_MAX_ATTEMPTS: "1",
        },
      },
    );
    return stdout;
  };

  const cli = async (...args: string[]) => {
    const stdout = await printed(...args);
    return stdout === "" ? null : JSON.parse(stdout);
  };

  const physicalId = async (logicalId: string): Promise<string> => {
    const { StackResources } = await cli("cloudformation", "describe-stack-resources", "--stack-name", stack);
    return StackResources.find((resource: { LogicalResourceId: string }) => resource.LogicalResourceId === logicalId)
      .PhysicalResourceId;
  };

  it("asks who it is", async () => {
    const Arn = "arn:aws:iam::123456789012:root";
    expect(await cli("sts", "get-caller-identity")).toEqual({ UserId: "123456789012", Account: "123456789012", Arn });
  });

  it("validates a template", async () => {
    const answer = await cli("cloudformation", "validate-template", "--template-body", "file://scenario-4.yaml");
    expect(answer).toMatchObject({ Description: expect.any(String), Capabilities: ["CAPABILITY_IAM"] });
    expect(answer.Parameters).toContainEqual(expect.objectContaining({ ParameterKey: "DatabaseUrl", NoEcho: true }));
  });

  it("says what is wrong with a template", async () => {
    writeFileSync(join(directory, "bad.yaml"), templateBody.replace("AWS::SNS::Topic", "AWS::SNS::Tropic"));
    await expect(cli("cloudformation", "validate-template", "--template-body", "file://bad.yaml")).rejects.toThrow(
      /ValidationError.*AWS::SNS::Tropic/,
    );
  });

  it("creates a stack, waits for it and describes it", async () => {
    const { StackId } = await cli(
      ...["cloudformation", "create-stack", "--stack-name", stack, "--template-body", "file://scenario-4.yaml"],
      ...["--capabilities", "CAPABILITY_IAM", "--tags", "Key=owner,Value=me"],
      ...["--parameters", "ParameterKey=DatabaseUrl,ParameterValue=postgresql://u:secret@h/d"],
    );
    await served.sleep(120_000);
    expect(StackId).toMatch(/^arn:aws:cloudformation:us-east-1:\d{12}:stack\/from-the-cli\//);
    await expect
      .poll(async () => (await cli("cloudformation", "describe-stacks", "--stack-name", stack)).Stacks, {
        timeout: 60_000,
      })
      .toMatchObject([{ StackId, StackStatus: "CREATE_COMPLETE", Tags: [{ Key: "owner", Value: "me" }] }]);
    const { Stacks } = await cli("cloudformation", "describe-stacks", "--stack-name", stack);
    expect(Stacks[0].Parameters).toContainEqual({ ParameterKey: "DatabaseUrl", ParameterValue: "****" });
    expect(Stacks[0].Outputs.map(({ OutputKey }: { OutputKey: string }) => OutputKey)).toContain("ConsumerFunction");
  }, 90_000);

  it("describes the stack's events, newest first", async () => {
    const { StackEvents } = await cli("cloudformation", "describe-stack-events", "--stack-name", stack);
    expect(StackEvents[0]).toMatchObject({ LogicalResourceId: stack, ResourceStatus: "CREATE_COMPLETE" });
    expect(StackEvents.at(-1)).toMatchObject({ LogicalResourceId: stack, ResourceStatus: "CREATE_IN_PROGRESS" });
  });

  it("keeps a stack's policy and tags, and updates nothing that is as wanted", async () => {
    writeFileSync(join(directory, "queue.yaml"), "Resources: { Q: { Type: AWS::SQS::Queue } }");
    const policy = '{"Statement":[{"Effect":"Deny","Action":"Update:Replace","Principal":"*","Resource":"*"}]}';
    const held = ["--stack-name", "held", "--template-body", "file://queue.yaml"];
    await cli(
      ...["cloudformation", "create-stack", ...held, "--stack-policy-body", policy],
      ...["--tags", "Key=throttle-bench:expires,Value=2026-01-01T00:00:00.000Z"],
    );
    await served.sleep(60_000);
    const asked = await cli("cloudformation", "get-stack-policy", "--stack-name", "held");
    expect(asked).toEqual({ StackPolicyBody: policy });
    const { Stacks } = await cli("cloudformation", "describe-stacks", "--stack-name", "held");
    expect(Stacks[0].Tags).toEqual([{ Key: "throttle-bench:expires", Value: "2026-01-01T00:00:00.000Z" }]);
    await expect(cli("cloudformation", "update-stack", ...held)).rejects.toThrow(/No updates are to be performed/);
    await cli("cloudformation", "delete-stack", "--stack-name", "held");
  });

  it("uploads code and invokes a function", async () => {
    const FunctionName = await physicalId("ProducerFunction");
    writeFileSync(join(directory, "producer.zip"), await deploymentPackage("producer"));
    const updated = await cli(
      "lambda",
      "update-function-code",
      "--function-name",
      FunctionName,
      "--zip-file",
      "fileb://producer.zip",
    );
    expect(updated).toMatchObject({ FunctionName, PackageType: "Zip" });
    await served.now();
    writeFileSync(join(directory, "event.json"), JSON.stringify({ runId: "cli", events: 3 }));
    const answer = await cli(
      "lambda",
      "invoke",
      "--function-name",
      FunctionName,
      "--payload",
      "fileb://event.json",
      "out.json",
    );
    expect(answer).toMatchObject({ StatusCode: 200 });
    expect(JSON.parse(readFileSync(join(directory, "out.json"), "utf8"))).toMatchObject({ published: 3, failed: 0 });
  });

  it("shows the lines of an invocation with its answer, and in the log", { timeout: 60_000 }, async () => {
    const FunctionName = await physicalId("ProducerFunction");
    const { LogResult } = await cli(
      ...["lambda", "invoke", "--function-name", FunctionName, "--payload", "fileb://event.json"],
      ...["--log-type", "Tail", "out.json"],
    );
    const lines = Buffer.from(LogResult, "base64").toString();
    expect(lines).toMatch(/^START RequestId: .*\n(.*\n)*REPORT RequestId: .*\tBilled Duration: \d+ ms\t/);
    const { logGroups } = await cli("logs", "describe-log-groups");
    const { logGroupName } = logGroups.find((each: { logGroupName: string }) => /Producer/i.test(each.logGroupName));
    // Version 1 has no such command.
    if (version.startsWith("aws-cli/2")) {
      const tail = await printed("logs", "tail", logGroupName, "--since", "1h", "--format", "short");
      expect(tail).toContain("REPORT RequestId: ");
    }
    const { logStreams } = await cli("logs", "describe-log-streams", "--log-group-name", logGroupName);
    const stream = ["--log-group-name", logGroupName, "--log-stream-name", logStreams[0].logStreamName];
    expect((await cli("logs", "get-log-events", ...stream)).events.at(-1).message).toMatch(/^REPORT /);
    const filter = ["--log-group-name", logGroupName, "--filter-pattern", "REPORT"];
    expect((await cli("logs", "filter-log-events", ...filter)).events.length).toBeGreaterThan(0);
  });

  it("deploys a template, changes it, adds to it and says when nothing is left to do", {
    timeout: 120_000,
  }, async () => {
    const queue =
      "Parameters: { Delay: { Type: Number, Default: 1 } }\nResources:\n  Q: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }\n";
    writeFileSync(join(directory, "shop.yaml"), queue);
    // The CLI names a change set by the second, and the model answers two deployments within one.
    const deploy = async (...args: string[]) => {
      const next = 1_000 - (Date.now() % 1_000);
      await new Promise((resolve) => setTimeout(resolve, next));
      return printed("cloudformation", "deploy", "--stack-name", "shop", "--template-file", "shop.yaml", ...args);
    };
    const done = "Successfully created/updated stack - shop";
    expect(await deploy("--parameter-overrides", "Delay=7", "--tags", "owner=me")).toContain(done);
    expect(await deploy("--tags", "owner=me", "--no-fail-on-empty-changeset")).toContain(
      "No changes to deploy. Stack shop is up to date",
    );
    writeFileSync(join(directory, "shop.yaml"), `${queue}  T: { Type: AWS::SNS::Topic }\n`);
    expect(await deploy("--no-execute-changeset")).toContain("aws cloudformation describe-change-set");
    const { Summaries } = await cli("cloudformation", "list-change-sets", "--stack-name", "shop");
    const change = Summaries.find((each: { ExecutionStatus: string }) => each.ExecutionStatus === "AVAILABLE");
    const { Changes } = await cli("cloudformation", "describe-change-set", "--change-set-name", change.ChangeSetId);
    expect(Changes).toMatchObject([{ ResourceChange: { Action: "Add", LogicalResourceId: "T" } }]);
    await cli("cloudformation", "execute-change-set", "--change-set-name", change.ChangeSetId);
    await printed("cloudformation", "wait", "stack-update-complete", "--stack-name", "shop");
    const { Stacks } = await cli("cloudformation", "describe-stacks", "--stack-name", "shop");
    expect(Stacks).toMatchObject([
      { StackStatus: "UPDATE_COMPLETE", Parameters: [{ ParameterKey: "Delay", ParameterValue: "7" }] },
    ]);
    const listed = await cli("cloudformation", "list-stack-resources", "--stack-name", "shop");
    expect(listed.StackResourceSummaries).toHaveLength(2);
    await cli("cloudformation", "delete-stack", "--stack-name", "shop");
    await printed("cloudformation", "wait", "stack-delete-complete", "--stack-name", "shop");
  });

  it("asks for a role's capability in CloudFormation's words", async () => {
    const asked = printed(
      ...["cloudformation", "deploy", "--stack-name", "none", "--template-file", "scenario-4.yaml"],
      ...["--parameter-overrides", "DatabaseUrl=postgresql://u:secret@h/d"],
    );
    await expect(asked).rejects.toThrow(
      /InsufficientCapabilitiesException.*Requires capabilities : \[CAPABILITY_IAM\]/,
    );
  });

  it.each([
    [["sns", "list-subscriptions"], "Subscriptions"],
    [["lambda", "list-functions"], "Functions"],
    [["lambda", "list-event-source-mappings"], "EventSourceMappings"],
    [["lambda", "get-account-settings"], "AccountLimit"],
    [["kinesis", "list-streams"], "StreamNames"],
    [["events", "list-event-buses"], "EventBuses"],
    [["cloudwatch", "list-metrics"], "Metrics"],
    [["cloudformation", "list-stacks"], "StackSummaries"],
    [["cloudformation", "get-template-summary", "--template-body", "file://scenario-4.yaml"], "Parameters"],
  ] as const)("answers %j", async (args, member) => {
    expect(await cli(...args)).toHaveProperty(member);
  });

  it("publishes to a topic, and works a queue", async () => {
    const url = (await cli("sqs", "create-queue", "--queue-name", "inbox", "--attributes", "VisibilityTimeout=77"))
      .QueueUrl;
    const { Attributes } = await cli("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All");
    expect(Attributes).toMatchObject({ VisibilityTimeout: "77", ApproximateNumberOfMessages: "0" });
    const topic = await physicalId("Topic");
    const { MessageId } = await cli("sns", "publish", "--topic-arn", topic, "--message", '{"id":1}');
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    const attributes = JSON.stringify({ colour: { DataType: "String", StringValue: "blue" } });
    await cli(
      "sqs",
      "send-message",
      "--queue-url",
      url,
      "--message-body",
      "<hello>",
      "--message-attributes",
      attributes,
    );
    const entries = JSON.stringify([
      { Id: "a", MessageBody: "one" },
      { Id: "b", MessageBody: "two" },
    ]);
    const batch = await cli("sqs", "send-message-batch", "--queue-url", url, "--entries", entries);
    expect(batch.Successful).toMatchObject([{ Id: "a" }, { Id: "b" }]);
    const { Messages } = await cli(
      ...["sqs", "receive-message", "--queue-url", url, "--max-number-of-messages", "10"],
      ...["--attribute-names", "ApproximateReceiveCount", "--message-attribute-names", "All"],
    );
    expect(Messages).toHaveLength(3);
    expect(Messages).toContainEqual(
      expect.objectContaining({
        Body: "<hello>",
        Attributes: { ApproximateReceiveCount: "1" },
        MessageAttributes: { colour: { DataType: "String", StringValue: "blue" } },
      }),
    );
    await cli("sqs", "delete-message", "--queue-url", url, "--receipt-handle", Messages[0].ReceiptHandle);
    expect((await cli("sqs", "list-queues")).QueueUrls).toContain(url);
  });

  it("names an error as AWS does", async () => {
    await expect(cli("sqs", "get-queue-url", "--queue-name", "nowhere")).rejects.toThrow(
      /NonExistentQueue|QueueDoesNotExist/,
    );
    await expect(cli("s3api", "list-buckets")).rejects.toThrow(/UnsupportedOperation.*the service s3/);
    await expect(cli("dynamodb", "list-tables")).rejects.toThrow(/UnsupportedOperation.*the service DynamoDB/);
    await expect(cli("lambda", "get-function", "--function-name", "nowhere")).rejects.toThrow(
      "ResourceNotFoundException",
    );
    await expect(cli("sqs", "list-dead-letter-source-queues", "--queue-url", "http://x/1/inbox")).rejects.toThrow(
      /UnsupportedOperation.*ListDeadLetterSourceQueues/,
    );
  });

  it("reads metrics", async () => {
    await served.sleep(300_000);
    const now = await served.now();
    const Dimensions = [{ Name: "FunctionName", Value: await physicalId("ProducerFunction") }];
    const Metric = { Namespace: "AWS/Lambda", MetricName: "Invocations", Dimensions };
    const { MetricDataResults } = await cli(
      ...["cloudwatch", "get-metric-data", "--start-time", new Date(now - 7_200_000).toISOString()],
      ...["--end-time", new Date(now).toISOString(), "--scan-by", "TimestampAscending"],
      ...["--metric-data-queries", JSON.stringify([{ Id: "m0", MetricStat: { Metric, Period: 60, Stat: "Sum" } }])],
    );
    expect(MetricDataResults).toMatchObject([{ Id: "m0", StatusCode: "Complete" }]);
    // The two invocations are of one minute or of two.
    const { Values, Timestamps } = MetricDataResults[0] as { Values: number[]; Timestamps: string[] };
    expect(Values.reduce((sum, value) => sum + value, 0)).toBe(2);
    expect(Timestamps).toHaveLength(Values.length);
  });

  it("deletes the stack", async () => {
    await cli("cloudformation", "delete-stack", "--stack-name", stack);
    await served.sleep(120_000);
    await expect
      .poll(() => cli("cloudformation", "describe-stacks", "--stack-name", stack).catch(String), { timeout: 60_000 })
      .toContain("does not exist");
  }, 90_000);
});
