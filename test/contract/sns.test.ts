/** SNS: fan-out, the forms of a message, delivery retries and the subscription's dead-letter queue. */
import { expect } from "vitest";
import { randomStream } from "../../src/emulator/kernel/random.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { retryDelayMs } from "../../src/emulator/sns/delivery-retries.ts";
import { calm, hour, minute, permit, refusal, second, start, TestAccount, writableBy } from "./account.ts";
import { assumed, documented } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/sns/latest/dg";
const retries = `${guide}/sns-message-delivery-retries.html`;
const deadLetterQueues = `${guide}/sns-dead-letter-queues.html`;
const subscribingQueues = `${guide}/subscribe-sqs-queue-to-sns-topic.html`;
const formats = `${guide}/sns-message-and-json-formats.html`;
const raw = `${guide}/sns-large-payload-raw-message-delivery.html`;
const monitoring = `${guide}/sns-monitoring-using-cloudwatch.html`;
const publishing = "https://docs.aws.amazon.com/sns/latest/api/API_Publish.html";
const subscribing = "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html";

const delivered = "NumberOfNotificationsDelivered";
const failed = "NumberOfNotificationsFailed";

documented(
  "https://docs.aws.amazon.com/sns/latest/dg/sns-common-scenarios.html",
  "delivers each message to every subscription",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const queues = ["one", "two"].map((name) => account.queueFor(topic, name));
    for (const queue of queues) topic.subscribe("sqs", queue.arn);
    const fn = account.fn("fn", async ({ Records }) => account.note(Records[0].Sns.Message));
    permit(fn, topic);
    topic.subscribe("lambda", fn.arn);
    topic.publish("a");
    topic.publish("b");
    await account.advance(minute);
    for (const queue of queues) expect(account.drain(queue).map(({ Message }) => Message)).toEqual(["a", "b"]);
    expect(account.trace.map(([, what]) => what)).toEqual(["a", "b"]);
    expect(account.total(topic, "NumberOfMessagesPublished")).toBe(2);
    expect(account.total(topic, delivered)).toBe(6);
  },
);

documented(formats, "wraps the message of a queue in a JSON envelope", async () => {
  const account = new TestAccount();
  const topic = account.topic("topic");
  const queue = account.queueFor(topic, "queue");
  topic.subscribe("sqs", queue.arn);
  const { messageId } = topic.publish("text", {
    subject: "subject",
    messageAttributes: { kind: { DataType: "String", StringValue: "order" } },
  });
  await account.advance(second);
  expect(account.drain(queue)).toEqual([
    {
      Type: "Notification",
      MessageId: messageId,
      TopicArn: topic.arn,
      Subject: "subject",
      Message: "text",
      Timestamp: new Date(start).toISOString(),
      SignatureVersion: "1",
      Signature: expect.any(String),
      SigningCertURL: expect.any(String),
      UnsubscribeURL: expect.any(String),
      MessageAttributes: { kind: { Type: "String", Value: "order" } },
    },
  ]);
});

documented(formats, "leaves subject and attributes out of the envelope of a message that has none", async () => {
  const account = new TestAccount();
  const topic = account.topic("topic");
  const queue = account.queueFor(topic, "queue");
  topic.subscribe("sqs", queue.arn);
  topic.publish("text");
  await account.advance(second);
  const [envelope] = account.drain(queue);
  expect(envelope).not.toHaveProperty("Subject");
  expect(envelope).not.toHaveProperty("MessageAttributes");
});

documented(raw, "delivers the message alone, attributes as the queue's, with raw message delivery", async () => {
  const account = new TestAccount();
  const topic = account.topic("topic");
  const queue = account.queueFor(topic, "queue");
  topic.subscribe("sqs", queue.arn, { rawMessageDelivery: true });
  const messageAttributes = { kind: { DataType: "String", StringValue: "order" } };
  topic.publish("text", { messageAttributes });
  await account.advance(second);
  expect(account.receive(queue)).toMatchObject([{ body: "text", messageAttributes }]);
});

documented(
  "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html",
  "invokes a function with one record per event",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const events: unknown[] = [];
    const fn = account.fn("fn", async (event) => events.push(event));
    permit(fn, topic);
    const subscription = topic.subscribe("lambda", fn.arn);
    const { messageId } = topic.publish("text");
    await account.advance(second);
    expect(events).toEqual([
      {
        Records: [
          {
            EventSource: "aws:sns",
            EventVersion: "1.0",
            EventSubscriptionArn: subscription.arn,
            Sns: {
              Type: "Notification",
              MessageId: messageId,
              TopicArn: topic.arn,
              Subject: null,
              Message: "text",
              Timestamp: new Date(start).toISOString(),
              SignatureVersion: "1",
              Signature: expect.any(String),
              SigningCertUrl: expect.any(String),
              UnsubscribeUrl: expect.any(String),
              MessageAttributes: {},
            },
          },
        ],
      },
    ]);
  },
);

documented(
  retries,
  "retries 3 times at once, 2 times after 1 s, 10 times from 1 to 20 s, 100,000 times after 20 s",
  () => {
    const constants = constantsOf("2026", calm);
    const random = randomStream(1, "any");
    const delay = (retry: number) => retryDelayMs(retry, constants, random);
    expect([1, 2, 3].map(delay)).toEqual([0, 0, 0]);
    expect([4, 5].map(delay)).toEqual([second, second]);
    const backoff = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((retry) => delay(retry)!);
    expect(backoff[0]).toBe(second);
    expect(backoff[9]).toBeCloseTo(20 * second);
    const ratios = backoff.slice(1).map((each, index) => each / backoff[index]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(20 ** (1 / 9));
    expect([16, 17, 50_000, 100_015].map(delay)).toEqual(Array(4).fill(20 * second));
    expect(delay(100_016)).toBeNull();
  },
);

documented(retries, "goes on for 23 days", () => {
  const constants = constantsOf("2026", calm);
  const random = randomStream(1, "any");
  let total = 0;
  let attempts = 0;
  for (let retry = 1; ; retry++) {
    const delay = retryDelayMs(retry, constants, random);
    if (delay === null) break;
    attempts++;
    total += delay;
  }
  expect(attempts).toBe(100_015);
  expect(Math.floor(total / (24 * hour))).toBe(23);
});

assumed("AWS says that the delays are jittered, not how", "jitters each delay by a share of it", () => {
  const constants = constantsOf("2026", { "sns.retryJitter": 0.2 });
  const random = randomStream(1, "any");
  const delays = Array.from({ length: 500 }, () => retryDelayMs(20, constants, random)!);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(16 * second);
  expect(Math.max(...delays)).toBeLessThanOrEqual(24 * second);
  expect(new Set(delays).size).toBeGreaterThan(400);
});

documented(retries, "delivers a message in the end when the endpoint's service fails now and then", async () => {
  const account = new TestAccount({ constants: { "sns.endpointFailureRate": 0.7 } });
  const topic = account.topic("topic");
  const queue = account.queueFor(topic, "queue");
  topic.subscribe("sqs", queue.arn, { rawMessageDelivery: true });
  for (let id = 1; id <= 50; id++) topic.publish(String(id));
  await account.advance(0);
  expect(queue.counts().visible).toBeGreaterThan(0);
  expect(queue.counts().visible).toBeLessThan(50);
  await account.advance(hour);
  expect(account.drain(queue).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(account.total(topic, failed)).toBe(0);
});

documented(
  deadLetterQueues,
  "moves a message to the subscription's dead-letter queue when the retries are used up",
  async () => {
    const account = new TestAccount({ constants: { "sns.endpointFailureRate": 1, "sns.postBackoffRetries": 3 } });
    const topic = account.topic("topic");
    const queue = account.queueFor(topic, "queue");
    const deadLetters = account.queueFor(topic, "dead-letters");
    topic.subscribe("sqs", queue.arn, { deadLetterTargetArn: deadLetters.arn });
    topic.publish("text");
    const random = randomStream(1, "any");
    const delays = Array.from({ length: 18 }, (_, index) =>
      Math.round(retryDelayMs(index + 1, account.constants, random)!),
    );
    const total = delays.reduce((sum, delay) => sum + delay, 0);
    await account.advance(total - 1);
    expect(deadLetters.counts().visible).toBe(0);
    await account.advance(1);
    expect(account.drain(deadLetters)).toMatchObject([{ Type: "Notification", Message: "text" }]);
    expect(account.total(topic, failed)).toBe(1);
    expect(account.total(topic, "NumberOfNotificationsRedrivenToDlq")).toBe(1);
    expect(queue.counts().visible).toBe(0);
  },
);

documented(
  deadLetterQueues,
  "does not retry a client error: the message goes to the dead-letter queue at once",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const deadLetters = account.queueFor(topic, "dead-letters");
    const [queue, fn] = [account.queueFor(topic, "queue"), account.sleeper("fn", 1)];
    permit(fn, topic);
    topic.subscribe("sqs", queue.arn, { deadLetterTargetArn: deadLetters.arn });
    topic.subscribe("lambda", fn.arn, { deadLetterTargetArn: deadLetters.arn });
    account.sqs.delete(queue.arn);
    account.lambda.delete(fn.name);
    topic.publish("text");
    await account.advance(0);
    expect(account.drain(deadLetters)).toHaveLength(2);
  },
);

documented(
  deadLetterQueues,
  "discards a message that cannot be delivered when the subscription has no dead-letter queue",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const queue = account.queueFor(topic, "queue");
    topic.subscribe("sqs", queue.arn);
    account.sqs.delete(queue.arn);
    topic.publish("text");
    await account.advance(hour);
    expect(account.total(topic, failed)).toBe(1);
    expect(account.total(topic, delivered)).toBe(0);
  },
);

documented(
  monitoring,
  "counts messages that the dead-letter queue refused, too, for example without a policy",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const deadLetters = account.queue("dead-letters");
    const queue = account.queue("queue");
    topic.subscribe("sqs", queue.arn, { deadLetterTargetArn: deadLetters.arn });
    topic.publish("text");
    await account.advance(second);
    expect(account.total(topic, "NumberOfNotificationsFailedToRedriveToDlq")).toBe(1);
    expect(deadLetters.counts().visible).toBe(0);
  },
);

documented(subscribingQueues, "needs a queue policy that lets this topic send", async () => {
  const account = new TestAccount();
  const [topic, other] = [account.topic("topic"), account.topic("other")];
  const queues = {
    open: account.queueFor(topic, "open"),
    closed: account.queue("closed"),
    foreign: account.queue("foreign", { policy: writableBy(other) }),
  };
  for (const queue of Object.values(queues)) topic.subscribe("sqs", queue.arn);
  topic.publish("text");
  await account.advance(second);
  expect(queues.open.counts().visible).toBe(1);
  expect(queues.closed.counts().visible + queues.foreign.counts().visible).toBe(0);
  expect(account.total(topic, failed)).toBe(2);
});

documented(
  "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html",
  "needs a permission of the function for this topic",
  async () => {
    const account = new TestAccount();
    const [topic, other] = [account.topic("topic"), account.topic("other")];
    const fn = account.fn("fn", async () => account.note("runs"));
    topic.subscribe("lambda", fn.arn);
    permit(fn, other);
    topic.publish("text");
    await account.advance(second);
    expect(account.trace).toEqual([]);
    fn.removePermission("sns");
    permit(fn, topic);
    topic.publish("text");
    await account.advance(second);
    expect(account.trace).toHaveLength(1);
  },
);

documented(
  "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html",
  "has delivered an event when Lambda has accepted it: it never retries for throttles",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const fn = account.sleeper("fn", hour, { reserved: 1 });
    permit(fn, topic);
    topic.subscribe("lambda", fn.arn);
    account.burst(fn, 1);
    topic.publish("text");
    await account.advance(0);
    expect(account.total(topic, delivered)).toBe(1);
    await account.advance(minute);
    expect(account.total(topic, failed)).toBe(0);
    expect(account.total(fn, "AsyncEventsReceived")).toBe(1);
    expect(account.total(fn, "Throttles")).toBeGreaterThan(1);
  },
);

assumed(
  "a queue's refusal of a message is the sender's fault, like any 4xx",
  "takes a message that is too large for the queue for a client error",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const queue = account.queueFor(topic, "queue", { maximumMessageBytes: 1_024 });
    topic.subscribe("sqs", queue.arn);
    topic.publish("x".repeat(2_000));
    await account.advance(hour);
    expect(account.total(topic, failed)).toBe(1);
  },
);

assumed(
  "tens of milliseconds are general knowledge; AWS publishes no figure",
  "delivers after a drawn time",
  async () => {
    const median = constantsOf("2026")["sns.deliveryMedianMs"];
    const account = new TestAccount({ constants: { "sns.deliveryMedianMs": median } });
    const topic = account.topic("topic");
    const queue = account.queueFor(topic, "queue");
    topic.subscribe("sqs", queue.arn);
    for (let id = 0; id < 400; id++) topic.publish("text");
    await account.advance(median);
    expect(queue.counts().visible).toBeGreaterThan(160);
    expect(queue.counts().visible).toBeLessThan(240);
    await account.advance(20 * median);
    expect(queue.counts().visible).toBe(400);
  },
);

documented(publishing, "refuses an empty message and one of more than 256 KB", () => {
  const topic = new TestAccount().topic("topic");
  expect(refusal(() => topic.publish("")).code).toBe("InvalidParameter");
  expect(refusal(() => topic.publish("x".repeat(262_145))).code).toBe("InvalidParameter");
  topic.publish("x".repeat(262_144));
});

documented(subscribing, "answers the same subscription made twice with the first one", () => {
  const account = new TestAccount();
  const topic = account.topic("topic");
  const queue = account.queueFor(topic, "queue");
  expect(topic.subscribe("sqs", queue.arn).arn).toBe(topic.subscribe("sqs", queue.arn).arn);
  expect(topic.subscriptions).toHaveLength(1);
});

documented(
  "https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html",
  "delivers nothing more after Unsubscribe",
  async () => {
    const account = new TestAccount();
    const topic = account.topic("topic");
    const queue = account.queueFor(topic, "queue");
    topic.unsubscribe(topic.subscribe("sqs", queue.arn).arn);
    topic.publish("text");
    await account.advance(minute);
    expect(queue.counts().visible).toBe(0);
  },
);
