/** When the drain ends, on a clock that only it moves, where rows show up late and CloudWatch may have nothing to say. */
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/model.ts";
import { drain } from "../../../src/steps/drain.ts";
import type { Stack } from "../../../src/steps/stack.ts";
import { Tally } from "../../../src/steps/tally.ts";
import { openLocal } from "../../../src/targets/local.ts";
import { RowsInMemory } from "../../../src/targets/rows-in-memory.ts";
import { aStack } from "./a-table.ts";
import { cloudWatchWith } from "./cloudwatch-answers.ts";

const minute = 60_000;

interface LateRow {
  id: number;
  /** Since the drain began. */
  createdAtMs: number;
  committedAtMs: number;
  /** of the dead-letter recorder */
  isDead?: boolean;
}

let runs = 0;

/** How a drain of two events ended, and when, while these rows come. */
async function drained(
  rows: LateRow[],
  {
    timeoutMs = 1_500_000,
    names = {},
    points = () => null,
  }: { timeoutMs?: number; names?: Partial<Stack>; points?: (metric: string, minuteMs: number) => number | null } = {},
): Promise<{ outcome: Outcome; afterMs: number; completed: number }> {
  const runId = `drain-${++runs}`;
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed: 1 });
  const begunAt = target.clock.now();
  const inMemory = new RowsInMemory();
  const waiting = [...rows];
  const clock: typeof target.clock = {
    now: target.clock.now,
    async sleep(ms, signal) {
      await target.clock.sleep(ms, signal);
      const due = waiting.filter(({ committedAtMs }) => begunAt + committedAtMs <= clock.now());
      for (const row of due) {
        waiting.splice(waiting.indexOf(row), 1);
        const groupId = `${runId}/${row.isDead ? "dead-letter" : "consumer"}`;
        const createdAt = begunAt + row.createdAtMs;
        const others = { sentAt: begunAt, startedAt: begunAt, batchId: "b", cacheId: "c" };
        inMemory.insert({ id: row.id, groupId, createdAt, ...others }, "");
      }
    },
  };
  const clients = cloudWatchWith(target.clients, ({ owner, name }) => {
    const minutes = Array.from({ length: Math.ceil((clock.now() - begunAt) / minute) }, (_, index) => index * minute);
    return minutes.flatMap((minuteMs) => {
      const value = points(`${owner}.${name}`, minuteMs);
      return value === null ? [] : [{ timestamp: begunAt + minuteMs, value }];
    });
  });
  const burst = { published: 2, failed: 0, firstSentAt: begunAt, lastSentAt: begunAt, shards: [] };
  const request = { runId, timeoutMs, consumerTimeoutMs: 60_000, signal: new AbortController().signal };
  let completed = 0;
  try {
    const outcome = await drain(
      { ...target, rows: inMemory, clients, clock },
      { ...aStack, ...names },
      burst,
      request,
      (update) => {
        if (update.phase === "drain") completed = update.completed;
      },
      new Tally(2),
    );
    return { outcome, afterMs: clock.now() - begunAt, completed };
  } finally {
    await target.close();
  }
}

const prompt = (id: number, atMs: number) => ({ id, createdAtMs: atMs, committedAtMs: atMs });

it("ends when the last event is there", async () => {
  const { outcome, afterMs } = await drained([prompt(1, 10_000), prompt(2, 100_000)]);
  expect(outcome).toBe("drained");
  expect(afterMs).toBeLessThanOrEqual(110_000);
});

it("waits for an invocation that may complete a dead-lettered event, and no longer than it can take", async () => {
  const dead = { ...prompt(2, 100_000), isDead: true };
  expect(await drained([prompt(1, 10_000), dead, prompt(2, 130_000)])).toMatchObject({
    outcome: "drained",
    afterMs: 130_000,
    completed: 2,
  });
  const { outcome, afterMs, completed } = await drained([prompt(1, 10_000), dead]);
  expect({ outcome, completed }).toEqual({ outcome: "drained", completed: 1 });
  expect(afterMs).toBe(160_000);
});

it("finds a row that was committed long after it was stamped, once nothing new has come for a while", async () => {
  const late = { id: 1, createdAtMs: 10_000, committedAtMs: 200_000 };
  const { outcome, afterMs } = await drained([late, prompt(2, 100_000)]);
  expect(outcome).toBe("drained");
  expect(afterMs).toBeGreaterThan(200_000);
  expect(afterMs).toBeLessThan(500_000);
});

it("looks at all rows before it gives up for want of time", async () => {
  const late = { id: 1, createdAtMs: 10_000, committedAtMs: 100_000 };
  expect(await drained([late, prompt(2, 95_000)], { timeoutMs: 110_000 })).toMatchObject({ outcome: "drained" });
  const never = await drained([prompt(2, 95_000)], { timeoutMs: 110_000 });
  expect(never).toMatchObject({ outcome: "timeout", completed: 1 });
});

const aQueue = { queue: "queue" };
const visible = "queue.ApproximateNumberOfMessagesVisible";
const inFlight = "queue.ApproximateNumberOfMessagesNotVisible";
const deadVisible = "dead.ApproximateNumberOfMessagesVisible";
const received = "consumer.AsyncEventsReceived";
const invoked = "consumer.Invocations";

describe("with one event of two there and nothing more to come", () => {
  type Points = Record<string, number | ((minuteMs: number) => number | null)>;

  /** `points`: what each minute has, by metric; no other metric has any. */
  const endOf = (names: Partial<Stack>, points: Points) =>
    drained([prompt(1, 10_000)], {
      names,
      points: (metric, minuteMs) => {
        const value = points[metric] ?? null;
        return typeof value === "function" ? value(minuteMs) : value;
      },
    });

  const once = (value: number) => (minuteMs: number) => (minuteMs === 0 ? value : null);

  it.each<[what: string, names: Partial<Stack>, points: Points]>([
    ["an empty queue", aQueue, { [visible]: 0, [inFlight]: 0 }],
    ["an empty queue and no point of what is in flight, as of a queue that has nothing", aQueue, { [visible]: 0 }],
    [
      "an empty queue whose last message was in flight long ago",
      aQueue,
      { [visible]: 0, [inFlight]: (minuteMs) => (minuteMs < 120_000 ? 1 : null) },
    ],
    [
      "an empty queue, and a dead-letter queue that nobody reads",
      { ...aQueue, deadLetterQueue: "dead" },
      { [visible]: 0 },
    ],
    ["as many invocations as Lambda took in events", {}, { [received]: once(1), [invoked]: once(1) }],
  ])("is quiet when CloudWatch shows %s", async (_what, names, points) => {
    const { outcome, afterMs } = await endOf(names, points);
    expect(outcome).toBe("quiet");
    expect(afterMs).toBeGreaterThanOrEqual(900_000);
    expect(afterMs).toBeLessThan(1_100_000);
  });

  it.each<[what: string, names: Partial<Stack>, points: Points]>([
    ["no point of the queue", aQueue, {}],
    ["no point of the queue since the last event came", aQueue, { [visible]: (at) => (at === 0 ? 0 : null) }],
    ["a message in the queue", aQueue, { [visible]: 1 }],
    ["a message in flight", aQueue, { [visible]: 0, [inFlight]: 1 }],
    [
      "a message in flight that is published late",
      aQueue,
      { [visible]: 0, [inFlight]: (at) => (at % 240_000 ? null : 1) },
    ],
    [
      "no point of a dead-letter queue that is read",
      { ...aQueue, deadLetterQueue: "dead", deadLetterRecorderFunction: "recorder" },
      { [visible]: 0 },
    ],
    [
      "a dead letter that is not read yet",
      { ...aQueue, deadLetterQueue: "dead", deadLetterRecorderFunction: "recorder" },
      { [visible]: 0, [deadVisible]: 1 },
    ],
    ["no point of what Lambda took in", {}, { [invoked]: once(1) }],
    ["an event that Lambda took in and has not run", {}, { [received]: once(2), [invoked]: once(1) }],
  ])("waits until its time is over when CloudWatch shows %s", async (_what, names, points) => {
    expect(await endOf(names, points)).toMatchObject({ outcome: "timeout", completed: 1 });
  });
});
