/** Lambda's concurrency: reservations, the shared pool, request rate and scaling rate. */
import { expect } from "vitest";
import { hour, minute, refusal, second, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";
const concurrency = `${guide}/lambda-concurrency.html`;
const reserving = `${guide}/configuration-concurrency.html`;
const scaling = `${guide}/scaling-behavior.html`;
const quotas = `${guide}/gettingstarted-limits.html`;
const asynchronous = `${guide}/invocation-async.html`;
const reasons =
  "https://docs.aws.amazon.com/botocore/latest/reference/services/lambda/client/exceptions/TooManyRequestsException.html";
const guideOf2022 = "https://github.com/awsdocs/aws-lambda-developer-guide invocation-scaling.md, 2022";

const reservedReason = "ReservedFunctionConcurrentInvocationLimitExceeded";
const sharedReason = "ConcurrentInvocationLimitExceeded";

documented(quotas, "gives an account 1,000 concurrent executions, shared by its functions", () => {
  const account = new TestAccount();
  const [one, other] = [account.sleeper("one", hour), account.sleeper("other", hour)];
  expect(account.lambda.concurrency()).toEqual({ limit: 1_000, unreserved: 1_000 });
  expect(account.burst(one, 600)).toEqual([]);
  expect(account.burst(other, 600)).toHaveLength(200);
});

documented(reserving, "leaves 100 for the functions without a reservation", () => {
  const account = new TestAccount();
  const [one, other] = [account.sleeper("one", 1), account.sleeper("other", 1)];
  one.reserveConcurrency(800);
  expect(() => other.reserveConcurrency(101)).toThrow("below its minimum value of [100]");
  expect(refusal(() => one.reserveConcurrency(901)).code).toBe("InvalidParameterValueException");
  other.reserveConcurrency(100);
  expect(account.lambda.concurrency()).toEqual({ limit: 1_000, unreserved: 100 });
});

assumed(
  "AWS says what may not be reserved; a reservation that takes nothing from the others cannot be too large",
  "lets an account with less than 100 stop a function, and lets no reservation be refused for being made smaller",
  () => {
    const account = new TestAccount({ constants: { "lambda.accountConcurrency": 10 } });
    const fn = account.sleeper("fn", 1);
    fn.reserveConcurrency(0);
    expect(fn.reservedConcurrency).toBe(0);
    expect(() => fn.reserveConcurrency(1)).toThrow("UnreservedConcurrentExecution");
  },
);

measured(
  "quotas of 10 and of 50: aws-samples/alarm-context-tool issue 2, aws-samples/s3-to-lambda-patterns issue 36",
  "names the whole of a small quota as what must stay unreserved",
  () => {
    for (const quota of [10, 50, 100]) {
      const account = new TestAccount({ constants: { "lambda.accountConcurrency": quota } });
      const fn = account.sleeper("fn", 1);
      expect(() => fn.reserveConcurrency(1)).toThrow(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${quota}].`,
      );
      expect(account.burst(fn, quota + 5)).toHaveLength(5);
    }
  },
);

documented(reserving, "never runs a function more often at a time than its reservation allows", async () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", minute, { reserved: 3 });
  expect(account.burst(fn, 5)).toEqual([reservedReason, reservedReason]);
  await account.advance(minute - 1);
  expect(account.burst(fn, 1)).toEqual([reservedReason]);
  await account.advance(1);
  expect(account.burst(fn, 3)).toEqual([]);
});

documented(reserving, "keeps a reservation free for its function when the others have taken all the rest", () => {
  const account = new TestAccount({ constants: { "lambda.accountConcurrency": 150 } });
  const reserved = account.sleeper("reserved", hour, { reserved: 30 });
  const greedy = account.sleeper("greedy", hour);
  expect(account.burst(reserved, 10)).toEqual([]);
  expect(account.burst(greedy, 150)).toHaveLength(30);
  expect(account.burst(reserved, 20)).toEqual([]);
});

documented(reserving, "does not let a reservation draw on the shared pool", () => {
  const account = new TestAccount();
  const reserved = account.sleeper("reserved", hour, { reserved: 1 });
  expect(account.burst(reserved, 10)).toHaveLength(9);
});

documented(reserving, "throttles every synchronous invocation of a function with a reservation of 0", () => {
  const account = new TestAccount();
  expect(account.burst(account.sleeper("fn", 1, { reserved: 0 }), 3)).toEqual(Array(3).fill(reservedReason));
});

documented(reserving, "gives a reservation back to the pool when it is removed", () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", hour, { reserved: 900 });
  fn.reserveConcurrency(null);
  expect(account.lambda.concurrency().unreserved).toBe(1_000);
  expect(account.burst(fn, 1_000)).toEqual([]);
});

documented(asynchronous, "accepts asynchronous events at once, whatever the concurrency", () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", hour, { reserved: 0 });
  expect(fn.invokeAsync({}).requestId).toMatch(/^[0-9a-f-]{36}$/);
});

documented(reasons, "tells the shared pool, a reservation and the two request rates apart", async () => {
  const account = new TestAccount({ constants: { "lambda.accountConcurrency": 101 } });
  const busy = account.sleeper("busy", hour);
  const reserved = account.sleeper("reserved", hour, { reserved: 1 });
  expect(new Set(account.burst(busy, 200))).toEqual(new Set([sharedReason]));
  expect(new Set(account.burst(reserved, 2))).toEqual(new Set([reservedReason]));

  const quick = new TestAccount();
  const [swift, capped] = [quick.sleeper("swift", 0), quick.sleeper("capped", 0, { reserved: 1 })];
  const rate = quick.constants["lambda.requestsPerSecondPerConcurrency"];
  for (let request = 0; request < rate; request++) {
    expect(quick.burst(capped, 1)).toEqual([]);
    await quick.advance(1);
  }
  expect(quick.burst(capped, 1)).toEqual(["ReservedFunctionInvocationRateLimitExceeded"]);
  quick.lambda.create("unused", { roleArn: swift.settings.roleArn }, "").reserveConcurrency(898);
  for (let request = 0; request < rate * 101; request++) {
    if (request % 100 === 99) await quick.advance(0);
    if (quick.burst(swift, 1).length > 0) break;
  }
  expect(quick.burst(swift, 1)).toEqual(["FunctionInvocationRateLimitExceeded"]);
});

documented(quotas, "serves at most 10 synchronous requests a second for each unit of concurrency", async () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", 1, { reserved: 1 });
  const accepted: number[] = [];
  for (let tick = 0; tick < 2_000; tick++) {
    if (account.burst(fn, 1).length === 0) accepted.push(account.now);
    await account.advance(10);
  }
  const afterTheFirst = accepted.filter((at) => at >= 10 * second);
  expect(afterTheFirst).toHaveLength(100);
});

documented(quotas, "bounds asynchronous invocations by concurrency only", async () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", 1, { reserved: 1 });
  for (let tick = 0; tick < 200; tick++) {
    fn.invokeAsync({});
    await account.advance(10);
  }
  await account.advance(second);
  expect(account.total(fn, "Invocations")).toBe(200);
  expect(account.total(fn, "Throttles")).toBe(0);
});

documented(scaling, "makes at most 1,000 new environments of a function in an instant, each function its own", () => {
  const account = new TestAccount({ constants: { "lambda.accountConcurrency": 10_000 } });
  const [one, other] = [account.sleeper("one", hour), account.sleeper("other", hour)];
  expect(account.burst(one, 1_500)).toHaveLength(500);
  expect(account.burst(other, 1_000)).toEqual([]);
});

documented(scaling, "refills the scaling rate continuously, 1,000 environments in ten seconds", async () => {
  const account = new TestAccount({ constants: { "lambda.accountConcurrency": 10_000 } });
  const fn = account.sleeper("fn", hour);
  account.burst(fn, 1_000);
  await account.advance(second);
  expect(account.burst(fn, 500)).toHaveLength(400);
  await account.advance(5 * second);
  expect(account.burst(fn, 500)).toEqual([]);
  expect(account.burst(fn, 1)).toHaveLength(1);
});

documented(scaling, "does not bank scaling rate that was not used", async () => {
  const account = new TestAccount({ constants: { "lambda.accountConcurrency": 10_000 } });
  const fn = account.sleeper("fn", second);
  account.burst(fn, 1);
  await account.advance(hour);
  expect(account.burst(fn, 3_000)).toHaveLength(2_000);
});

documented(scaling, "needs no scaling rate for an environment that is warm", async () => {
  const account = new TestAccount({ constants: { "lambda.scalingBucket": 1, "lambda.scalingRefillPerSecond": 0 } });
  const fn = account.sleeper("fn", 100);
  for (let round = 0; round < 5; round++) {
    expect(account.burst(fn, 1)).toEqual([]);
    await account.advance(second);
  }
  expect(account.burst(fn, 2)).toHaveLength(1);
});

documented(concurrency, "stops scaling at the account's limit, however much scaling rate there is", () => {
  const account = new TestAccount({ constants: { "lambda.accountConcurrency": 200 } });
  expect(account.burst(account.sleeper("fn", hour), 500)).toHaveLength(300);
});

assumed(
  "none of the documented reasons names the scaling rate; the pool's is the nearest",
  "answers a function that scales too fast as one that has used up the pool",
  () => {
    const account = new TestAccount({ constants: { "lambda.scalingBucket": 1 } });
    expect(account.burst(account.sleeper("fn", hour), 2)).toEqual([sharedReason]);
  },
);

documented(guideOf2022, "before November 2023: lets all functions of a region share one burst", () => {
  const account = new TestAccount({ platform: "2020", constants: { "lambda.accountConcurrency": 10_000 } });
  const [one, other] = [account.sleeper("one", hour), account.sleeper("other", hour)];
  expect(account.constants["lambda.scalingBucket"]).toBe(3_000);
  expect(account.burst(one, 2_000)).toEqual([]);
  expect(account.burst(other, 2_000)).toHaveLength(1_000);
});

documented(guideOf2022, "before November 2023: grows by 500 environments a minute after the burst", async () => {
  const account = new TestAccount({ platform: "2020", constants: { "lambda.accountConcurrency": 10_000 } });
  const [one, other] = [account.sleeper("one", hour), account.sleeper("other", hour)];
  account.burst(one, 3_000);
  await account.advance(minute);
  expect(account.burst(one, 400)).toEqual([]);
  expect(account.burst(other, 400)).toHaveLength(300);
});
