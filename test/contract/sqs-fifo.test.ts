/** SQS FIFO queues: order and lock of groups, deduplication, redrive, rates, limits, settings. */
import { expect } from "vitest";
import type { FifoSettings, Queue, QueueSettings } from "../../src/emulator/account.ts";
import type { Constants } from "../../src/emulator/platforms/platforms.ts";
import { minute, refusal, second, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";
const logic = `${guide}/FIFO-queues-understanding-logic.html`;
const exactlyOnce = `${guide}/FIFO-queues-exactly-once-processing.html`;
const backlog = `${guide}/avoid-backlog-with-the-same-message-group-id.html`;
const deadLetterQueues = `${guide}/sqs-dead-letter-queues.html`;
const throttling = `${guide}/troubleshooting-fifo-throttling-issues.html`;
const highThroughput = `${guide}/high-throughput-fifo.html`;
const quotas = `${guide}/quotas-messages.html`;
const metrics = `${guide}/sqs-available-cloudwatch-metrics.html`;
const notReturned = "https://repost.aws/knowledge-center/sqs-fifo-messages-not-returned";
const sendMessage = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html";
const createQueue = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html";

const fifo: FifoSettings = {
  contentBasedDeduplication: false,
  deduplicationScope: "queue",
  throughputLimit: "perQueue",
};

interface Options extends Partial<QueueSettings> {
  constants?: Partial<Constants>;
  maxReceiveCount?: number;
}

/** A FIFO queue whose messages are named by their bodies, `<group><number>` such as `a1`. */
class Fifo {
  readonly account: TestAccount;
  readonly deadLetters: Queue;
  readonly queue: Queue;

  constructor({ constants = {}, maxReceiveCount, ...settings }: Options = {}) {
    this.account = new TestAccount({ constants });
    this.deadLetters = this.account.queue("dead.fifo", { fifo });
    const redrivePolicy =
      maxReceiveCount === undefined ? null : { deadLetterTargetArn: this.deadLetters.arn, maxReceiveCount };
    this.queue = this.account.queue("q.fifo", { visibilityTimeoutMs: 10 * second, fifo, redrivePolicy, ...settings });
  }

  send(...bodies: string[]) {
    for (const body of bodies) this.queue.send(body, { messageGroupId: body[0]!, messageDeduplicationId: body });
    return this;
  }

  receive(maximum = 10, from = this.queue) {
    return this.account.receive(from, maximum);
  }

  bodies(maximum = 10, from = this.queue): string[] {
    return this.receive(maximum, from).map(({ body }) => body);
  }

  pass(ms: number): Promise<void> {
    return this.account.advance(ms);
  }
}

documented(logic, "gives the messages of a group in the order of sending, and none while one is in flight", () => {
  const system = new Fifo().send("a1", "a2", "a3");
  const [first] = system.receive(1);
  expect(first!.body).toBe("a1");
  expect(system.bodies()).toEqual([]);
  system.queue.delete(first!);
  expect(system.bodies(2)).toEqual(["a2", "a3"]);
});

documented(logic, "opens a group when all that was received of it is deleted or visible again", async () => {
  const system = new Fifo().send("a1", "a2", "a3", "a4");
  const [first, , third] = system.receive(3);
  system.queue.delete(first!);
  system.queue.delete(third!);
  expect(system.bodies()).toEqual([]);
  await system.pass(10 * second);
  expect(system.bodies()).toEqual(["a2", "a4"]);
});

documented(logic, "keeps a message that comes back in front of its group, however often it was received", async () => {
  const system = new Fifo().send("a1", "a2");
  for (let receive = 0; receive < 5; receive++) {
    expect(system.bodies(1)).toEqual(["a1"]);
    await system.pass(10 * second);
  }
});

documented(notReturned, "gives as many messages of one group as there are, then of others", () => {
  const system = new Fifo().send("a1", "b1", "a2", "c1", "b2");
  expect(system.bodies(4)).toEqual(["a1", "a2", "b1", "b2"]);
  expect(system.bodies(4)).toEqual(["c1"]);
});

documented(notReturned, "gives the other groups' messages while one group is blocked", () => {
  const system = new Fifo().send("a1", "a2", "b1");
  system.receive(1);
  expect(system.bodies()).toEqual(["b1"]);
});

documented(logic, "makes a message visible again, and its group with it, by a visibility timeout of 0", async () => {
  const system = new Fifo().send("a1", "a2");
  system.queue.changeVisibility(system.receive(1)[0]!.receiptHandle, 0);
  await system.pass(0);
  expect(system.bodies()).toEqual(["a1", "a2"]);
});

documented(backlog, "finds groups among the first messages only, in flight or not", () => {
  const system = new Fifo({ constants: { "sqs.fifoLookAheadLimit": 3 } }).send("a1", "a2", "a3", "b1");
  const [first] = system.receive(1);
  expect(system.bodies()).toEqual([]);
  system.queue.delete(first!);
  system.receive(1);
  expect(system.bodies()).toEqual(["b1"]);
});

documented(
  backlog,
  "finds groups one message further on when one of the first is deleted, and no further when a later one is",
  () => {
    const further = new Fifo({ constants: { "sqs.fifoLookAheadLimit": 3 } }).send("a1", "a2", "b1", "c1");
    further.receive(1);
    const [last] = further.receive(1);
    expect(further.bodies()).toEqual([]);
    further.queue.delete(last!);
    expect(further.bodies()).toEqual(["c1"]);

    const same = new Fifo({ constants: { "sqs.fifoLookAheadLimit": 3 } }).send("a1", "a2", "b1", "b2", "b3", "c1");
    same.receive(1);
    const [, second, third] = same.receive(3);
    same.queue.delete(third!);
    same.queue.delete(second!);
    expect(same.bodies()).toEqual([]);
  },
);

documented(backlog, "gives nothing more, and no error, with as many messages in flight as there may be", () => {
  const system = new Fifo({ constants: { "sqs.fifoInFlightLimit": 2 } }).send("a1", "b1", "c1");
  expect(system.bodies()).toEqual(["a1", "b1"]);
  expect(system.bodies()).toEqual([]);
});

documented(
  exactlyOnce,
  "accepts a message of the same deduplication id for 5 minutes, and does not deliver it",
  async () => {
    const system = new Fifo();
    const sent = system.queue.send("a1", { messageGroupId: "a", messageDeduplicationId: "x" });
    const [first] = system.receive();
    system.queue.delete(first!);
    await system.pass(5 * minute - 1);
    const again = system.queue.send("a2", { messageGroupId: "b", messageDeduplicationId: "x" });
    expect([again.messageId, again.sequenceNumber]).toEqual([sent.messageId, sent.sequenceNumber]);
    expect(system.bodies()).toEqual([]);
    await system.pass(1);
    const later = system.queue.send("a3", { messageGroupId: "a", messageDeduplicationId: "x" });
    expect(later.messageId).not.toBe(sent.messageId);
    expect(system.bodies()).toEqual(["a3"]);
  },
);

documented(highThroughput, "deduplicates within a group alone, when the scope is the message group", () => {
  const system = new Fifo({ fifo: { ...fifo, deduplicationScope: "messageGroup" } });
  for (const messageGroupId of ["a", "b", "a"]) {
    system.queue.send(messageGroupId, { messageGroupId, messageDeduplicationId: "x" });
  }
  expect(system.bodies()).toEqual(["a", "b"]);
});

documented(exactlyOnce, "takes the content for a deduplication id, when it is told to and the message has none", () => {
  const system = new Fifo({ fifo: { ...fifo, contentBasedDeduplication: true } });
  for (const body of ["same", "same", "other"]) system.queue.send(body, { messageGroupId: "a" });
  system.queue.send("same", { messageGroupId: "a", messageDeduplicationId: "an id of its own".replaceAll(" ", "-") });
  expect(system.bodies()).toEqual(["same", "other", "same"]);
});

documented(
  sendMessage,
  "refuses a message without a group, without a deduplication id, or with a delay of its own",
  () => {
    const { queue } = new Fifo();
    expect(refusal(() => queue.send("x", { messageDeduplicationId: "x" }))).toMatchObject({
      code: "MissingParameter",
      message: "The request must contain the parameter MessageGroupId.",
    });
    expect(refusal(() => queue.send("x", { messageGroupId: "a" }))).toMatchObject({
      code: "InvalidParameterValue",
      message:
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    });
    const delayed = { messageGroupId: "a", messageDeduplicationId: "x", delayMs: 5 * second };
    expect(refusal(() => queue.send("x", delayed)).message).toBe(
      "Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
    );
    for (const messageGroupId of ["", "a b", "é", "a".repeat(129)]) {
      expect(refusal(() => queue.send("x", { messageGroupId, messageDeduplicationId: "x" })).message).toContain(
        "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
      );
    }
    const blank = { messageGroupId: "a", messageDeduplicationId: "a b" };
    expect(refusal(() => queue.send("x", blank)).message).toContain("MessageDeduplicationId can only include");
  },
);

documented(sendMessage, "delays all messages by what the queue says, and keeps the order", async () => {
  const system = new Fifo({ delayMs: 5 * second }).send("a1");
  await system.pass(2 * second);
  system.send("a2");
  expect([system.queue.counts().delayed, system.bodies()]).toEqual([2, []]);
  await system.pass(3 * second);
  expect(system.bodies(1)).toEqual(["a1"]);
});

documented(sendMessage, "numbers messages in ascending order, and tells group and ids with each receive", () => {
  const system = new Fifo().send("a1", "b1", "a2");
  const received = system.receive();
  expect(
    received.map(({ messageGroupId, messageDeduplicationId }) => [messageGroupId, messageDeduplicationId]),
  ).toEqual([
    ["a", "a1"],
    ["a", "a2"],
    ["b", "b1"],
  ]);
  const [first, third, second] = received.map(({ sequenceNumber }) => BigInt(sequenceNumber!));
  expect(first! < second! && second! < third!).toBe(true);
  expect(received[0]!.sequenceNumber).toMatch(/^\d{20}$/);
});

documented(sendMessage, "gives a message's attributes with it", () => {
  const system = new Fifo();
  const messageAttributes = { kind: { DataType: "String", StringValue: "order" } };
  system.queue.send("a1", { messageGroupId: "a", messageDeduplicationId: "a1", messageAttributes });
  system.send("b1");
  expect(system.receive().map((each) => each.messageAttributes)).toEqual([messageAttributes, {}]);
});

documented(
  deadLetterQueues,
  "moves a message that was received too often, whereupon the next of its group follows",
  async () => {
    const system = new Fifo({ maxReceiveCount: 2 }).send("a1", "a2", "b1");
    for (let receive = 0; receive < 2; receive++) {
      expect(system.bodies(1)).toEqual(["a1"]);
      await system.pass(10 * second);
    }
    expect(system.bodies(1)).toEqual(["a2"]);
    expect(system.bodies(10, system.deadLetters)).toEqual(["a1"]);
  },
);

documented(deadLetterQueues, "keeps the order in a dead-letter queue, the group and the message id", async () => {
  const system = new Fifo({ maxReceiveCount: 1 }).send("a1", "b1", "a2");
  const sent = system.receive();
  await system.pass(10 * second);
  expect(system.bodies()).toEqual([]);
  const letters = system.receive(10, system.deadLetters);
  expect(letters.map(({ body }) => body)).toEqual(["a1", "a2", "b1"]);
  expect(letters.map(({ messageId }) => messageId)).toEqual(sent.map(({ messageId }) => messageId));
  expect(letters.map(({ messageGroupId }) => messageGroupId)).toEqual(["a", "a", "b"]);
});

documented(
  deadLetterQueues,
  "gives a dead letter its message id for a deduplication id, and a new enqueue timestamp",
  async () => {
    const system = new Fifo({ maxReceiveCount: 1 }).send("a1");
    const [sent] = system.receive();
    await system.pass(10 * second);
    system.receive();
    const [letter] = system.receive(1, system.deadLetters);
    expect(letter!.messageDeduplicationId).toBe(sent!.messageId);
    expect(letter!.sentAt).toBe(sent!.sentAt + 10 * second);
  },
);

documented(
  deadLetterQueues,
  "has a dead-letter queue that is FIFO, too, as a standard queue has a standard one",
  () => {
    const { account, queue } = new Fifo();
    const standard = account.queue("standard");
    const to = ({ arn }: Queue) => ({ redrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 3 } });
    const policy = (target: Queue) => JSON.stringify(to(target).redrivePolicy);
    for (const [source, target] of [
      [queue, standard],
      [standard, queue],
    ] as const) {
      expect(refusal(() => source.configure(to(target)))).toMatchObject({
        code: "InvalidParameterValue",
        message: `Value ${policy(target)} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.`,
      });
    }
    queue.configure(to(account.queue("another.fifo", { fifo })));
  },
);

documented(throttling, "takes 300 calls of each action a second, however many messages they are about", async () => {
  const system = new Fifo();
  const { queue } = system;
  const admitted = (action: "SendMessage" | "ReceiveMessage") => {
    let count = 0;
    try {
      for (; ; count++) queue.admit(action);
    } catch {
      return count;
    }
  };
  expect([admitted("SendMessage"), admitted("ReceiveMessage")]).toEqual([300, 300]);
  expect(refusal(() => queue.admit("SendMessage"))).toMatchObject({
    code: "ThrottlingException",
    message: "Rate exceeded",
  });
  await system.pass(100);
  expect(admitted("SendMessage")).toBe(30);
});

documented(quotas, "takes as many calls as the region allows with high throughput", () => {
  const system = new Fifo({
    fifo: { ...fifo, deduplicationScope: "messageGroup", throughputLimit: "perMessageGroupId" },
  });
  for (let call = 0; call < 70_000; call++) system.queue.admit("SendMessage");
  expect(refusal(() => system.queue.admit("SendMessage")).code).toBe("ThrottlingException");
});

documented(highThroughput, "takes more calls as soon as its throughput limit is per group, and not before", () => {
  const { queue } = new Fifo();
  for (let call = 0; call < 300; call++) queue.admit("SendMessage");
  queue.configure({ visibilityTimeoutMs: minute });
  expect(refusal(() => queue.admit("SendMessage")).code).toBe("ThrottlingException");
  queue.configure({ fifo: { ...fifo, deduplicationScope: "messageGroup", throughputLimit: "perMessageGroupId" } });
  queue.admit("SendMessage");
});

documented(highThroughput, "has a throughput limit per group only with deduplication per group", () => {
  const { queue } = new Fifo();
  expect(refusal(() => queue.configure({ fifo: { ...fifo, throughputLimit: "perMessageGroupId" } }))).toMatchObject({
    code: "InvalidAttributeValue",
    message: "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
  });
});

documented(createQueue, "has a name that ends with .fifo, which no standard queue's does", () => {
  const account = new TestAccount();
  expect(refusal(() => account.queue("q", { fifo })).message).toBe(
    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length",
  );
  for (const name of ["a b.fifo", "q.fifo2", ".fifo"]) {
    expect(refusal(() => account.queue(name, { fifo })).code).toBe("InvalidParameterValue");
  }
  expect(refusal(() => account.queue("q.fifo")).message).toBe(
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
  expect(refusal(() => account.queue(`${"q".repeat(76)}.fifo`, { fifo })).code).toBe("InvalidParameterValue");
  account.queue(`${"q".repeat(75)}.fifo`, { fifo });
});

measured(
  "https://github.com/localstack/localstack/pull/12442, whose test was run on AWS",
  "deletes nothing by a receipt whose visibility timeout is over, received again or not, and says so",
  async () => {
    const system = new Fifo().send("a1");
    const [first] = system.receive();
    await system.pass(10 * second);
    const expired = `Value ${first!.receiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`;
    expect(refusal(() => system.queue.delete(first!.receiptHandle)).message).toBe(expired);
    const [again] = system.receive();
    for (const receipt of [first!, first!.receiptHandle]) {
      expect(refusal(() => system.queue.delete(receipt)).message).toBe(expired);
    }
    system.queue.delete(again!);
    system.queue.delete(again!.receiptHandle);
    expect(system.queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  },
);

documented(metrics, "counts the messages that it deduplicates, and once a minute the groups in flight", async () => {
  const system = new Fifo({ visibilityTimeoutMs: 5 * minute }).send("a1", "a1", "b1", "c1");
  system.receive(2);
  await system.pass(minute);
  expect(system.account.total(system.queue, "NumberOfDeduplicatedSentMessages")).toBe(1);
  expect(system.account.total(system.queue, "NumberOfMessagesSent")).toBe(3);
  expect(system.account.total(system.queue, "ApproximateNumberOfGroupsWithInflightMessages")).toBe(2);
  expect(system.account.total(system.queue, "ApproximateAgeOfOldestMessage")).toBe(60);
  expect(new Set(system.account.observations.map(({ namespace }) => namespace))).toEqual(new Set(["AWS/SQS"]));
});

assumed(
  "AWS says which groups it may return, not which first; the oldest message first is what a queue without groups does",
  "begins with the group whose first message is the oldest",
  async () => {
    const system = new Fifo().send("a1", "b1", "c1");
    const [first] = system.receive(1);
    system.queue.delete(system.receive(1)[0]!);
    system.send("b2");
    system.queue.changeVisibility(first!.receiptHandle, 0);
    await system.pass(0);
    expect([system.bodies(1), system.bodies(1), system.bodies(1)]).toEqual([["a1"], ["c1"], ["b2"]]);
  },
);
