/** The provisioned mode of event source mappings from SQS: how many pollers, how fast they receive, what they are counted by. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Queue } from "../../src/emulator/account.ts";
import { PollerScaling, provisionedBounds } from "../../src/emulator/lambda/mappings/poller-scaling.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { calm, hour, minute, refusal, second, TestAccount } from "./account.ts";
import { assumed, documented } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";
const scaling = `${guide}/services-sqs-scaling.html`;
const mode = `${guide}/invocation-eventsourcemapping.html#invocation-eventsourcemapping-provisioned-mode`;
const config = "https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html";
const creating = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html";
const metrics = `${guide}/monitoring-metrics-types.html`;
const shape = "AWS says ten receives a second, not how they are spread over it";

interface Options {
  minimum?: number;
  maximum?: number;
  messages?: number;
  workMs?: number;
  batchSize?: number;
  batchingWindowMs?: number;
  visibilityTimeoutMs?: number;
  fails?: () => boolean;
}

/** A queue with a backlog, and a function that notes each batch's size; `most()` is the highest concurrency so far. */
function provisioned(options: Options = {}) {
  const { minimum = 2, maximum = 2, messages = 1_000, workMs = hour, fails = () => false, ...settings } = options;
  const account = new TestAccount({ constants: { "lambda.accountConcurrency": 100_000 } });
  const queue = account.queue("queue", { visibilityTimeoutMs: options.visibilityTimeoutMs ?? 12 * hour });
  let running = 0;
  let most = 0;
  const fn = account.fn(
    "fn",
    async ({ Records }, { clock }) => {
      most = Math.max(most, ++running);
      account.note(String(Records.length));
      await clock.sleep(workMs);
      running--;
      if (fails()) throw new Error("no");
    },
    { timeoutMs: 900 * second },
  );
  fill(queue, messages);
  const mapping = account.map(queue, fn, { provisionedPollers: { minimum, maximum }, batchSize: 1, ...settings });
  return { account, queue, fn, mapping, most: () => most, running: () => running };
}

function fill(queue: Queue, count: number, text = "message"): void {
  for (let id = 0; id < count; id++) queue.send(text);
}

/** The numbers of pollers that CloudWatch was told of. */
function pollers(account: TestAccount): number[] {
  return account.observations.filter(({ name }) => name === "ProvisionedPollers").map(({ value }) => value);
}

/** When a receive began: one that found messages, by the invocation it led to. */
function receiveTimes(account: TestAccount): number[] {
  return account.trace.map(([at]) => at);
}

documented(scaling, "invokes 20 times at once from the first second, with two pollers of ten", async () => {
  const { account, running } = provisioned({ workMs: 10 * minute });
  await account.advance(second - 1);
  expect(running()).toBe(20);
});

documented(scaling, "never invokes more than ten times as often at once as it has pollers", async () => {
  for (const maximum of [2, 3, 7]) {
    const { account, most, running } = provisioned({ maximum, workMs: 10 * minute });
    await account.advance(5 * minute);
    expect(running()).toBe(10 * maximum);
    expect(most()).toBe(10 * maximum);
  }
});

documented(
  scaling,
  "adds up to 100 pollers, 1,000 invocations at once, a minute while messages stay visible",
  async () => {
    const { account, running } = provisioned({ maximum: 2_000, messages: 1_500 });
    await account.advance(minute);
    expect([101, 102]).toContain(pollers(account).at(-1));
    // The newest pollers still receive their first batches.
    await account.advance(second);
    expect(running()).toBeGreaterThan(980);
    expect(running()).toBeLessThanOrEqual(1_040);
  },
);

documented(scaling, "has as many pollers at the beginning as it has at least", async () => {
  const { account, running } = provisioned({ minimum: 30, maximum: 30 });
  await account.advance(second - 1);
  expect(running()).toBe(300);
  expect(new Set(pollers(account))).toEqual(new Set([30]));
});

documented(mode, "goes back to the least number of pollers when the queue is empty", async () => {
  const { account } = provisioned({ minimum: 3, maximum: 50, messages: 3_000, workMs: second });
  await account.advance(2 * minute);
  expect(Math.max(...pollers(account))).toBeGreaterThan(20);
  await account.advance(10 * minute);
  expect(account.trace).toHaveLength(3_000);
  expect(pollers(account).at(-1)).toBe(3);
});

documented(mode, "invokes no more at once than the pollers that are left can, after others have gone", async () => {
  const { account, queue, most, running } = provisioned({ maximum: 50, messages: 3_000, workMs: second });
  await account.advance(12 * minute);
  expect(most()).toBeGreaterThan(200);
  fill(queue, 500);
  await account.advance(second - 1);
  expect(running()).toBe(20);
});

assumed(
  "AWS does not say for how long a poller that receives nothing is kept",
  "keeps its pollers for as long as they have received something lately",
  async () => {
    const { account, queue } = provisioned({ minimum: 3, maximum: 50, messages: 3_000, workMs: second });
    await account.advance(30 * second);
    const most = pollers(account).at(-1)!;
    expect(most).toBeGreaterThan(20);
    expect(queue.counts().visible).toBe(0);
    await account.advance(account.constants["mapping.idleShrinkMs"] / 2);
    expect(pollers(account).at(-1)).toBe(most);
  },
);

documented(
  `${scaling}; the shape within a second is assumed`,
  "receives at most ten times a second with each poller",
  async () => {
    const { account, queue } = provisioned({ messages: 2_000, workMs: 0 });
    await account.advance(minute);
    const times = receiveTimes(account);
    // 600 for each of two pollers, and the first of each is at once.
    expect(times.length).toBeGreaterThan(1_150);
    expect(times.length).toBeLessThanOrEqual(1_202);
    for (let second = 0; second < 60; second++) {
      const from = second * 1_000;
      expect(times.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(20);
    }
    expect(queue.counts().visible).toBeGreaterThan(0);
  },
);

assumed(shape, "spaces a poller's receives by a tenth of a second", async () => {
  const { account } = provisioned({ messages: 100, workMs: 0 });
  await account.advance(2 * second);
  const times = receiveTimes(account);
  times.forEach((at, index) => {
    if (index >= 2) expect(at - times[index - 2]!).toBeGreaterThanOrEqual(100);
  });
});

documented(scaling, "takes no more than a megabyte a second with each poller", async () => {
  const { account } = provisioned({ messages: 0, workMs: 0, batchSize: 10 });
  const queue = account.sqs.list()[0]!;
  await account.advance(second);
  fill(queue, 400, "x".repeat(250_000));
  await account.advance(20 * second);
  const messages = account.trace.reduce((sum, [, size]) => sum + Number(size), 0);
  // Two pollers, each with up to ten messages before its pace holds it.
  expect(messages * 250_000).toBeLessThanOrEqual(2 * (20 + 2.5) * 1_000_000);
  expect(messages * 250_000).toBeGreaterThan(2 * 18 * 1_000_000);
});

documented(scaling, "asks an empty queue by one long poll of each poller", async () => {
  const { account, queue } = provisioned({ messages: 0 });
  await account.advance(10 * minute);
  expect(account.total(queue, "NumberOfEmptyReceives")).toBe(2 * 30);
});

assumed(
  "AWS says of throttles and errors what it says of the standard mode, and nothing of the least number",
  "gives up no poller of the least number while the function is throttled or fails",
  async () => {
    for (const cause of ["throttled", "failing"]) {
      const { account, fn, queue } = provisioned({
        minimum: 4,
        maximum: 40,
        messages: 3_000,
        workMs: second,
        fails: () => cause === "failing",
      });
      if (cause === "throttled") fn.reserveConcurrency(1);
      await account.advance(5 * minute);
      expect(queue.counts().visible + queue.counts().inFlight).toBeGreaterThan(0);
      expect(Math.min(...pollers(account))).toBe(4);
      expect(pollers(account).at(-1)).toBe(4);
    }
  },
);

documented(
  "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
  "cuts its pollers while the function is throttled, and adds some again afterwards",
  async () => {
    const { account, fn } = provisioned({
      maximum: 20,
      messages: 10_000,
      workMs: 20 * second,
      visibilityTimeoutMs: hour,
    });
    await account.advance(minute);
    expect(pollers(account).at(-1)).toBe(20);
    fn.reserveConcurrency(1);
    await account.advance(15 * minute);
    expect(pollers(account).at(-1)).toBeLessThan(5);
    fn.reserveConcurrency(null);
    await account.advance(3 * minute);
    expect(pollers(account).at(-1)).toBe(20);
  },
);

documented(scaling, "fills batches by several receives within a batching window", async () => {
  const { account } = provisioned({ messages: 45, batchSize: 40, batchingWindowMs: 5 * second, workMs: second });
  await account.advance(30 * second);
  const sizes = account.trace.map(([, size]) => Number(size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(45);
  expect(Math.max(...sizes)).toBeGreaterThan(10);
});

documented(metrics, "tells CloudWatch of its pollers by the mapping's UUID", async () => {
  const { account, mapping } = provisioned();
  await account.advance(3 * minute);
  const dimensions = { EventSourceMappingUUID: mapping.uuid };
  const query = { namespace: "AWS/Lambda", name: "ProvisionedPollers", dimensions, statistic: "Maximum" };
  await account.advance(5 * minute);
  const points = account.cloudwatch.query({ ...query, periodMs: minute, start: 0, end: account.kernel.now });
  expect(points.length).toBeGreaterThan(2);
  expect(new Set(points.map(({ value }) => value))).toEqual(new Set([2]));
});

it("goes on when a FIFO queue has had more calls than it takes", async () => {
  const account = new TestAccount({ constants: { "sqs.fifoCallsPerSecond": 3 } });
  const fifo = { contentBasedDeduplication: true, deduplicationScope: "queue", throughputLimit: "perQueue" } as const;
  const queue = account.queue("queue.fifo", { fifo, visibilityTimeoutMs: minute });
  for (let id = 0; id < 100; id++) queue.send(String(id), { messageGroupId: String(id) });
  const fn = account.fn("fn", async ({ Records: [record] }) => account.note(record.body), { timeoutMs: second });
  account.map(queue, fn, { provisionedPollers: { minimum: 2, maximum: 2 }, batchSize: 1 });
  await account.advance(10 * minute);
  expect(account.trace).toHaveLength(100);
});

/* Its settings */

documented(config, "has 2 to 200 pollers at least, by default 2, and 2 to 2,000 at most, by default 200", () => {
  const account = new TestAccount();
  const mapping = account.map(account.queue("queue"), account.sleeper("fn", 0, { timeoutMs: second }));
  expect(mapping.settings).toMatchObject({ provisionedPollers: null });
  for (const provisionedPollers of [
    { minimum: 1 },
    { minimum: 201 },
    { maximum: 1 },
    { maximum: 2_001 },
    { minimum: 20, maximum: 10 },
  ]) {
    expect(refusal(() => mapping.configure({ provisionedPollers })).code).toBe("InvalidParameterValueException");
  }
  mapping.configure({ provisionedPollers: { minimum: 5 } });
  expect(mapping.settings).toMatchObject({ provisionedPollers: { minimum: 5, maximum: 200 } });
  mapping.configure({ provisionedPollers: { maximum: 5 } });
  expect(mapping.settings).toMatchObject({ provisionedPollers: { minimum: 2, maximum: 5 } });
});

documented(creating, "has no MaximumConcurrency besides", () => {
  const account = new TestAccount();
  const [queue, fn] = [account.queue("queue"), account.sleeper("fn", 0, { timeoutMs: second })];
  const both = { maximumConcurrency: 20, provisionedPollers: { minimum: 2, maximum: 2 } };
  expect(refusal(() => account.map(queue, fn, both)).message).toContain("exclude each other");
  const mapping = account.map(queue, fn, { maximumConcurrency: 20 });
  expect(refusal(() => mapping.configure({ provisionedPollers: {} })).message).toContain("exclude each other");
  mapping.configure({ maximumConcurrency: null, provisionedPollers: {} });
  expect(mapping.settings).toMatchObject({ maximumConcurrency: null });
});

documented(
  mode,
  "goes back to the standard mode, and comes from it, without losing or repeating a message",
  async () => {
    const { account, mapping, queue } = provisioned({ messages: 2_000, workMs: second });
    await account.advance(10 * second);
    mapping.configure({ provisionedPollers: null });
    await account.advance(30 * second);
    mapping.configure({ provisionedPollers: { minimum: 2, maximum: 3 } });
    await account.advance(hour);
    expect(account.trace).toHaveLength(2_000);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  },
);

it("is disabled and enabled without having more slots than its pollers have", async () => {
  const { account, mapping, most, queue } = provisioned({ messages: 200, workMs: 5 * second });
  await account.advance(550);
  mapping.configure({ enabled: false });
  mapping.configure({ enabled: true });
  await account.advance(10 * minute);
  expect(most()).toBe(20);
  expect(account.trace).toHaveLength(200);
  mapping.configure({ enabled: false });
  fill(queue, 5);
  await account.advance(minute);
  expect(queue.counts().visible).toBe(5);
});

it("never wants fewer slots than its least number of pollers has, nor more than its largest, whatever happens", () => {
  const constants = constantsOf("2026", calm);
  const step = fc.record({
    visibleMessages: fc.integer({ min: 0, max: 2_000 }),
    busySlots: fc.integer({ min: 0, max: 2_000 }),
    isThrottled: fc.boolean(),
    ended: fc.integer({ min: 0, max: 20 }),
    failed: fc.integer({ min: 0, max: 20 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 0, max: 300 }),
      fc.array(step, { maxLength: 200, size: "max" }),
      (minimum, more, steps) => {
        const bounds = provisionedBounds(constants, { minimum, maximum: minimum + more });
        const wanted = new PollerScaling(constants, bounds.least);
        steps.forEach(({ isThrottled, ended, failed, ...sight }, index) => {
          const now = index * constants["mapping.scalingTickMs"];
          if (isThrottled) wanted.noteThrottle(now);
          for (let count = 0; count < ended; count++) wanted.noteEnd(count < failed);
          wanted.decide(bounds, { now, ...sight });
          expect(wanted.wantedSlots).toBeGreaterThanOrEqual(10 * minimum);
          expect(wanted.wantedSlots).toBeLessThanOrEqual(10 * (minimum + more));
        });
      },
    ),
  );
});
