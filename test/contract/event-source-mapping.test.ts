/** Event source mappings from SQS to Lambda: pollers and their scaling, batches, throttles, errors, partial answers. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { LambdaFunction, Queue } from "../../src/emulator/account.ts";
import { randomStream } from "../../src/emulator/kernel/random.ts";
import { freeSlotLookMs, freeSlotMs, throttleBackoffMs } from "../../src/emulator/lambda/mappings/poller-waits.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import type { PlatformName } from "../../src/model.ts";
import { calm, hour, minute, refusal, second, start, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";
const withSqs = `${guide}/with-sqs.html`;
const scaling = `${guide}/services-sqs-scaling.html`;
const parameters = `${guide}/services-sqs-parameters.html`;
const errorHandling = `${guide}/services-sqs-errorhandling.html`;
const creating = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html";
const guideOf2022 = "https://github.com/awsdocs/aws-lambda-developer-guide with-sqs.md, 2022";
const support = "AWS Support of August 2022, as the documentation of a public notifications project quotes it";
const errorCut = "https://rehanvdm.com/blog/sqs-lambda-esm-scaling-behaviour--experiment-esm-and-lambda-errors";
const deadLetters =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html";

type SqsRecord = { messageId: string; body: string; attributes: { ApproximateReceiveCount: string } };

/** Notes the ids of each batch when it begins, and works `ms`. */
function worker(account: TestAccount, ms: number, options: Parameters<TestAccount["fn"]>[2] = {}): LambdaFunction {
  return account.fn(
    "worker",
    async ({ Records }, { clock }) => {
      account.note(Records.map((record: SqsRecord) => record.body).join());
      await clock.sleep(ms);
    },
    { timeoutMs: 10 * second, ...options },
  );
}

function fill(queue: Queue, count: number, from = 1): void {
  for (let id = from; id < from + count; id++) queue.send(String(id));
}

/** An account with so much concurrency that nothing but the mapping limits its pollers, and a queue of work without end. */
function endless(platform: PlatformName = "2026", messages = 2_000) {
  const account = new TestAccount({ platform, constants: { "lambda.accountConcurrency": 10_000 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: hour });
  const fn = account.sleeper("fn", 2 * hour, { timeoutMs: 900 * second });
  fill(queue, messages);
  const mapping = account.map(queue, fn);
  return { account, queue, fn, mapping };
}

/** Every batch size that the worker was invoked with. */
function batchSizes(account: TestAccount): number[] {
  return account.trace.map(([, ids]) => ids.split(",").length);
}

/* Pollers and their scaling */

documented(scaling, "begins with five batches at a time", async () => {
  const { account, queue } = endless();
  await account.advance(second - 1);
  expect(queue.counts().inFlight).toBe(5);
});

for (const [platform, perMinute, source] of [
  ["2026", 300, scaling],
  ["2020", 60, guideOf2022],
] as const) {
  documented(source, `${platform}: adds up to ${perMinute} pollers a minute while messages stay visible`, async () => {
    const { account, queue } = endless(platform);
    await account.advance(minute);
    expect(queue.counts().inFlight).toBe(5 + perMinute);
    await account.advance(minute);
    expect(queue.counts().inFlight).toBe(5 + 2 * perMinute);
  });
}

measured(
  "aws-samples' demonstration of SQS mappings: a straight line of 298 a minute up to 1,250",
  "2026: grows in small steps",
  async () => {
    const { account, queue } = endless();
    for (let seconds = 1; seconds <= 240; seconds++) {
      await account.advance(second);
      expect(Math.abs(queue.counts().inFlight - (5 + 5 * seconds))).toBeLessThanOrEqual(5);
    }
  },
);

for (const [platform, most, source] of [
  ["2026", 1_250, scaling],
  ["2020", 1_000, guideOf2022],
] as const) {
  documented(source, `${platform}: stops at ${most} pollers`, async () => {
    const constants = { "lambda.accountConcurrency": 10_000, "mapping.pollersPerMinute": 3_000 };
    const account = new TestAccount({ platform, constants });
    const queue = account.queue("queue", { visibilityTimeoutMs: hour });
    fill(queue, 2_000);
    account.map(queue, account.sleeper("fn", hour));
    await account.advance(minute);
    expect(queue.counts().inFlight).toBe(most);
  });
}

documented(scaling, "adds no pollers while no messages are visible", async () => {
  const { account, queue } = endless("2026", 3);
  await account.advance(45 * second);
  fill(queue, 100);
  await account.advance(second - 1);
  expect(queue.counts().inFlight).toBe(5);
});

measured(support, "adds no pollers while the function is throttled, however many messages are visible", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue", { visibilityTimeoutMs: 30 * second });
  fill(queue, 1_000);
  account.map(queue, worker(account, second, { reserved: 1 }));
  for (let tick = 0; tick < 120; tick++) {
    await account.advance(3_700);
    expect(queue.counts().inFlight).toBeLessThanOrEqual(5);
  }
  expect(queue.counts().visible).toBeGreaterThan(0);
});

measured(support, "adds no pollers while the function fails", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue", { visibilityTimeoutMs: 12 * hour });
  fill(queue, 2_000);
  let running = 0;
  let most = 0;
  const fn = account.fn("fn", async (_, { clock }) => {
    most = Math.max(most, ++running);
    await clock.sleep(second / 2);
    running--;
    throw new Error("no");
  });
  account.map(queue, fn);
  await account.advance(5 * minute);
  expect(most).toBe(5);
});

documented(errorHandling, "cuts its concurrency while the function is throttled, and recovers afterwards", async () => {
  const account = new TestAccount({ constants: { "mapping.pollersPerMinute": 60 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: 30 * second });
  const fn = worker(account, 10 * second, { timeoutMs: 30 * second });
  fill(queue, 5_000);
  account.map(queue, fn);
  await account.advance(2 * minute);
  const grown = queue.counts().inFlight;
  expect(grown).toBeGreaterThan(100);
  fn.reserveConcurrency(1);
  const depths: number[] = [];
  for (let round = 0; round < 15; round++) {
    await account.advance(minute);
    depths.push(queue.counts().inFlight);
  }
  expect(depths[4]).toBeLessThan(grown / 2);
  expect(depths.at(-1)).toBeLessThanOrEqual(5);
  fn.reserveConcurrency(null);
  await account.advance(3 * minute);
  expect(queue.counts().inFlight).toBeGreaterThan(50);
});

/** Ends in half a minute, once the pollers have settled, of a function of 50 ms with a backlog, 60 pollers at most and this share of errors. */
async function settledThroughput(failedShare: number, reportBatchItemFailures = false): Promise<number> {
  // Slow pollers, so that the test has few messages.
  const account = new TestAccount({ constants: { "mapping.overheadMs": 450 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: 12 * hour });
  let ended = 0;
  const fn = account.fn("fn", async (_, { clock }) => {
    await clock.sleep(50);
    if (++ended % Math.round(1 / failedShare) === 0) throw new Error("no");
  });
  fill(queue, 12_000);
  account.map(queue, fn, { maximumConcurrency: 60, reportBatchItemFailures });
  await account.advance(minute);
  const before = ended;
  await account.advance(30 * second);
  return ended - before;
}

let withoutErrors: Promise<number> | null = null;

for (const [failedShare, less] of [
  [0.01, 0.2],
  [0.05, 0.75],
  [0.1, 0.85],
] as const) {
  measured(
    errorCut,
    `does ${100 * less}% less than without errors when ${100 * failedShare}% of the invocations fail, within 10 points`,
    async () => {
      withoutErrors ??= settledThroughput(0);
      const share = (await settledThroughput(failedShare)) / (await withoutErrors);
      expect(Math.abs(1 - share - less)).toBeLessThan(0.1);
    },
  );
}

documented(errorHandling, "does as much as without errors when the function reports batch item failures", async () => {
  withoutErrors ??= settledThroughput(0);
  expect(await settledThroughput(0.1, true)).toBeGreaterThan(0.95 * (await withoutErrors));
});

for (const [reports, effect] of [
  [false, "cuts its concurrency while the function fails"],
  [true, "does not cut its concurrency while the function fails if it reports batch item failures"],
] as const) {
  documented(errorHandling, effect, async () => {
    const account = new TestAccount({ constants: { "mapping.pollersPerMinute": 20 } });
    const queue = account.queue("queue", { visibilityTimeoutMs: 12 * hour });
    let fails = false;
    let running = 0;
    const fn = account.fn(
      "fn",
      async (_, { clock }) => {
        running++;
        await clock.sleep(10 * second);
        running--;
        if (fails) throw new Error("no");
      },
      { timeoutMs: 30 * second },
    );
    fill(queue, 10_000);
    account.map(queue, fn, { reportBatchItemFailures: reports });
    await account.advance(2 * minute);
    const grown = running;
    expect(grown).toBeGreaterThan(40);
    fails = true;
    await account.advance(6 * minute);
    if (reports) expect(running).toBeGreaterThanOrEqual(grown);
    else expect(running).toBeLessThanOrEqual(5);
  });
}

for (const [platform, maximumConcurrency, left, source] of [
  ["2026", null, 2, scaling],
  ["2026", 100, 5, scaling],
  ["2020", null, 5, guideOf2022],
] as const) {
  const capped = maximumConcurrency === null ? "" : " with MaximumConcurrency";
  documented(
    source,
    `${platform}: polls with ${left} pollers when the queue has long been empty${capped}`,
    async () => {
      const account = new TestAccount({ platform });
      const queue = account.queue("queue");
      fill(queue, 1_000);
      account.map(queue, worker(account, second), { maximumConcurrency });
      await account.advance(hour);
      expect(account.trace).toHaveLength(1_000);
      fill(queue, 100, 2_000);
      await account.advance(0);
      expect(queue.counts().inFlight).toBe(left);
    },
  );
}

/* Throttles */

documented(
  errorHandling,
  "holds a throttled message and tries it again until its visibility timeout passes",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue", { visibilityTimeoutMs: 30 * second });
    const fn = account.fn(
      "fn",
      async ({ ms = 0 }, { clock }) => {
        await clock.sleep(ms);
        account.note(ms === 0 ? "message" : "occupant");
      },
      { reserved: 1, timeoutMs: 30 * second },
    );
    fn.invoke({ ms: 20 * second }, () => {});
    fill(queue, 1);
    account.map(queue, fn);
    await account.advance(20 * second - 1);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    expect(account.total(fn, "Throttles")).toBeGreaterThan(3);
    await account.advance(minute);
    expect(account.total(queue, "NumberOfMessagesReceived")).toBe(1);
    expect(account.times("message")).toHaveLength(1);
    const latest = 20 * second + account.constants["mapping.throttleBackoffCapMs"];
    expect(account.times("message")[0]).toBeLessThanOrEqual(latest);
  },
);

documented(
  errorHandling,
  "lets a throttled message go when its visibility timeout has passed: it comes back with one receive more",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue", { visibilityTimeoutMs: 10 * second });
    const counts: string[] = [];
    const fn = account.fn(
      "fn",
      async ({ Records, ms }, { clock }) => {
        if (Records) counts.push(Records[0].attributes.ApproximateReceiveCount);
        else await clock.sleep(ms);
      },
      { reserved: 1, timeoutMs: 10 * second },
    );
    for (const at of [0, 8, 16, 24]) {
      account.kernel.at(start + at * second, () => fn.invoke({ ms: 8 * second - 1 }, () => {}));
    }
    account.kernel.at(start + second, () => fill(queue, 1));
    account.map(queue, fn);
    await account.advance(minute);
    expect(account.total(fn, "Throttles")).toBeGreaterThan(counts.length + 2);
    expect(Number(counts[0])).toBe(account.total(queue, "NumberOfMessagesReceived"));
    expect(Number(counts[0])).toBeGreaterThanOrEqual(2);
  },
);

measured(
  "aws-cdk issue 24180: with a reservation of 1 most messages sat in flight until they were dead-lettered, although the function was idle",
  "by the other policy lets a throttled message go after so many tries: it stays in flight although the function is free",
  async () => {
    const tries = 3;
    const account = new TestAccount({
      constants: { "mapping.throttlePolicy": 1, "mapping.throttleTries": tries, "mapping.pollersPerMinute": 0 },
    });
    const queue = account.queue("queue", { visibilityTimeoutMs: 10 * minute });
    const fn = worker(account, 0, { reserved: 0 });
    fill(queue, 20);
    account.map(queue, fn);
    await account.advance(2 * minute);
    expect(account.total(fn, "Throttles")).toBe(20 * tries);
    fn.reserveConcurrency(1);
    await account.advance(8 * minute - 1);
    expect(account.trace).toEqual([]);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 20, delayed: 0 });
    await account.advance(10 * minute);
    expect(account.trace).toHaveLength(20);
  },
);

documented(
  deadLetters,
  "loses a healthy message to the dead-letter queue when every receive of it was throttled",
  async () => {
    const account = new TestAccount();
    const dead = account.queue("dead");
    const queue = account.queue("queue", {
      visibilityTimeoutMs: 10 * second,
      redrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 },
    });
    const fn = worker(account, 0, { reserved: 0 });
    fill(queue, 1);
    account.map(queue, fn);
    await account.advance(20 * second - 1);
    expect(dead.counts().visible).toBe(0);
    await account.advance(1);
    expect(dead.counts().visible).toBe(1);
    expect(account.total(queue, "NumberOfMessagesReceived")).toBe(2);
    expect(account.trace).toEqual([]);
  },
);

it("waits between the retries of a throttled batch exponentially, up to a cap, jittered [assumed: AWS publishes neither the base nor the cap nor the jitter]", () => {
  const constants = constantsOf("2026", calm);
  const { "mapping.throttleBackoffBaseMs": base, "mapping.throttleBackoffCapMs": cap } = constants;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (throttle, jitter) => {
      const random = randomStream(1, "any");
      const interval = Math.min(cap, base * 2 ** (throttle - 1));
      const delay = throttleBackoffMs(throttle, { ...constants, "mapping.throttleBackoffJitter": jitter }, random);
      expect(delay).toBeLessThanOrEqual(interval);
      expect(delay).toBeGreaterThanOrEqual(interval * (1 - jitter) - 1e-6);
    }),
  );
});

/* Success and errors */

documented(withSqs, "deletes the messages of a batch that succeeded", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue");
  fill(queue, 20);
  account.map(queue, worker(account, second), { batchSize: 10 });
  await account.advance(hour);
  expect(batchSizes(account)).toEqual([10, 10]);
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  expect(account.total(queue, "NumberOfMessagesDeleted")).toBe(20);
});

documented(errorHandling, "leaves the messages of a batch that failed to their visibility timeout", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue", { visibilityTimeoutMs: 40 * second });
  let fails = true;
  const fn = account.fn("fn", async (_, { clock }) => {
    account.note("runs");
    await clock.sleep(second);
    if (fails) throw new Error("no");
  });
  fill(queue, 3);
  account.map(queue, fn, { batchSize: 10 });
  await account.advance(41 * second);
  fails = false;
  await account.advance(10 * minute);
  expect(account.times("runs").slice(0, 2)).toEqual([0, 40 * second]);
  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

documented(withSqs, "gives a function the event that AWS shows", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue");
  const events: unknown[] = [];
  account.map(
    queue,
    account.fn("fn", async (event) => void events.push(JSON.parse(JSON.stringify(event)))),
  );
  const messageAttributes = { kind: { DataType: "String", StringValue: "order" } };
  const { messageId, md5OfBody } = queue.send("text", { messageAttributes });
  await account.advance(second);
  expect(events).toEqual([
    {
      Records: [
        {
          messageId,
          receiptHandle: expect.any(String),
          body: "text",
          attributes: {
            ApproximateReceiveCount: "1",
            SentTimestamp: String(start),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: String(start),
          },
          messageAttributes,
          md5OfBody,
          eventSource: "aws:sqs",
          eventSourceARN: queue.arn,
          awsRegion: account.region,
        },
      ],
    },
  ]);
});

/* Partial batch responses */

/** Sends a batch of four to a function that answers so, and returns which came back. */
async function cameBack(
  answer: (messageIds: string[]) => unknown,
  settings: { reportBatchItemFailures: boolean } = { reportBatchItemFailures: true },
): Promise<string[]> {
  const account = new TestAccount();
  const queue = account.queue("queue", { visibilityTimeoutMs: 10 * second });
  const seen: string[][] = [];
  const fn = account.fn("fn", async ({ Records }) => {
    seen.push(Records.map((record: SqsRecord) => record.body));
    return seen.length === 1 ? answer(Records.map((record: SqsRecord) => record.messageId)) : null;
  });
  fill(queue, 4);
  account.map(queue, fn, { batchSize: 10, ...settings });
  await account.advance(minute);
  expect(seen[0]).toEqual(["1", "2", "3", "4"]);
  return seen.slice(1).flat().toSorted();
}

const items = (...ids: unknown[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
const all = ["1", "2", "3", "4"];

documented(errorHandling, "makes only the messages visible again that a partial answer names", async () => {
  expect(await cameBack((ids) => items(ids[1], ids[3]))).toEqual(["2", "4"]);
});

documented(errorHandling, "takes an empty or missing list, or an empty answer, for success", async () => {
  for (const answer of [{ batchItemFailures: [] }, { batchItemFailures: null }, {}, null, undefined]) {
    expect(await cameBack(() => answer)).toEqual([]);
  }
});

documented(
  errorHandling,
  "takes an answer with an empty, missing or misnamed itemIdentifier for a failure of the whole batch",
  async () => {
    for (const answer of [items(""), items(null), { batchItemFailures: [{ itemIdentifer: "x" }] }]) {
      expect(await cameBack(() => answer)).toEqual(all);
    }
  },
);

assumed(
  "AWS lists bad identifiers; an answer that cannot be read at all says even less",
  "takes an answer that is not such an object for a failure of the whole batch",
  async () => {
    for (const answer of ["text", { batchItemFailures: "all" }, { batchItemFailures: [null] }]) {
      expect(await cameBack(() => answer)).toEqual(all);
    }
  },
);

assumed(
  "AWS's list of failures has no such case; nothing else could be meant safely",
  "takes an id that was not in the batch for a failure of the whole batch",
  async () => {
    expect(await cameBack((ids) => items(ids[0], "other"))).toEqual(all);
  },
);

documented(errorHandling, "takes an exception for a failure of the whole batch", async () => {
  const thrown = () => {
    throw new Error("no");
  };
  expect(await cameBack(thrown)).toEqual(all);
});

documented(errorHandling, "ignores a partial answer unless the mapping reports batch item failures", async () => {
  expect(await cameBack((ids) => items(ids[0]), { reportBatchItemFailures: false })).toEqual([]);
});

/* MaximumConcurrency */

for (const batchSize of [1, 5]) {
  documented(
    scaling,
    `receives no more than MaximumConcurrency can be invoked with, batch size ${batchSize}`,
    async () => {
      const account = new TestAccount();
      const dead = account.queue("dead");
      const queue = account.queue("queue", {
        visibilityTimeoutMs: 10 * second,
        redrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 },
      });
      const fn = worker(account, second, { reserved: 3 });
      fill(queue, 300);
      account.map(queue, fn, { batchSize, maximumConcurrency: 3 });
      for (let tick = 0; tick < 1_200; tick++) {
        await account.advance(100);
        expect(queue.counts().inFlight).toBeLessThanOrEqual(3 * batchSize);
      }
      expect(account.total(fn, "Throttles")).toBe(0);
      expect(queue.counts().visible + dead.counts().visible).toBe(0);
      expect(account.trace).toHaveLength(300 / batchSize);
    },
  );
}

assumed(
  "a mapping looks for a free slot only where it may have none",
  "reads on at once below MaximumConcurrency",
  async () => {
    const account = new TestAccount({
      constants: { "mapping.twentySlotsLookMs": 5 * second, "mapping.lookSpread": 0 },
    });
    const queue = account.queue("queue");
    fill(queue, 100);
    account.map(queue, worker(account, 100), { maximumConcurrency: 20 });
    await account.advance(second - 1);
    expect(account.trace).toHaveLength(5 * 10);
  },
);

documented(scaling, "counts MaximumConcurrency for each mapping of a function by itself", async () => {
  const account = new TestAccount();
  const fn = worker(account, 9 * second);
  for (const name of ["one", "two"]) {
    const queue = account.queue(name);
    fill(queue, 50);
    account.map(queue, fn, { maximumConcurrency: 2 });
  }
  await account.advance(second);
  expect(account.trace).toHaveLength(4);
});

for (const maximumConcurrency of [25, 50, 90]) {
  measured(
    "https://rehanvdm.com/blog/sqs-lambda-esm-scaling-behaviour--experiment-esm-and-lambda-concurrency-uploads",
    `shows MaximumConcurrency ${maximumConcurrency} as ConcurrentExecutions in a minute in which a function of 50 ms always meets it`,
    async () => {
      const account = new TestAccount({
        constants: { "mapping.overheadMs": 100, "mapping.twentySlotsLookMs": 580, "mapping.pollersPerMinute": 60_000 },
      });
      const queue = account.queue("queue");
      fill(queue, 50 * maximumConcurrency);
      const fn = worker(account, 50);
      account.map(queue, fn, { maximumConcurrency });
      await account.advance(3 * second);
      account.observations.length = 0;
      await account.advance(3 * second);
      const seen = account.observed(fn, "ConcurrentExecutions").map(({ value }) => value);
      expect(Math.max(...seen)).toBe(maximumConcurrency);
    },
  );
}

/* Batches */

documented(parameters, "has batches of up to 10 unless told otherwise, and does not wait to fill them", async () => {
  const account = new TestAccount();
  const queue = account.queue("queue");
  const mapping = account.mappings.create(queue.arn, worker(account, second).arn);
  expect(mapping.settings).toMatchObject({ batchSize: 10, batchingWindowMs: 0, maximumConcurrency: null });
  fill(queue, 1);
  await account.advance(0);
  expect(batchSizes(account)).toEqual([1]);
});

documented(parameters, "collects messages for the batching window, which begins with the first", async () => {
  const account = new TestAccount({ constants: { "mapping.initialPollers": 1 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: minute });
  account.map(queue, worker(account, 0), { batchSize: 100, batchingWindowMs: 5 * second });
  for (let id = 1; id <= 120; id++) {
    fill(queue, 1, id);
    await account.advance(second / 10);
  }
  expect(account.trace.slice(0, 2).map(([at]) => at)).toEqual([5 * second, 10_100]);
  expect(batchSizes(account).slice(0, 2)).toEqual([51, 51]);
});

documented(withSqs, "may wait 20 s with little traffic, whatever the batching window", async () => {
  for (const [windowSeconds, waitSeconds] of [
    [1, 20],
    [5, 20],
    [30, 30],
  ] as const) {
    const account = new TestAccount({ constants: { "mapping.initialPollers": 1 } });
    const queue = account.queue("queue", { visibilityTimeoutMs: 2 * minute });
    account.map(queue, worker(account, 0), { batchSize: 10, batchingWindowMs: windowSeconds * second });
    await account.advance(2 * second);
    fill(queue, 1);
    await account.advance(minute);
    expect(account.trace).toEqual([[(2 + waitSeconds) * second, "1"]]);
  }
});

documented(withSqs, "ends that wait when a message comes after the window", async () => {
  const account = new TestAccount({ constants: { "mapping.initialPollers": 1 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: 2 * minute });
  account.map(queue, worker(account, 0), { batchSize: 10, batchingWindowMs: second });
  fill(queue, 1);
  await account.advance(6 * second);
  fill(queue, 1, 2);
  await account.advance(minute);
  expect(account.trace).toEqual([[6 * second, "1,2"]]);
});

documented(parameters, "closes a batching window as soon as the batch is full", async () => {
  const account = new TestAccount({ constants: { "mapping.initialPollers": 1 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: minute });
  account.map(queue, worker(account, 0), { batchSize: 3, batchingWindowMs: 30 * second });
  fill(queue, 2);
  await account.advance(4 * second);
  fill(queue, 1, 3);
  await account.advance(second);
  expect(account.trace).toEqual([[4 * second, "1,2,3"]]);
});

documented(parameters, "collects batches of more than 10, and waits for a window longer than a long poll", async () => {
  const account = new TestAccount({ constants: { "mapping.initialPollers": 1 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: hour });
  account.map(queue, worker(account, 0), { batchSize: 100, batchingWindowMs: 300 * second });
  fill(queue, 45);
  await account.advance(100 * second);
  fill(queue, 5, 46);
  await account.advance(200 * second);
  expect(batchSizes(account)).toEqual([50]);
  const longestPollMs = account.constants["sqs.maximumReceiveWaitMs"];
  expect(account.total(queue, "NumberOfEmptyReceives")).toBeGreaterThanOrEqual(
    Math.floor((200 * second) / longestPollMs),
  );
  expect(account.trace[0]![0]).toBe(300 * second);
});

for (const batchingWindowMs of [0, 50 * second]) {
  const window = batchingWindowMs === 0 ? "without a window" : "before its window is over";
  documented(
    parameters,
    `closes a batch at 6 MB, ${window}, and begins the next with the messages that did not fit`,
    async () => {
      const account = new TestAccount({ constants: { "mapping.initialPollers": 1, "mapping.pollersPerMinute": 0 } });
      const queue = account.queue("queue", { visibilityTimeoutMs: 2 * minute });
      const fn = account.fn("fn", async (event) => {
        account.note(String(event.Records.length));
        expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(6 * 1_024 * 1_024);
      });
      for (let id = 0; id < 10; id++) queue.send("x".repeat(1_000_000));
      account.map(queue, fn, { batchSize: 10, batchingWindowMs });
      await account.advance(5 * minute);
      expect(account.trace).toEqual([
        [0, "6"],
        [batchingWindowMs, "4"],
      ]);
      expect(account.total(queue, "NumberOfMessagesReceived")).toBe(10);
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    },
  );
}

assumed(
  "a poller that went on with them would hand over messages that are visible to others",
  "lets messages that did not fit into a batch go when their visibility timeout has passed",
  async () => {
    const account = new TestAccount({ constants: { "mapping.initialPollers": 1, "mapping.pollersPerMinute": 0 } });
    const queue = account.queue("queue", { visibilityTimeoutMs: 10 * second });
    const fn = account.fn("fn", async ({ Records }, { clock }) => {
      account.note(Records.map((record: SqsRecord) => record.attributes.ApproximateReceiveCount).join());
      await clock.sleep(15 * second);
    });
    for (let id = 0; id < 8; id++) queue.send("x".repeat(1_000_000));
    account.map(queue, fn, { batchSize: 10 });
    fn.configure({ timeoutMs: 20 * second });
    await account.advance(20 * second);
    expect(account.trace).toEqual([
      [0, "1,1,1,1,1,1"],
      [15 * second, "2,2"],
    ]);
  },
);

/** When a message whose function always fails is received again. */
async function secondReceiveMs(
  batchingWindowMs: number,
  visibilityTimeoutMs: number,
  laterTimeoutMs = 10 * second,
): Promise<number> {
  const account = new TestAccount({ constants: { "mapping.initialPollers": 1, "mapping.pollersPerMinute": 0 } });
  const queue = account.queue("queue", { visibilityTimeoutMs });
  const fn = account.fn(
    "fn",
    async () => {
      throw new Error("no");
    },
    { timeoutMs: 10 * second },
  );
  account.map(queue, fn, { batchingWindowMs, batchSize: 10 });
  fn.configure({ timeoutMs: laterTimeoutMs });
  await account.advance(minute);
  fill(queue, 1);
  await account.advance(10 * minute);
  const receives = account.observed(queue, "NumberOfMessagesReceived").map(({ at }) => at);
  return receives[1]! - receives[0]!;
}

documented(
  guideOf2022,
  "hides messages for window + timeout + 30 s when window + timeout is over the visibility timeout",
  async () => {
    expect(await secondReceiveMs(5 * second, 12 * second)).toBe((5 + 10 + 30) * second);
  },
);

documented(
  guideOf2022,
  "keeps the queue's visibility timeout when it is long enough, or when there is no window",
  async () => {
    expect(await secondReceiveMs(5 * second, 15 * second)).toBe(15 * second);
    expect(await secondReceiveMs(0, 10 * second)).toBe(10 * second);
    expect(await secondReceiveMs(0, 10 * second, 20 * second)).toBe(10 * second);
  },
);

/* The settings of a mapping */

documented(creating, "refuses a queue whose visibility timeout is under the function's timeout", () => {
  const account = new TestAccount();
  const queue = account.queue("queue", { visibilityTimeoutMs: 9 * second });
  const error = refusal(() => account.map(queue, worker(account, 0)));
  expect(error.code).toBe("InvalidParameterValueException");
  expect(error.message).toBe("Queue visibility timeout: 9 seconds is less than Function timeout: 10 seconds");
});

documented(withSqs, "needs a role that may receive, delete and get attributes", () => {
  for (const missing of ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]) {
    const account = new TestAccount();
    const queue = account.queue("queue");
    const actions = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].filter((each) => each !== missing);
    const policies = [
      { Statement: { Effect: "Allow" as const, Action: actions.map((each) => `sqs:${each}`), Resource: queue.arn } },
    ];
    const error = refusal(() => account.map(queue, worker(account, 0, { policies })));
    expect(error.message).toBe(`The provided execution role does not have permissions to call ${missing} on SQS`);
  }
});

documented(
  creating,
  "refuses a second mapping of a queue to a function, a queue and a function that do not exist",
  () => {
    const account = new TestAccount();
    const [queue, fn] = [account.queue("queue"), worker(account, 0)];
    const { uuid } = account.map(queue, fn);
    const conflict = refusal(() => account.map(queue, fn));
    expect(conflict).toMatchObject({ code: "ResourceConflictException", statusCode: 409 });
    expect(conflict.message).toContain(`SQS arn (" ${queue.arn} ") and function (" worker ") already exists.`);
    expect(conflict.message).toContain(uuid);
    expect(refusal(() => account.mappings.create(`${queue.arn}-none`, fn.arn)).message).toContain("NonExistentQueue");
    expect(refusal(() => account.mappings.create(queue.arn, `${fn.arn}-none`)).code).toBe("ResourceNotFoundException");
    expect(refusal(() => account.mappings.create("arn:aws:s3:::bucket", fn.arn)).message).toBe(
      "The event source arn:aws:s3:::bucket must be the ARN of an SQS queue or a Kinesis data stream for the local target.",
    );
  },
);

documented(
  parameters,
  "takes batches of 1 to 10,000, windows of 0 to 300 s, a window for more than 10, concurrencies of 2 to 1,000",
  () => {
    const account = new TestAccount();
    const mapping = account.map(account.queue("queue"), worker(account, 0));
    for (const settings of [
      { batchSize: 0 },
      { batchSize: 10_001, batchingWindowMs: second },
      { batchSize: 11 },
      { batchingWindowMs: 301 * second },
      { maximumConcurrency: 1 },
      { maximumConcurrency: 1_001 },
    ]) {
      expect(refusal(() => mapping.configure(settings)).code).toBe("InvalidParameterValueException");
    }
    mapping.configure({ batchSize: 10_000, batchingWindowMs: second, maximumConcurrency: 2 });
    mapping.configure({ batchSize: 10, batchingWindowMs: 0, maximumConcurrency: 1_000 });
  },
);

/* Its life */

documented(
  withSqs,
  "receives nothing while it is disabled, finishes what runs, and goes on when it is enabled",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue");
    fill(queue, 100);
    const mapping = account.map(queue, worker(account, second));
    await account.advance(500);
    mapping.configure({ enabled: false });
    expect(mapping.state).toBe("Disabled");
    await account.advance(10 * minute);
    expect(account.trace).toHaveLength(5);
    expect(queue.counts()).toEqual({ visible: 95, inFlight: 0, delayed: 0 });
    mapping.configure({ enabled: true });
    await account.advance(500);
    expect(queue.counts().inFlight).toBe(5);
    await account.advance(10 * minute);
    expect(account.trace).toHaveLength(100);
  },
);

documented(
  "https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html",
  "receives nothing more when it is deleted",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue");
    const mapping = account.map(queue, worker(account, second));
    account.mappings.delete(mapping.uuid);
    fill(queue, 10);
    await account.advance(minute);
    expect(account.trace).toEqual([]);
    expect(account.mappings.list()).toEqual([]);
  },
);

documented(
  "https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html",
  "finishes the batches that are with the function when it is deleted, and begins no other",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue");
    fill(queue, 20);
    const mapping = account.map(queue, worker(account, second));
    await account.advance(500);
    account.mappings.delete(mapping.uuid);
    await account.advance(minute);
    expect(account.trace).toHaveLength(5);
    expect(queue.counts()).toEqual({ visible: 15, inFlight: 0, delayed: 0 });
  },
);

documented(creating, "reads a queue for two functions, and two queues for one", async () => {
  const account = new TestAccount();
  const [one, other] = [account.queue("one"), account.queue("other")];
  const first = worker(account, 0);
  const second = account.sleeper("second", 0, { timeoutMs: 10_000 });
  account.map(one, first);
  account.map(one, second);
  account.map(other, first);
  expect(account.mappings.list()).toHaveLength(3);
});

it("goes on with the pollers that it has when it is enabled or disabled for a second time", async () => {
  const { account, queue, mapping } = endless();
  await account.advance(minute);
  mapping.configure({ enabled: true });
  await account.advance(minute / 2);
  expect(queue.counts().inFlight).toBe(5 + 450);
  for (let time = 0; time < 2; time++) mapping.configure({ enabled: false });
  expect(mapping.state).toBe("Disabled");
});

assumed(
  "AWS does not say when a disabled mapping stops retrying",
  "lets a throttled batch go when it is disabled",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue", { visibilityTimeoutMs: 10 * minute });
    const fn = worker(account, 0, { reserved: 0 });
    fill(queue, 1);
    const mapping = account.map(queue, fn);
    await account.advance(20 * second);
    mapping.configure({ enabled: false });
    fn.reserveConcurrency(null);
    await account.advance(5 * minute);
    expect(account.trace).toEqual([]);
    await account.advance(5 * minute);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  },
);

assumed(
  "the published runs imply that a poller's loop takes longer than the function",
  "spends some time on each batch besides the function's",
  async () => {
    const overheadMs = constantsOf("2026")["mapping.overheadMs"];
    const account = new TestAccount({
      constants: { "mapping.overheadMs": overheadMs, "mapping.initialPollers": 1, "mapping.pollersPerMinute": 0 },
    });
    const queue = account.queue("queue");
    fill(queue, 41);
    account.map(queue, worker(account, second));
    await account.advance(5 * minute);
    const begun = account.trace.map(([at]) => at);
    const meanLoopMs = (begun.at(-1)! - begun[0]!) / 40;
    expect(meanLoopMs).toBeGreaterThan(second + overheadMs * 0.9);
    expect(meanLoopMs).toBeLessThan(second + overheadMs * 1.1);
  },
);

/** Invocations a second of a warm function of 2.000 s with a backlog and so many slots. */
async function startsPerSecond(maximumConcurrency: number): Promise<number> {
  const names = ["mapping.overheadMs", "mapping.twentySlotsLookMs", "mapping.hundredSlotsLookMs"] as const;
  const numbers = constantsOf("2026");
  const account = new TestAccount({
    constants: {
      "mapping.pollersPerMinute": 60_000,
      ...Object.fromEntries(names.map((name) => [name, numbers[name]])),
    },
  });
  const queue = account.queue("queue", { visibilityTimeoutMs: minute });
  fill(queue, 100 * maximumConcurrency);
  account.map(queue, worker(account, 2 * second), { maximumConcurrency });
  await account.advance(10 * second);
  const before = account.trace.length;
  await account.advance(60 * second);
  return (account.trace.length - before) / 60;
}

for (const [maximumConcurrency, low, high] of [
  [20, 8.1, 8.6],
  [100, 42, 47],
] as const) {
  measured(
    "https://github.com/clep-raggedcloth/sqs-fair-queues-lab, July 2026",
    `starts ${low}-${high} invocations of 2.000 s a second at MaximumConcurrency ${maximumConcurrency}`,
    async () => {
      const rate = await startsPerSecond(maximumConcurrency);
      expect(rate).toBeGreaterThan(low);
      expect(rate).toBeLessThan(high);
    },
  );
}

it("leaves a slot free for the longer the longer it was busy, up to 2 s [measured: 0.41 s after 2 s and next to nothing after 50 ms, sqs-fair-queues-lab and rehanvdm.com]", () => {
  const constants = constantsOf("2026");
  const meanMs = (busyMs: number) => {
    const random = randomStream(1, "any");
    const times = Array.from({ length: 2_000 }, () => freeSlotMs(20, busyMs, constants, random));
    return times.reduce((sum, time) => sum + time, 0) / times.length;
  };
  expect(meanMs(2 * second)).toBeGreaterThan(280);
  expect(meanMs(2 * second)).toBeLessThan(350);
  expect(meanMs(50)).toBeLessThan(10);
  expect(meanMs(second)).toBeCloseTo(meanMs(2 * second) / 2);
  expect(meanMs(10 * second)).toBe(meanMs(2 * second));
});

it("looks for free slots more often the more there are of them [assumed: 20 and 100 slots were measured, others follow a power law]", () => {
  const constants = constantsOf("2026");
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1_000 }), fc.integer({ min: 2, max: 1_000 }), (one, other) => {
      const [fewer, more] = [Math.min(one, other), Math.max(one, other)];
      expect(freeSlotLookMs(more, constants)).toBeLessThanOrEqual(freeSlotLookMs(fewer, constants));
    }),
  );
  expect(freeSlotLookMs(20, constants)).toBe(constants["mapping.twentySlotsLookMs"]);
  expect(freeSlotLookMs(100, constants)).toBeCloseTo(constants["mapping.hundredSlotsLookMs"]);
});
