/** Change sets, and CloudFormation's operations around them, as the SDK's client sees them. */
import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  waitUntilChangeSetCreateComplete,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented, measured } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference";
const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";

const template = `
AWSTemplateFormatVersion: "2010-09-09"
Description: Orders
Metadata: { Owner: me }
Parameters:
  Delay: { Type: Number, Default: 5, AllowedValues: [5, 7, 9] }
  Password: { Type: String, NoEcho: true }
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay, VisibilityTimeout: 30 } }
Outputs:
  Url: { Value: !Ref Orders }
`;
const another = template
  .replace("VisibilityTimeout: 30", "VisibilityTimeout: 60")
  .replace("Outputs", "  News: { Type: AWS::SNS::Topic }\nOutputs");

const Password = { ParameterKey: "Password", ParameterValue: "hunter2" };
const kept = { ParameterKey: "Password", UsePreviousValue: true };
const named = { StackName: "shop", ChangeSetName: "first" };

function open() {
  const emulator = new AnEmulator();
  const { cloudFormation: client } = emulator;
  const propose = (input: Partial<CreateChangeSetCommandInput> = {}) =>
    client.send(new CreateChangeSetCommand({ ...named, TemplateBody: template, ...input }));
  const described = async (ChangeSetName = named.ChangeSetName) =>
    client.send(new DescribeChangeSetCommand({ ...named, ChangeSetName }));
  const execute = async (ChangeSetName = named.ChangeSetName) => {
    await client.send(new ExecuteChangeSetCommand({ ...named, ChangeSetName, DisableRollback: false }));
    await emulator.pass(300);
  };
  const stack = async () => (await client.send(new DescribeStacksCommand({ StackName: "shop" }))).Stacks![0]!;
  const refused = async (promise: Promise<unknown>) => (await rejection(promise)).message;
  return { emulator, client, propose, described, execute, stack, refused };
}

async function created() {
  const opened = open();
  await opened.propose({ ChangeSetType: "CREATE", Parameters: [Password], Tags: [{ Key: "run", Value: "7" }] });
  await opened.execute();
  return opened;
}

describe("a change set", () => {
  documented(
    `${guide}/using-cfn-updating-stacks-changesets.html`,
    "creates a stack that waits for it in REVIEW_IN_PROGRESS, with nothing in it",
    async () => {
      const { client, emulator, propose, described, execute, stack } = open();
      const { Id, StackId } = await propose({ ChangeSetType: "CREATE", Parameters: [Password], Description: "why" });
      expect(Id).toMatch(/^arn:aws:cloudformation:us-east-1:\d{12}:changeSet\/first\/[0-9a-f-]{36}$/);
      expect(await stack()).toMatchObject({ StackId, StackStatus: "REVIEW_IN_PROGRESS" });
      expect(emulator.emulator.sqs.list()).toEqual([]);
      await waitUntilChangeSetCreateComplete(
        { client, minDelay: 1, maxDelay: 1, maxWaitTime: 5 },
        { ChangeSetName: Id },
      );
      expect(await described()).toMatchObject({
        ChangeSetId: Id,
        StackId,
        Description: "why",
        Status: "CREATE_COMPLETE",
        ExecutionStatus: "AVAILABLE",
        Parameters: [
          { ParameterKey: "Delay", ParameterValue: "5" },
          { ParameterKey: "Password", ParameterValue: "****" },
        ],
        Changes: [
          {
            Type: "Resource",
            ResourceChange: { Action: "Add", LogicalResourceId: "Orders", ResourceType: "AWS::SQS::Queue" },
          },
        ],
      });
      await execute();
      expect(await stack()).toMatchObject({ StackId, StackStatus: "CREATE_COMPLETE" });
      expect(emulator.emulator.sqs.list()[0]!.settings.delayMs).toBe(5_000);
      expect(await described()).toMatchObject({ Status: "CREATE_COMPLETE", ExecutionStatus: "EXECUTE_COMPLETE" });
    },
  );

  documented(
    `${reference}/API_ResourceChange.html`,
    "says of each resource what an update would do, and whether template or parameter is why",
    async () => {
      const { client, emulator, propose, described, execute, stack } = await created();
      const Parameters = [kept, { ParameterKey: "Delay", ParameterValue: "7" }];
      await propose({ ChangeSetName: "second", TemplateBody: another, Parameters });
      const { Changes } = await described("second");
      const [queue] = emulator.emulator.sqs.list();
      expect(Changes!.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
        {
          Action: "Modify",
          LogicalResourceId: "Orders",
          PhysicalResourceId: queue!.url,
          Replacement: "False",
          Scope: ["Properties"],
          Details: [
            { Target: { Name: "DelaySeconds", RequiresRecreation: "Never" }, ChangeSource: "ParameterReference" },
            { Target: { Name: "VisibilityTimeout" }, ChangeSource: "DirectModification" },
          ],
        },
        { Action: "Add", LogicalResourceId: "News", ResourceType: "AWS::SNS::Topic" },
      ]);
      expect(queue!.settings.delayMs).toBe(5_000);
      await execute("second");
      expect(await stack()).toMatchObject({
        StackStatus: "UPDATE_COMPLETE",
        Tags: [{ Key: "run", Value: "7" }],
        Parameters: [{ ParameterValue: "7" }, { ParameterValue: "****" }],
      });
      expect(queue!.settings).toMatchObject({ delayMs: 7_000, visibilityTimeoutMs: 60_000 });
      expect((await client.send(new GetTemplateCommand({ StackName: "shop" }))).TemplateBody).toBe(another);
      await propose({ ChangeSetName: "third", Parameters });
      expect((await described("third")).Changes!.map(({ ResourceChange }) => ResourceChange!.Action)).toEqual([
        "Modify",
        "Remove",
      ]);
      const original = new GetTemplateCommand({ StackName: "shop", ChangeSetName: "third" });
      expect((await client.send(original)).TemplateBody).toBe(template);
    },
  );

  measured("elias5000/clouds-aws issue 9", "that would change nothing is FAILED, and cannot be executed", async () => {
    const { propose, described, execute, refused } = await created();
    await propose({ ChangeSetName: "empty", Parameters: [kept] });
    expect(await described("empty")).toMatchObject({
      Status: "FAILED",
      ExecutionStatus: "UNAVAILABLE",
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
      Changes: [],
    });
    expect(await refused(execute("empty"))).toMatch(
      /^ChangeSet \[arn:.*\] cannot be executed in its current status of \[FAILED\]$/,
    );
  });

  documented(
    `${reference}/API_ExecuteChangeSet.html`,
    "that is executed takes the stack's others with it",
    async () => {
      const { client, propose, execute, refused } = await created();
      await propose({ ChangeSetName: "one", TemplateBody: another, Parameters: [kept] });
      await propose({ ChangeSetName: "other", TemplateBody: another, Parameters: [kept] });
      await execute("one");
      expect(await refused(execute("other"))).toBe("ChangeSet [other] does not exist");
      const { Summaries } = await client.send(new ListChangeSetsCommand({ StackName: "shop" }));
      expect(Summaries).toMatchObject([{ ChangeSetName: "one", ExecutionStatus: "EXECUTE_COMPLETE" }]);
    },
  );

  measured(
    "aws/amazon-chime-sdk-js issue 1089",
    "is obsolete as soon as the stack was updated without it",
    async () => {
      const { client, propose, execute, refused, emulator } = await created();
      await propose({ ChangeSetName: "late", TemplateBody: another, Parameters: [kept] });
      await client.send(
        new UpdateStackCommand({
          StackName: "shop",
          UsePreviousTemplate: true,
          Parameters: [kept, { ParameterKey: "Delay", ParameterValue: "9" }],
        }),
      );
      await emulator.pass(60);
      expect(await refused(execute("late"))).toMatch(
        /cannot be executed in its current execution status of \[OBSOLETE\]$/,
      );
    },
  );

  documented(`${reference}/API_DeleteChangeSet.html`, "is deleted without a trace in the stack", async () => {
    const { client, propose, stack } = open();
    await propose({ ChangeSetType: "CREATE", Parameters: [Password] });
    await client.send(new DeleteChangeSetCommand(named));
    expect((await client.send(new ListChangeSetsCommand({ StackName: "shop" }))).Summaries).toEqual([]);
    expect((await stack()).StackStatus).toBe("REVIEW_IN_PROGRESS");
    await propose({ ChangeSetType: "CREATE", Parameters: [Password] });
    await client.send(new DeleteStackCommand({ StackName: "shop" }));
    expect((await rejection(stack())).message).toBe("Stack with id shop does not exist");
  });

  it("is refused in CloudFormation's words", async () => {
    const { propose, described, refused } = await created();
    const CREATE = { ChangeSetType: "CREATE" } as const;
    expect(await refused(propose(CREATE))).toBe(
      "Stack [shop] already exists and cannot be created again with the changeSet [first].",
    );
    expect(await refused(propose({ StackName: "none" }))).toBe("Stack [none] does not exist");
    expect(await refused(propose({ StackName: "new", ...CREATE, Parameters: [kept] }))).toBe(
      "Cannot specify UsePreviousValue on Parameters when ChangeSetType is CREATE",
    );
    expect(await refused(propose({ Parameters: [{ ...kept, ParameterKey: "Delays" }] }))).toBe(
      "Invalid input for parameter key Delays. Cannot specify usePreviousValue as true for a parameter key not in the previous template",
    );
    expect(await refused(propose({ ChangeSetName: "4th" }))).toMatch(/'4th' at 'changeSetName'/);
    expect(await refused(propose({ UsePreviousTemplate: true }))).toMatch(/both usePreviousTemplate and Template Body/);
    expect(await refused(propose({ TemplateBody: undefined }))).toMatch(/^Either Template URL or Template Body/);
    expect(await refused(propose({ NotificationARNs: ["arn:aws:sns:us-east-1:123456789012:t"] }))).toMatch(
      /does not model NotificationARNs/,
    );
    expect(await refused(propose({ ImportExistingResources: true }))).toMatch(/models no imports/);
    expect(await refused(propose({ ChangeSetType: "IMPORT" }))).toMatch(/CREATE and UPDATE only/);
    expect(await refused(propose({ RoleARN: "arn:aws:iam::123456789012:role/nobody" }))).toMatch(
      /^Role arn:aws:iam::123456789012:role\/nobody is invalid or cannot be assumed$/,
    );
    expect(await refused(described("nothing"))).toBe("ChangeSet [nothing] does not exist");
    expect((await rejection(described("nothing"))).name).toBe("ChangeSetNotFoundException");
  });
});

documented(`${reference}/API_UpdateStack.html`, "an update may keep the template, or bring another", async () => {
  const { client, emulator } = await created();
  const update = (input: object) =>
    client.send(new UpdateStackCommand({ StackName: "shop", Parameters: [kept], ...input }));
  expect((await rejection(update({ UsePreviousTemplate: true }))).message).toBe("No updates are to be performed.");
  await update({ UsePreviousTemplate: true, Parameters: [kept, { ParameterKey: "Delay", ParameterValue: "9" }] });
  await emulator.pass(60);
  expect(emulator.emulator.sqs.list()[0]!.settings.delayMs).toBe(9_000);
});

documented(
  `${reference}/API_GetTemplateSummary.html`,
  "a template is summed up, a stack's or a given one",
  async () => {
    const { client } = await created();
    for (const what of [{ StackName: "shop" }, { TemplateBody: template }]) {
      expect(await client.send(new GetTemplateSummaryCommand(what))).toMatchObject({
        Description: "Orders",
        Version: "2010-09-09",
        Metadata: '{"Owner":"me"}',
        ResourceTypes: ["AWS::SQS::Queue"],
        Parameters: [
          {
            ParameterKey: "Delay",
            DefaultValue: "5",
            ParameterType: "Number",
            NoEcho: false,
            ParameterConstraints: { AllowedValues: ["5", "7", "9"] },
          },
          { ParameterKey: "Password", NoEcho: true },
        ],
      });
    }
  },
);

documented(`${reference}/API_DescribeStackResource.html`, "a resource is found by its stack or by itself", async () => {
  const { client, emulator } = await created();
  const PhysicalResourceId = emulator.emulator.sqs.list()[0]!.url;
  const resource = {
    LogicalResourceId: "Orders",
    PhysicalResourceId,
    ResourceType: "AWS::SQS::Queue",
    ResourceStatus: "CREATE_COMPLETE",
  };
  const listed = await client.send(new ListStackResourcesCommand({ StackName: "shop" }));
  expect(listed.StackResourceSummaries).toMatchObject([resource]);
  const one = new DescribeStackResourceCommand({ StackName: "shop", LogicalResourceId: "Orders" });
  expect((await client.send(one)).StackResourceDetail).toMatchObject({ ...resource, StackName: "shop" });
  const byItself = await client.send(new DescribeStackResourcesCommand({ PhysicalResourceId }));
  expect(byItself.StackResources).toMatchObject([{ ...resource, StackName: "shop" }]);
  const missing = new DescribeStackResourceCommand({ StackName: "shop", LogicalResourceId: "None" });
  expect((await rejection(client.send(missing))).message).toBe("Resource None does not exist for stack shop");
});

documented(
  `${reference}/API_UpdateTerminationProtection.html`,
  "a stack's termination is protected, or no longer",
  async () => {
    const { client, stack } = await created();
    const protect = (EnableTerminationProtection: boolean) =>
      client.send(new UpdateTerminationProtectionCommand({ StackName: "shop", EnableTerminationProtection }));
    await protect(true);
    expect((await stack()).EnableTerminationProtection).toBe(true);
    expect((await rejection(client.send(new DeleteStackCommand({ StackName: "shop" })))).message).toMatch(
      /TerminationProtection is enabled/,
    );
    await protect(false);
    await client.send(new DeleteStackCommand({ StackName: "shop" }));
  },
);

documented(
  `${guide}/using-iam-template.html`,
  "a role with a name needs the named capability, as AWS says",
  async () => {
    const { cloudFormation: client } = new AnEmulator();
    const role = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }] }
`;
    const asked = (Capabilities?: ("CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM")[]) =>
      client.send(new CreateStackCommand({ StackName: "named", TemplateBody: role, Capabilities }));
    for (const capabilities of [undefined, ["CAPABILITY_IAM"] as const]) {
      const refusal = await rejection(asked(capabilities && [...capabilities]));
      expect(refusal).toMatchObject({
        name: "InsufficientCapabilitiesException",
        message: "Requires capabilities : [CAPABILITY_NAMED_IAM]",
      });
    }
    await asked(["CAPABILITY_NAMED_IAM"]);
  },
);
