/** Event source mappings that read a FIFO queue: concurrency by groups, order in each, errors, partial answers, settings. */
import fc from "fast-check";
import { expect } from "vitest";
import type { FifoSettings, Queue, QueueSettings } from "../../src/emulator/account.ts";
import type { MappingSettings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { hour, minute, type Program, refusal, second, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";
const scaling = `${guide}/services-sqs-scaling.html`;
const errorHandling = `${guide}/services-sqs-errorhandling.html`;
const parameters = `${guide}/services-sqs-parameters.html`;
const withSqs = `${guide}/with-sqs.html`;
const sqsGuide = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";
const deadLetterQueues = `${sqsGuide}/sqs-dead-letter-queues.html`;
const throttling = `${sqsGuide}/troubleshooting-fifo-throttling-issues.html`;

const fifo: FifoSettings = {
  contentBasedDeduplication: false,
  deduplicationScope: "queue",
  throughputLimit: "perQueue",
};

interface SqsRecord {
  messageId: string;
  body: string;
}

/** A FIFO queue that a function reads, which takes a second for each message; a message is `<group><number>`, such as `a1`. */
class Pipe {
  readonly account: TestAccount;
  readonly deadLetters: Queue;
  readonly queue: Queue;
  /** Messages whose every attempt fails. */
  readonly poison = new Set<string>();
  running = 0;
  peak = 0;
  /** The most messages of one group that were worked at one time. */
  mostOfAGroup = 0;
  readonly #runningOf = new Map<string, number>();

  constructor(mapping: MappingSettings = {}, settings: Partial<QueueSettings> = {}, maxReceiveCount?: number) {
    this.account = new TestAccount({ constants: { "mapping.overheadMs": 100 } });
    this.deadLetters = this.account.queue("dead.fifo", { fifo });
    const redrivePolicy = maxReceiveCount ? { deadLetterTargetArn: this.deadLetters.arn, maxReceiveCount } : null;
    this.queue = this.account.queue("q.fifo", { fifo, visibilityTimeoutMs: 60 * second, redrivePolicy, ...settings });
    const program: Program = async ({ Records }: { Records: SqsRecord[] }, { clock }) => {
      this.peak = Math.max(this.peak, ++this.running);
      const failed: SqsRecord[] = [];
      for (const record of Records) {
        const group = record.body[0]!;
        const running = (this.#runningOf.get(group) ?? 0) + 1;
        this.#runningOf.set(group, running);
        this.mostOfAGroup = Math.max(this.mostOfAGroup, running);
        await clock.sleep(second);
        this.#runningOf.set(group, running - 1);
        if (failed.length > 0 || this.poison.has(record.body)) failed.push(record);
        else this.account.note(record.body);
      }
      this.running--;
      if (mapping.reportBatchItemFailures) {
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      }
      if (failed.length > 0) throw new Error("a message failed");
    };
    const fn = this.account.fn("worker", program, { timeoutMs: 30 * second });
    this.account.map(this.queue, fn, mapping);
  }

  send(...bodies: string[]): void {
    for (const body of bodies) this.queue.send(body, { messageGroupId: body[0]!, messageDeduplicationId: body });
  }

  /** The messages that were worked, in this order. */
  get worked(): string[] {
    return this.account.trace.map(([, body]) => body);
  }

  workedOf(group: string): string[] {
    return this.worked.filter((body) => body.startsWith(group));
  }
}

function numbered(group: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${group}${index + 1}`);
}

documented(scaling, "works one group's messages one after the other, and in order", async () => {
  const pipe = new Pipe();
  pipe.send(...numbered("a", 30));
  await pipe.account.advance(minute);
  expect([pipe.peak, pipe.worked]).toEqual([1, numbered("a", 30)]);
  const times = pipe.account.trace.map(([at]) => at);
  for (let index = 1; index < times.length; index++) expect(times[index]! - times[index - 1]!).toBeGreaterThan(second);
});

documented(scaling, "works as many groups at a time as have messages", async () => {
  const pipe = new Pipe();
  const groups = [..."abcdefghij"];
  for (let number = 1; number <= 20; number++) pipe.send(...groups.map((group) => `${group}${number}`));
  await pipe.account.advance(minute);
  expect(pipe.peak).toBe(10);
  for (const group of groups) expect(pipe.workedOf(group)).toEqual(numbered(group, 20));
});

documented(scaling, "works no more groups at a time than MaximumConcurrency", async () => {
  const pipe = new Pipe({ maximumConcurrency: 3 });
  for (let number = 1; number <= 5; number++) pipe.send(...[..."abcdefghij"].map((group) => `${group}${number}`));
  await pipe.account.advance(minute);
  expect([pipe.peak, pipe.worked.length]).toEqual([3, 50]);
});

assumed(
  "AWS says that it scales with the active groups; how many pollers look at a blocked queue it does not say",
  "adds no pollers for messages whose groups are blocked",
  async () => {
    const pipe = new Pipe();
    pipe.send(...numbered("a", 100));
    await pipe.account.advance(5 * minute);
    expect(pipe.account.total(pipe.queue, "NumberOfEmptyReceives")).toBeLessThan(5 * 5 * 3);
  },
);

documented(scaling, "never works two messages of a group at a time, nor out of order, whatever fails", async () => {
  const run = fc.record({
    batchSize: fc.integer({ min: 1, max: 10 }),
    reportBatchItemFailures: fc.boolean(),
    groups: fc.integer({ min: 1, max: 4 }),
    failing: fc.uniqueArray(fc.nat(39), { maxLength: 6 }),
    maxReceiveCount: fc.integer({ min: 2, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ batchSize, reportBatchItemFailures, groups, failing, maxReceiveCount }) => {
      const pipe = new Pipe({ batchSize, reportBatchItemFailures }, {}, maxReceiveCount);
      const names = [..."abcd"].slice(0, groups);
      const bodies = Array.from(
        { length: 40 },
        (_, index) => `${names[index % groups]}${Math.floor(index / groups) + 1}`,
      );
      for (const index of failing) pipe.poison.add(bodies[index]!);
      pipe.send(...bodies);
      await pipe.account.advance(2 * hour);
      expect([pipe.mostOfAGroup, pipe.peak <= groups]).toEqual([1, true]);
      const dead: string[] = [];
      for (let letters = pipe.account.receive(pipe.deadLetters); letters.length > 0; ) {
        dead.push(...letters.map(({ body }) => body));
        for (const letter of letters) pipe.deadLetters.delete(letter);
        letters = pipe.account.receive(pipe.deadLetters);
      }
      const done = new Set([...pipe.worked, ...dead]);
      expect([...done].sort()).toEqual([...bodies].sort());
      for (const group of names) {
        const firsts = [...new Set(pipe.workedOf(group))].map((body) => Number(body.slice(1)));
        expect(firsts).toEqual(firsts.toSorted((one, other) => one - other));
      }
    }),
    { numRuns: 25 },
  );
});

documented(errorHandling, "has batches of several groups, and keeps the order in each", async () => {
  const pipe = new Pipe({ batchSize: 10 });
  pipe.send(...numbered("a", 4), ...numbered("b", 4), ...numbered("c", 4));
  await pipe.account.advance(minute);
  expect(pipe.account.trace.length).toBe(12);
  for (const group of "abc") expect(pipe.workedOf(group)).toEqual(numbered(group, 4));
});

documented(errorHandling, "gives no message of a group until a failed one's visibility timeout is over", async () => {
  const pipe = new Pipe();
  pipe.poison.add("a2");
  pipe.send(...numbered("a", 3), ...numbered("b", 3));
  await pipe.account.advance(59 * second);
  expect([pipe.workedOf("a"), pipe.workedOf("b")]).toEqual([["a1"], numbered("b", 3)]);
  pipe.poison.clear();
  await pipe.account.advance(10 * second);
  expect(pipe.workedOf("a")).toEqual(numbered("a", 3));
});

documented(
  errorHandling,
  "leaves what a partial answer names, the first that failed and all after it, in its order",
  async () => {
    const pipe = new Pipe({ batchSize: 5, reportBatchItemFailures: true });
    pipe.poison.add("a3");
    pipe.send(...numbered("a", 5));
    await pipe.account.advance(30 * second);
    expect([pipe.worked, pipe.queue.counts().inFlight]).toEqual([["a1", "a2"], 3]);
    pipe.poison.clear();
    await pipe.account.advance(minute);
    expect(pipe.worked).toEqual(numbered("a", 5));
  },
);

documented(deadLetterQueues, "holds up a poison message's own group alone, until it is dead-lettered", async () => {
  const pipe = new Pipe({}, {}, 3);
  pipe.poison.add("a1");
  pipe.send(...numbered("a", 3), ...numbered("b", 3));
  await pipe.account.advance(3 * minute - 1);
  expect([pipe.workedOf("a"), pipe.workedOf("b")]).toEqual([[], numbered("b", 3)]);
  await pipe.account.advance(10 * second);
  expect(pipe.workedOf("a")).toEqual(["a2", "a3"]);
  expect(pipe.account.receive(pipe.deadLetters).map(({ body }) => body)).toEqual(["a1"]);
});

documented(withSqs, "gives a function the group, the number and the deduplication id of each message", async () => {
  const account = new TestAccount();
  const queue = account.queue("q.fifo", { fifo });
  // biome-ignore lint/suspicious/noExplicitAny: an event has the form that its test expects
  const seen: any[] = [];
  const fn = account.fn("fn", async (event) => void seen.push(JSON.parse(JSON.stringify(event))));
  account.map(queue, fn);
  const { sequenceNumber } = queue.send("x", { messageGroupId: "g", messageDeduplicationId: "d" });
  await account.advance(second);
  expect(seen[0].Records[0].attributes).toEqual({
    ApproximateReceiveCount: "1",
    SentTimestamp: expect.any(String),
    SequenceNumber: sequenceNumber,
    MessageGroupId: "g",
    SenderId: expect.any(String),
    MessageDeduplicationId: "d",
    ApproximateFirstReceiveTimestamp: expect.any(String),
  });
  expect(seen[0].Records[0].eventSourceARN).toBe(queue.arn);
});

measured(
  "https://github.com/aws/aws-lambda-dotnet/pull/1758",
  "refuses a batching window, and so a batch of more than 10",
  () => {
    const window = refusal(() => new Pipe({ batchingWindowMs: second }));
    expect([window.code, window.message]).toEqual([
      "InvalidParameterValueException",
      "Batching window is not supported for FIFO queues",
    ]);
    expect(refusal(() => new Pipe({ batchSize: 100, batchingWindowMs: 5 * second })).message).toBe(window.message);
    expect(refusal(() => new Pipe({ batchSize: 11 })).message).toBe(
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    );
  },
);

documented(parameters, "has batches of up to 10", () => {
  expect(new Pipe({ batchSize: 10 }).queue.counts().visible).toBe(0);
});

documented(throttling, "receives and deletes again later when the queue has had too many calls", async () => {
  const account = new TestAccount({ constants: { "sqs.fifoCallsPerSecond": 5 } });
  const queue = account.queue("q.fifo", { fifo, visibilityTimeoutMs: hour });
  let worked = 0;
  account.map(
    queue,
    account.fn("fn", async () => void worked++),
  );
  for (let id = 0; id < 60; id++) {
    queue.send(String(id), { messageGroupId: String(id), messageDeduplicationId: String(id) });
  }
  await account.advance(5 * second);
  expect(worked).toBeGreaterThan(15);
  expect(worked).toBeLessThanOrEqual(30);
  await account.advance(30 * second);
  expect([worked, queue.counts()]).toEqual([60, { visible: 0, inFlight: 0, delayed: 0 }]);
});

measured(
  "https://github.com/localstack/localstack/pull/12442, whose test was run on AWS",
  "works a message again whose visibility timeout was over before it could be deleted",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("q.fifo", { fifo, visibilityTimeoutMs: 10 * second });
    let attempts = 0;
    const fn = account.fn("fn", async (_, { clock }) => clock.sleep(++attempts === 1 ? 12 * second : second), {
      timeoutMs: 10 * second,
    });
    account.map(queue, fn);
    fn.configure({ timeoutMs: 20 * second });
    queue.send("x", { messageGroupId: "g", messageDeduplicationId: "d" });
    await account.advance(minute);
    expect([attempts, queue.counts().inFlight]).toEqual([2, 0]);
  },
);
