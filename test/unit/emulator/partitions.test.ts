/** The hidden partitions of a queue: no message is lost in them, and each has an order of its own. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { second, TestAccount } from "../../contract/account.ts";

it("every message is received once, at most as many at a time as wanted, and each partition in the order of sending", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 2, max: 4 }),
      fc.array(fc.record({ sent: fc.nat(12), maximum: fc.integer({ min: 1, max: 10 }) }), { maxLength: 30 }),
      async (seed, partitions, steps) => {
        const constants = {
          "sqs.onePartitionLimit": 1,
          "sqs.partitioningMs": 0,
          "sqs.partitionedShare": 1,
          "sqs.hiddenPartitions": partitions,
        };
        const account = new TestAccount({ seed, constants });
        const queue = account.queue("queue", { visibilityTimeoutMs: 3_600 * second });
        let sent = 0;
        const received: number[] = [];
        for (const step of steps) {
          for (let index = 0; index < step.sent; index++) queue.send(String(sent++));
          const visible = queue.counts().visible;
          const messages = account.receive(queue, step.maximum);
          expect(messages).toHaveLength(Math.min(step.maximum, visible));
          received.push(...messages.map(({ body }) => Number(body)));
          await account.advance(second);
        }
        for (let left = account.receive(queue); left.length > 0; left = account.receive(queue)) {
          received.push(...left.map(({ body }) => Number(body)));
        }
        expect(received.toSorted((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, id) => id));
        expect(longestDescent(received)).toBeLessThanOrEqual(partitions);
      },
    ),
  );
});

/** The length of the longest descending subsequence, which is how many ascending ones it takes to make the sequence. */
function longestDescent(values: readonly number[]): number {
  const lengths: number[] = [];
  values.forEach((value, index) => {
    const before = lengths.filter((_, earlier) => values[earlier]! > value);
    lengths[index] = 1 + Math.max(0, ...before);
  });
  return Math.max(0, ...lengths);
}
