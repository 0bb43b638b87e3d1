/** Data streams: shards by the hash of the partition key, sequence numbers, throughput, retention, iterators, metrics. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { DataStream, ShardPosition, StreamSettings } from "../../src/emulator/account.ts";
import { hour, refusal, second, start, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/kinesis/latest/APIReference";
const guide = "https://docs.aws.amazon.com/streams/latest/dev";
const quotas = `${guide}/service-sizes-and-limits.html`;
const concepts = `${guide}/key-concepts.html`;

const data = (text: string) => Buffer.from(text);
const entry = (partitionKey: string, text = partitionKey) => ({ partitionKey, data: data(text) });

function aStream(settings: Partial<StreamSettings> = {}) {
  const account = new TestAccount();
  const stream = account.kinesis.create("stream", settings);
  return { account, stream };
}

/** The texts of the records of a shard from a position on. */
function textsFrom(stream: DataStream, position: ShardPosition, shard = 0): string[] {
  const iterator = stream.iterator(stream.shards[shard]!.id, position);
  return stream.read(iterator).records.map((record) => Buffer.from(record.data).toString());
}

const fromTheStart = { type: "TRIM_HORIZON" } as const;

documented(concepts, "sends a record to the shard whose range holds the MD5 of its partition key", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.string({ minLength: 1, maxLength: 20 }), (shardCount, key) => {
      const { stream } = aStream({ shardCount });
      const { shardId } = stream.put(entry(key));
      const { firstHashKey, lastHashKey } = stream.shards.find(({ id }) => id === shardId)!;
      const hash = BigInt(`0x${createHash("md5").update(key).digest("hex")}`);
      expect(hash >= firstHashKey && hash <= lastHashKey).toBe(true);
    }),
    { numRuns: 50, seed: 1 },
  );
});

documented(`${reference}/API_CreateStream.html`, "divides the 128 bits of the hash evenly among the shards", () => {
  const ranges = aStream({ shardCount: 2 }).stream.shards.map((shard) => [shard.firstHashKey, shard.lastHashKey]);
  expect(ranges).toEqual([
    [0n, 170141183460469231731687303715884105727n],
    [170141183460469231731687303715884105728n, 340282366920938463463374607431768211455n],
  ]);
});

documented(`${reference}/API_PutRecord.html`, "lets an explicit hash key decide the shard", () => {
  const { stream } = aStream({ shardCount: 2 });
  const shards = [0n, 2n ** 127n].map((explicitHashKey) => stream.put({ ...entry("key"), explicitHashKey }).shardId);
  expect(shards).toEqual(["shardId-000000000000", "shardId-000000000001"]);
  expect(refusal(() => stream.put({ ...entry("key"), explicitHashKey: 2n ** 128n })).code).toBe(
    "InvalidArgumentException",
  );
});

documented(`${guide}/how-do-i-size-a-stream.html`, "begins with four shards in the mode ON_DEMAND", () => {
  expect(aStream({ mode: "ON_DEMAND" }).stream.shards.length).toBe(4);
});

documented(concepts, "gives each record of a shard a higher sequence number than the one before", async () => {
  const { account, stream } = aStream();
  const numbers: string[] = [];
  for (let index = 0; index < 30; index++) {
    numbers.push(stream.put(entry(String(index))).sequenceNumber);
    await account.advance(100 * (index % 3));
  }
  expect(numbers.map(BigInt).every((number, index) => index === 0 || number > BigInt(numbers[index - 1]!))).toBe(true);
  expect(numbers.toSorted()).toEqual(numbers);
  expect(BigInt(numbers[0]!) > BigInt(stream.shards[0]!.startingSequenceNumber)).toBe(true);
});

measured(
  "https://github.com/mhart/kinesalite: the layout of AWS's numbers",
  "writes sequence numbers of 56 digits, whose last hexadecimal digits are the shard's number and the version",
  () => {
    const { stream } = aStream({ shardCount: 2 });
    for (const explicitHashKey of [0n, 2n ** 127n]) {
      const { sequenceNumber } = stream.put({ ...entry("key"), explicitHashKey });
      expect(sequenceNumber).toMatch(/^4\d{55}$/);
      expect(BigInt(sequenceNumber).toString(16)).toMatch(explicitHashKey === 0n ? /00000002$/ : /00000012$/);
    }
  },
);

/* Reading */

documented(`${reference}/API_GetShardIterator.html`, "begins to read where the iterator's type says", async () => {
  const { account, stream } = aStream();
  const [, second2] = [stream.put(entry("1")), stream.put(entry("2"))];
  await account.advance(second);
  stream.put(entry("3"));
  const { sequenceNumber } = second2;
  expect(textsFrom(stream, fromTheStart)).toEqual(["1", "2", "3"]);
  expect(textsFrom(stream, { type: "AT_SEQUENCE_NUMBER", sequenceNumber })).toEqual(["2", "3"]);
  expect(textsFrom(stream, { type: "AFTER_SEQUENCE_NUMBER", sequenceNumber })).toEqual(["3"]);
  expect(textsFrom(stream, { type: "AT_TIMESTAMP", timestamp: start + 1 })).toEqual(["3"]);
  expect(textsFrom(stream, { type: "LATEST" })).toEqual([]);
});

measured(
  "https://github.com/awslabs/amazon-kinesis-client, users' reports of the message",
  "refuses a sequence number that did not come from the shard",
  () => {
    const { stream } = aStream({ shardCount: 2 });
    const { sequenceNumber } = stream.put({ ...entry("key"), explicitHashKey: 0n });
    const other = stream.shards[1]!.id;
    for (const wrong of [sequenceNumber, "12", "x"]) {
      const { code, message } = refusal(() =>
        stream.iterator(other, { type: "AT_SEQUENCE_NUMBER", sequenceNumber: wrong }),
      );
      expect(code).toBe("InvalidArgumentException");
      expect(message).toBe(
        `StartingSequenceNumber ${wrong} used in GetShardIterator on shard ${other} in stream stream under account 123456789012 is invalid because it did not come from this stream.`,
      );
    }
  },
);

documented(
  `${reference}/API_GetRecords.html`,
  "reads page by page, and says how far behind the end it is",
  async () => {
    const { account, stream } = aStream();
    for (const key of ["1", "2", "3"]) {
      stream.put(entry(key));
      await account.advance(second);
    }
    let iterator = stream.iterator(stream.shards[0]!.id, fromTheStart);
    const pages: [string[], number][] = [];
    for (let page = 0; page < 3; page++) {
      const { records, next, millisBehindLatest } = stream.read(iterator, 2);
      pages.push([records.map(({ partitionKey }) => partitionKey), millisBehindLatest]);
      iterator = next;
    }
    expect(pages).toEqual([
      [["1", "2"], second],
      [["3"], 0],
      [[], 0],
    ]);
  },
);

documented(quotas, "keeps a record for the retention period, which is a day unless it is longer", async () => {
  for (const [settings, hours] of [
    [{}, 24],
    [{ retentionMs: 48 * hour }, 48],
  ] as const) {
    const { account, stream } = aStream(settings);
    const { sequenceNumber } = stream.put(entry("1"));
    await account.advance(hours * hour - 1);
    stream.put(entry("2"));
    expect(textsFrom(stream, fromTheStart)).toEqual(["1", "2"]);
    await account.advance(1);
    expect(textsFrom(stream, fromTheStart)).toEqual(["2"]);
    expect(textsFrom(stream, { type: "AT_SEQUENCE_NUMBER", sequenceNumber })).toEqual(["2"]);
  }
});

documented(quotas, "refuses a retention period of less than a day or more than a year", () => {
  const account = new TestAccount();
  for (const hours of [23, 8_761]) {
    const { code } = refusal(() => account.kinesis.create("stream", { retentionMs: hours * hour }));
    expect(code).toBe("InvalidArgumentException");
  }
});

/* Throughput */

documented(`${reference}/API_PutRecords.html`, "refuses record by record what a shard does not take", () => {
  const { stream } = aStream();
  const thousand = Array.from({ length: 2 }, () => stream.putAll(Array.from({ length: 500 }, () => entry("key"))));
  expect(thousand.flat().every((outcome) => "shardId" in outcome)).toBe(true);
  expect(stream.putAll([entry("key")])).toEqual([
    {
      errorCode: "ProvisionedThroughputExceededException",
      errorMessage: "Rate exceeded for shard shardId-000000000000 in stream stream under account 123456789012.",
    },
  ]);
  expect(refusal(() => stream.put(entry("key"))).code).toBe("ProvisionedThroughputExceededException");
});

documented(quotas, "takes 1,000 records or 1 MiB a second and shard, and each shard its own", async () => {
  const { account, stream } = aStream({ shardCount: 2 });
  const put = (explicitHashKey: bigint, bytes: number) =>
    stream.putAll([{ partitionKey: "k", data: Buffer.alloc(bytes - 1), explicitHashKey }])[0]!;
  expect("shardId" in put(0n, 1_048_576)).toBe(true);
  expect("errorCode" in put(0n, 10)).toBe(true);
  expect("shardId" in put(2n ** 127n, 1_000)).toBe(true);
  await account.advance(second / 2);
  expect("shardId" in put(0n, 524_288)).toBe(true);
  expect("errorCode" in put(0n, 10)).toBe(true);
});

assumed(
  "AWS publishes the rate and not how it counts",
  "never takes more than two seconds' worth in a second, nor more than the rate in the long run",
  async () => {
    const { account, stream } = aStream();
    let taken = 0;
    for (let step = 0; step < 50; step++) {
      const outcomes = stream.putAll(Array.from({ length: 500 }, () => entry("key")));
      taken += outcomes.filter((outcome) => "shardId" in outcome).length;
      expect(taken).toBeLessThanOrEqual(1_000 + step * 200);
      await account.advance(second / 5);
    }
    expect(taken).toBe(1_000 + 49 * 200);
  },
);

documented(quotas, "lets a shard be read five times and for 2 MiB a second", async () => {
  const { account, stream } = aStream();
  for (let index = 0; index < 4; index++) {
    stream.put({ partitionKey: "k", data: Buffer.alloc(1_000_000) });
    await account.advance(second);
  }
  const iterator = stream.iterator(stream.shards[0]!.id, fromTheStart);
  expect(stream.read(iterator).records.length).toBe(4);
  // 4 MB are two seconds' worth, so that the next read has to wait for the second after this one.
  expect(refusal(() => stream.read(iterator)).code).toBe("ProvisionedThroughputExceededException");
  await account.advance(2 * second);
  for (let read = 0; read < 5; read++) stream.read(stream.iterator(stream.shards[0]!.id, { type: "LATEST" }));
  expect(refusal(() => stream.read(iterator)).code).toBe("ProvisionedThroughputExceededException");
});

documented(
  `${reference}/API_PutRecords.html`,
  "refuses a request of none, of more than 500, or with a key too long",
  () => {
    const { stream } = aStream();
    for (const entries of [
      [],
      Array.from({ length: 501 }, () => entry("key")),
      [entry("x".repeat(257))],
      [entry("")],
    ]) {
      expect(refusal(() => stream.putAll(entries)).code).toBe("ValidationException");
    }
  },
);

documented(quotas, "takes a record of 1 MiB unless the stream allows more", () => {
  const large = { partitionKey: "k", data: Buffer.alloc(1_048_576) };
  expect(refusal(() => aStream().stream.put(large)).code).toBe("ValidationException");
  expect(aStream({ maximumRecordBytes: 2_097_152 }).stream.put(large).shardId).toBe("shardId-000000000000");
});

documented(
  `${guide}/monitoring-with-cloudwatch.html`,
  "counts what comes in, what is refused and what is read",
  async () => {
    const { account, stream } = aStream();
    stream.putAll([entry("1", "12345"), entry("2", "12345")]);
    await account.advance(3 * second);
    const { next } = stream.read(stream.iterator(stream.shards[0]!.id, fromTheStart), 1);
    await account.advance(second);
    stream.read(next);
    const values = (metric: string) => account.observed(stream, metric).map(({ value }) => value);
    expect(account.total(stream, "IncomingRecords")).toBe(2);
    expect(account.total(stream, "IncomingBytes")).toBe(12);
    expect(account.total(stream, "PutRecords.SuccessfulRecords")).toBe(2);
    expect(account.total(stream, "WriteProvisionedThroughputExceeded")).toBe(0);
    expect(values("GetRecords.Records")).toEqual([1, 1]);
    expect(values("GetRecords.IteratorAgeMilliseconds")).toEqual([3 * second, 0]);
    for (let call = 0; call < 3; call++) stream.putAll(Array.from({ length: 500 }, () => entry("key")));
    expect(account.total(stream, "WriteProvisionedThroughputExceeded")).toBe(500);
  },
);

it("has no two streams of one name, and none after it is deleted", () => {
  const { account, stream } = aStream();
  expect(refusal(() => account.kinesis.create("stream")).code).toBe("ResourceInUseException");
  expect(refusal(() => account.kinesis.create("no stream")).code).toBe("ValidationException");
  expect(refusal(() => account.kinesis.create("empty", { shardCount: 0 })).code).toBe("ValidationException");
  account.kinesis.delete(stream.arn);
  expect(account.kinesis.stream(stream.arn)).toBeUndefined();
});
