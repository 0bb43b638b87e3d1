/** The hidden partitions of a queue: no message is lost in them, and each has an order of its own. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Account } from "../../../src/emulator/account.ts";
import { Partitions } from "../../../src/emulator/sqs/partitions.ts";
import { second, TestAccount } from "../../contract/account.ts";

it("every message is received once, at most as many at a time as wanted, and each partition in the order of sending", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 2, max: 4 }),
      fc.array(fc.record({ sent: fc.nat(12), maximum: fc.integer({ min: 1, max: 10 }) }), {
        maxLength: 30,
        size: "max",
      }),
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

describe("the partitions of a queue", () => {
  /** Partitions that draw these fractions, one after the other; of so many alternatives the last one is drawn. */
  function somePartitions(...fractions: number[]) {
    const random = { fraction: () => fractions.shift()!, below: (count: number) => count - 1 };
    const kernel = { now: 0, random: () => random };
    const constants = {
      "sqs.onePartitionLimit": 10,
      "sqs.partitioningMs": 1_000,
      "sqs.partitionedShare": 0.5,
      "sqs.hiddenPartitions": 3,
      "sqs.newerPartitionsShare": 0.25,
    };
    const partitions = new Partitions({ kernel, constants } as unknown as Account);
    const arriving = (...steps: [at: number, visible: number][]) =>
      steps.map(([at, visible]) => {
        kernel.now = at;
        return partitions.ofArrival(visible);
      });
    return { partitions, arriving, fractions };
  }

  it("are one until a backlog beyond the limit has lasted, and then as many as the platform has", () => {
    const { partitions, arriving } = somePartitions(0.49, 0.24, 0.25);
    expect(arriving([0, 11], [999, 11])).toEqual([0, 0]);
    expect(partitions.askedFirst()).toBe(0);
    expect(arriving([1_000, 11], [1_001, 0])).toEqual([2, 2]);
    expect([partitions.askedFirst(), partitions.askedFirst()]).toEqual([2, 0]);
  });

  it("wait anew when the backlog was within the limit", () => {
    const { arriving } = somePartitions(0);
    expect(arriving([0, 11], [500, 10], [1_000, 11], [1_999, 11], [2_000, 11])).toEqual([0, 0, 0, 0, 2]);
  });

  it("stay one for good in the other queues", () => {
    const { arriving, fractions } = somePartitions(0.5, 0);
    expect(arriving([0, 11], [1_000, 11], [5_000, 11], [9_000, 11])).toEqual([0, 0, 0, 0]);
    expect(fractions).toEqual([0]);
  });
});
