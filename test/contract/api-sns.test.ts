/** SNS's API as the SDK's client sees it. */
import {
  BatchEntryIdsNotDistinctException,
  BatchRequestTooLongException,
  CreateTopicCommand,
  DeleteTopicCommand,
  EmptyBatchRequestException,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  InvalidBatchEntryIdException,
  InvalidParameterException,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  paginateListSubscriptions,
  paginateListSubscriptionsByTopic,
  paginateListTopics,
  SubscribeCommand,
  TooManyEntriesInBatchRequestException,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, it } from "vitest";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented, measured } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/sns/latest/api";

/** A topic, and a queue that may be subscribed to it. */
async function aTopic() {
  const emulator = new AnEmulator();
  const { TopicArn } = await emulator.sns.send(new CreateTopicCommand({ Name: "topic" }));
  const queue = emulator.emulator.sqs.create("queue", {
    policy: { Statement: { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" } },
  });
  return { emulator, client: emulator.sns, TopicArn: TopicArn!, queue };
}

type Received = { body: string; messageAttributes: unknown };

async function delivered({ emulator, queue }: Awaited<ReturnType<typeof aTopic>>): Promise<Received[]> {
  await emulator.pass(10);
  const received: Received[] = [];
  queue.receive({ maximum: 10, waitMs: 0 }, (messages) => received.push(...messages));
  return received;
}

it("creates, lists, describes and deletes topics", async () => {
  const { client, TopicArn } = await aTopic();
  expect(TopicArn).toBe("arn:aws:sns:us-east-1:123456789012:topic");
  expect((await client.send(new CreateTopicCommand({ Name: "topic" }))).TopicArn).toBe(TopicArn);
  expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ TopicArn, Owner: "123456789012", DisplayName: "", SubscriptionsConfirmed: "0" });
  await client.send(new DeleteTopicCommand({ TopicArn }));
  await client.send(new DeleteTopicCommand({ TopicArn }));
  expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([]);
});

documented(
  `${reference}/API_CreateTopic.html`,
  "makes FIFO topics, and gives a standard topic none of their attributes",
  async () => {
    const { sns } = new AnEmulator();
    const Attributes = { FifoTopic: "true", ContentBasedDeduplication: "true", FifoThroughputScope: "MessageGroup" };
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "t.fifo", Attributes }));
    const described = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(described.Attributes).toMatchObject(Attributes);
    const first = await sns.send(new PublishCommand({ TopicArn, Message: "m", MessageGroupId: "g" }));
    expect(first.SequenceNumber).toMatch(/^\d{20}$/);
    const batch = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: "same", Message: "m", MessageGroupId: "g" },
          { Id: "other", Message: "m", MessageGroupId: "g", MessageDeduplicationId: "x" },
          { Id: "none", Message: "m" },
        ],
      }),
    );
    expect(batch.Successful?.map(({ Id, MessageId }) => [Id, MessageId === first.MessageId])).toEqual([
      ["same", true],
      ["other", false],
    ]);
    expect(batch.Failed).toMatchObject([{ Id: "none", Code: "InvalidParameter", SenderFault: true }]);
    const refused = await rejection(
      sns.send(new CreateTopicCommand({ Name: "t", Attributes: { ContentBasedDeduplication: "true" } })),
    );
    expect(refused.message).toContain("Content-based deduplication can only be set for FIFO topics");
  },
);

documented(`${reference}/API_Subscribe.html`, "subscribes and unsubscribes", async () => {
  const { client, TopicArn, queue } = await aTopic();
  const subscribe = new SubscribeCommand({
    TopicArn,
    Protocol: "sqs",
    Endpoint: queue.arn,
    ReturnSubscriptionArn: true,
    Attributes: { RawMessageDelivery: "true" },
  });
  const { SubscriptionArn } = await client.send(subscribe);
  const list = new ListSubscriptionsByTopicCommand({ TopicArn });
  expect((await client.send(list)).Subscriptions).toEqual([
    { SubscriptionArn, Owner: "123456789012", Protocol: "sqs", Endpoint: queue.arn, TopicArn },
  ]);
  const everywhere = await client.send(new ListSubscriptionsCommand({}));
  expect(everywhere.Subscriptions).toEqual((await client.send(list)).Subscriptions);
  const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  expect(Attributes).toMatchObject({ SubscriptionArn, Endpoint: queue.arn, RawMessageDelivery: "true" });
  await client.send(new UnsubscribeCommand({ SubscriptionArn }));
  expect((await client.send(list)).Subscriptions).toEqual([]);
  const gone = await rejection(client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })));
  expect(gone).toBeInstanceOf(NotFoundException);
});

measured(
  "an engineer of AWS in https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/399; the words in https://github.com/aws-controllers-k8s/community/issues/2192",
  "refuses RawMessageDelivery, true or false, of a subscription by Lambda",
  async () => {
    const { client, TopicArn } = await aTopic();
    const Endpoint = "arn:aws:lambda:us-east-1:123456789012:function:worker";
    for (const RawMessageDelivery of ["true", "false"]) {
      const Attributes = { RawMessageDelivery };
      const subscribe = new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint, Attributes });
      const refused = await rejection(client.send(subscribe));
      expect(refused).toBeInstanceOf(InvalidParameterException);
      expect(refused.message).toBe(
        "Invalid parameter: Attributes Reason: Delivery protocol [lambda] does not support raw message delivery.",
      );
    }
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint }));
  },
);

it("publishes text of every kind, its subject and its attributes", async () => {
  const topic = await aTopic();
  const { client, TopicArn, queue } = topic;
  await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }));
  const Message = "<é & 😀>\r\n=+%";
  const { MessageId } = await client.send(
    new PublishCommand({
      TopicArn,
      Message,
      Subject: "S",
      MessageAttributes: {
        text: { DataType: "String", StringValue: "x" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
      },
    }),
  );
  const [received] = await delivered(topic);
  expect(JSON.parse(received!.body)).toMatchObject({
    MessageId,
    TopicArn,
    Message,
    Subject: "S",
    MessageAttributes: { text: { Type: "String", Value: "x" }, bytes: { Type: "Binary", Value: "AQI=" } },
  });
});

documented(
  `${reference}/API_Subscribe.html`,
  "delivers raw messages to a subscription that asks for them",
  async () => {
    const topic = await aTopic();
    const { client, TopicArn, queue } = topic;
    const Attributes = { RawMessageDelivery: "true" };
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes }));
    await client.send(new PublishCommand({ TopicArn, Message: "as it is" }));
    expect((await delivered(topic)).map(({ body }) => body)).toEqual(["as it is"]);
  },
);

documented(
  `${reference}/API_PublishBatch.html`,
  "publishes a batch, and says which entries it did not take",
  async () => {
    const topic = await aTopic();
    const { client, TopicArn, queue } = topic;
    const Attributes = { RawMessageDelivery: "true" };
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes }));
    const { Successful, Failed } = await client.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: "a", Message: "1" },
          { Id: "b", Message: "" },
          { Id: "c", Message: "3" },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(["a", "c"]);
    expect(Failed).toEqual([
      { Id: "b", Code: "InvalidParameter", Message: "Invalid parameter: Empty message", SenderFault: true },
    ]);
    expect((await delivered(topic)).map(({ body }) => body).sort()).toEqual(["1", "3"]);
  },
);

documented(`${reference}/API_PublishBatch.html#API_PublishBatch_Errors`, "refuses bad batches whole", async () => {
  const { client, TopicArn } = await aTopic();
  const refused = (ids: string[], Message = "m") =>
    rejection(
      client.send(
        new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: ids.map((Id) => ({ Id, Message })) }),
      ),
    );
  expect(await refused([])).toBeInstanceOf(EmptyBatchRequestException);
  expect(await refused(["a", "a"])).toBeInstanceOf(BatchEntryIdsNotDistinctException);
  expect(await refused(["a b"])).toBeInstanceOf(InvalidBatchEntryIdException);
  expect(await refused([..."abcdefghijk"])).toBeInstanceOf(TooManyEntriesInBatchRequestException);
  expect(await refused(["a", "b"], "x".repeat(200_000))).toBeInstanceOf(BatchRequestTooLongException);
});

it("throws the SDK's exceptions for what is missing and what is wrong", async () => {
  const { client, TopicArn, queue } = await aTopic();
  const nowhere = `${TopicArn}-2`;
  expect(await rejection(client.send(new PublishCommand({ TopicArn: nowhere, Message: "m" })))).toBeInstanceOf(
    NotFoundException,
  );
  expect(await rejection(client.send(new GetTopicAttributesCommand({ TopicArn: nowhere })))).toBeInstanceOf(
    NotFoundException,
  );
  const wrong = [
    client.send(new PublishCommand({ TopicArn, Message: "" })),
    client.send(new PublishCommand({ TopicArn, Message: "m", MessageStructure: "json" })),
    client.send(new CreateTopicCommand({ Name: "a topic" })),
    client.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "a@b.c" })),
    client.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes: { FilterPolicy: "{}" } }),
    ),
    client.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes: { RedrivePolicy: "[" } }),
    ),
  ];
  for (const call of wrong) expect(await rejection(call)).toBeInstanceOf(InvalidParameterException);
});

documented(`${reference}/API_ListTopics.html`, "lists topics and subscriptions by the hundred", async () => {
  const { emulator, client, TopicArn, queue } = await aTopic();
  const { sns, sqs } = emulator.emulator;
  for (let number = 1; number <= 100; number++) {
    sns.create(`more-${number}`);
    const Endpoint = number === 1 ? queue.arn : sqs.create(`queue-${number}`, {}).arn;
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  }
  const other = sqs.create("other", {}).arn;
  await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: other }));
  const sizes = async (pages: AsyncIterable<{ Topics?: unknown[]; Subscriptions?: unknown[] }>) => {
    const found: number[] = [];
    for await (const { Topics, Subscriptions } of pages) found.push((Topics ?? Subscriptions ?? []).length);
    return found;
  };
  expect(await sizes(paginateListTopics({ client }, {}))).toEqual([100, 1]);
  expect(await sizes(paginateListSubscriptions({ client }, {}))).toEqual([100, 1]);
  expect(await sizes(paginateListSubscriptionsByTopic({ client }, { TopicArn }))).toEqual([100, 1]);
});
