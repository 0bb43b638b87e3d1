/** Event source mappings from Kinesis to Lambda: polls, batches, order, retries, what is given up, and where it goes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LambdaFunction, StreamSettings } from "../../src/emulator/account.ts";
import type { MappingSettings } from "../../src/emulator/lambda/mappings/mappings.ts";
import type { Constants } from "../../src/emulator/platforms/platforms.ts";
import { allowEverything, hour, minute, type Program, refusal, second, start, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";
const withKinesis = `${guide}/with-kinesis.html`;
const parameters = `${guide}/services-kinesis-parameters.html`;
const failures = `${guide}/kinesis-on-failure-destination.html`;
const partialResponses = `${guide}/services-kinesis-batchfailurereporting.html`;
const batching = `${guide}/invocation-eventsourcemapping.html`;
const toolkit = "https://github.com/aws/agent-toolkit-for-aws, event-sources.md, 2026-08-20";

interface KinesisRecord {
  kinesis: { data: string; sequenceNumber: string; partitionKey: string };
  eventID: string;
}

const textIn = ({ kinesis }: KinesisRecord) => Buffer.from(kinesis.data, "base64").toString();

type Settings = Extract<MappingSettings, { startingPosition?: unknown }>;

interface Options {
  settings?: Partial<Settings>;
  stream?: Partial<StreamSettings>;
  constants?: Partial<Constants>;
  program?: Program;
  reserved?: number;
  seed?: number;
}

/** A stream, a function that notes each batch and works for a second, and a mapping between them. */
function aMapping({
  settings = {},
  stream: streamSettings = {},
  constants = {},
  program,
  reserved,
  seed,
}: Options = {}) {
  const account = new TestAccount({ constants, seed });
  const stream = account.kinesis.create("stream", streamSettings);
  const fn = account.fn(
    "fn",
    async (event, ports, context, environment) => {
      account.note(event.Records.map(textIn).join());
      if (program) return program(event, ports, context, environment);
      await ports.clock.sleep(second);
    },
    { timeoutMs: minute, ...(reserved !== undefined && { reserved }) },
  );
  const put = (text: string, partitionKey = "key") =>
    stream.put({ partitionKey, data: Buffer.from(text) }).sequenceNumber;
  const mapping = account.mappings.create(stream.arn, fn.arn, {
    startingPosition: "TRIM_HORIZON",
    batchSize: 1,
    ...settings,
  } as Settings);
  return { account, stream, fn, put, mapping };
}

const failing: Program = async () => {
  throw new Error("no");
};

/** Fails the batches that hold the text. */
const failsOn =
  (text: string): Program =>
  async ({ Records }) => {
    if (Records.map(textIn).includes(text)) throw new Error(`no ${text}`);
  };

/** Reports the records that have one of the texts. */
const reports =
  (...texts: string[]): Program =>
  async ({ Records }) => ({
    batchItemFailures: Records.filter((record: KinesisRecord) => texts.includes(textIn(record))).map(
      ({ kinesis }: KinesisRecord) => ({ itemIdentifier: kinesis.sequenceNumber }),
    ),
  });

/** The notes since the start of the test, without their times. */
const notes = ({ trace }: TestAccount) => trace.map(([, what]) => what);

/* Polls and batches */

documented(withKinesis, "polls a shard once a second", async () => {
  const { account, put } = aMapping();
  await account.advance(300);
  put("1");
  await account.advance(1_200);
  put("2");
  await account.advance(2 * second);
  expect(account.trace).toEqual([
    [second, "1"],
    [2 * second, "2"],
  ]);
});

documented(withKinesis, "reads on at once while the shard has more than one call gives", async () => {
  const { account, stream, fn, put } = aMapping({
    settings: { batchSize: 10_000 },
    constants: { "kinesis.maximumReadLimit": 100 },
    program: async () => {},
  });
  account.mappings.list()[0]!.configure({ enabled: false });
  for (let id = 0; id < 400; id++) put(String(id));
  account.mappings.list()[0]!.configure({ enabled: true });
  await account.advance(second - 1);
  expect(account.total(stream, "GetRecords.Records")).toBe(400);
  expect(account.total(fn, "Invocations")).toBe(4);
});

documented(withKinesis, "gives the function records in the form that AWS publishes", async () => {
  const events: unknown[] = [];
  const { account, put, stream } = aMapping({
    program: async (event) => {
      events.push(event);
    },
  });
  const sequenceNumber = put("Hello, this is a test.", "1");
  await account.advance(2 * second);
  expect(events).toEqual([
    {
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: "1.0",
            partitionKey: "1",
            sequenceNumber,
            data: "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==",
            approximateArrivalTimestamp: start / 1_000,
          },
          eventSource: "aws:kinesis",
          eventVersion: "1.0",
          eventID: `shardId-000000000000:${sequenceNumber}`,
          eventName: "aws:kinesis:record",
          invokeIdentityArn: "arn:aws:iam::123456789012:role/fn-role",
          awsRegion: "us-east-1",
          eventSourceARN: stream.arn,
        },
      ],
    },
  ]);
});

documented(parameters, "invokes with up to 100 records unless BatchSize says otherwise", async () => {
  const account = new TestAccount();
  const stream = account.kinesis.create("stream");
  const fn = account.fn("fn", async ({ Records }) => account.note(String(Records.length)));
  account.mappings.create(stream.arn, fn.arn, { startingPosition: "TRIM_HORIZON" });
  for (let id = 0; id < 250; id++) stream.put({ partitionKey: "key", data: Buffer.from(String(id)) });
  await account.advance(second);
  expect(notes(account)).toEqual(["100", "100", "50"]);
});

documented(batching, "waits with a batch until it is full or its window is over", async () => {
  const { account, put } = aMapping({
    settings: { batchSize: 3, batchingWindowMs: 10 * second },
    program: async () => {},
  });
  for (const id of ["1", "2", "3", "4"]) put(id);
  await account.advance(5 * second);
  expect(notes(account)).toEqual(["1,2,3"]);
  put("5");
  await account.advance(6 * second);
  expect(account.trace.at(-1)).toEqual([10 * second, "4,5"]);
});

documented(batching, "closes a batch at 6 MB, however many records it might have", async () => {
  const { account, stream, fn } = aMapping({
    settings: { batchSize: 100, batchingWindowMs: 60 * second },
    program: async () => {},
    constants: { "mapping.maximumBatchBytes": 10_000 },
  });
  for (let id = 0; id < 6; id++) stream.put({ partitionKey: "key", data: Buffer.alloc(2_400) });
  await account.advance(30 * second);
  expect(account.total(fn, "Invocations")).toBe(2);
  await account.advance(90 * second);
  expect(account.total(fn, "Invocations")).toBe(3);
});

documented(batching, "closes a batch when the last record that it may have has come", async () => {
  const { account, put } = aMapping({
    settings: { batchSize: 3, batchingWindowMs: 10 * second },
    program: async () => {},
  });
  for (const id of ["1", "2", "3"]) put(id);
  await account.advance(5 * second);
  expect(account.trace).toEqual([[0, "1,2,3"]]);
});

documented(batching, "begins each window with the first record of its batch", async () => {
  const { account, put } = aMapping({
    settings: { batchSize: 3, batchingWindowMs: 10 * second },
    program: async () => {},
  });
  put("1");
  await account.advance(14_500);
  put("2");
  await account.advance(15 * second);
  expect(account.trace).toEqual([
    [10 * second, "1"],
    [25 * second, "2"],
  ]);
});

documented(batching, "gives the function a record that is larger than a batch alone", async () => {
  const { account, stream, fn } = aMapping({
    settings: { batchSize: 100 },
    program: async () => {},
    constants: { "mapping.maximumBatchBytes": 10_000 },
  });
  for (const bytes of [20_000, 1]) stream.put({ partitionKey: "key", data: Buffer.alloc(bytes) });
  await account.advance(second);
  expect(account.total(fn, "Invocations")).toBe(2);
});

/* Polls that are not made */

/** How often the mapping has asked the stream, in vain or not. */
const reads = (account: TestAccount) => account.observed({ name: "stream" }, "GetRecords.Success").length;

assumed("nothing is gained by reading on", "does not read a shard while all its lanes are busy", async () => {
  const { account, put } = aMapping({ program: async (_, { clock }) => clock.sleep(10 * second) });
  put("1");
  await account.advance(9 * second);
  expect(reads(account)).toBe(1);
  await account.advance(5_500);
  expect(reads(account)).toBe(1 + 5);
});

assumed("nothing is gained by waiting", "reads on while one of its lanes is free", async () => {
  const { account, put } = aMapping({
    settings: { parallelizationFactor: 2 },
    program: async (_, { clock }) => clock.sleep(30 * second),
  });
  put("1");
  await account.advance(9_500);
  expect(reads(account)).toBe(10);
});

documented(withKinesis, "reads no more often when it is enabled for a second time, and not once disabled", async () => {
  const { account, put, mapping } = aMapping({ program: async (_, { clock }) => clock.sleep(3 * second) });
  put("1");
  mapping.configure({ enabled: true });
  await account.advance(2 * second);
  mapping.configure({ enabled: true });
  // The function is at work: the batch is with it once.
  expect(account.trace).toEqual([[0, "1"]]);
  await account.advance(3_500);
  const before = reads(account);
  mapping.configure({ enabled: true });
  await account.advance(10 * second);
  expect(reads(account)).toBe(before + 10);
  put("2");
  await account.advance(second);
  mapping.configure({ enabled: false });
  put("3");
  await account.advance(minute);
  expect(reads(account)).toBe(before + 11);
  expect(notes(account)).toEqual(["1", "2"]);
});

assumed(
  "how long a call takes is unpublished",
  "reads a second after it began to read, however long that took",
  async () => {
    const { account, put } = aMapping({ constants: { "kinesis.getMs": 100 }, program: async () => {} });
    put("1");
    await account.advance(300);
    put("2");
    await account.advance(2 * second);
    expect(account.trace).toEqual([
      [100, "1"],
      [1_100, "2"],
    ]);
  },
);

documented(
  "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html",
  "asks again a second later when others have used up the shard's reads",
  async () => {
    const { account, stream, put } = aMapping({ program: async () => {} });
    await account.advance(990);
    const iterator = stream.iterator("shardId-000000000000", { type: "TRIM_HORIZON" });
    for (let read = 0; read < 5; read++) {
      try {
        stream.read(iterator);
      } catch {
        // The shard has no more reads left.
      }
    }
    put("1");
    await account.advance(3 * second);
    expect(account.observed(stream, "GetRecords.Success").filter(({ value }) => value === 0).length).toBeGreaterThan(0);
    expect(account.trace).toEqual([[2 * second, "1"]]);
  },
);

documented(parameters, "starts where StartingPosition says", async () => {
  for (const [settings, expected] of [
    [{ startingPosition: "TRIM_HORIZON" }, ["1", "2", "3"]],
    [{ startingPosition: "AT_TIMESTAMP", startingPositionTimestamp: start + second }, ["2", "3"]],
    [{ startingPosition: "LATEST" }, ["3"]],
  ] as const) {
    const account = new TestAccount();
    const stream = account.kinesis.create("stream");
    const put = (text: string) => stream.put({ partitionKey: "key", data: Buffer.from(text) });
    const fn = account.fn("fn", async ({ Records }) => account.note(Records.map(textIn).join()));
    put("1");
    await account.advance(second);
    put("2");
    account.mappings.create(stream.arn, fn.arn, { ...settings, batchSize: 1 });
    put("3");
    await account.advance(2 * second);
    expect(notes(account)).toEqual(expected);
  }
});

/* Order and concurrency */

documented(withKinesis, "has one batch of a shard with the function at a time, so that it is serial", async () => {
  const { account, fn, put } = aMapping();
  for (let id = 1; id <= 20; id++) put(String(id));
  await account.advance(30 * second);
  expect(notes(account)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
  expect(account.total(fn, "Throttles")).toBe(0);
  const concurrent = account.observed(fn, "ConcurrentExecutions").map(({ value }) => value);
  expect(Math.max(...concurrent)).toBe(1);
});

/** Runs so many events of so many keys through a mapping whose function fails some, and tells what was seen. */
async function ordered(shardCount: number, factor: number, failing: number, seed: number) {
  let running = 0;
  let peak = 0;
  const begun: string[] = [];
  const done = new Map<string, number[]>();
  const { account, put, fn } = aMapping({
    stream: { shardCount },
    settings: { parallelizationFactor: factor, batchSize: 3, reportBatchItemFailures: false },
    seed,
    program: async ({ Records }, { clock, random }) => {
      running++;
      peak = Math.max(peak, running);
      begun.push(String(Records.length));
      await clock.sleep(100 + 400 * random("work"));
      running--;
      if (random("failure") < failing) throw new Error("no");
      for (const record of Records as KinesisRecord[]) {
        const key = record.kinesis.partitionKey;
        done.set(key, [...(done.get(key) ?? []), Number(textIn(record))]);
      }
    },
  });
  for (let id = 1; id <= 60; id++) put(String(id), `key ${id % 20}`);
  await account.advance(10 * minute);
  return { peak, done: [...done.values()], errors: account.total(fn, "Errors") };
}

documented(
  withKinesis,
  "keeps the order of each partition key, also when batches fail, with at most shards times ParallelizationFactor at a time",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        async (shards, factor, seed) => {
          const { peak, done } = await ordered(shards, factor, 0.2, seed);
          expect(peak).toBeLessThanOrEqual(shards * factor);
          for (const ids of done) expect(ids).toEqual(ids.toSorted((one, other) => one - other));
          expect(done.flat().length).toBe(60);
        },
      ),
      { numRuns: 15, seed: 3 },
    );
  },
);

documented(withKinesis, "works as many batches of a shard at a time as ParallelizationFactor says", async () => {
  expect((await ordered(1, 4, 0, 1)).peak).toBe(4);
  expect((await ordered(2, 2, 0, 1)).peak).toBe(4);
  expect((await ordered(1, 1, 0, 1)).peak).toBe(1);
});

/* Failures */

documented(
  failures,
  "tries a failed batch again until it succeeds, and loses nothing, unless told to give up",
  async () => {
    let left = 5;
    const { account, put } = aMapping({
      program: async ({ Records }) => {
        if (textIn(Records[0]) === "1" && left-- > 0) throw new Error("no");
      },
    });
    put("1");
    put("2");
    await account.advance(minute);
    expect(notes(account)).toEqual(["1", "1", "1", "1", "1", "1", "2"]);
  },
);

assumed("AWS does not publish the back-off; it doubles up to a bound", "waits longer after each failure", async () => {
  const { account, put } = aMapping({
    program: failing,
    constants: { "mapping.streamBackoffBaseMs": second, "mapping.streamBackoffCapMs": 4 * second },
  });
  put("1");
  await account.advance(15 * second);
  expect(account.times("1")).toEqual([0, 1, 3, 7, 11, 15].map((at) => at * second));
});

it("waits with a failed batch whatever else happens, but tries it at once when it is enabled again", async () => {
  const { account, put, mapping } = aMapping({
    program: failsOn("bad"),
    settings: { parallelizationFactor: 2 },
    constants: { "mapping.streamBackoffBaseMs": 10 * second, "mapping.streamBackoffCapMs": 10 * second },
  });
  put("bad");
  await account.advance(2 * second);
  for (let key = 0; key < 8; key++) put("good", `key ${key}`);
  mapping.configure({ enabled: true });
  await account.advance(5 * second);
  expect(account.times("bad")).toEqual([0]);
  expect(account.times("good")).not.toEqual([]);
  mapping.configure({ enabled: false });
  mapping.configure({ enabled: true });
  await account.advance(second);
  expect(account.times("bad")).toEqual([0, 7 * second]);
});

it("tries a batch at once that failed while it was disabled", async () => {
  const { account, put, mapping } = aMapping({
    program: async (_, { clock }) => {
      await clock.sleep(2 * second);
      throw new Error("no");
    },
    constants: { "mapping.streamBackoffBaseMs": 60 * second, "mapping.streamBackoffCapMs": 60 * second },
  });
  put("1");
  await account.advance(second);
  mapping.configure({ enabled: false });
  await account.advance(4 * second);
  mapping.configure({ enabled: true });
  await account.advance(second);
  expect(account.times("1")).toEqual([0, 5 * second]);
});

documented(failures, "gives a batch up after MaximumRetryAttempts retries, and goes on", async () => {
  const { account, put } = aMapping({ program: failsOn("1"), settings: { maximumRetryAttempts: 2 } });
  put("1");
  put("2");
  await account.advance(minute);
  expect(notes(account)).toEqual(["1", "1", "1", "2"]);
});

documented(failures, "blocks the shard of a failing batch, and no other", async () => {
  const { account, stream } = aMapping({ program: failsOn("bad"), stream: { shardCount: 2 } });
  const put = (text: string, explicitHashKey: bigint) =>
    stream.put({ partitionKey: "key", data: Buffer.from(text), explicitHashKey });
  put("bad", 0n);
  put("behind it", 0n);
  put("elsewhere", 2n ** 127n);
  await account.advance(hour);
  expect(notes(account)).toContain("elsewhere");
  expect(notes(account)).not.toContain("behind it");
});

measured(toolkit, "splits a failed batch in two, which uses up no retries, until the bad record is alone", async () => {
  const { account, put } = aMapping({
    program: failsOn("6"),
    settings: { batchSize: 8, bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 },
  });
  for (let id = 1; id <= 8; id++) put(String(id));
  await account.advance(minute);
  expect(notes(account)).toEqual(["1,2,3,4,5,6,7,8", "1,2,3,4", "5,6,7,8", "5,6", "5", "6", "6", "7,8"]);
});

measured(toolkit, "begins again at the lowest sequence number that a partial response names", async () => {
  let answers = 0;
  const { account, put } = aMapping({
    program: async (event, ...rest) => (answers++ < 2 ? reports("2", "4")(event, ...rest) : undefined),
    settings: { batchSize: 4, reportBatchItemFailures: true },
  });
  for (let id = 1; id <= 4; id++) put(String(id));
  await account.advance(minute);
  expect(notes(account)).toEqual(["1,2,3,4", "2,3,4", "2,3,4"]);
});

assumed(
  "AWS says that what is left of the batch is tried again, not how its retries are counted",
  "counts the retries of what a partial response left from its first failure there",
  async () => {
    const { account, put } = aMapping({
      program: reports("2"),
      settings: { batchSize: 3, reportBatchItemFailures: true, maximumRetryAttempts: 2 },
    });
    for (let id = 1; id <= 4; id++) put(String(id));
    await account.advance(minute);
    expect(notes(account)).toEqual(["1,2,3", "2,3", "2,3", "4"]);
  },
);

documented(
  partialResponses,
  "splits no batch at its middle whose function names what failed, although it splits those of errors",
  async () => {
    const { account, put } = aMapping({
      program: reports("1"),
      settings: {
        batchSize: 4,
        bisectBatchOnFunctionError: true,
        reportBatchItemFailures: true,
        maximumRetryAttempts: 1,
      },
    });
    for (let id = 1; id <= 4; id++) put(String(id));
    await account.advance(minute);
    expect(notes(account)).toEqual(["1,2,3,4", "1,2,3,4"]);
  },
);

documented(partialResponses, "ignores a partial response unless the mapping reports batch item failures", async () => {
  const { account, put } = aMapping({ program: reports("1"), settings: { batchSize: 4 } });
  for (let id = 1; id <= 4; id++) put(String(id));
  await account.advance(minute);
  expect(notes(account)).toEqual(["1,2,3,4"]);
});

documented(
  partialResponses,
  "takes an answer without failures for a success and one that it cannot read for a failure",
  async () => {
    for (const [answer, times] of [
      [{ batchItemFailures: [] }, 1],
      [{ batchItemFailures: null }, 1],
      [{}, 1],
      [null, 1],
      [{ batchItemFailures: [{ itemIdentifier: "" }] }, 2],
      [{ batchItemFailures: [{ itemIdentifier: null }] }, 2],
      [{ batchItemFailures: [{ wrongKey: "1" }] }, 2],
    ] as const) {
      const { account, put } = aMapping({
        program: async () => answer,
        settings: { reportBatchItemFailures: true, maximumRetryAttempts: 1 },
      });
      put("1");
      await account.advance(minute);
      expect(notes(account).length).toBe(times);
    }
  },
);

documented(failures, "counts no attempt that is throttled, and loses nothing by it", async () => {
  const { account, put, fn } = aMapping({ reserved: 0, settings: { maximumRetryAttempts: 0 } });
  put("1");
  put("2");
  await account.advance(10 * minute);
  expect(account.total(fn, "Throttles")).toBeGreaterThan(10);
  fn.reserveConcurrency(1);
  await account.advance(5 * minute);
  expect(notes(account)).toEqual(["1", "2"]);
});

documented(
  parameters,
  "gives a record up when it is older than MaximumRecordAgeInSeconds, throttled or not",
  async () => {
    const { account, put, fn } = aMapping({ reserved: 0, settings: { maximumRecordAgeMs: minute } });
    put("1");
    await account.advance(50 * second);
    put("2");
    await account.advance(40 * second);
    fn.reserveConcurrency(1);
    await account.advance(minute);
    expect(notes(account)).toEqual(["2"]);
  },
);

documented(failures, "gives a record up when the stream no longer keeps it", async () => {
  const { account, put } = aMapping({ program: failsOn("1") });
  put("1");
  await account.advance(23 * hour);
  put("2");
  await account.advance(59 * minute);
  expect(notes(account)).not.toContain("2");
  await account.advance(12 * minute);
  expect(notes(account).at(-1)).toBe("2");
});

/* What is given up, and where it goes */

function withDestination(options: Options, policies?: Parameters<TestAccount["iam"]["createRole"]>[1]) {
  const account = new TestAccount({ constants: options.constants });
  const stream = account.kinesis.create("stream", options.stream);
  const queue = account.queue("given-up");
  const fn = account.fn("fn", options.program ?? failing, { timeoutMs: minute, ...(policies && { policies }) });
  const settings = { startingPosition: "TRIM_HORIZON", batchSize: 1, onFailureArn: queue.arn, ...options.settings };
  const create = () => account.mappings.create(stream.arn, fn.arn, settings as Settings);
  const put = (text: string) => stream.put({ partitionKey: "key", data: Buffer.from(text) }).sequenceNumber;
  return { account, stream, queue, fn, create, put };
}

documented(failures, "tells the destination where the records are, in the form that AWS publishes", async () => {
  const { account, stream, queue, create, put, fn } = withDestination({
    settings: { batchSize: 10, maximumRetryAttempts: 2 },
  });
  const first = put("1");
  await account.advance(745);
  const last = put("2");
  create();
  await account.advance(minute);
  expect(account.drain(queue)).toEqual([
    {
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: fn.arn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: expect.stringMatching(/^2026-01-01T00:00:0\d\.\d{3}Z$/),
      KinesisBatchInfo: {
        shardId: "shardId-000000000000",
        startSequenceNumber: first,
        endSequenceNumber: last,
        approximateArrivalOfFirstRecord: "2026-01-01T00:00:00.000Z",
        approximateArrivalOfLastRecord: "2026-01-01T00:00:00.745Z",
        batchSize: 2,
        streamArn: stream.arn,
      },
    },
  ]);
});

measured(
  "LocalStack's stream poller and records that users found of it",
  "says RecordAgeExceeded of records that were too old, and nothing of an answer where there was none",
  async () => {
    const { account, queue, fn, create, put } = withDestination({ settings: { maximumRecordAgeMs: minute } });
    fn.reserveConcurrency(0);
    put("1");
    create();
    await account.advance(3 * minute);
    const [letter] = account.drain(queue);
    expect(letter.requestContext).toMatchObject({ condition: "RecordAgeExceeded", approximateInvokeCount: 0 });
    expect(letter).not.toHaveProperty("responseContext");
  },
);

assumed(
  "AWS shows the message after an error of the function only; naming items is none",
  "says of records whose function named them as failed that it answered, without an error",
  async () => {
    const { account, queue, create, put } = withDestination({
      program: reports("1"),
      settings: { maximumRetryAttempts: 0, reportBatchItemFailures: true },
    });
    put("1");
    create();
    await account.advance(minute);
    expect(account.drain(queue)).toMatchObject([
      {
        requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 1 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: null },
      },
    ]);
  },
);

documented(
  parameters,
  "gives up only the records of a batch that are too old, and goes on with the others",
  async () => {
    const { account, queue, fn, create, put } = withDestination({
      program: async () => {},
      settings: { batchSize: 2, maximumRecordAgeMs: minute },
    });
    fn.reserveConcurrency(0);
    const first = put("1");
    await account.advance(40 * second);
    const last = put("2");
    create();
    await account.advance(30 * second);
    fn.reserveConcurrency(1);
    await account.advance(minute);
    const batches = account.drain(queue).map(({ KinesisBatchInfo }) => KinesisBatchInfo);
    expect(batches).toMatchObject([{ startSequenceNumber: first, endSequenceNumber: first, batchSize: 1 }]);
    expect(account.observed(fn, "Invocations")).toHaveLength(1);
    expect(last > first).toBe(true);
  },
);

documented(failures, "sends to a topic, too", async () => {
  const account = new TestAccount();
  const topic = account.topic("given-up");
  const queue = account.queueFor(topic, "queue");
  topic.subscribe("sqs", queue.arn, { rawMessageDelivery: true });
  const stream = account.kinesis.create("stream");
  const fn = account.fn("fn", failing);
  account.mappings.create(stream.arn, fn.arn, {
    startingPosition: "TRIM_HORIZON",
    maximumRetryAttempts: 0,
    onFailureArn: topic.arn,
  });
  stream.put({ partitionKey: "key", data: Buffer.from("1") });
  await account.advance(minute);
  expect(account.drain(queue)).toMatchObject([{ KinesisBatchInfo: { batchSize: 1 } }]);
});

documented(`${guide}/monitoring-metrics-types.html`, "counts what the destination did not take", async () => {
  const { account, fn, queue, create, put } = withDestination({ settings: { maximumRetryAttempts: 0 } });
  create();
  account.sqs.delete(queue.arn);
  put("1");
  await account.advance(minute);
  expect(account.observed(fn, "DestinationDeliveryFailures")).toMatchObject([{ namespace: "AWS/Lambda", value: 1 }]);
});

assumed(
  "AWS asks for the permission as it does for a function's own destinations",
  "refuses a destination that the function's role may not send to",
  () => {
    const policies = [{ Statement: { Effect: "Allow" as const, Action: "kinesis:*", Resource: "*" } }];
    const { create } = withDestination({}, policies);
    expect(refusal(create).message).toBe(
      "The provided execution role does not have permissions to call SendMessage on SQS",
    );
    const may = (...actions: string[]) => [
      { Statement: { Effect: "Allow" as const, Action: ["kinesis:*", ...actions], Resource: "*" } },
    ];
    expect(withDestination({}, may("sqs:SendMessage")).create().settings).toMatchObject({ batchSize: 1 });
    const toTopic = (...actions: string[]) => {
      const account = new TestAccount();
      const fn = account.fn("fn", failing, { policies: may(...actions) });
      const settings = { startingPosition: "LATEST", onFailureArn: account.topic("given-up").arn } as const;
      const { arn } = account.kinesis.create("stream");
      return () => account.mappings.create(arn, fn.arn, settings);
    };
    expect(refusal(toTopic("sns:SendMessage")).message).toBe(
      "The provided execution role does not have permissions to call Publish on SNS",
    );
    expect(toTopic("sns:Publish")().state).toBe("Enabled");
  },
);

/* Metrics */

documented(
  `${guide}/monitoring-metrics-types.html`,
  "shows how old the last record of each batch is when the function gets it",
  async () => {
    const { account, put, fn } = aMapping({ settings: { batchSize: 10 } });
    put("1");
    await account.advance(500);
    put("2");
    put("3");
    await account.advance(5 * second);
    const ages = account.observed(fn, "IteratorAge");
    expect(ages.map(({ namespace, value }) => [namespace, value])).toEqual([
      ["AWS/Lambda", 0],
      ["AWS/Lambda", 500],
    ]);
  },
);

/* Settings */

const created = (settings: object, policies = [allowEverything]) => {
  const account = new TestAccount();
  const stream = account.kinesis.create("stream");
  const fn: LambdaFunction = account.fn("fn", async () => {}, { policies });
  return () => account.mappings.create(stream.arn, fn.arn, settings as Settings);
};

describe("the settings", () => {
  const position = { startingPosition: "LATEST" };

  it.each([
    [
      "parallelizationFactor",
      0,
      "'parallelizationFactor' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      "parallelizationFactor",
      11,
      "'parallelizationFactor' failed to satisfy constraint: Member must have value less than or equal to 10",
    ],
    [
      "maximumRetryAttempts",
      10_001,
      "'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 10000",
    ],
    [
      "maximumRecordAgeMs",
      604_801_000,
      "'maximumRecordAgeInSeconds' failed to satisfy constraint: Member must have value less than or equal to 604800",
    ],
    ["maximumRecordAgeMs", 59_000, "MaximumRecordAgeInSeconds must be -1 or between 60 and 604800."],
    ["batchSize", 10_001, "BatchSize must be between 1 and 10000."],
    ["batchingWindowMs", 301_000, "MaximumBatchingWindowInSeconds must be between 0 and 300."],
    ["onFailureArn", "arn:aws:s3:::bucket", "is no queue or topic that exists"],
  ])("refuse %s of %s", (name, value, message) => {
    expect(refusal(created({ ...position, [name]: value })).message).toContain(message);
  });

  documented(parameters, "need a starting position", () => {
    expect(refusal(created({})).message).toBe(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  });

  it("name the stream that is not there", () => {
    const account = new TestAccount();
    const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/none";
    const create = () => account.mappings.create(arn, account.fn("fn", failing).arn, position as Settings);
    expect(refusal(create).message).toBe(`Stream not found: ${arn}`);
  });

  documented(`${guide}/services-kinesis-create.html`, "need a role that may read the stream", () => {
    for (const missing of ["GetRecords", "GetShardIterator", "DescribeStream", "ListShards"]) {
      const deny = { Statement: { Effect: "Deny" as const, Action: `kinesis:${missing}`, Resource: "*" } };
      expect(refusal(created(position, [allowEverything, deny])).message).toContain("Cannot access stream");
    }
  });

  documented(parameters, "are AWS's defaults unless given", () => {
    expect(created(position)().settings).toEqual({
      batchSize: 100,
      batchingWindowMs: 0,
      enabled: true,
      reportBatchItemFailures: false,
      startingPosition: "LATEST",
      startingPositionTimestamp: null,
      parallelizationFactor: 1,
      maximumRetryAttempts: null,
      maximumRecordAgeMs: null,
      bisectBatchOnFunctionError: false,
      onFailureArn: null,
    });
  });

  it("stop and start it where it was", async () => {
    const { account, put, mapping } = aMapping();
    for (const id of ["1", "2", "3"]) put(id);
    await account.advance(1_500);
    mapping.configure({ enabled: false });
    await account.advance(hour);
    expect(notes(account)).toEqual(["1", "2"]);
    mapping.configure({ enabled: true });
    await account.advance(minute);
    expect(notes(account)).toEqual(["1", "2", "3"]);
    account.mappings.delete(mapping.uuid);
    put("4");
    await account.advance(minute);
    expect(notes(account)).toEqual(["1", "2", "3"]);
  });
});
