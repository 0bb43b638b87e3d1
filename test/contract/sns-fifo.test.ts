/** SNS FIFO topics: order in each message group, deduplication, subscriptions, rates. */
import { expect } from "vitest";
import type { FifoSettings, FifoTopicSettings, Queue } from "../../src/emulator/account.ts";
import type { Constants } from "../../src/emulator/platforms/platforms.ts";
import { minute, permit, refusal, second, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/sns/latest/dg";
const grouping = `${guide}/fifo-message-grouping.html`;
const deduplication = `${guide}/fifo-message-dedup.html`;
const delivery = `${guide}/fifo-message-delivery.html`;
const highThroughput = `${guide}/fifo-high-throughput.html`;
const quotas = "https://docs.aws.amazon.com/general/latest/gr/sns.html";
const creating = "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html";
const publishing = "https://docs.aws.amazon.com/sns/latest/api/API_Publish.html";

const fifoQueue: FifoSettings = {
  contentBasedDeduplication: false,
  deduplicationScope: "queue",
  throughputLimit: "perQueue",
};

/** A FIFO topic whose messages a FIFO queue gets without an envelope. */
class FanOut {
  readonly account: TestAccount;
  readonly topic;
  readonly queue: Queue;

  constructor(settings: Partial<FifoTopicSettings> = {}, constants: Partial<Constants> = {}, seed = 1) {
    this.account = new TestAccount({ constants, seed });
    this.topic = this.account.topic("t.fifo", {
      contentBasedDeduplication: false,
      throughputScope: "Topic",
      ...settings,
    });
    this.queue = this.account.queueFor(this.topic, "q.fifo", { fifo: fifoQueue });
    this.topic.subscribe("sqs", this.queue.arn, { rawMessageDelivery: true });
  }

  publish(...messages: string[]): void {
    for (const message of messages) {
      this.topic.publish(message, { messageGroupId: message[0]!, messageDeduplicationId: message });
    }
  }

  /** The bodies of the messages that the queue has; they are deleted. */
  bodies(): string[] {
    const bodies: string[] = [];
    for (let received = this.account.receive(this.queue); received.length > 0; ) {
      for (const message of received) {
        bodies.push(message.body);
        this.queue.delete(message);
      }
      received = this.account.receive(this.queue);
    }
    return bodies;
  }
}

function numbered(group: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${group}${index + 1}`);
}

documented(
  grouping,
  "delivers the messages of a group in the order of publishing, however long each is on its way",
  async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const system = new FanOut({}, { "sns.deliveryMedianMs": 100, "sns.deliverySigma": 0.8 }, seed);
      for (const message of numbered("a", 50)) {
        system.publish(message);
        await system.account.advance(5);
      }
      await system.account.advance(minute);
      expect(system.bodies()).toEqual(numbered("a", 50));
    }
  },
);

documented(delivery, "holds a group's messages up while one of it fails, and no other group's", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const constants = { "sns.endpointFailureRate": 0.4, "sns.deliveryMedianMs": 40 };
    const system = new FanOut({}, constants, seed);
    system.publish(...numbered("a", 20), ...numbered("b", 20));
    await system.account.advance(10 * minute);
    const bodies = system.bodies();
    expect(bodies.filter((body) => body.startsWith("a"))).toEqual(numbered("a", 20));
    expect(bodies.filter((body) => body.startsWith("b"))).toEqual(numbered("b", 20));
  }
});

documented(
  deduplication,
  "takes a message of the same deduplication id for 5 minutes, and does not deliver it",
  async () => {
    const system = new FanOut();
    const publish = (message: string) =>
      system.topic.publish(message, { messageGroupId: "g", messageDeduplicationId: "x" });
    const first = publish("one");
    await system.account.advance(5 * minute - 1);
    expect(publish("two")).toEqual(first);
    await system.account.advance(1);
    expect(publish("three")).not.toEqual(first);
    await system.account.advance(second);
    expect(system.account.total(system.topic, "NumberOfNotificationsDelivered")).toBe(2);
  },
);

documented(
  deduplication,
  "takes the message for a deduplication id, when it is told to and there is none",
  async () => {
    const system = new FanOut({ contentBasedDeduplication: true });
    for (const message of ["one", "one", "two"]) system.topic.publish(message, { messageGroupId: "g" });
    await system.account.advance(second);
    expect(system.bodies()).toEqual(["one", "two"]);
  },
);

documented(highThroughput, "deduplicates within a group alone, when its throughput is the group's", async () => {
  const system = new FanOut({ throughputScope: "MessageGroup" });
  system.queue.configure({ fifo: { ...fifoQueue, deduplicationScope: "messageGroup" } });
  for (const messageGroupId of ["a", "b", "a"]) {
    system.topic.publish(messageGroupId, { messageGroupId, messageDeduplicationId: "x" });
  }
  await system.account.advance(second);
  expect(system.bodies()).toEqual(["a", "b"]);
});

documented(publishing, "refuses a message without a group, or without a deduplication id", () => {
  const { topic } = new FanOut();
  expect(refusal(() => topic.publish("x", { messageDeduplicationId: "x" }))).toMatchObject({
    code: "InvalidParameter",
    message: "Invalid parameter: The MessageGroupId parameter is required for FIFO topics",
  });
  expect(refusal(() => topic.publish("x", { messageGroupId: "g" })).message).toBe(
    "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
});

documented(delivery, "delivers to standard queues, too, which keep no order, and to no function", async () => {
  const system = new FanOut();
  const standard = system.account.queueFor(system.topic, "standard");
  system.topic.subscribe("sqs", standard.arn, { rawMessageDelivery: true });
  system.publish("a1", "a2");
  await system.account.advance(second);
  expect(system.account.receive(standard).map(({ body, messageGroupId }) => [body, messageGroupId])).toEqual([
    ["a1", undefined],
    ["a2", undefined],
  ]);
  const fn = system.account.fn("fn", async () => {});
  permit(fn, system.topic);
  expect(refusal(() => system.topic.subscribe("lambda", fn.arn)).message).toBe(
    "Invalid parameter: Invalid parameter: Endpoint Reason: Please use FIFO SQS queue",
  );
});

measured(
  "https://github.com/localstack/localstack/pull/3830, and reports of failed deployments",
  "is what a FIFO queue needs: a standard topic cannot deliver to it",
  () => {
    const account = new TestAccount();
    const { arn } = account.queue("q.fifo", { fifo: fifoQueue });
    expect(refusal(() => account.topic("standard").subscribe("sqs", arn)).message).toBe(
      "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
    );
  },
);

documented(delivery, "gives a queue the group and the deduplication id, and the message in an envelope", async () => {
  const account = new TestAccount();
  const topic = account.topic("t.fifo", { contentBasedDeduplication: false, throughputScope: "Topic" });
  const queue = account.queueFor(topic, "q.fifo", { fifo: fifoQueue });
  topic.subscribe("sqs", queue.arn);
  const { sequenceNumber } = topic.publish("text", { messageGroupId: "g", messageDeduplicationId: "d" });
  expect(sequenceNumber).toMatch(/^\d{20}$/);
  await account.advance(second);
  const [message] = account.receive(queue);
  expect(message).toMatchObject({ messageGroupId: "g", messageDeduplicationId: "d" });
  expect(JSON.parse(message!.body)).toMatchObject({ Type: "Notification", TopicArn: topic.arn, Message: "text" });
});

/** How many messages, each of the next of so many groups, a topic takes at one instant. */
function admitted({ topic }: FanOut, groups: number): number {
  for (let count = 0; ; count++) {
    try {
      topic.publish("x", { messageGroupId: String(count % groups), messageDeduplicationId: String(count) });
    } catch {
      return count;
    }
  }
}

documented(
  quotas,
  "takes 3,000 messages a second, or by groups 300 of each and what the region allows of all",
  async () => {
    expect(admitted(new FanOut(), 1)).toBe(3_000);
    expect(admitted(new FanOut({ throughputScope: "MessageGroup" }), 1)).toBe(300);
    expect(
      admitted(new FanOut({ throughputScope: "MessageGroup" }, { "sns.fifoGroupMessagesPerSecond": 1e6 }), 7),
    ).toBe(30_000);
    const system = new FanOut();
    admitted(system, 1);
    const more = () => system.topic.publish("more", { messageGroupId: "g", messageDeduplicationId: "more" });
    expect(refusal(more)).toMatchObject({ code: "Throttled", statusCode: 429 });
    await system.account.advance(second / 10);
    expect(more().messageId).toEqual(expect.any(String));
  },
);

assumed(
  "a queue takes 300 calls a second and a topic gives it 3,000 messages, so calls of ten messages have to be among them",
  "delivers what is due at one time by calls of ten messages",
  async () => {
    const system = new FanOut({}, { "sqs.fifoCallsPerSecond": 2, "sns.deliveryMedianMs": 0 });
    system.publish(...numbered("a", 20));
    await system.account.advance(100);
    expect(system.queue.counts().visible).toBe(20);
  },
);

documented(delivery, "tries again, in order, when a queue has had too many calls", async () => {
  const system = new FanOut({}, { "sqs.fifoCallsPerSecond": 1 });
  for (const message of numbered("a", 5)) {
    system.publish(message);
    await system.account.advance(50);
  }
  await system.account.advance(minute);
  expect(system.bodies()).toEqual(numbered("a", 5));
});

documented(creating, "has a name that ends with .fifo, which no standard topic's does", () => {
  const account = new TestAccount();
  const fifo: FifoTopicSettings = { contentBasedDeduplication: false, throughputScope: "Topic" };
  expect(refusal(() => account.topic("t", fifo)).message).toContain("Fifo Topic names must end with .fifo");
  expect(refusal(() => account.topic("t.fifo")).message).toBe("Invalid parameter: Topic Name");
});
