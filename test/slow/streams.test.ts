/** Order and loss in a hundred seeds of each scenario with a stream. */
import { describe, expect, it } from "vitest";
import { shareOf } from "../../infra/handlers/hash.ts";
import { isInOrder, streamRun } from "../scenarios/stream-run.ts";

const seeds = 100;
const events = 300;
const all = Array.from({ length: events }, (_, index) => index + 1);
const ascending = (ids: readonly number[]) => ids.toSorted((one, other) => one - other);

describe.each([
  ["kinesis-one-shard", 1, 1, []],
  ["kinesis-one-shard", 1, 1, ["BatchSize=10", "ConsumerTimeout=30"]],
  ["kinesis-one-shard", 1, 1, ["BatchSize=10", "ConsumerTimeout=30", "ReportBatchItemFailures=true"]],
  ["kinesis-two-shards", 20, 4, []],
  ["kinesis-two-shards", 7, 4, ["MessageGroups=7", "BatchSize=10", "ConsumerTimeout=30"]],
] as const)("%s, %d groups", (name, groups, concurrency, settings) => {
  it.each(["0", "0.05"])(
    `has none out of place in ${seeds} seeds, and loses nothing, with a failure rate of %s`,
    {
      timeout: 600_000,
    },
    async (rate) => {
      for (let seed = 1; seed <= seeds; seed++) {
        const set = [`FailureRate=${rate}`, "MaximumRetryAttempts=-1", ...settings];
        const { record, completed, dead } = await streamRun(name, set, events, seed);
        // A batch that failed is worked again: the order is that of the first completions.
        const first = [...new Set(completed)];
        expect(isInOrder(first, groups)).toBe(true);
        expect([ascending(first), dead]).toEqual([all, []]);
        expect(record.summary.maxConcurrency).toBeLessThanOrEqual(concurrency);
        expect(record.details.throttles).toBe(0);
      }
    },
  );
});

it(`has exactly the lost ones in the dead-letter group in ${seeds} seeds, with bounded retries`, {
  timeout: 600_000,
}, async () => {
  const poisonous = all.filter((id) => shareOf(id, "poison") < 0.05);
  for (let seed = 1; seed <= seeds; seed++) {
    const set = ["PoisonRate=0.05", "FailureRate=0.2", "MaximumRetryAttempts=1"];
    const { completed, dead, record } = await streamRun("kinesis-two-shards", set, events, seed);
    const lost = new Set(dead);
    for (const id of poisonous) expect(lost).toContain(id);
    expect(ascending([...new Set([...completed, ...lost])])).toEqual(all);
    expect(completed.filter((id) => lost.has(id))).toEqual([]);
    expect(record.summary.eventsFailed).toBe(lost.size);
  }
});
