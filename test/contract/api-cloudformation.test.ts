/** CloudFormation's API as the SDK's client sees it. */
import {
  AlreadyExistsException,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetStackPolicyCommand,
  GetTemplateCommand,
  InsufficientCapabilitiesException,
  ListExportsCommand,
  ListStacksCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { expect, it } from "vitest";
import { start } from "./an-account.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference";

const template = `
Description: One queue & <one> password\r
Parameters:
  Delay:
    Type: Number
    Default: 5
    Description: Seconds
  Password:
    Type: String
    NoEcho: true
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !Ref Delay
Outputs:
  QueueUrl:
    Description: Where
    Value: !Ref Queue
`;

const role = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }]
`;

const Parameters = [{ ParameterKey: "Password", ParameterValue: "hunter2" }];

async function created() {
  const emulator = new AnEmulator();
  const { cloudFormation: client } = emulator;
  const { StackId } = await client.send(
    new CreateStackCommand({
      StackName: "bench",
      TemplateBody: template,
      Parameters,
      Tags: [{ Key: "run", Value: "7" }],
      OnFailure: "DELETE",
    }),
  );
  await emulator.pass(300);
  return { emulator, client, StackId };
}

documented(`${reference}/API_ValidateTemplate.html`, "describes a template's parameters and capabilities", async () => {
  const { cloudFormation: client } = new AnEmulator();
  expect(await client.send(new ValidateTemplateCommand({ TemplateBody: template }))).toMatchObject({
    Description: "One queue & <one> password",
    Capabilities: [],
    Parameters: [
      { ParameterKey: "Delay", DefaultValue: "5", NoEcho: false, Description: "Seconds" },
      { ParameterKey: "Password", NoEcho: true },
    ],
  });
  const needed = await client.send(new ValidateTemplateCommand({ TemplateBody: role }));
  expect(needed).toMatchObject({ Capabilities: ["CAPABILITY_IAM"] });
  expect(needed.CapabilitiesReason).toContain("AWS::IAM::Role");
});

documented(`${reference}/API_DescribeStacks.html`, "describes a stack, without its secrets", async () => {
  const { client, emulator, StackId } = await created();
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: StackId }));
  const [queue] = emulator.emulator.sqs.list();
  expect(Stacks).toEqual([
    expect.objectContaining({
      StackId,
      StackName: "bench",
      StackStatus: "CREATE_COMPLETE",
      Description: "One queue & <one> password",
      CreationTime: new Date(start),
      Parameters: expect.arrayContaining([
        { ParameterKey: "Delay", ParameterValue: "5" },
        { ParameterKey: "Password", ParameterValue: "****" },
      ]),
      Outputs: [{ OutputKey: "QueueUrl", OutputValue: queue!.url, Description: "Where" }],
      Tags: [{ Key: "run", Value: "7" }],
      Capabilities: [],
    }),
  ]);
  expect(Stacks![0]).not.toHaveProperty("DeletionTime");
  expect(JSON.stringify(Stacks)).not.toContain("hunter2");
});

documented(`${reference}/API_DescribeStackEvents.html`, "lists a stack's events, the newest first", async () => {
  const { client, StackId } = await created();
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: "bench" }));
  expect(StackEvents!.at(-1)).toMatchObject({
    StackId,
    StackName: "bench",
    LogicalResourceId: "bench",
    PhysicalResourceId: StackId,
    ResourceType: "AWS::CloudFormation::Stack",
    ResourceStatus: "CREATE_IN_PROGRESS",
    Timestamp: new Date(start),
    EventId: expect.any(String),
  });
  expect(StackEvents![0]).toMatchObject({ LogicalResourceId: "bench", ResourceStatus: "CREATE_COMPLETE" });
});

it("lists a stack's resources, all or one by name", async () => {
  const { client, StackId } = await created();
  const all = await client.send(new DescribeStackResourcesCommand({ StackName: "bench" }));
  expect(all.StackResources).toEqual([
    expect.objectContaining({
      StackId,
      StackName: "bench",
      LogicalResourceId: "Queue",
      PhysicalResourceId: expect.stringContaining("https://sqs."),
      ResourceType: "AWS::SQS::Queue",
      ResourceStatus: "CREATE_COMPLETE",
      Timestamp: expect.any(Date),
    }),
  ]);
  const other = new DescribeStackResourcesCommand({ StackName: "bench", LogicalResourceId: "Topic" });
  expect((await rejection(client.send(other))).message).toBe("Resource Topic does not exist for stack bench");
});

it("gives the template back byte for byte", async () => {
  const { client } = await created();
  const { TemplateBody, StagesAvailable } = await client.send(new GetTemplateCommand({ StackName: "bench" }));
  expect(TemplateBody).toBe(template);
  expect(StagesAvailable).toEqual(["Original", "Processed"]);
});

documented(`${reference}/API_ListStacks.html`, "lists deleted stacks, too, and the stacks of one status", async () => {
  const { client, emulator, StackId } = await created();
  await client.send(new DeleteStackCommand({ StackName: "bench" }));
  await emulator.pass(300);
  const listed = async (...StackStatusFilter: ("CREATE_COMPLETE" | "DELETE_COMPLETE")[]) =>
    (await client.send(new ListStacksCommand({ StackStatusFilter }))).StackSummaries;
  expect(await listed("CREATE_COMPLETE")).toEqual([]);
  for (const summaries of [await listed(), await listed("DELETE_COMPLETE")]) {
    expect(summaries).toEqual([
      expect.objectContaining({
        StackId,
        StackStatus: "DELETE_COMPLETE",
        DeletionTime: expect.any(Date),
        TemplateDescription: "One queue & <one> password",
      }),
    ]);
  }
  expect((await client.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
});

documented(`${reference}/API_CreateStack.html#API_CreateStack_Errors`, "throws the SDK's exceptions", async () => {
  const { client } = await created();
  const again = new CreateStackCommand({ StackName: "bench", TemplateBody: template, Parameters });
  expect(await rejection(client.send(again))).toBeInstanceOf(AlreadyExistsException);
  const capability = new CreateStackCommand({ StackName: "role", TemplateBody: role });
  expect(await rejection(client.send(capability))).toBeInstanceOf(InsufficientCapabilitiesException);
});

it("calls what is wrong with a request a ValidationError", async () => {
  const { cloudFormation: client } = new AnEmulator();
  const errors = [
    await rejection(client.send(new DescribeStacksCommand({ StackName: "nothing" }))),
    await rejection(client.send(new DescribeStacksCommand({ NextToken: "2" }))),
    await rejection(client.send(new ValidateTemplateCommand({ TemplateBody: "Resources: []" }))),
    await rejection(client.send(new CreateStackCommand({ StackName: "s", TemplateURL: "https://s3/x" }))),
    await rejection(
      client.send(
        new CreateStackCommand({ StackName: "s", TemplateBody: template, DisableRollback: true, OnFailure: "DELETE" }),
      ),
    ),
  ];
  expect(errors.map(({ name }) => name)).toEqual(Array(errors.length).fill("ValidationError"));
  expect(errors[0]!.message).toBe("Stack with id nothing does not exist");
  expect(errors[3]!.message).toContain("TemplateURL");
});

it("deletes a stack that is not there without a word", async () => {
  await new AnEmulator().cloudFormation.send(new DeleteStackCommand({ StackName: "nothing" }));
});

documented(`${reference}/API_GetStackPolicy.html`, "gives the stack's policy back as it was", async () => {
  const { client } = await created();
  const asked = new GetStackPolicyCommand({ StackName: "bench" });
  expect((await client.send(asked)).StackPolicyBody).toBeUndefined();
  const StackPolicyBody = '{ "Statement": [] }';
  await client.send(
    new CreateStackCommand({
      StackName: "held",
      TemplateBody: role,
      Capabilities: ["CAPABILITY_IAM"],
      StackPolicyBody,
    }),
  );
  expect((await client.send(new GetStackPolicyCommand({ StackName: "held" }))).StackPolicyBody).toBe(StackPolicyBody);
});

documented(
  `${reference}/API_UpdateStack.html`,
  "updates a stack, and refuses to update one that does not exist",
  async () => {
    const { emulator, client, StackId } = await created();
    const ParameterValue = "9";
    const updating = { TemplateBody: template, Parameters: [...Parameters, { ParameterKey: "Delay", ParameterValue }] };
    expect((await client.send(new UpdateStackCommand({ StackName: "bench", ...updating }))).StackId).toBe(StackId);
    await emulator.pass(60);
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: "bench" }));
    expect(Stacks).toMatchObject([{ StackStatus: "UPDATE_COMPLETE", Tags: [{ Key: "run", Value: "7" }] }]);
    expect(Stacks![0]!.LastUpdatedTime).toBeInstanceOf(Date);
    expect(await rejection(client.send(new UpdateStackCommand({ StackName: "none", ...updating })))).toMatchObject({
      name: "ValidationError",
      message: "Stack [none] does not exist",
    });
  },
);

documented(`${reference}/API_DescribeStacks.html`, "lists many stacks on pages, each once", async () => {
  const { cloudFormation: client } = new AnEmulator();
  const names = Array.from({ length: 201 }, (_, index) => `stack-${index}`);
  for (const StackName of names)
    await client.send(new CreateStackCommand({ StackName, TemplateBody: template, Parameters }));
  const described: string[] = [];
  const listed: string[] = [];
  const pages: number[] = [];
  for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
    const { Stacks = [], NextToken: next } = await client.send(new DescribeStacksCommand({ NextToken }));
    described.push(...Stacks.map(({ StackName }) => StackName!));
    pages.push(Stacks.length);
    NextToken = next;
  }
  for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
    const { StackSummaries = [], NextToken: next } = await client.send(new ListStacksCommand({ NextToken }));
    listed.push(...StackSummaries.map(({ StackName }) => StackName!));
    NextToken = next;
  }
  expect(pages).toEqual([100, 100, 1]);
  expect(described.sort()).toEqual(names.sort());
  expect(listed.sort()).toEqual(names);
  expect(await rejection(client.send(new DescribeStacksCommand({ NextToken: "made-up" })))).toMatchObject({
    name: "ValidationError",
  });
});

const policies = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html";

/** A queue that is kept, one that is kept once it was made in good order, and a topic that goes. */
const keeping = (more = "") => `
Resources:
  Kept: { Type: AWS::SQS::Queue, DeletionPolicy: Retain, DependsOn: Topic, Properties: { QueueName: kept } }
  Made: { Type: AWS::SQS::Queue, DeletionPolicy: RetainExceptOnCreate, DependsOn: Topic, Properties: { QueueName: made } }
  Topic: { Type: AWS::SNS::Topic }
${more}`;

async function keepingStack(TemplateBody: string) {
  const emulator = new AnEmulator();
  const { cloudFormation: client, emulator: account } = emulator;
  const { StackId } = await client.send(new CreateStackCommand({ StackName: "bench", TemplateBody }));
  await emulator.pass(300);
  const statuses = async () => {
    const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: StackId }));
    return Object.fromEntries(StackResources.map((each) => [each.LogicalResourceId!, each.ResourceStatus]));
  };
  const stackStatus = async () =>
    (await client.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks![0]!.StackStatus;
  const queues = () => account.sqs.list().map(({ name }) => name);
  return { emulator, client, StackId, statuses, stackStatus, queues };
}

documented(policies, "skips the resources that a stack's deletion keeps, and deletes the rest", async () => {
  const { emulator, client, StackId, statuses, stackStatus, queues } = await keepingStack(keeping());
  await client.send(new DeleteStackCommand({ StackName: "bench" }));
  await emulator.pass(300);
  expect(await stackStatus()).toBe("DELETE_COMPLETE");
  expect(await statuses()).toEqual({ Kept: "DELETE_SKIPPED", Made: "DELETE_SKIPPED", Topic: "DELETE_COMPLETE" });
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: StackId }));
  expect(StackEvents.filter(({ LogicalResourceId }) => LogicalResourceId === "Kept")[0]).toMatchObject({
    ResourceStatus: "DELETE_SKIPPED",
    PhysicalResourceId: expect.stringMatching(/\/kept$/),
  });
  expect(queues()).toEqual(["kept", "made"]);
});

documented(
  policies,
  "keeps of a stack that fails to come up what is to be kept whatever happens, and not what it has just made",
  async () => {
    const broken =
      "  Broken: { Type: AWS::SNS::Subscription, DependsOn: [Kept, Made], Properties: { TopicArn: arn:aws:sns:us-east-1:123456789012:none, Protocol: sqs, Endpoint: !GetAtt Kept.Arn } }";
    const { statuses, stackStatus, queues } = await keepingStack(keeping(broken));
    expect(await stackStatus()).toBe("ROLLBACK_COMPLETE");
    expect(await statuses()).toMatchObject({
      Kept: "DELETE_SKIPPED",
      Made: "DELETE_COMPLETE",
      Topic: "DELETE_COMPLETE",
    });
    expect(queues()).toEqual(["kept"]);
  },
);

documented(policies, "keeps what an update takes out of the template", async () => {
  const { emulator, client, statuses, stackStatus, queues } = await keepingStack(keeping());
  const TemplateBody = "Resources: { Topic: { Type: AWS::SNS::Topic } }";
  await client.send(new UpdateStackCommand({ StackName: "bench", TemplateBody }));
  await emulator.pass(300);
  expect(await stackStatus()).toBe("UPDATE_COMPLETE");
  expect(await statuses()).toEqual({ Topic: "CREATE_COMPLETE" });
  expect(queues()).toEqual(["kept", "made"]);
});

it("lists no exports, because it takes no template that has any", async () => {
  const { cloudFormation: client } = new AnEmulator();
  expect((await client.send(new ListExportsCommand({}))).Exports ?? []).toEqual([]);
  const TemplateBody = `${keeping()}Outputs: { Q: { Value: !Ref Kept, Export: { Name: q } } }`;
  const refusal = await rejection(client.send(new CreateStackCommand({ StackName: "bench", TemplateBody })));
  expect(refusal.message).toMatch(/Export/);
});
