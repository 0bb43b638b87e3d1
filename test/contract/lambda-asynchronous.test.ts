/** Lambda's asynchronous invocation: its internal queue, retries, maximum age, destinations and dead-letter queue. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { randomStream } from "../../src/emulator/kernel/random.ts";
import { throttleDelayMs } from "../../src/emulator/lambda/asynchronous-queue.ts";
import { platform2026 } from "../../src/emulator/platforms/2026.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { median } from "../../src/metrics/statistics.ts";
import { calm, hour, minute, refusal, second, start, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";
const errors = `${guide}/invocation-async-error-handling.html`;
const settings = `${guide}/invocation-async-configuring.html`;
const records = `${guide}/invocation-async-retain-records.html`;
const reserving = `${guide}/configuration-concurrency.html`;
const metrics = `${guide}/monitoring-metrics-types.html`;

/** A function whose every event fails, and which notes when it runs. */
function failing(account: TestAccount, options: Parameters<TestAccount["fn"]>[2] = {}) {
  return account.fn(
    "fn",
    async () => {
      account.note("attempt");
      throw new RangeError("broken");
    },
    options,
  );
}

/** A function that takes events, and that is throttled from the first attempt on until `release`. */
function blocked(account: TestAccount, options: Parameters<TestAccount["fn"]>[2] = {}) {
  const fn = account.fn("fn", async () => account.note("runs"), options);
  return {
    fn,
    accept(payload: unknown = {}) {
      fn.reserveConcurrency(1);
      fn.invokeAsync(payload);
      fn.reserveConcurrency(0);
    },
    release: () => fn.reserveConcurrency(null),
    throttledAt: () =>
      account
        .observed(fn, "Throttles")
        .filter(({ value }) => value > 0)
        .map(({ at }) => at - account.constants["lambda.asyncDispatchMs"]),
  };
}

documented(
  `${guide}/invocation-async.html`,
  "accepts an event at once although the function is throttled",
  async () => {
    const account = new TestAccount();
    const fn = account.sleeper("fn", minute, { reserved: 1 });
    account.burst(fn, 1);
    fn.invokeAsync({});
    expect(account.total(fn, "AsyncEventsReceived")).toBe(1);
    expect(account.total(fn, "Throttles")).toBe(0);
  },
);

documented(errors, "tries a throttled event again after 1 s, then doubles the interval up to 5 minutes", async () => {
  const account = new TestAccount();
  const { accept, throttledAt } = blocked(account);
  accept();
  await account.advance(hour);
  const times = throttledAt();
  const intervals = times.slice(1).map((at, index) => at - times[index]!);
  expect(intervals.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256].map((each) => each * second));
  expect(intervals.slice(9).length).toBeGreaterThan(5);
  expect(new Set(intervals.slice(9))).toEqual(new Set([5 * minute]));
});

const byExample = "cosmo-grant/aws-by-example, docs/lambda_retries.html, November 2025";
/** The platform's own, in place of the calm ones. */
const jittered = Object.fromEntries(
  (["lambda.asyncThrottleJitter", "lambda.asyncErrorRetryEarliest", "lambda.asyncErrorRetryLatest"] as const).map(
    (name) => [name, platform2026[name].value],
  ),
);
const localStack = "LocalStack, test_maxeventage, validated on AWS, November 2025";

it("adds to an interval what the jitter says at most, and never takes from it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer(),
      (throttle, jitter, seed) => {
        const plain = constantsOf("2026", calm);
        const interval = throttleDelayMs(throttle, plain, randomStream(seed, "any"));
        const jittered = throttleDelayMs(
          throttle,
          { ...plain, "lambda.asyncThrottleJitter": jitter },
          randomStream(seed, "any"),
        );
        expect(jittered).toBeGreaterThanOrEqual(interval);
        expect(jittered).toBeLessThanOrEqual(interval * (1 + jitter) + 1e-6);
      },
    ),
  );
});

measured(
  byExample,
  "tries one throttled event at 16.6, 32.8 and 67.9 s, within 5 %, by the medians of 20 seeds",
  async () => {
    const attempts: number[][] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const account = new TestAccount({ constants: jittered, seed });
      const { accept, throttledAt } = blocked(account);
      accept();
      await account.advance(2 * minute);
      attempts.push(throttledAt());
    }
    // Attempts before them were at about 0, 1, 3 and 7 s.
    for (const [index, seconds] of [16.65, 32.79, 67.93].entries()) {
      const at = median(attempts.map((times) => times[4 + index]!)) / second;
      expect(Math.abs(at / seconds - 1)).toBeLessThan(0.05);
    }
  },
);

assumed(
  "AWS says that it reads a long queue of events more slowly, not by how much",
  "leaves most of many events unread while one instance works, so that throttles are few",
  async () => {
    const account = new TestAccount();
    const fn = account.sleeper("fn", second, { reserved: 1 });
    for (let event = 0; event < 300; event++) fn.invokeAsync({});
    await account.advance(hour);
    expect(account.total(fn, "Invocations")).toBe(300);
    // Doubling intervals alone would throttle each event some six times.
    expect(account.total(fn, "Throttles")).toBeLessThan(300);
  },
);

assumed(
  "AWS says that the rate falls with a long queue; that it rises again is the other half of it",
  "reads as fast as ever a function that is not throttled",
  async () => {
    const account = new TestAccount();
    const fn = account.sleeper("fn", second, { reserved: 100 });
    for (let event = 0; event < 100; event++) fn.invokeAsync({});
    await account.advance(minute);
    const runs = account.observed(fn, "Invocations").map(({ at }) => at);
    expect(runs).toHaveLength(100);
    expect(runs.at(-1)! - runs[0]!).toBeLessThan(100 + 10);
    expect(account.total(fn, "Throttles")).toBe(0);
  },
);

documented(settings, "keeps trying a throttled event for 6 hours unless told otherwise", async () => {
  const account = new TestAccount();
  const failures = account.queue("failures");
  const { accept, fn } = blocked(account, { eventInvoke: { onFailureArn: failures.arn } });
  accept();
  // Five minutes are the longest interval.
  await account.advance(6 * hour - 5 * minute);
  expect(account.total(fn, "AsyncEventsDropped")).toBe(0);
  await account.advance(5 * minute);
  expect(account.total(fn, "AsyncEventsDropped")).toBe(1);
  expect(account.drain(failures)).toMatchObject([{ requestContext: { condition: "EventAgeExceeded" } }]);
});

measured(localStack, "gives an event up as soon as its next retry would come after the maximum event age", async () => {
  const account = new TestAccount();
  const { accept, fn } = blocked(account, { eventInvoke: { maximumEventAgeMs: minute } });
  accept();
  await account.advance(2 * minute);
  // The attempt after 31 s would be followed by one after 63 s.
  const [dispatch] = account.observed(fn, "AsyncEventAge").map(({ at }) => at);
  expect(account.observed(fn, "AsyncEventsDropped").map(({ at }) => at)).toEqual([dispatch! + 31 * second]);
});

for (const [age, attempts] of [
  [60, 1],
  [90, 2],
] as const) {
  measured(
    localStack,
    `gives a failing event up right after attempt ${attempts} at a maximum event age of ${age} s`,
    async () => {
      const account = new TestAccount({ constants: jittered });
      const fn = failing(account, { eventInvoke: { maximumEventAgeMs: age * second } });
      fn.invokeAsync({});
      await account.advance(hour);
      const times = account.times("attempt");
      expect(times).toHaveLength(attempts);
      expect(account.observed(fn, "AsyncEventsDropped").map(({ at }) => at)).toEqual([times.at(-1)]);
    },
  );
}

measured(`${byExample}; ${localStack}`, "retries after errors 4 % early to 10 % late, by 100 seeds", async () => {
  const shares: number[] = [];
  for (let seed = 1; seed <= 100; seed++) {
    const account = new TestAccount({ constants: jittered, seed });
    failing(account).invokeAsync({});
    await account.advance(hour);
    const [first, after, third] = account.times("attempt") as [number, number, number];
    shares.push((after - first) / minute, (third - after) / (2 * minute));
  }
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.96);
  expect(Math.max(...shares)).toBeLessThan(1.101);
  expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.1);
});

documented(errors, "waits for a minute and for two more before an event's retries after errors", async () => {
  const account = new TestAccount();
  failing(account).invokeAsync({});
  await account.advance(hour);
  const [first, ...later] = account.times("attempt");
  expect(later.map((at) => at - first!)).toEqual([minute, 3 * minute]);
});

documented(errors, "applies the maximum event age to the waits after errors too", async () => {
  const account = new TestAccount();
  const fn = failing(account, { eventInvoke: { maximumEventAgeMs: 90 * second } });
  fn.invokeAsync({});
  await account.advance(hour);
  expect(account.times("attempt")).toHaveLength(2);
  expect(account.total(fn, "AsyncEventsDropped")).toBe(1);
});

documented(errors, "counts throttles apart from the retries after errors", async () => {
  const account = new TestAccount();
  const { accept, release } = blocked(account, { eventInvoke: { maximumRetryAttempts: 0 } });
  accept();
  await account.advance(10 * minute);
  release();
  await account.advance(10 * minute);
  expect(account.times("runs")).toHaveLength(1);
});

for (const attempts of [0, 1, 2]) {
  documented(settings, `makes no more than MaximumRetryAttempts retries after errors: ${attempts}`, async () => {
    const account = new TestAccount();
    const fn = failing(account, { eventInvoke: { maximumRetryAttempts: attempts } });
    fn.invokeAsync({});
    await account.advance(hour);
    expect(account.times("attempt")).toHaveLength(attempts + 1);
    expect(account.total(fn, "AsyncEventsDropped")).toBe(1);
  });
}

documented(errors, "tries again after a timeout as after any error", async () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", minute, { timeoutMs: second });
  fn.invokeAsync({});
  await account.advance(hour);
  const runs = account.observed(fn, "Invocations").map(({ at }) => at);
  expect(runs.map((at) => at - runs[0]!)).toEqual([0, second + minute, 2 * second + 3 * minute]);
});

documented(
  "https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html",
  "takes maximum event ages of 60 s to 6 h and 0 to 2 retries",
  () => {
    const account = new TestAccount();
    const fn = failing(account);
    expect(refusal(() => fn.configureEventInvoke({ maximumEventAgeMs: 59 * second })).code).toBe("ValidationException");
    expect(refusal(() => fn.configureEventInvoke({ maximumEventAgeMs: 6 * hour + second })).code).toBe(
      "ValidationException",
    );
    expect(refusal(() => fn.configureEventInvoke({ maximumRetryAttempts: 3 })).code).toBe("ValidationException");
    fn.configureEventInvoke({ maximumEventAgeMs: minute, maximumRetryAttempts: 0 });
    fn.configureEventInvoke({ maximumEventAgeMs: 6 * hour, maximumRetryAttempts: 2 });
  },
);

documented(reserving, "sends a new event straight on, without trying it, while the reservation is 0", async () => {
  const account = new TestAccount();
  const [failures, deadLetters] = [account.queue("failures"), account.queue("dead-letters")];
  const fn = failing(account, {
    reserved: 0,
    eventInvoke: { onFailureArn: failures.arn },
    deadLetterTargetArn: deadLetters.arn,
  });
  fn.invokeAsync({ id: 7 });
  await account.advance(second);
  expect(account.drain(failures)).toMatchObject([{ requestPayload: { id: 7 } }]);
  expect(account.drain(deadLetters)).toEqual([{ id: 7 }]);
  expect(account.total(fn, "Throttles")).toBe(0);
  expect(account.total(fn, "AsyncEventsDropped")).toBe(1);
  await account.advance(hour);
  expect(account.times("attempt")).toEqual([]);
});

assumed(
  "AWS says it of new events only",
  "goes on retrying events that were accepted before the reservation became 0",
  async () => {
    const account = new TestAccount();
    const { accept, release, fn } = blocked(account);
    accept();
    await account.advance(minute);
    expect(account.total(fn, "AsyncEventsDropped")).toBe(0);
    release();
    await account.advance(minute);
    expect(account.times("runs")).toHaveLength(1);
  },
);

documented(records, "writes a failure record of this shape when the retries after errors are used up", async () => {
  const account = new TestAccount();
  const failures = account.queue("failures");
  const fn = failing(account, { eventInvoke: { onFailureArn: failures.arn } });
  const { requestId } = fn.invokeAsync({ id: 1 });
  await account.advance(hour);
  const [last] = account.times("attempt").slice(-1);
  expect(account.drain(failures)).toEqual([
    {
      version: "1.0",
      timestamp: new Date(start + last!).toISOString(),
      requestContext: {
        requestId,
        functionArn: `${fn.arn}:$LATEST`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 3,
      },
      requestPayload: { id: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: { errorType: "RangeError", errorMessage: "broken" },
    },
  ]);
});

assumed(
  "AWS shows no record of an event that never ran; there is no response to tell of",
  "writes no response into the failure record of an event that was only throttled",
  async () => {
    const account = new TestAccount();
    const failures = account.queue("failures");
    const { accept } = blocked(account, { eventInvoke: { onFailureArn: failures.arn, maximumEventAgeMs: minute } });
    accept({ id: 1 });
    await account.advance(2 * minute);
    const [record] = account.drain(failures);
    expect(record).toMatchObject({ requestPayload: { id: 1 }, requestContext: { condition: "EventAgeExceeded" } });
    expect(record).not.toHaveProperty("responseContext");
    expect(record).not.toHaveProperty("responsePayload");
  },
);

documented(records, "writes a success record with the function's answer, also after a retry", async () => {
  const account = new TestAccount();
  const successes = account.queue("successes");
  let attempts = 0;
  const fn = account.fn(
    "fn",
    async () => {
      if (++attempts === 1) throw new Error("once");
      return { ok: true };
    },
    { eventInvoke: { onSuccessArn: successes.arn } },
  );
  fn.invokeAsync({ id: 1 });
  await account.advance(hour);
  const [record, ...others] = account.drain(successes);
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    requestContext: { condition: "Success", approximateInvokeCount: 2 },
    requestPayload: { id: 1 },
    responsePayload: { ok: true },
  });
  expect(record.responseContext).toEqual({ statusCode: 200, executedVersion: "$LATEST" });
});

documented(
  records,
  "writes a success record of this shape, for a function that takes its whole 15 minutes",
  async () => {
    const account = new TestAccount();
    const successes = account.queue("successes");
    const fn = account.fn(
      "fn",
      async (_event, { clock }) => {
        await clock.sleep(15 * minute - 1);
        return { published: 7 };
      },
      { timeoutMs: 15 * minute, eventInvoke: { onSuccessArn: successes.arn, maximumRetryAttempts: 0 } },
    );
    const { requestId } = fn.invokeAsync({ firstId: 1 });
    const endsAt = account.constants["lambda.asyncDispatchMs"] + 15 * minute - 1;
    await account.advance(endsAt - 1);
    expect(account.receive(successes)).toEqual([]);
    await account.advance(hour);
    expect(account.drain(successes)).toEqual([
      {
        version: "1.0",
        timestamp: new Date(start + endsAt).toISOString(),
        requestContext: {
          requestId,
          functionArn: `${fn.arn}:$LATEST`,
          condition: "Success",
          approximateInvokeCount: 1,
        },
        requestPayload: { firstId: 1 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST" },
        responsePayload: { published: 7 },
      },
    ]);
    expect(account.observed(fn, "Invocations")).toHaveLength(1);
  },
);

documented(records, "writes one failure record, and no other attempt, for a timeout without retries", async () => {
  const account = new TestAccount();
  const failures = account.queue("failures");
  const fn = account.sleeper("fn", hour, {
    timeoutMs: 15 * minute,
    eventInvoke: { onFailureArn: failures.arn, maximumRetryAttempts: 0 },
  });
  fn.invokeAsync({ firstId: 1 });
  await account.advance(hour);
  expect(account.drain(failures)).toMatchObject([
    {
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
      requestPayload: { firstId: 1 },
      responseContext: { functionError: "Unhandled" },
      responsePayload: { errorMessage: expect.stringContaining("Task timed out after 900.00 seconds") },
    },
  ]);
  expect(account.observed(fn, "Invocations")).toHaveLength(1);
});

documented(
  `${records}#invocation-dlq`,
  "sends the event as it is to the function's dead-letter queue, with attributes",
  async () => {
    const account = new TestAccount();
    const deadLetters = account.queue("dead-letters");
    const fn = failing(account, { deadLetterTargetArn: deadLetters.arn });
    const { requestId } = fn.invokeAsync({ id: 1 });
    await account.advance(hour);
    const [message] = account.receive(deadLetters);
    expect(JSON.parse(message!.body)).toEqual({ id: 1 });
    expect(message!.messageAttributes).toEqual({
      RequestID: { DataType: "String", StringValue: requestId },
      ErrorCode: { DataType: "Number", StringValue: "200" },
      ErrorMessage: { DataType: "String", StringValue: "broken" },
    });
  },
);

documented(records, "delivers to a topic and to another function as well", async () => {
  const account = new TestAccount();
  const topic = account.topic("topic");
  const queue = account.queueFor(topic, "queue");
  topic.subscribe("sqs", queue.arn, { rawMessageDelivery: true });
  const next = account.fn("next", async (event) => account.note(event.requestContext.condition));
  const fn = account.fn("fn", async ({ fails }) => {
    if (fails) throw new Error("no");
  });
  fn.configureEventInvoke({ maximumRetryAttempts: 0, onFailureArn: topic.arn, onSuccessArn: next.arn });
  fn.invokeAsync({ fails: true });
  fn.invokeAsync({ fails: false });
  await account.advance(minute);
  expect(account.drain(queue)).toMatchObject([{ requestContext: { condition: "RetriesExhausted" } }]);
  expect(account.trace.map(([, what]) => what)).toEqual(["Success"]);
});

documented(
  metrics,
  "counts a record that the role may not deliver, and a dead letter that it may not send",
  async () => {
    const account = new TestAccount();
    const queue = account.queue("queue");
    const fn = failing(account, {
      policies: [{ Statement: { Effect: "Allow", Action: "sqs:ReceiveMessage", Resource: "*" } }],
      eventInvoke: { onFailureArn: queue.arn, maximumRetryAttempts: 0 },
      deadLetterTargetArn: queue.arn,
    });
    fn.invokeAsync({});
    await account.advance(minute);
    expect(account.receive(queue)).toEqual([]);
    expect(account.total(fn, "DestinationDeliveryFailures")).toBe(1);
    expect(account.total(fn, "DeadLetterErrors")).toBe(1);
    expect(account.total(fn, "AsyncEventsDropped")).toBe(1);
  },
);

documented(metrics, "counts a record that is too large for its destination, or that has none any more", async () => {
  const account = new TestAccount();
  const small = account.queue("small", { maximumMessageBytes: 1_024 });
  const fn = failing(account, { eventInvoke: { onFailureArn: small.arn, maximumRetryAttempts: 0 } });
  fn.invokeAsync({ text: "x".repeat(2_000) });
  await account.advance(minute);
  expect(account.total(fn, "DestinationDeliveryFailures")).toBe(1);
  account.sqs.delete(small.arn);
  fn.invokeAsync({});
  await account.advance(minute);
  expect(account.total(fn, "DestinationDeliveryFailures")).toBe(2);
});

documented(errors, "discards an event without a destination and without a dead-letter queue", async () => {
  const account = new TestAccount();
  const fn = failing(account);
  fn.invokeAsync({});
  await account.advance(hour);
  expect(account.total(fn, "AsyncEventsDropped")).toBe(1);
  expect(account.total(fn, "DestinationDeliveryFailures") + account.total(fn, "DeadLetterErrors")).toBe(0);
});

documented(
  metrics,
  "counts events when they are accepted, drops when they are given up, and neither for a success",
  async () => {
    const account = new TestAccount();
    const fn = account.sleeper("fn", 1);
    for (let count = 0; count < 3; count++) fn.invokeAsync({});
    expect(account.total(fn, "AsyncEventsReceived")).toBe(3);
    await account.advance(minute);
    expect(account.total(fn, "AsyncEventsDropped")).toBe(0);
  },
);

documented(metrics, "shows with AsyncEventAge how long events wait, longer with every throttle", async () => {
  const account = new TestAccount();
  const { accept, fn } = blocked(account);
  accept();
  await account.advance(10 * minute);
  const ages = account.observed(fn, "AsyncEventAge").map(({ value }) => value);
  expect(ages[0]).toBe(account.constants["lambda.asyncDispatchMs"]);
  expect(ages.length).toBeGreaterThan(5);
  expect(ages).toEqual(ages.toSorted((a, b) => a - b));
});

assumed("AWS says nothing of it", "forgets the waiting events of a function that is deleted", async () => {
  const account = new TestAccount();
  const { accept, release, fn } = blocked(account);
  accept();
  await account.advance(second);
  release();
  account.lambda.delete(fn.name);
  await account.advance(hour);
  expect(account.times("runs")).toEqual([]);
});
