/** The FIFO queue against a naive one, under whatever may be done to it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { FifoSettings, ReceivedMessage } from "../../../src/emulator/account.ts";
import { ServiceError } from "../../../src/emulator/service-error.ts";
import { minute, TestAccount } from "../../contract/account.ts";

const lookAhead = 4;
const inFlightLimit = 6;
const retentionMs = 70_000;
const fifo: FifoSettings = {
  contentBasedDeduplication: false,
  deduplicationScope: "queue",
  throughputLimit: "perQueue",
};

interface Message {
  body: string;
  group: string;
  sentAt: number;
  /** It is in flight or delayed until then. */
  until: number;
  isInFlight: boolean;
  receives: number;
}

/** Messages in the order of sending, searched whenever something is wanted of them. */
class NaiveFifo {
  messages: Message[] = [];
  dead: string[] = [];
  /** How many groups had messages in flight, minute by minute. */
  groupsInFlight: number[] = [];
  now = 0;

  constructor(
    private readonly delayMs: number,
    private readonly maxReceiveCount: number | null,
  ) {}

  advance(ms: number): void {
    const end = this.now + ms;
    for (let now = minute * (this.groupsInFlight.length + 1); now <= end; now += minute) {
      this.#passTo(now);
      this.messages = this.messages.filter((each) => each.until > now || each.sentAt + retentionMs > now);
      this.groupsInFlight.push(new Set(this.#inFlight().map(({ group }) => group)).size);
    }
    this.#passTo(end);
  }

  #passTo(now: number): void {
    this.now = now;
    for (const message of this.messages) if (message.until <= now) message.isInFlight = false;
  }

  #inFlight(): Message[] {
    return this.messages.filter(({ isInFlight }) => isInFlight);
  }

  send(body: string, group: string): void {
    const { now } = this;
    this.messages.push({ body, group, sentAt: now, until: now + this.delayMs, isInFlight: false, receives: 0 });
  }

  receive(maximum: number, visibilityMs: number): Message[] {
    const most = Math.min(maximum, inFlightLimit - this.#inFlight().length);
    const taken: Message[] = [];
    for (let group = this.firstOpen(); taken.length < most && group !== null; group = this.firstOpen()) {
      for (const message of this.messages.filter((each) => each.group === group)) {
        if (taken.length >= most || message.until > this.now) break;
        const isExpired = message.sentAt + retentionMs <= this.now;
        if (isExpired || (this.maxReceiveCount !== null && message.receives >= this.maxReceiveCount)) {
          if (!isExpired) this.dead.push(message.body);
          this.messages = this.messages.filter((each) => each !== message);
          continue;
        }
        message.receives++;
        message.isInFlight = true;
        message.until = this.now + visibilityMs;
        taken.push(message);
      }
    }
    return taken;
  }

  /** The group of the first message that may be received. */
  firstOpen(): string | null {
    const seen = new Set<string>();
    for (const { group, until } of this.messages.slice(0, lookAhead)) {
      if (seen.has(group)) continue;
      seen.add(group);
      const isBlocked = this.messages.some((each) => each.group === group && each.isInFlight);
      if (!isBlocked && until <= this.now) return group;
    }
    return null;
  }

  /** False: the receipt has expired. */
  delete(message: Message, receives: number): boolean {
    if (!this.messages.includes(message)) return true;
    if (!message.isInFlight || message.receives !== receives) return false;
    this.messages = this.messages.filter((each) => each !== message);
    return true;
  }

  counts() {
    const inFlight = this.#inFlight().length;
    const delayed = this.messages.filter(({ isInFlight, until }) => !isInFlight && until > this.now).length;
    return { visible: this.messages.length - inFlight - delayed, inFlight, delayed };
  }
}

it("has nothing to give when all of a group but a delayed message has expired", async () => {
  const account = new TestAccount();
  const queue = account.queue("q.fifo", { fifo, delayMs: 700, retentionMs });
  const send = (body: string) => queue.send(body, { messageGroupId: "a", messageDeduplicationId: body });
  send("a1");
  send("a2");
  await account.advance(retentionMs);
  send("a3");
  expect(account.receive(queue)).toEqual([]);
  expect(queue.hasAvailable).toBe(false);
  await account.advance(700);
  expect(account.receive(queue).map(({ body }) => body)).toEqual(["a3"]);
});

// No sum of the waits makes a timeout end at a whole minute, so that nobody sees whether it ends before or after the minute is counted.
const afterMs = fc.constantFrom(0, 0, 0, 1, 500, 2_000, 10_000, 45_000);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("send" as const), afterMs, group: fc.constantFrom(..."aaaabbcd") }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("receive" as const),
      afterMs,
      maximum: fc.integer({ min: 1, max: 5 }),
      visibilityMs: fc.constantFrom(0, 503, 5_003, 30_003),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("delete" as const), afterMs, receipt: fc.nat(50) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("visibility" as const),
      afterMs,
      receipt: fc.nat(50),
      ms: fc.constantFrom(0, 3_003),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("purge" as const), afterMs }) },
);

it("does as a naive FIFO queue does", async () => {
  const system = fc.record({
    steps: fc.array(step, { maxLength: 60, size: "max" }),
    delayMs: fc.constantFrom(0, 0, 700),
    maxReceiveCount: fc.option(fc.integer({ min: 1, max: 3 })),
  });
  await fc.assert(
    fc.asyncProperty(system, async ({ steps, delayMs, maxReceiveCount }) => {
      const constants = { "sqs.fifoLookAheadLimit": lookAhead, "sqs.fifoInFlightLimit": inFlightLimit };
      const account = new TestAccount({ constants });
      const deadLetters = account.queue("dead.fifo", { fifo });
      const redrivePolicy = maxReceiveCount === null ? null : { deadLetterTargetArn: deadLetters.arn, maxReceiveCount };
      const queue = account.queue("q.fifo", { fifo, delayMs, retentionMs, redrivePolicy });
      const naive = new NaiveFifo(delayMs, maxReceiveCount);
      const receipts: { real: ReceivedMessage; message: Message; receives: number }[] = [];
      let sent = 0;
      for (const each of steps) {
        await account.advance(each.afterMs);
        naive.advance(each.afterMs);
        if (each.kind === "send") {
          const body = `${each.group}${++sent}`;
          queue.send(body, { messageGroupId: each.group, messageDeduplicationId: body });
          naive.send(body, each.group);
        } else if (each.kind === "receive") {
          const real = account.receive(queue, each.maximum, each.visibilityMs);
          const expected = naive.receive(each.maximum, each.visibilityMs);
          expect(real.map(({ body, receiveCount }) => [body, receiveCount])).toEqual(
            expected.map(({ body, receives }) => [body, receives]),
          );
          for (const [index, message] of expected.entries()) {
            receipts.push({ real: real[index]!, message, receives: message.receives });
          }
        } else if (each.kind === "purge") {
          queue.purge();
          naive.messages = [];
        } else if (receipts.length > 0) {
          const { real, message, receives } = receipts[each.receipt % receipts.length]!;
          const receipt = each.receipt % 2 === 0 ? real : real.receiptHandle;
          const work = () =>
            each.kind === "delete" ? queue.delete(receipt) : queue.changeVisibility(real.receiptHandle, each.ms);
          const isCurrent = naive.messages.includes(message) && message.isInFlight && message.receives === receives;
          const isDone = each.kind === "delete" ? naive.delete(message, receives) : isCurrent;
          if (each.kind === "visibility" && isCurrent) message.until = naive.now + each.ms;
          if (isDone) work();
          else expect(work).toThrow(ServiceError);
        }
        expect(queue.counts()).toEqual(naive.counts());
        expect(queue.hasAvailable).toBe(naive.firstOpen() !== null);
      }
      await account.advance(minute);
      naive.advance(minute);
      const observed = account.observed(queue, "ApproximateNumberOfGroupsWithInflightMessages");
      expect(observed.map(({ value }) => value)).toEqual(naive.groupsInFlight);
      const dead = () => account.receive(deadLetters).map(({ body }) => body);
      expect(deadLetters.counts().visible).toBe(naive.dead.length);
      for (const body of dead()) expect(naive.dead).toContain(body);
    }),
    { numRuns: 100 },
  );
});
