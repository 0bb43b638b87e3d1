/** The queue against a naive one, under whatever may be done to it; and its slots, which are used again. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Queue, ReceivedMessage } from "../../../src/emulator/account.ts";
import { minute, second, start, TestAccount } from "../../contract/account.ts";
import { NaiveQueue, type NaiveReceipt } from "./naive-queue.ts";

const inFlightLimit = 12;
const retentionMs = 90_000;

type Step = { afterMs: number } & (
  | { kind: "send"; delayMs: number; count: number }
  | { kind: "receive"; maximum: number; waitMs: number; visibilityMs: number; cancelled: boolean }
  /** The receipt is that of any receive so far, the latest or not; it is given as the handle or as the message itself. */
  | { kind: "delete"; receipt: number; byHandle: boolean }
  | { kind: "visibility"; receipt: number; ms: number }
  | { kind: "purge" | "cancel" }
);

const afterMs = fc.oneof(fc.constant(0), fc.nat(3_000), fc.constantFrom(10_000, 30_000, 60_000));
const ms = fc.constantFrom(0, 1, 1, 700, 5_000, 5_000, 30_000);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      afterMs,
      kind: fc.constant("send" as const),
      delayMs: fc.constantFrom(0, 0, 0, 700, 9_000),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      afterMs,
      kind: fc.constant("receive" as const),
      maximum: fc.integer({ min: 1, max: 10 }),
      waitMs: fc.constantFrom(0, 0, 4_000, 20_000),
      visibilityMs: ms,
      cancelled: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      afterMs,
      kind: fc.constant("delete" as const),
      receipt: fc.nat(100),
      byHandle: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ afterMs, kind: fc.constant("visibility" as const), receipt: fc.nat(100), ms }) },
  { weight: 1, arbitrary: fc.record({ afterMs, kind: fc.constantFrom("purge" as const, "cancel" as const) }) },
);

const system = fc.record({
  steps: fc.array(step, { maxLength: 60, size: "max" }),
  maxReceiveCount: fc.option(fc.integer({ min: 1, max: 5 })),
});

/** The steps as one of the two queues takes them. */
interface Driven {
  send(body: string, delayMs: number): void;
  receive(step: Extract<Step, { kind: "receive" }>): void;
  delete(receipt: number, byHandle: boolean): void;
  changeVisibility(receipt: number, ms: number): void;
  purge(): void;
  cancel(): void;
  state(): unknown;
}

type Log = (what: string) => void;

function theQueue(account: TestAccount, maxReceiveCount: number | null, log: Log): Driven {
  const deadLetters = account.queue("dead-letters", { retentionMs });
  const redrivePolicy = maxReceiveCount === null ? null : { deadLetterTargetArn: deadLetters.arn, maxReceiveCount };
  const queue = account.queue("queue", { retentionMs, redrivePolicy });
  const receipts: ReceivedMessage[] = [];
  let waiting: ReturnType<Queue["receive"]> = null;
  const at = (receipt: number) => receipts[receipt % receipts.length];
  return {
    send: (body, delayMs) => void queue.send(body, { delayMs }),
    receive({ maximum, waitMs, visibilityMs }) {
      const request = { maximum, waitMs, visibilityTimeoutMs: visibilityMs };
      waiting = queue.receive(request, (messages) => {
        receipts.push(...messages);
        const words = messages.map(({ body, receiveCount, sentAt, firstReceivedAt }) =>
          [body, receiveCount, sentAt - start, firstReceivedAt - start].join("/"),
        );
        log(`received ${words.join(" ")}`);
      });
    },
    delete(receipt, byHandle) {
      const message = at(receipt);
      if (message) queue.delete(byHandle ? message.receiptHandle : message);
    },
    changeVisibility(receipt, ms) {
      const message = at(receipt);
      if (message) queue.changeVisibility(message.receiptHandle, ms);
    },
    purge: () => queue.purge(),
    cancel: () => waiting?.cancel(),
    state: () => [queue.counts(), queue.hasAvailable, deadLetters.counts()],
  };
}

function theNaiveQueue(account: TestAccount, maxReceiveCount: number | null, log: Log) {
  const { kernel, constants } = account;
  const settings = {
    retentionMs,
    maxReceiveCount,
    inFlightLimit,
    receivesUntilBackOfQueue: constants["sqs.receivesUntilBackOfQueue"],
  };
  const deadLetters = new NaiveQueue(kernel, { ...settings, maxReceiveCount: null }, null);
  const queue = new NaiveQueue(kernel, settings, deadLetters);
  const ages: number[] = [];
  const everyMinute = () => {
    kernel.after(minute, everyMinute);
    for (const each of [deadLetters, queue]) {
      each.expire();
      ages.push(Math.floor(each.ageOfOldestMs() / 1_000));
    }
  };
  kernel.after(minute, everyMinute);
  const receipts: NaiveReceipt[] = [];
  let cancel: (() => void) | null = null;
  const counts = (of: NaiveQueue) => ({
    visible: of.count("visible"),
    inFlight: of.count("inFlight"),
    delayed: of.count("delayed"),
  });
  const at = (receipt: number) => receipts[receipt % receipts.length];
  const driven: Driven = {
    send: (body, delayMs) => queue.send(body, delayMs),
    receive({ maximum, waitMs, visibilityMs }) {
      cancel = queue.receive(maximum, waitMs, visibilityMs, (taken) => {
        receipts.push(...taken);
        const words = taken.map(({ message: { body, sentAt, firstReceivedAt }, receives }) =>
          [body, receives, sentAt - start, firstReceivedAt! - start].join("/"),
        );
        log(`received ${words.join(" ")}`);
      });
    },
    delete(receipt) {
      const found = at(receipt);
      if (found) queue.delete(found);
    },
    changeVisibility(receipt, ms) {
      const found = at(receipt);
      if (found) queue.changeVisibility(found, ms);
    },
    purge: () => queue.purge(),
    cancel: () => cancel?.(),
    state: () => [counts(queue), queue.count("visible") > 0, counts(deadLetters)],
  };
  return { driven, ages };
}

async function traceOf(steps: readonly Step[], account: TestAccount, queue: Driven, log: Log): Promise<void> {
  let sent = 0;
  for (const step of steps) {
    await account.advance(step.afterMs);
    try {
      if (step.kind === "send") for (let each = 0; each < step.count; each++) queue.send(`${sent++}`, step.delayMs);
      else if (step.kind === "receive") {
        queue.receive(step);
        if (step.cancelled) queue.cancel();
      } else if (step.kind === "delete") queue.delete(step.receipt, step.byHandle);
      else if (step.kind === "visibility") queue.changeVisibility(step.receipt, step.ms);
      else if (step.kind === "purge") queue.purge();
      else queue.cancel();
    } catch (refusal) {
      const { code, message } = refusal as { code?: string; message: string };
      log(`refused: ${code ?? message}`);
    }
    log(`${account.now} ${JSON.stringify(queue.state())}`);
  }
  await account.advance(3 * minute);
  log(JSON.stringify(queue.state()));
}

it("does the same as a naive queue, whatever is sent, received, deleted, hidden, purged, redriven and expired", async () => {
  await fc.assert(
    fc.asyncProperty(system, async ({ steps, maxReceiveCount }) => {
      const account = () =>
        new TestAccount({ constants: { "sqs.inFlightLimit": inFlightLimit, "sqs.receivesUntilBackOfQueue": 2 } });
      const [one, other] = [account(), account()];
      const found: string[] = [];
      const expected: string[] = [];
      const { driven, ages } = theNaiveQueue(other, maxReceiveCount, (what) => expected.push(what));
      await traceOf(steps, other, driven, (what) => expected.push(what));
      const log = (what: string) => found.push(what);
      await traceOf(steps, one, theQueue(one, maxReceiveCount, log), log);
      expect(found).toEqual(expected);
      const observed = one.observations.filter(({ name }) => name === "ApproximateAgeOfOldestMessage");
      expect(observed.map(({ value }) => value)).toEqual(ages);
    }),
    { numRuns: 100 },
  );
});

describe("a slot that is used again", () => {
  /** One message that was received, with its receipt, and deleted; its slot is the next message's. */
  function used(byHandle: boolean) {
    const account = new TestAccount();
    const queue = account.queue("queue", { visibilityTimeoutMs: 10 * second });
    queue.send("first");
    const [receipt] = account.receive(queue);
    const remove = () => queue.delete(byHandle ? receipt!.receiptHandle : receipt!);
    return { account, queue, remove };
  }

  it.each([true, false])(
    "is not emptied by the receipt of the message before (by its handle: %s)",
    async (byHandle) => {
      const { account, queue, remove } = used(byHandle);
      remove();
      queue.send("second");
      expect(account.receive(queue).map(({ body }) => body)).toEqual(["second"]);
      remove();
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    },
  );

  it.each([true, false])(
    "is not received at the place of a message that was deleted while visible (by handle: %s)",
    async (byHandle) => {
      const { account, queue, remove } = used(byHandle);
      await account.advance(11 * second);
      expect(queue.counts().visible).toBe(1);
      remove();
      queue.send("second");
      queue.send("third");
      expect(account.receive(queue).map(({ body }) => body)).toEqual(["second", "third"]);
      expect(account.receive(queue)).toEqual([]);
    },
  );

  it("does not come back when the timeout of the message before would be over", async () => {
    const { account, queue, remove } = used(false);
    await account.advance(5 * second);
    remove();
    queue.send("second");
    account.receive(queue);
    await account.advance(6 * second);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await account.advance(5 * second);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it("has its own id, attributes and time of first receive", async () => {
    const { account, queue, remove } = used(false);
    const messageAttributes = { kind: { DataType: "String", StringValue: "order" } };
    remove();
    await account.advance(second);
    const { messageId, md5OfBody } = queue.send("second", { messageAttributes });
    await account.advance(second);
    const [second_] = account.receive(queue);
    expect(second_).toMatchObject({ messageId, md5OfBody, messageAttributes, receiveCount: 1 });
    expect(second_!.firstReceivedAt).toBe(start + 2 * second);
    queue.delete(second_!);
    queue.send("third");
    const [third] = account.receive(queue);
    expect([third!.body, third!.messageAttributes]).toEqual(["third", {}]);
    expect(third!.messageId).not.toBe(messageId);
  });
});

it("keeps its messages apart from those of another queue whose slots have the same numbers", async () => {
  const account = new TestAccount();
  const [one, other] = [account.queue("one"), account.queue("other")];
  one.send("first of one");
  other.send("first of other");
  const [receipt] = account.receive(one);
  account.receive(other);
  other.delete(receipt!);
  expect([one.counts().inFlight, other.counts().inFlight]).toEqual([1, 1]);
});

it("takes a text that is made when it is read, and counts its bytes without making it", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue", { maximumMessageBytes: 1_024 });
  let made = 0;
  const late = (byteLength: number) => ({ byteLength, toString: () => `made ${++made}` });
  expect(() => queue.send(late(1_025))).toThrow("shorter than 1024 bytes");
  queue.send(late(1_024));
  expect([made, account.total(queue, "SentMessageSize")]).toEqual([0, 1_024]);
  expect(account.receive(queue).map(({ body }) => body)).toEqual(["made 1"]);
});
