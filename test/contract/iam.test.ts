/** IAM as far as it decides whether one service may call another. */
import { expect } from "vitest";
import type { PublishEntry } from "../../infra/handlers/ports.ts";
import type { PolicyDocument, Statement } from "../../src/emulator/account.ts";
import { isAllowed } from "../../src/emulator/iam/roles.ts";
import { second, TestAccount } from "./account.ts";
import { AnAccount } from "./an-account.ts";
import { assumed, documented } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const evaluation = `${guide}/reference_policies_evaluation-logic.html`;
const actions = `${guide}/reference_policies_elements_action.html`;
const resources = `${guide}/reference_policies_elements_resource.html`;
const principals = `${guide}/reference_policies_elements_principal.html`;
const conditions = `${guide}/reference_policies_elements_condition_operators.html`;

const queue = "arn:aws:sqs:us-east-1:123456789012:orders";
const request = { action: "sqs:SendMessage", resource: queue };
const topic = "arn:aws:sns:us-east-1:123456789012:topic";

function entry(id: string, message: string): PublishEntry {
  return { id, message, messageGroup: null, deduplicationId: id };
}

function policy(...statements: Statement[]): PolicyDocument[] {
  return [{ Version: "2012-10-17", Statement: statements }];
}

function allowing(statement: Partial<Statement> = {}): Statement {
  return { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue, ...statement };
}

documented(evaluation, "denies a request that nothing allows", () => {
  expect(isAllowed([], request)).toBe(false);
  expect(isAllowed(policy(allowing({ Action: "sqs:ReceiveMessage" })), request)).toBe(false);
  expect(isAllowed(policy(allowing({ Resource: `${queue}-other` })), request)).toBe(false);
  expect(isAllowed(policy(allowing()), request)).toBe(true);
});

documented(evaluation, "lets an explicit Deny win over any Allow", () => {
  const deny = allowing({ Effect: "Deny", Action: "sqs:*", Resource: "*" });
  expect(isAllowed(policy(allowing(), deny), request)).toBe(false);
  expect(isAllowed([...policy(deny), ...policy(allowing())], request)).toBe(false);
});

documented(actions, "matches actions whatever their case, with wildcards and in lists", () => {
  for (const Action of [
    "*",
    "sqs:*",
    "SQS:sendmessage",
    "sqs:Send*",
    "sqs:SendMessag?",
    ["sqs:GetQueueUrl", "sqs:SendMessage"],
  ]) {
    expect(isAllowed(policy(allowing({ Action })), request)).toBe(true);
  }
  expect(isAllowed(policy(allowing({ Action: "sqs:Send" })), request)).toBe(false);
});

documented(resources, "matches ARNs with wildcards, their case and full length counting", () => {
  for (const Resource of ["*", "arn:aws:sqs:*:*:orders", "arn:aws:sqs:us-east-1:123456789012:order?"]) {
    expect(isAllowed(policy(allowing({ Resource })), request)).toBe(true);
  }
  for (const Resource of ["arn:aws:sqs:us-east-1:123456789012:order", "arn:aws:sqs:us-east-1:123456789012:ORDERS"]) {
    expect(isAllowed(policy(allowing({ Resource })), request)).toBe(false);
  }
});

documented(principals, "needs the principal in the policy of a resource", () => {
  const asked = { ...request, principal: "sns.amazonaws.com" };
  const admitted: Statement["Principal"][] = [
    "*",
    { AWS: "*" },
    { Service: "sns.amazonaws.com" },
    { Service: ["events.amazonaws.com", "sns.amazonaws.com"] },
  ];
  for (const Principal of admitted) {
    expect(isAllowed(policy(allowing({ Principal })), asked)).toBe(true);
  }
  expect(isAllowed(policy(allowing({ Principal: { Service: "events.amazonaws.com" } })), asked)).toBe(false);
  expect(isAllowed(policy(allowing()), asked)).toBe(false);
});

documented(conditions, "allows only while every condition holds", () => {
  const asked = (context?: Record<string, string>) => ({ ...request, principal: "sns.amazonaws.com", context });
  const when = (Condition: Statement["Condition"]) => policy(allowing({ Principal: "*", Condition }));
  const context = { "aws:SourceArn": topic, "aws:SourceAccount": "123456789012" };
  for (const [operator, value] of [
    ["ArnEquals", topic],
    ["ArnLike", "arn:aws:sns:*:*:topic"],
    ["StringEquals", topic],
    ["StringLike", "arn:aws:sns:*"],
  ] as const) {
    expect(isAllowed(when({ [operator]: { "AWS:SourceArn": value } }), asked(context))).toBe(true);
    expect(isAllowed(when({ [operator]: { "aws:SourceArn": `${value}-other` } }), asked(context))).toBe(false);
    expect(isAllowed(when({ [operator]: { "aws:SourceArn": value } }), asked())).toBe(false);
  }
  expect(isAllowed(when({ StringEquals: { "aws:SourceArn": "arn:aws:sns:*" } }), asked(context))).toBe(false);
  const both = { ArnEquals: { "aws:SourceArn": topic }, StringEquals: { "aws:SourceAccount": ["1", "123456789012"] } };
  expect(isAllowed(when(both), asked(context))).toBe(true);
  expect(isAllowed(when({ ...both, StringEquals: { "aws:SourceAccount": "1" } }), asked(context))).toBe(false);
});

assumed(
  "what the model does not know must not open a door",
  "takes a condition that is not modelled in the way that allows less",
  () => {
    const Condition = { NumericLessThan: { "aws:MultiFactorAuthAge": "60" } };
    expect(isAllowed(policy(allowing({ Condition })), request)).toBe(false);
    expect(isAllowed(policy(allowing(), allowing({ Effect: "Deny", Condition })), request)).toBe(false);
  },
);

documented(
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
  "denies no request for its transport, because services and SDKs speak HTTPS",
  () => {
    const when = (secure: string) => ({ Condition: { Bool: { "aws:SecureTransport": secure } } });
    expect(isAllowed(policy(allowing(), allowing({ Effect: "Deny", ...when("false") })), request)).toBe(true);
    expect(isAllowed(policy(allowing(when("true"))), request)).toBe(true);
    expect(isAllowed(policy(allowing(when("false"))), request)).toBe(false);
  },
);

documented(evaluation, "allows a role that does not exist, or no longer does, nothing", () => {
  const { iam } = new TestAccount();
  const { arn } = iam.createRole("role", policy(allowing()));
  expect(iam.allows(arn, request.action, queue)).toBe(true);
  expect(iam.allows(arn, request.action, `${queue}-other`)).toBe(false);
  iam.deleteRole("role");
  expect(iam.allows(arn, request.action, queue)).toBe(false);
});

documented(
  "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
  "lets a function publish only if its role may",
  async () => {
    const account = new TestAccount();
    const orders = account.topic("orders");
    const publish = (name: string, Resource: string) =>
      account.fn(
        name,
        async (_, { publisher }) =>
          publisher.publishBatch({ kind: "topic", address: orders.arn }, [entry("1", "text")]),
        {
          policies: policy({ Effect: "Allow", Action: "sns:Publish", Resource }),
        },
      );
    expect(await account.invoke(publish("may", orders.arn))).toMatchObject({ kind: "success", payload: [] });
    expect(await account.invoke(publish("may-not", `${orders.arn}-other`))).toMatchObject({
      kind: "error",
      failure: { errorType: "AuthorizationError" },
    });
    await account.advance(second);
    expect(account.total(orders, "NumberOfMessagesPublished")).toBe(1);
  },
);

documented(
  "https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html",
  "answers a batch with the entries that the topic did not take, and takes at most 10",
  async () => {
    const account = new TestAccount();
    const orders = account.topic("orders");
    const fn = account.fn("fn", async ({ messages }, { publisher }) =>
      publisher.publishBatch(
        { kind: "topic", address: orders.arn },
        messages.map((message: string, index: number) => entry(String(index), message)),
      ),
    );
    expect(await account.invoke(fn, { messages: ["a", "", "c"] })).toMatchObject({
      payload: [{ id: "1", code: "InvalidParameter", senderFault: true }],
    });
    expect(account.total(orders, "NumberOfMessagesPublished")).toBe(2);
    expect(await account.invoke(fn, { messages: Array(11).fill("a") })).toMatchObject({
      failure: { errorType: "TooManyEntriesInBatchRequest" },
    });
  },
);

documented(
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html",
  "lets a function send to a queue only if its role may, and answers the entries that the queue did not take",
  async () => {
    const account = new TestAccount();
    const orders = account.queue("orders");
    const send = (name: string, Resource: string) =>
      account.fn(
        name,
        async ({ messages }, { publisher }) =>
          publisher.publishBatch(
            { kind: "queue", address: orders.url },
            messages.map((message: string, index: number) => entry(String(index), message)),
          ),
        { policies: policy({ Effect: "Allow", Action: "sqs:SendMessage", Resource }) },
      );
    expect(await account.invoke(send("may-not", `${orders.arn}-other`), { messages: ["a"] })).toMatchObject({
      failure: { errorType: "AccessDenied" },
    });
    const may = send("may", orders.arn);
    expect(await account.invoke(may, { messages: ["a", "", "c"] })).toMatchObject({
      payload: [{ id: "1", code: "MissingParameter", senderFault: true }],
    });
    expect(orders.counts()).toMatchObject({ visible: 2 });
    expect(await account.invoke(may, { messages: Array(11).fill("a") })).toMatchObject({
      failure: { errorType: "TooManyEntriesInBatchRequest" },
    });
  },
);

/** A stack of these resources, after a minute, and the reason why one of them was not created. */
async function reasonIn(account: AnAccount, stackName: string, logicalId: string, resources: string) {
  const capabilities = ["CAPABILITY_NAMED_IAM"];
  account.cloudFormation.createStack({
    stackName,
    templateBody: `Resources:\n${resources}`,
    parameters: [],
    capabilities,
  });
  await account.pass(120);
  const events = account.cloudFormation.describeStackEvents(stackName);
  return events.find((event) => event.logicalId === logicalId && event.status === "CREATE_FAILED")?.statusReason;
}

const trust =
  'AssumeRolePolicyDocument: { Statement: { Effect: Allow, Action: "sts:AssumeRole", Principal: { Service: lambda.amazonaws.com } } }';
const sending = 'PolicyDocument: { Statement: { Effect: Allow, Action: "sqs:SendMessage", Resource: "*" } }';

documented(
  "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html",
  "lets a role have a policy of the account's own, as long as it is there",
  async () => {
    const account = new AnAccount();
    const own = `  Policy: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: own, ${sending} } }
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: sender, ${trust}, ManagedPolicyArns: [!Ref Policy] } }`;
    expect(await reasonIn(account, "own", "Role", own)).toBeUndefined();
    const roleArn = `arn:aws:iam::${account.accountId}:role/sender`;
    expect(account.iam.role(roleArn)!.policies).toEqual([expect.objectContaining({ Statement: expect.anything() })]);
    const again = `  Policy: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: own, ${sending} } }`;
    expect(await reasonIn(account, "again", "Policy", again)).toMatch(/already exists/);
    const twice = `  Role: { Type: AWS::IAM::Role, Properties: { RoleName: sender, ${trust} } }`;
    expect(await reasonIn(account, "twice", "Role", twice)).toMatch(/already exists/);

    account.cloudFormation.deleteStack("own");
    await account.pass(120);
    expect(account.iam.role(roleArn)).toBeUndefined();
    const gone = `  Role: { Type: AWS::IAM::Role, Properties: { ${trust}, ManagedPolicyArns: ["arn:aws:iam::${account.accountId}:policy/own"] } }`;
    expect(await reasonIn(account, "gone", "Role", gone)).toMatch(/policy\/own does not exist or is not attachable/);
    const lost = `  Policy: { Type: AWS::IAM::Policy, Properties: { PolicyName: p, ${sending}, Roles: [nobody] } }`;
    expect(await reasonIn(account, "lost", "Policy", lost)).toMatch(/The role with name nobody cannot be found/);
  },
);
