/** The scenarios with a stream, from the producer to the table: order, what is lost, where it is then, and how many work at a time. */
import { describe, expect, it } from "vitest";
import { shareOf } from "../../infra/handlers/hash.ts";
import { isInOrder, streamRun } from "./stream-run.ts";

const seeds = [1, 2, 3];
const all = (events: number) => Array.from({ length: events }, (_, index) => index + 1);
const ascending = (ids: readonly number[]) => ids.toSorted((one, other) => one - other);

describe.each([
  ["kinesis-one-shard", 1, 1],
  ["kinesis-two-shards", 20, 4],
] as const)("%s", (name, groups, concurrency) => {
  it.each(seeds)(
    "keeps the order where calls fail, and loses nothing with endless retries, with seed %d",
    async (seed) => {
      const set = ["FailureRate=0.05", "MaximumRetryAttempts=-1"];
      const { record, completed, dead } = await streamRun(name, set, 200, seed);
      expect(isInOrder(completed, groups)).toBe(true);
      expect([ascending(completed), dead]).toEqual([all(200), []]);
      expect(record.details.errors).toBeGreaterThan(0);
      expect(record.details.throttles).toBe(0);
      expect(record.summary.maxConcurrency).toBe(concurrency);
    },
  );

  it.each([
    ["one record at a time", []],
    ["bisected batches", ["BatchSize=8", "ConsumerTimeout=30"]],
  ])("has exactly the poisonous events in the dead-letter group, by %s", async (_how, set) => {
    const { completed, dead } = await streamRun(name, ["PoisonRate=0.05", "MaximumRetryAttempts=1", ...set], 150, 1);
    const poisonous = all(150).filter((id) => shareOf(id, "poison") < 0.05);
    expect(poisonous.length).toBeGreaterThan(3);
    expect(ascending([...new Set(dead)])).toEqual(poisonous);
    expect(ascending([...new Set(completed)])).toEqual(all(150).filter((id) => !poisonous.includes(id)));
  });
});

it("has CloudWatch's view of the stream in the record: what came in, and how old the records were that the consumer got", async () => {
  const { record } = await streamRun("kinesis-one-shard", [], 150, 1);
  const values = (name: string) =>
    record.metrics.find((series) => series.name === name)!.points.map(({ value }) => value);
  expect(values("stream.IncomingRecords").reduce((sum, value) => sum + value, 0)).toBe(150);
  expect(Math.max(...values("stream.WriteProvisionedThroughputExceeded"))).toBe(0);
  // The stream is read as it comes in, and the consumer lags.
  expect(Math.max(...values("stream.GetRecords.IteratorAgeMilliseconds"))).toBeLessThan(1_000);
  expect(Math.max(...values("consumer.IteratorAge"))).toBeGreaterThan(0.9 * record.details.waitMs!.oldest);
  expect(record.stack.stream).toMatch(/-Stream-/);
});

it("gives up with a failing record what its batch had left, where the consumer reports and no exception bisects", async () => {
  const set = ["PoisonRate=0.05", "MaximumRetryAttempts=1", "BatchSize=8", "ConsumerTimeout=30"];
  const { completed, dead } = await streamRun("kinesis-one-shard", [...set, "ReportBatchItemFailures=true"], 150, 1);
  const poisonous = all(150).filter((id) => shareOf(id, "poison") < 0.05);
  expect(dead).toEqual(expect.arrayContaining(poisonous));
  expect(dead.length).toBeGreaterThan(poisonous.length);
  expect(ascending([...completed, ...dead])).toEqual(all(150));
  expect(isInOrder(completed, 1)).toBe(true);
});

it("answers by an adapter that SNS cannot publish to a stream: nothing is lost, and one works at a time", async () => {
  const { record, completed, dead } = await streamRun("sns-to-kinesis", [], 150, 1);
  expect([ascending(completed), dead]).toEqual([all(150), []]);
  expect(record.summary.maxConcurrency).toBe(1);
  expect(isInOrder(completed, 1)).toBe(false);
});

it("records under the dead-letter group what the adapter could not put into the stream", async () => {
  const busy = { "kinesis.writeRecordsPerSecond": 0.1 };
  const { record, completed, dead } = await streamRun("sns-to-kinesis", ["PublishRate=0", "WorkMs=0"], 60, 1, busy);
  expect(dead.length).toBeGreaterThan(0);
  expect(completed.length).toBeGreaterThan(0);
  expect(ascending([...new Set([...completed, ...dead])])).toEqual(all(60));
  expect(record.summary.eventsMissing).toBe(0);
});
