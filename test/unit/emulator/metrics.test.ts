/** A metric in a service's hands and the public `record` come to the same, also where a test has replaced `record`. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { MetricIdentity } from "../../../src/emulator/account.ts";
import { minute, start, TestAccount } from "../../contract/account.ts";

const identities: MetricIdentity[] = ["a", "b", "c"].map((QueueName) => ({
  namespace: "AWS/SQS",
  name: "Sent",
  dimensions: { QueueName },
}));
const statistics = ["Sum", "SampleCount", "Minimum", "Maximum", "Average", "p50", "p90"];

const observation = fc.record({
  metric: fc.nat(2),
  value: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: -3, max: 50 })),
  atMs: fc.nat(5 * minute - 1),
});

/** An account whose `record` is nobody's but its own. */
function unwatched(): TestAccount {
  const account = new TestAccount();
  delete (account.cloudwatch as { record?: unknown }).record;
  return account;
}

it("has the same points and the same order of metrics by handle, by record and by a record that is watched", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(observation, { maxLength: 80, size: "max" }), async (observations) => {
      const shown = async (account: TestAccount, add: (metric: number, value: number, at: number) => void) => {
        for (const { metric, value, atMs } of observations) add(metric, value, start + atMs);
        await account.advance(60 * minute);
        const { cloudwatch } = account;
        return cloudwatch
          .list()
          .map((identity) => [
            identity,
            statistics.map((statistic) =>
              cloudwatch.query({ ...identity, statistic, periodMs: minute, start, end: start + 10 * minute }),
            ),
          ]);
      };
      const byRecord = unwatched();
      const expected = await shown(byRecord, (metric, value, at) =>
        byRecord.cloudwatch.record(identities[metric]!, value, at),
      );
      for (const account of [unwatched(), new TestAccount()]) {
        const metrics = identities.map((identity) => account.cloudwatch.metric(identity));
        expect(await shown(account, (metric, value, at) => metrics[metric]!.add(value, at))).toEqual(expected);
      }
    }),
    { numRuns: 50 },
  );
});

it("tells whoever has replaced `record` of every observation by a handle, with its time", async () => {
  const account = new TestAccount();
  const metric = account.cloudwatch.metric(identities[0]!);
  await account.advance(70_000);
  metric.add(1);
  metric.add(7, start + 5);
  expect(account.observations.map(({ name, value, at }) => [name, value, at])).toEqual([
    ["Sent", 1, 70_000],
    ["Sent", 7, 5],
  ]);
  expect(account.cloudwatch.metric({ ...identities[0]! })).toBe(metric);
});
