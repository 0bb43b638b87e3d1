/** SQS's API as the SDK's client sees it; the client checks the MD5s of what it sends and receives. */
import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidAttributeName,
  InvalidAttributeValue,
  InvalidBatchEntryId,
  InvalidMessageContents,
  ListQueuesCommand,
  MessageNotInflight,
  PurgeQueueCommand,
  paginateListQueues,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TooManyEntriesInBatchRequest,
} from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { md5OfAttributes } from "../../src/emulator/sqs/api.ts";
import { start } from "./an-account.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented, measured } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference";
const guide = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";

async function aQueue(Attributes: Record<string, string> = {}) {
  const emulator = new AnEmulator();
  const { QueueUrl } = await emulator.sqs.send(new CreateQueueCommand({ QueueName: "queue", Attributes }));
  const receive = async (input: Partial<ReceiveMessageCommandInput> = {}) =>
    (await emulator.sqs.send(new ReceiveMessageCommand({ QueueUrl, ...input }))).Messages ?? [];
  const send = (MessageBody: string) => emulator.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const { kernel } = emulator.emulator;
  return { emulator, client: emulator.sqs, QueueUrl: QueueUrl!, receive, send, kernel };
}

it("creates, finds, lists and deletes queues", async () => {
  const { client, QueueUrl } = await aQueue();
  expect((await client.send(new GetQueueUrlCommand({ QueueName: "queue" }))).QueueUrl).toBe(QueueUrl);
  expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: "que" }))).QueueUrls).toEqual([QueueUrl]);
  expect((await client.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
  expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: "x" }))).QueueUrls ?? []).toEqual([]);
  await client.send(new DeleteQueueCommand({ QueueUrl }));
  expect(await rejection(client.send(new GetQueueUrlCommand({ QueueName: "queue" })))).toBeInstanceOf(
    QueueDoesNotExist,
  );
});

documented(
  `${reference}/API_SendMessage.html`,
  "takes message groups for a fair queue, and gives them back",
  async () => {
    const { client, QueueUrl, receive } = await aQueue();
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "one", MessageGroupId: "tenant-1" }));
    const Entries = [
      { Id: "two", MessageBody: "two", MessageGroupId: "tenant-2" },
      { Id: "none", MessageBody: "none" },
      { Id: "bad", MessageBody: "bad", MessageGroupId: "ä" },
    ];
    const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Failed).toMatchObject([{ Id: "bad", Code: "InvalidParameterValue", SenderFault: true }]);
    const received = await receive({ MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["MessageGroupId"] });
    expect(received.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId])).toEqual([
      ["one", "tenant-1"],
      ["two", "tenant-2"],
      ["none", undefined],
    ]);
  },
);

documented(
  `${reference}/API_SendMessage.html`,
  "refuses a body with a character that XML 1.0 has not, and takes each that it has",
  async () => {
    const { client, QueueUrl, receive, send } = await aQueue();
    const allowed = "\t\n\r ~\u007f\u0085\ud7ff\ue000\ufffd\u{10000}\u{10ffff}";
    await send(allowed);
    const bodies = ["\0", "a\u0008b", "\u000b", "\u001f", "\ufffe", "\uffff"];
    for (const body of bodies) {
      const refusal = await rejection(send(body));
      expect(refusal).toBeInstanceOf(InvalidMessageContents);
      const code = body.replace(/[ab]/g, "").charCodeAt(0).toString(16).toUpperCase();
      expect(refusal.message).toContain(`Invalid binary character '#x${code}' was found in the message body`);
    }
    const Entries = [
      { Id: "bad", MessageBody: "\0" },
      { Id: "good", MessageBody: "good" },
    ];
    const { Failed, Successful } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Failed).toMatchObject([{ Id: "bad", Code: "InvalidMessageContents", SenderFault: true }]);
    expect(Successful?.map(({ Id }) => Id)).toEqual(["good"]);
    expect((await receive({ MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual([allowed, "good"]);
  },
);

documented(
  `${reference}/API_SendMessage.html`,
  "sends to a FIFO queue and receives from it, with groups and numbers",
  async () => {
    const { sqs } = new AnEmulator();
    const Attributes = {
      FifoQueue: "true",
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q.fifo", Attributes }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { ContentBasedDeduplication: "true" } }));
    const described = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    expect(described.Attributes).toMatchObject({ ...Attributes, ContentBasedDeduplication: "true" });

    const first = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a", MessageGroupId: "g" }));
    expect(first.SequenceNumber).toMatch(/^\d{20}$/);
    const batch = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "same", MessageBody: "a", MessageGroupId: "g" },
          { Id: "other", MessageBody: "a", MessageGroupId: "g", MessageDeduplicationId: "x" },
          { Id: "no-group", MessageBody: "c" },
          { Id: "delayed", MessageBody: "d", MessageGroupId: "g", DelaySeconds: 1 },
        ],
      }),
    );
    expect(batch.Successful?.map(({ Id }) => Id)).toEqual(["same", "other"]);
    expect(batch.Successful?.[0]).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect(batch.Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([
      ["no-group", "MissingParameter"],
      ["delayed", "InvalidParameterValue"],
    ]);
    const received = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["MessageGroupId", "MessageDeduplicationId", "SequenceNumber"],
      }),
    );
    expect(received.Messages?.map((each) => each.Attributes)).toEqual([
      {
        MessageGroupId: "g",
        MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
        SequenceNumber: first.SequenceNumber,
      },
      { MessageGroupId: "g", MessageDeduplicationId: "x", SequenceNumber: batch.Successful?.[1]?.SequenceNumber },
    ]);
  },
);

documented(
  `${reference}/API_CreateQueue.html`,
  "gives a standard queue none of a FIFO queue's attributes",
  async () => {
    const { sqs } = new AnEmulator();
    for (const name of ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"]) {
      const value = { ContentBasedDeduplication: "true", DeduplicationScope: "queue", FifoThroughputLimit: "perQueue" }[
        name
      ]!;
      const creation = sqs.send(new CreateQueueCommand({ QueueName: "q", Attributes: { [name]: value } }));
      const refused = await rejection(creation);
      expect([refused.name, refused.message]).toEqual(["InvalidAttributeName", `Unknown Attribute ${name}.`]);
    }
  },
);

documented(`${reference}/API_GetQueueAttributes.html`, "sets and gets a queue's attributes", async () => {
  const { client, QueueUrl, send, receive } = await aQueue({ VisibilityTimeout: "7" });
  const { QueueUrl: deadUrl } = await client.send(new CreateQueueCommand({ QueueName: "dead" }));
  const all = async (QueueUrl: string) =>
    (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes!;
  const { QueueArn: deadLetterTargetArn } = await all(deadUrl!);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
  await client.send(
    new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy, ReceiveMessageWaitTimeSeconds: "4" } }),
  );
  await send("1");
  await send("2");
  await receive();
  expect(await all(QueueUrl)).toMatchObject({
    QueueArn: "arn:aws:sqs:us-east-1:123456789012:queue",
    VisibilityTimeout: "7",
    ReceiveMessageWaitTimeSeconds: "4",
    RedrivePolicy,
    ApproximateNumberOfMessages: "1",
    ApproximateNumberOfMessagesNotVisible: "1",
    ApproximateNumberOfMessagesDelayed: "0",
    CreatedTimestamp: String(start / 1_000),
  });
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy: "" } }));
  expect(await all(QueueUrl)).not.toHaveProperty("RedrivePolicy");
  const one = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["DelaySeconds"] });
  expect((await client.send(one)).Attributes).toEqual({ DelaySeconds: "0" });
});

documented(
  `${reference}/API_GetQueueAttributes.html`,
  "tells nothing unasked, and refuses a name it does not know",
  async () => {
    const { client, QueueUrl } = await aQueue({ DelaySeconds: "5", MessageRetentionPeriod: "600" });
    const attributes = async (...names: string[]) =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names as never }))).Attributes;
    expect(await attributes()).toBeUndefined();
    expect(await attributes("DelaySeconds", "MessageRetentionPeriod", "Policy")).toEqual({
      DelaySeconds: "5",
      MessageRetentionPeriod: "600",
    });
    expect(await rejection(attributes("DelaySeconds", "Bogus"))).toBeInstanceOf(InvalidAttributeName);
    const Policy = JSON.stringify({ Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" } });
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    expect(await attributes("Policy")).toEqual({ Policy });
  },
);

documented(
  `${reference}/API_SetQueueAttributes.html`,
  "gives a FIFO queue the defaults of its kind, and keeps what is not set again",
  async () => {
    const { sqs } = new AnEmulator();
    const created = await sqs.send(new CreateQueueCommand({ QueueName: "q.fifo", Attributes: { FifoQueue: "true" } }));
    const { QueueUrl } = created;
    const all = async () =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes;
    expect(await all()).toMatchObject({
      FifoQueue: "true",
      ContentBasedDeduplication: "false",
      DeduplicationScope: "queue",
      FifoThroughputLimit: "perQueue",
    });
    const set = (Attributes: Record<string, string>) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    await set({ FifoQueue: "true", ContentBasedDeduplication: "true" });
    await set({ DeduplicationScope: "messageGroup" });
    expect(await all()).toMatchObject({ ContentBasedDeduplication: "true", DeduplicationScope: "messageGroup" });
    const refused = await rejection(set({ FifoQueue: "false" }));
    expect([refused.name, refused.message]).toEqual(["InvalidAttributeName", "Unknown Attribute FifoQueue."]);
  },
);

documented(
  `${guide}/troubleshooting-fifo-throttling-issues.html`,
  "counts a batch among the calls of its kind, and each kind for itself",
  async () => {
    const { sqs, emulator } = new AnEmulator();
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: "q.fifo", Attributes: { FifoQueue: "true" } }),
    );
    const [queue] = emulator.sqs.list();
    const throttled = async (call: Promise<unknown>) => (await rejection(call)).name;
    const message = { MessageBody: "m", MessageGroupId: "g", MessageDeduplicationId: "d" };
    const send = () => sqs.send(new SendMessageCommand({ QueueUrl, ...message }));
    const sendBatch = () => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "a", ...message }] }));
    for (let call = 0; call < 298; call++) queue!.admit("SendMessage");
    await send();
    await sendBatch();
    expect([await throttled(send()), await throttled(sendBatch())]).toEqual(Array(2).fill("ThrottlingException"));

    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const { ReceiptHandle } = Messages![0]!;
    const remove = () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const Entries = [{ Id: "a", ReceiptHandle }];
    const removeBatch = () => sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    for (let call = 0; call < 298; call++) queue!.admit("DeleteMessage");
    await remove();
    await removeBatch();
    expect([await throttled(remove()), await throttled(removeBatch())]).toEqual(Array(2).fill("ThrottlingException"));
  },
);

it("sends and receives text of every kind with attributes that the client finds unharmed", async () => {
  const { client, QueueUrl, receive, kernel } = await aQueue();
  const MessageBody = '<é & 😀>\r\n{"a":"\\u0000"}';
  const MessageAttributes = {
    text: { DataType: "String", StringValue: "x" },
    number: { DataType: "Number", StringValue: "1.5" },
    bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
  };
  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  const [message] = await receive({ MessageSystemAttributeNames: ["All"], MessageAttributeNames: ["All"] });
  expect(message).toMatchObject({ Body: MessageBody, MessageId: sent.MessageId, MessageAttributes });
  expect(message!.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(message!.Attributes).toMatchObject({
    SentTimestamp: String(kernel.now),
    ApproximateReceiveCount: "1",
    ApproximateFirstReceiveTimestamp: String(kernel.now),
    SenderId: expect.stringMatching(/^AIDA/),
  });
  expect(message!.Attributes).not.toHaveProperty("MessageGroupId");
});

documented(`${reference}/API_ReceiveMessage.html`, "gives only the attributes that were asked for", async () => {
  const { client, QueueUrl, receive } = await aQueue({ VisibilityTimeout: "0" });
  const MessageAttributes = {
    "a.one": { DataType: "String", StringValue: "1" },
    "a.two": { DataType: "String", StringValue: "2" },
    ab: { DataType: "String", StringValue: "2" },
    b: { DataType: "String", StringValue: "3" },
  };
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes }));
  const namesFor = async (...MessageAttributeNames: string[]) => {
    const [message] = await receive({ MessageAttributeNames, WaitTimeSeconds: 1 });
    return Object.keys(message!.MessageAttributes ?? {}).sort();
  };
  expect(await namesFor()).toEqual([]);
  expect(await namesFor("a.*")).toEqual(["a.one", "a.two"]);
  expect(await namesFor("b", "c")).toEqual(["b"]);
  expect(await namesFor(".*")).toEqual(["a.one", "a.two", "ab", "b"]);
  const [message] = await receive({ MessageSystemAttributeNames: ["SentTimestamp"], WaitTimeSeconds: 1 });
  expect(Object.keys(message!.Attributes!)).toEqual(["SentTimestamp"]);
  expect(message!.MessageAttributes).toBeUndefined();
  const [plain] = await receive({ WaitTimeSeconds: 1 });
  expect(plain!.Attributes).toBeUndefined();
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
});

documented(`${reference}/API_SendMessage.html`, "takes ten attributes with a message, and no more", async () => {
  const { client, QueueUrl } = await aQueue();
  const send = (count: number) => {
    const entries = Array.from({ length: count }, (_, id) => [`a${id}`, { DataType: "String", StringValue: "x" }]);
    const MessageAttributes = Object.fromEntries(entries);
    return client.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes }));
  };
  await send(10);
  expect(await rejection(send(11))).toMatchObject({
    name: "InvalidParameterValue",
    message: "Number of message attributes [11] exceeds the allowed maximum [10].",
  });
});

measured(
  "digests published with the npm package aws-md5-of-message-attributes",
  "digests message attributes as clients do",
  () => {
    const text = { DataType: "String", StringValue: "attribValue 1" };
    const number = { DataType: "Number.float", StringValue: "4563442423554324324264524243.32543234" };
    const binary = { DataType: "Binary", BinaryValue: Buffer.from("Hello binary world!").toString("base64") };
    expect(md5OfAttributes({ attribName1: text })).toBe("19e27d4e946b072f3f58da80d94fd778");
    expect(md5OfAttributes({ customNumberTypeAttrib: number })).toBe("9fe1b90bbd9965bdf77bac517c7d2495");
    expect(md5OfAttributes({ binaryAttribute: binary })).toBe("31a92b15d92f8db860eda32aceb656c3");
    expect(md5OfAttributes({ customNumberTypeAttrib: number, binaryAttribute: binary, attribName1: text })).toBe(
      "c932db14a896c663f83c260297d594ff",
    );
    expect(md5OfAttributes({})).toBeUndefined();
    const image = (BinaryValue: string) => md5OfAttributes({ image: { DataType: "Binary.gif", BinaryValue } });
    expect(image("AAAA")).not.toBe(image("AAAB"));
  },
);

documented(`${reference}/API_ReceiveMessage.html`, "waits in virtual time for a message, and no longer", async () => {
  const { receive, send, kernel, client, QueueUrl } = await aQueue();
  const before = kernel.now;
  expect(await receive({ WaitTimeSeconds: 20 })).toEqual([]);
  expect(kernel.now - before).toBe(20_000);
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "late", DelaySeconds: 5 }));
  expect((await receive({ WaitTimeSeconds: 20 })).map(({ Body }) => Body)).toEqual(["late"]);
  expect(kernel.now - before).toBe(25_000);
  await send("now");
  await receive({ WaitTimeSeconds: 0 });
  expect(await receive()).toEqual([]);
  expect(kernel.now - before).toBe(25_000);
});

it("deletes messages, changes their visibility, purges", async () => {
  const { client, QueueUrl, receive, send, kernel } = await aQueue();
  await send("1");
  const [first] = await receive({ VisibilityTimeout: 100 });
  const { ReceiptHandle } = first!;
  await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  const [again] = await receive({ WaitTimeSeconds: 1 });
  expect(again!.MessageId).toBe(first!.MessageId);
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again!.ReceiptHandle }));
  const late = new ChangeMessageVisibilityCommand({
    QueueUrl,
    ReceiptHandle: again!.ReceiptHandle,
    VisibilityTimeout: 1,
  });
  const refused = await rejection(client.send(late));
  expect(refused).toBeInstanceOf(MessageNotInflight);
  await send("hidden");
  const [hidden] = await receive({ VisibilityTimeout: 10 });
  const longer = { QueueUrl, ReceiptHandle: hidden!.ReceiptHandle, VisibilityTimeout: 60 };
  await client.send(new ChangeMessageVisibilityCommand(longer));
  const before = kernel.now;
  expect((await receive({ WaitTimeSeconds: 20 })).length + (await receive({ WaitTimeSeconds: 20 })).length).toBe(0);
  expect(await receive({ WaitTimeSeconds: 20 })).toHaveLength(1);
  expect(kernel.now - before).toBe(60_000);
  await send("2");
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await receive({ WaitTimeSeconds: 20 })).toEqual([]);
});

documented(`${reference}/API_SendMessageBatch.html`, "sends and deletes batches", async () => {
  const { client, QueueUrl, receive } = await aQueue();
  const sent = await client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "a", MessageBody: "1" },
        { Id: "b", MessageBody: "2", DelaySeconds: 901 },
        { Id: "c", MessageBody: "3" },
      ],
    }),
  );
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["a", "c"]);
  expect(sent.Failed).toMatchObject([{ Id: "b", Code: "InvalidParameterValue", SenderFault: true }]);
  expect(sent.Failed?.[0]?.Message).toContain("DelaySeconds");
  const messages = await receive({ MaxNumberOfMessages: 10 });
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `d${index}`, ReceiptHandle }));
  const deleted = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  expect(deleted.Successful).toEqual([{ Id: "d0" }, { Id: "d1" }]);
  expect(deleted.Failed).toEqual([]);
});

documented(
  `${reference}/API_SendMessageBatch.html#API_SendMessageBatch_Errors`,
  "refuses bad batches whole",
  async () => {
    const { client, QueueUrl } = await aQueue();
    const refused = (ids: string[], MessageBody = "m") =>
      rejection(
        client.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody })) })),
      );
    expect(await refused([])).toBeInstanceOf(EmptyBatchRequest);
    expect(await refused(["a", "a"])).toBeInstanceOf(BatchEntryIdsNotDistinct);
    expect(await refused(["a b"])).toBeInstanceOf(InvalidBatchEntryId);
    expect(await refused(["a".repeat(81)])).toBeInstanceOf(InvalidBatchEntryId);
    expect(await refused([..."abcdefghijk"])).toBeInstanceOf(TooManyEntriesInBatchRequest);
    expect(await refused(["a", "b"], "x".repeat(600_000))).toBeInstanceOf(BatchRequestTooLong);
  },
);

it("throws the SDK's exceptions for what is missing and what is wrong", async () => {
  const { client, QueueUrl } = await aQueue();
  const gone = await rejection(client.send(new PurgeQueueCommand({ QueueUrl: `${QueueUrl}-2` })));
  expect(gone).toBeInstanceOf(QueueDoesNotExist);
  expect(gone).toMatchObject({
    name: "QueueDoesNotExist",
    message: "The specified queue does not exist.",
    Code: "AWS.SimpleQueueService.NonExistentQueue",
  });
  const other = new CreateQueueCommand({ QueueName: "queue", Attributes: { DelaySeconds: "1" } });
  expect(await rejection(client.send(other))).toBeInstanceOf(QueueNameExists);
  const set = (name: string, value: string) =>
    rejection(client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: value } })));
  for (const name of ["FifoQueue", "KmsMasterKeyId", "toString"]) {
    expect(await set(name, "true")).toBeInstanceOf(InvalidAttributeName);
  }
  for (const value of ["", "-1", "1.5", "x", "43201"]) {
    expect(await set("VisibilityTimeout", value)).toBeInstanceOf(InvalidAttributeValue);
  }
  const policy = { deadLetterTargetArn: "arn:aws:sqs:us-east-1:123456789012:nowhere", maxReceiveCount: 1 };
  expect((await set("RedrivePolicy", JSON.stringify(policy))).message).toContain("Dead letter target does not exist");
  expect((await set("RedrivePolicy", JSON.stringify({ maxReceiveCount: 1 }))).message).toBe(
    "Value for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attributes: deadLetterTargetArn, maxReceiveCount.",
  );
  for (const [name, value] of [
    ["RedrivePolicy", JSON.stringify({ ...policy, maxReceiveCount: "x" })],
    ["Policy", "{}"],
  ] as const) {
    const refused = await set(name, value);
    expect(refused).toBeInstanceOf(InvalidAttributeValue);
    expect(refused.message).toBe(`Invalid value for the parameter ${name}.`);
  }
});

documented(`${reference}/API_ReceiveMessage.html`, "holds a receive to its bounds", async () => {
  const { receive } = await aQueue();
  const wrong: Partial<ReceiveMessageCommandInput>[] = [
    { MaxNumberOfMessages: 0 },
    { MaxNumberOfMessages: 11 },
    { WaitTimeSeconds: 21 },
    { VisibilityTimeout: 43_201 },
  ];
  for (const input of wrong) {
    const error = await rejection(receive(input));
    expect([error.name, error.message.split(" ")[4]]).toEqual(["InvalidParameterValue", Object.keys(input)[0]]);
  }
  const unknown = await rejection(receive({ MessageSystemAttributeNames: ["AWSTraceHeader"] }));
  expect(unknown.message).toContain("AWSTraceHeader");
});

documented(
  `${reference}/API_ListQueues.html`,
  "lists as many queues as are asked for, with a token where there are more, and without the question at most a thousand",
  async () => {
    const { emulator, client } = await aQueue();
    for (let number = 1; number <= 1_000; number++) emulator.emulator.sqs.create(`more-${number}`, {});
    const all = await client.send(new ListQueuesCommand({}));
    expect([all.QueueUrls?.length, all.NextToken]).toEqual([1_000, undefined]);
    const names: string[] = [];
    const pages: number[] = [];
    for await (const { QueueUrls = [] } of paginateListQueues({ client, pageSize: 400 }, {})) {
      pages.push(QueueUrls.length);
      names.push(...QueueUrls);
    }
    expect(pages).toEqual([400, 400, 201]);
    expect(new Set(names).size).toBe(1_001);
    for (const MaxResults of [0, 1_001]) {
      expect((await rejection(client.send(new ListQueuesCommand({ MaxResults })))).name).toBe("InvalidParameterValue");
    }
  },
);
