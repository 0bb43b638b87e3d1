/** Queues and queue policies in templates: their names, what an update changes, what a deletion takes. */
import { expect } from "vitest";
import type { PolicyDocument } from "../../src/emulator/account.ts";
import { AnAccount } from "./an-account.ts";
import { assumed, documented } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";
const queuePage = `${guide}/aws-resource-sqs-queue.html`;
const policyPage = `${guide}/aws-resource-sqs-queuepolicy.html`;
const setAttributes =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html";

const stackName = "stack";

const policy: PolicyDocument = {
  Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*", Principal: { Service: "sns.amazonaws.com" } },
};

/** An account with a queue that belongs to no stack, named `outside`. */
function anAccount() {
  const account = new AnAccount();
  const outside = account.sqs.create("outside");
  const { cloudFormation } = account;
  const templateOf = (resources: Record<string, { Type: string; Properties?: object }>, outputs: object) =>
    JSON.stringify({ Resources: resources, ...(Object.keys(outputs).length > 0 && { Outputs: outputs }) });
  return {
    account,
    outside,
    async create(resources: Record<string, { Type: string; Properties?: object }>, outputs = {}) {
      cloudFormation.createStack({ stackName, templateBody: templateOf(resources, outputs), parameters: [] });
      await account.pass(300);
      return cloudFormation.describeStacks(stackName)[0]!;
    },
    async update(resources: Record<string, { Type: string; Properties?: object }>) {
      cloudFormation.updateStack(stackName, { templateBody: templateOf(resources, {}), parameters: [] });
      await account.pass(300);
      return cloudFormation.describeStacks(stackName)[0]!;
    },
    async delete() {
      cloudFormation.deleteStack(stackName);
      await account.pass(300);
    },
    names: () => account.sqs.list().map(({ name }) => name),
    named: (part: string) => account.sqs.list().find(({ name }) => name.includes(part))!,
    reasonOf: (logicalId: string, status: string) =>
      cloudFormation
        .describeStackEvents(stackName)
        .find((event) => event.logicalId === logicalId && event.status === status)?.statusReason,
  };
}

const queue = (Properties: object = {}) => ({ Type: "AWS::SQS::Queue", Properties });

documented(queuePage, "gives a queue's URL for Ref, and its ARN, name and URL as attributes", async () => {
  const { create, named } = anAccount();
  const { outputs } = await create(
    { Orders: queue() },
    {
      Ref: { Value: { Ref: "Orders" } },
      Arn: { Value: { "Fn::GetAtt": ["Orders", "Arn"] } },
      QueueName: { Value: { "Fn::GetAtt": ["Orders", "QueueName"] } },
      QueueUrl: { Value: { "Fn::GetAtt": ["Orders", "QueueUrl"] } },
    },
  );
  const { arn, name, url } = named("Orders");
  expect(url).toBe(`https://sqs.us-east-1.amazonaws.com/123456789012/${name}`);
  expect(Object.fromEntries(outputs.map(({ key, value }) => [key, value]))).toEqual({
    Ref: url,
    Arn: arn,
    QueueName: name,
    QueueUrl: url,
  });
});

documented(
  queuePage,
  "makes names of at most 80 characters, of which the last five are a FIFO queue's .fifo",
  async () => {
    const { create, names } = anAccount();
    const long = "Long".repeat(30);
    const { status } = await create({ [`A${long}`]: queue(), [`B${long}`]: queue({ FifoQueue: true }) });
    expect(status).toBe("CREATE_COMPLETE");
    const [, standard, fifo] = names().sort();
    expect(standard).toMatch(/^s-ALong[A-Za-z]*-[A-Za-z0-9]{12}$/);
    expect(fifo).toMatch(/^s-BLong[A-Za-z]*-[A-Za-z0-9]{12}\.fifo$/);
    expect([standard!.length, fifo!.length]).toEqual([80, 80]);
  },
);

assumed(
  "the resource handlers' contract; AWS's own names are taken only once",
  "refuses a name that is taken, whatever the other queue's attributes are, and leaves that queue alone",
  async () => {
    const { account, create, names, reasonOf } = anAccount();
    account.sqs.create("orders");
    const { status } = await create({ Orders: queue({ QueueName: "orders" }) });
    expect(status).toBe("ROLLBACK_COMPLETE");
    expect(reasonOf("Orders", "CREATE_FAILED")).toContain(
      "Resource of type 'AWS::SQS::Queue' with identifier 'orders' already exists.",
    );
    expect(names()).toEqual(["outside", "orders"]);
  },
);

assumed(
  "templates leave the values of both to a parameter; a value of false asks for nothing",
  "takes a FIFO queue's attributes with the value false for a standard queue",
  async () => {
    const { create, named } = anAccount();
    const { status } = await create({ Orders: queue({ FifoQueue: false, ContentBasedDeduplication: false }) });
    expect(status).toBe("CREATE_COMPLETE");
    expect(named("Orders").settings.fifo).toBeNull();
  },
);

assumed(
  "the resource handlers' contract; what is gone need not be deleted",
  "deletes a stack whose queue somebody has deleted before",
  async () => {
    const { account, create, named, names, ...stack } = anAccount();
    await create({ Orders: queue() });
    account.sqs.delete(named("Orders").arn);
    await stack.delete();
    expect(account.cloudFormation.listStacks()).toMatchObject([{ status: "DELETE_COMPLETE" }]);
    expect(names()).toEqual(["outside"]);
  },
);

documented(queuePage, "changes a queue's attributes by an update, without another queue or another name", async () => {
  const { create, update, named, names, outside } = anAccount();
  await create({ Orders: queue({ VisibilityTimeout: 30 }), Fifo: queue({ FifoQueue: true }) });
  const before = names();
  named("Orders").send("kept");
  const { status } = await update({
    Orders: queue({ VisibilityTimeout: 90, DelaySeconds: 5 }),
    Fifo: queue({ FifoQueue: true, ContentBasedDeduplication: true }),
  });
  expect(status).toBe("UPDATE_COMPLETE");
  expect(named("Orders").settings).toMatchObject({ visibilityTimeoutMs: 90_000, delayMs: 5_000 });
  expect(named("Orders").counts().visible).toBe(1);
  expect(named("Fifo").settings.fifo).toMatchObject({ contentBasedDeduplication: true });
  expect(outside.settings).toMatchObject({ visibilityTimeoutMs: 30_000, delayMs: 0 });
  expect(names()).toEqual(before);
});

documented(policyPage, "gives its policy to each queue that it names, and takes it away with the stack", async () => {
  const { account, create, outside, ...stack } = anAccount();
  const another = account.sqs.create("another");
  const { status } = await create({
    Orders: queue(),
    Policy: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: { Queues: [{ Ref: "Orders" }, another.url], PolicyDocument: policy },
    },
  });
  expect(status).toBe("CREATE_COMPLETE");
  expect([stack.named("Orders"), another, outside].map(({ settings }) => settings.policy)).toEqual([
    policy,
    policy,
    null,
  ]);
  await stack.delete();
  expect(stack.names()).toEqual(["outside", "another"]);
  expect(another.settings.policy).toBeNull();
});

documented(setAttributes, "refuses a policy for a queue that does not exist, and gives it to no other", async () => {
  const { create, outside, reasonOf } = anAccount();
  const { status } = await create({
    Policy: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: { Queues: [outside.url, `${outside.url}-2`], PolicyDocument: policy },
    },
  });
  expect(status).toBe("ROLLBACK_COMPLETE");
  expect(reasonOf("Policy", "CREATE_FAILED")).toContain("The specified queue does not exist.");
  expect(outside.settings.policy).toBeNull();
});
