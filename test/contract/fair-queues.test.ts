/** Fair queues: standard queues whose messages have groups. Who is a noisy tenant, and whose messages come first. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Queue, ReceivedMessage } from "../../src/emulator/account.ts";
import { hour, minute, refusal, second, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const sqsGuide = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";
const fair = `${sqsGuide}/sqs-fair-queues-detailed.html`;
const metricsPage = `${sqsGuide}/sqs-available-cloudwatch-metrics.html`;
const lab = "https://github.com/clep-raggedcloth/sqs-fair-queues-lab, July 2026";
const sending = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html";

/** Ten seconds until a noisy tenant is found, none until the old backlog is sorted, as far as nothing else is asked. */
const quick = { "sqs.noisyDetectionMs": 10 * second, "sqs.fairResortMs": 0 };

function fairQueue(constants: Record<string, number> = quick) {
  const account = new TestAccount({ constants });
  const queue = account.queue("queue", { visibilityTimeoutMs: 12 * hour });
  const send = (group: string | undefined, count: number) => {
    for (let index = 0; index < count; index++) {
      queue.send(group ?? "none", group === undefined ? {} : { messageGroupId: group });
    }
  };
  return { account, queue, send, receive: (maximum = 10) => account.receive(queue, maximum) };
}

/** Takes so many into flight. */
function hold(account: TestAccount, queue: Queue, count: number): ReceivedMessage[] {
  const held: ReceivedMessage[] = [];
  while (held.length < count) held.push(...account.receive(queue, Math.min(10, count - held.length)));
  return held;
}

const groups = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body);

/** The latest of a queue's metric by the minute. */
function latest(account: TestAccount, queue: Queue, metric: string): number | undefined {
  return account.observed(queue, metric).at(-1)?.value;
}

/** Tenant A has 100 messages, of which so many are in flight, and is looked at for half a minute; then B and A send one more each. */
async function afterLoad(inFlightOfA: number, inFlightOfOthers: number) {
  const world = fairQueue();
  const { account, queue, send } = world;
  send("A", inFlightOfA);
  for (let index = 0; index < inFlightOfOthers; index++) send(`other-${index}`, 1);
  hold(account, queue, inFlightOfA + inFlightOfOthers);
  send("A", 100);
  await account.advance(30 * second);
  send("B", 1);
  return world;
}

documented(
  fair,
  "gives a quiet tenant's message before those of one with over 10% and at least 30 in flight",
  async () => {
    const { receive } = await afterLoad(30, 100);
    expect(groups(receive(3))).toEqual(["B", "A", "A"]);
  },
);

for (const [inFlight, others, why] of [
  [29, 10, "fewer than 30 messages in flight"],
  [30, 270, "a tenth of the messages in flight"],
] as const) {
  documented(fair, `calls no tenant noisy with ${why}`, async () => {
    const { receive } = await afterLoad(inFlight, others);
    expect(groups(receive(3))).toEqual(["A", "A", "A"]);
  });
}

documented(fair, "treats a message without a group as a tenant of its own, and as a quiet one", async () => {
  const { receive, send } = await afterLoad(40, 0);
  send(undefined, 50);
  const received = groups([...receive(), ...receive(), ...receive(), ...receive(), ...receive(), ...receive()]);
  expect(received.slice(0, 51)).toEqual(["B", ...Array(50).fill("none")]);
  expect(received.slice(51)).toEqual(Array(9).fill("A"));
});

documented(fair, "gives messages without a group in the order of sending, however many are in flight", async () => {
  const { account, queue, send, receive } = fairQueue();
  send("A", 1);
  send(undefined, 200);
  hold(account, queue, 101);
  await account.advance(minute);
  send("B", 1);
  expect(groups(receive(10))).toEqual(Array(10).fill("none"));
  await account.advance(minute);
  expect(latest(account, queue, "ApproximateNumberOfNoisyGroups")).toBe(0);
});

documented(
  fair,
  "gives the messages of a noisy tenant when no quiet tenant has any: it is neither dropped nor throttled",
  async () => {
    const { receive } = await afterLoad(40, 0);
    expect(groups([...receive(), ...receive()])).toEqual(["B", ...Array(19).fill("A")]);
  },
);

documented(fair, "gives those of the noisy tenant with the fewest messages in flight first", async () => {
  const { account, queue, send, receive } = fairQueue();
  send("A", 60);
  send("B", 40);
  hold(account, queue, 100);
  send("A", 30);
  send("B", 30);
  await account.advance(30 * second);
  expect(groups([...receive(), ...receive(), ...receive()])).toEqual([
    ...Array(20).fill("B"),
    // From here both have 60 in flight, or one more.
    ...Array.from({ length: 10 }, () => expect.stringMatching(/[AB]/)),
  ]);
  await account.advance(minute);
  expect(latest(account, queue, "ApproximateNumberOfNoisyGroups")).toBe(2);
});

documented(fair, "ends a tenant's being noisy when its backlog is empty", async () => {
  const { account, queue, send, receive } = await afterLoad(40, 0);
  expect(hold(account, queue, 101)).toHaveLength(101);
  await account.advance(2 * second);
  send("A", 1);
  send("B", 1);
  expect(groups(receive(2))).toEqual(["A", "B"]);
});

documented(fair, "ends a tenant's being noisy when none of its messages was in flight for five minutes", async () => {
  const world = fairQueue();
  const { account, queue, send, receive } = world;
  send("A", 140);
  const held = hold(account, queue, 40);
  await account.advance(30 * second);
  for (const message of held) queue.delete(message);
  await account.advance(4 * minute);
  send("B", 1);
  expect(groups(receive(1))).toEqual(["B"]);
  await account.advance(2 * minute);
  send("B", 1);
  expect(groups(receive(2))).toEqual(["A", "A"]);
});

measured(lab, "finds a noisy tenant in the first or second minute, by default", async () => {
  const { account, queue, send } = fairQueue({});
  send("A", 200);
  hold(account, queue, 100);
  await account.advance(2 * minute);
  const flags = account.observed(queue, "ApproximateNumberOfNoisyGroups").map(({ value }) => value);
  expect(flags).toEqual([0, 1]);
});

measured(lab, "finds none in ten minutes with 20 messages in flight, 18 of them one tenant's, by default", async () => {
  const { account, queue, send } = fairQueue({});
  send("A", 18);
  send("B", 2);
  hold(account, queue, 20);
  send("A", 1_000);
  await account.advance(10 * minute);
  const flags = account.observed(queue, "ApproximateNumberOfNoisyGroups").map(({ value }) => value);
  expect(flags).toEqual(Array(10).fill(0));
});

documented(fair, "finds a tenant of few messages by its share of the time that messages take, in the end", async () => {
  const { account, queue, send, receive } = fairQueue({ ...quick, "sqs.noisyProcessingMs": 5 * minute });
  send("A", 100);
  for (let index = 0; index < 7; index++) send(`other-${index}`, 1);
  send("A", 1);
  hold(account, queue, 2);
  await account.advance(4 * minute);
  send("B", 1);
  expect(groups(receive(1))).toEqual(["A"]);
  await account.advance(2 * minute);
  expect(groups(receive(1))).toEqual(["other-0"]);
});

measured(
  lab,
  "lets messages that waited before go on waiting for minutes, while later ones pass within a second",
  async () => {
    const { account, queue, send, receive } = fairQueue({ "sqs.noisyDetectionMs": 10 * second });
    send("A", 140);
    send("early", 1);
    hold(account, queue, 40);
    await account.advance(30 * second);
    send("late", 1);
    expect(groups(receive(3))).toEqual(["late", "A", "A"]);
    await account.advance(200 * second);
    expect(groups(receive(3))).toEqual(["early", "A", "A"]);
  },
);

documented(metricsPage, "tells CloudWatch of its noisy groups, and of the messages of the others", async () => {
  const { account, queue, send } = await afterLoad(40, 5);
  send("B", 6);
  queue.send("B", { messageGroupId: "B", delayMs: 10 * minute });
  await account.advance(minute);
  expect(latest(account, queue, "ApproximateNumberOfNoisyGroups")).toBe(1);
  expect(latest(account, queue, "ApproximateNumberOfMessagesVisible")).toBe(107);
  expect(latest(account, queue, "ApproximateNumberOfMessagesVisibleInQuietGroups")).toBe(7);
  expect(latest(account, queue, "ApproximateNumberOfMessagesNotVisibleInQuietGroups")).toBe(5);
  expect(latest(account, queue, "ApproximateNumberOfMessagesDelayedInQuietGroups")).toBe(1);
  // 30 s are over when B sends, and the minute is full 30 s later.
  expect(latest(account, queue, "ApproximateAgeOfOldestMessageInQuietGroups")).toBe(60);
});

documented(
  metricsPage,
  "counts neither a noisy group's delayed messages nor its age among the quiet ones",
  async () => {
    const { account, queue, send } = fairQueue();
    queue.send("A", { messageGroupId: "A", delayMs: 90 * second });
    send("A", 1);
    await account.advance(2 * second);
    send("A", 139);
    hold(account, queue, 40);
    await account.advance(28 * second);
    send("B", 1);
    await account.advance(30 * second);
    expect(latest(account, queue, "ApproximateNumberOfMessagesDelayed")).toBe(1);
    expect(latest(account, queue, "ApproximateNumberOfMessagesDelayedInQuietGroups")).toBe(0);
    expect(latest(account, queue, "ApproximateAgeOfOldestMessage")).toBe(60);
    expect(latest(account, queue, "ApproximateAgeOfOldestMessageInQuietGroups")).toBe(30);
    await account.advance(minute);
    expect(latest(account, queue, "ApproximateNumberOfMessagesDelayed")).toBe(0);
    expect(latest(account, queue, "ApproximateNumberOfMessagesDelayedInQuietGroups")).toBe(0);
    expect(latest(account, queue, "ApproximateNumberOfMessagesVisibleInQuietGroups")).toBe(1);
  },
);

documented(fair, "goes on to the next noisy tenant when one has nothing left", async () => {
  const { account, queue, send, receive } = fairQueue();
  send("A", 60);
  send("B", 40);
  hold(account, queue, 100);
  send("A", 30);
  send("B", 2);
  await account.advance(30 * second);
  expect(groups(receive())).toEqual(["B", "B", ...Array(8).fill("A")]);
});

assumed(
  "AWS says when a tenant's being noisy ends, and nothing that would keep its later messages back",
  "keeps nothing of a tenant back that was noisy for less time than it takes to sort the old backlog",
  async () => {
    const { account, queue, send, receive } = fairQueue({
      "sqs.noisyDetectionMs": 10 * second,
      "sqs.fairResortMs": minute,
    });
    send("A", 50);
    const held = hold(account, queue, 40);
    await account.advance(15 * second);
    hold(account, queue, 10);
    for (const message of held.slice(0, 30)) queue.delete(message);
    await account.advance(5 * second);
    send("A", 5);
    await account.advance(minute);
    expect(groups(receive())).toEqual(Array(5).fill("A"));
  },
);

assumed(
  "a dead-letter queue of a FIFO queue keeps the group; AWS says nothing of fair queues' that would differ",
  "moves a message with its group to the dead-letter queue",
  async () => {
    const account = new TestAccount();
    const deadLetters = account.queue("dead-letters");
    const redrivePolicy = { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1 };
    const queue = account.queue("queue", { visibilityTimeoutMs: second, redrivePolicy });
    queue.send("grouped", { messageGroupId: "tenant-1" });
    queue.send("alone");
    account.receive(queue);
    await account.advance(second);
    account.receive(queue);
    expect(account.receive(deadLetters).map(({ body, messageGroupId }) => [body, messageGroupId])).toEqual([
      ["grouped", "tenant-1"],
      ["alone", undefined],
    ]);
  },
);

documented(metricsPage, "reports nothing of groups for a queue whose messages have none", async () => {
  const { account, send } = fairQueue();
  send(undefined, 10);
  await account.advance(3 * minute);
  expect(account.observations.filter(({ name }) => name.includes("Groups"))).toEqual([]);
});

documented(
  sending,
  "takes a group of 1 to 128 letters, digits and punctuation marks, and gives it with the message",
  () => {
    const { account, queue } = fairQueue();
    for (const messageGroupId of ["", "x".repeat(129), "ä", "a b"]) {
      expect(refusal(() => queue.send("text", { messageGroupId }))).toMatchObject({
        code: "InvalidParameterValue",
        message: expect.stringContaining("MessageGroupId can only include"),
      });
    }
    queue.send("text", { messageGroupId: "tenant-1" });
    queue.send("text");
    expect(account.receive(queue).map(({ messageGroupId }) => messageGroupId)).toEqual(["tenant-1", undefined]);
  },
);

const step = fc.record({
  sent: fc.array(fc.constantFrom("A", "A", "A", "B", "C", undefined), { maxLength: 60, size: "max" }),
  received: fc.nat(8),
  deleted: fc.double({ min: 0, max: 1, noNaN: true }),
  seconds: fc.integer({ min: 1, max: 90 }),
});

it("gives as many messages as a queue without groups does, each once, whoever is noisy [documented: fair queues do not reduce the total]", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 0, max: 60 }),
      async (steps, resortSeconds) => {
        const { account, queue } = fairQueue({ ...quick, "sqs.fairResortMs": resortSeconds * second });
        let sent = 0;
        const received: string[] = [];
        let held: ReceivedMessage[] = [];
        for (const { sent: tenants, received: receives, deleted, seconds } of steps) {
          for (const messageGroupId of tenants)
            queue.send(String(sent++), messageGroupId === undefined ? {} : { messageGroupId });
          for (let index = 0; index < receives; index++) {
            const { visible } = queue.counts();
            const messages = account.receive(queue);
            expect(messages).toHaveLength(Math.min(10, visible));
            held.push(...messages);
            received.push(...messages.map(({ body }) => body));
          }
          const left = Math.floor(held.length * (1 - deleted));
          for (const message of held.slice(left)) queue.delete(message);
          held = held.slice(0, left);
          await account.advance(seconds * second);
        }
        for (let rest = account.receive(queue); rest.length > 0; rest = account.receive(queue)) {
          received.push(...rest.map(({ body }) => body));
        }
        expect(received.toSorted((a, b) => Number(a) - Number(b))).toEqual(
          Array.from({ length: sent }, (_, id) => String(id)),
        );
      },
    ),
    { numRuns: 40, seed: 13 },
  );
});

/** The waits, in seconds, of a quiet tenant's messages: one of ten, of which another sends nine tenths of what is sent. */
async function quietWaits(withGroups: boolean, maximumConcurrency: number, seconds: number): Promise<number[]> {
  const account = new TestAccount({ constants: { "mapping.pollersPerMinute": 6_000 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: hour });
  const waits: number[] = [];
  const fn = account.fn(
    "fn",
    async ({ Records: [record] }, { clock }) => {
      const { tenant, at } = JSON.parse(record.body);
      if (tenant !== "noisy") waits.push((account.now - at) / second);
      await clock.sleep(2 * second);
    },
    { timeoutMs: minute },
  );
  account.map(queue, fn, { maximumConcurrency });
  // A fifth more than it can take.
  const perSecond = 0.6 * maximumConcurrency;
  for (let sent = 0; sent < perSecond * seconds; sent++) {
    const tenant = sent % 10 === 0 ? `quiet-${(sent / 10) % 9}` : "noisy";
    const at = (sent / perSecond) * second;
    account.kernel.at(account.kernel.now - account.now + at, () => {
      queue.send(JSON.stringify({ tenant, at }), withGroups ? { messageGroupId: tenant } : {});
    });
  }
  await account.advance(2 * seconds * second);
  return waits;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

documented(
  fair,
  "spares the quiet tenants the wait behind a noisy one, with a hundred invocations at once",
  async () => {
    const alike = await quietWaits(false, 100, 300);
    const fairly = await quietWaits(true, 100, 300);
    expect(fairly).toHaveLength(alike.length);
    // In the last minute of sending: over half a minute behind everybody, or next to none.
    const late = Math.floor(alike.length * 0.8);
    expect(mean(alike.slice(late))).toBeGreaterThan(30);
    expect(mean(fairly.slice(late))).toBeLessThan(3);
  },
);

measured(lab, "spares them nothing with MaximumConcurrency 20, where the noisy tenant is not found", async () => {
  const alike = await quietWaits(false, 20, 300);
  expect(await quietWaits(true, 20, 300)).toEqual(alike);
});
