/** The inside of a queue's mapping: its batches' sizes, and pollers that are stopped at awkward moments. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ReceivedMessage, StreamRecord } from "../../../src/emulator/account.ts";
import { Batch, SqsRecord } from "../../../src/emulator/lambda/mappings/queue-batch.ts";
import { kinesisRecord, mostJsonBytes } from "../../../src/emulator/lambda/mappings/stream-batch.ts";
import { second, TestAccount } from "../../contract/account.ts";

const source = { arn: `arn:aws:sqs:us-east-1:123456789012:${"q".repeat(80)}`, region: "ap-southeast-1" };

const received = fc
  .record({
    body: fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.string().map((text) => text.repeat(100)),
    ),
    hasAttributes: fc.boolean(),
    receiveCount: fc.integer({ min: 1, max: 1_000 }),
    id: fc.uuid(),
  })
  .map(({ body, hasAttributes, receiveCount, id }): ReceivedMessage => {
    const messageAttributes: ReceivedMessage["messageAttributes"] = hasAttributes
      ? { kind: { DataType: "String", StringValue: body } }
      : {};
    const receiptHandle = `${id}#${receiveCount}`;
    const times = { sentAt: 1_767_225_600_000, firstReceivedAt: 1_767_225_600_000 };
    return { messageId: id, body, messageAttributes, receiveCount, receiptHandle, md5OfBody: "d".repeat(32), ...times };
  });

it("a batch takes what fits into it as JSON, byte by byte, and a first record of any size", () => {
  fc.assert(
    fc.property(fc.array(received, { maxLength: 12 }), fc.integer({ min: 300, max: 12_000 }), (messages, mostBytes) => {
      const batch = new Batch();
      let bytes = 0;
      for (const message of messages) {
        const record = new SqsRecord(message, source);
        const size = Buffer.byteLength(JSON.stringify(record));
        expect(record.mostBytes).toBeGreaterThanOrEqual(size);
        const fits = batch.records.length === 0 || bytes + size <= mostBytes;
        expect(batch.hasRoomFor(record, mostBytes)).toBe(fits);
        if (!fits) continue;
        batch.add(record);
        bytes += size;
      }
    }),
    { numRuns: 300 },
  );
});

it("a batch is full to the byte", () => {
  const [first, next] = ["one", "two"].map((body) => {
    const times = { sentAt: 0, firstReceivedAt: 0, receiveCount: 1 };
    const identity = { messageId: body, receiptHandle: body, md5OfBody: body };
    return new SqsRecord({ ...identity, ...times, body, messageAttributes: {} }, source);
  }) as [SqsRecord, SqsRecord];
  const batch = new Batch();
  batch.add(first);
  expect(batch.hasRoomFor(next, first.bytes + next.bytes)).toBe(true);
  expect(batch.hasRoomFor(next, first.bytes + next.bytes - 1)).toBe(false);
  // A standard queue's message has no group and no number.
  const names = ["ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"];
  expect(Object.keys(next.attributes)).toEqual(names);
  expect(next.attributes.SenderId).toMatch(/^AIDA[A-Z]+$/);
});

it("a record of a stream is no larger as JSON than a batch reckons with, whatever its key", () => {
  const shard = { streamArn: source.arn, shardId: "shardId-000000000000", region: source.region };
  for (const partitionKey of ["k", "k".repeat(256), "\u0001".repeat(256)]) {
    for (const bytes of [0, 1, 2, 3, 1_000]) {
      const record = {
        sequenceNumber: "4".repeat(56),
        partitionKey,
        data: Buffer.alloc(bytes),
        arrivedAt: 1.7e12 + 0.5,
      };
      const json = JSON.stringify(
        kinesisRecord(record as unknown as StreamRecord, shard, "arn:aws:iam::123456789012:role/r"),
      );
      expect(mostJsonBytes(record as unknown as StreamRecord)).toBeGreaterThanOrEqual(Buffer.byteLength(json));
    }
  }
});

it("a mapping that is disabled reads no more, also when its pollers began their batches with messages that were there", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue", { visibilityTimeoutMs: 60 * second });
  queue.send("was there before the mapping");
  const mapping = account.map(queue, account.sleeper("fn", second, { timeoutMs: 30 * second }), {
    batchSize: 10,
    batchingWindowMs: 5 * second,
  });
  await account.advance(second);
  mapping.configure({ enabled: false });
  queue.send("came after the mapping was disabled");
  await account.advance(30 * second);
  expect(queue.counts().visible).toBe(1);
});

it("a mapping that is disabled and enabled has no more pollers than it may, also with batches on their way", async () => {
  const account = new TestAccount({ constants: { "mapping.overheadMs": 2_000, "mapping.overheadSpread": 0 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: 60 * second });
  let running = 0;
  let most = 0;
  const fn = account.fn(
    "fn",
    async (_, { clock }) => {
      most = Math.max(most, ++running);
      await clock.sleep(5 * second);
      running--;
    },
    { timeoutMs: 30 * second },
  );
  for (let index = 0; index < 20; index++) queue.send(String(index));
  const mapping = account.map(queue, fn, { maximumConcurrency: 2 });
  await account.advance(500);
  mapping.configure({ enabled: false });
  mapping.configure({ enabled: true });
  await account.advance(120 * second);
  expect(most).toBe(2);
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});
