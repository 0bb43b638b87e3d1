/** Lambda's synchronous invocation: environments and their life, cold starts, timeouts, changes of a function. */
import { expect } from "vitest";
import type { InvocationOutcome } from "../../src/emulator/account.ts";
import { constantsOf } from "../../src/emulator/platforms/platforms.ts";
import { deploymentPackage, minute, refusal, second, TestAccount } from "./account.ts";
import { assumed, documented, measured } from "./provenance.ts";

const guide = "https://docs.aws.amazon.com/lambda/latest/dg";
const concurrency = `${guide}/lambda-concurrency.html`;
const environments = `${guide}/lambda-runtime-environment.html`;
const timeouts = `${guide}/configuration-timeout.html`;
/** The profile's own number: the builder takes cold starts out unless asked. */
const measuredMs = constantsOf("2026")["lambda.coldStartMedianMs"];
const coldStarts = "mikhailshilkov/mikhailio-hugo, data/coldstart_aws_js.json, January 2021";
const idleLife = "mikhailshilkov/mikhailio-hugo, data/coldstart_aws_interval.json, January 2021";

/** A function that answers with the number of its environment. */
function whichEnvironment(account: TestAccount, ms: number) {
  return account.fn("fn", async (_, { clock }, _context, environment) => {
    await clock.sleep(ms);
    return environment;
  });
}

function payloadOf(outcome: InvocationOutcome): unknown {
  return outcome.kind === "success" ? outcome.payload : outcome;
}

documented(concurrency, "lets an environment serve one request at a time", async () => {
  const account = new TestAccount();
  const fn = whichEnvironment(account, second);
  const answers: unknown[] = [];
  for (let count = 0; count < 3; count++) fn.invoke({}, (outcome) => answers.push(payloadOf(outcome)));
  await account.advance(second);
  expect(answers).toEqual([1, 2, 3]);
});

documented(concurrency, "uses a free environment again before it makes a new one", async () => {
  const account = new TestAccount();
  const fn = whichEnvironment(account, second);
  expect(payloadOf(await account.invoke(fn))).toBe(1);
  expect(payloadOf(await account.invoke(fn))).toBe(1);
});

assumed("the order is unpublished", "takes the most recently used of several free environments", async () => {
  const account = new TestAccount();
  const fn = account.fn("fn", async ({ ms }, { clock }, _context, environment) => {
    await clock.sleep(ms);
    return environment;
  });
  for (const ms of [100, 200, 300]) fn.invoke({ ms }, () => {});
  await account.advance(second);
  expect(payloadOf(await account.invoke(fn, { ms: 1 }))).toBe(3);
});

documented(environments, "initialises an environment once, and keeps the state of the handler's module", async () => {
  const account = new TestAccount();
  const fn = whichEnvironment(account, 1);
  for (let count = 0; count < 5; count++) expect(payloadOf(await account.invoke(fn))).toBe(1);
});

documented(environments, "starts an environment before the first invocation, not before the next", async () => {
  const account = new TestAccount({ constants: { "lambda.coldStartMedianMs": 400, "lambda.coldStartSigma": 0 } });
  const fn = account.fn("fn", async () => account.note("runs"));
  await account.invoke(fn);
  await account.advance(second);
  await account.invoke(fn);
  expect(account.times("runs")).toEqual([400, 400 + second]);
});

measured(
  coldStarts,
  "starts a small Node.js function in 0.26 s at the median, nearly always in less than 0.6 s",
  async () => {
    const account = new TestAccount({ constants: { "lambda.coldStartMedianMs": measuredMs } });
    const fn = account.fn("fn", async () => account.note("runs"), { reserved: 900 });
    account.burst(fn, 900);
    await account.advance(10 * second);
    const times = account.times("runs");
    expect(times).toHaveLength(900);
    expect(times[450]).toBeGreaterThan(240);
    expect(times[450]).toBeLessThan(290);
    expect(times[Math.floor(900 * 0.975)]).toBeLessThan(595);
  },
);

measured(idleLife, "keeps every environment for three idle minutes", async () => {
  const account = new TestAccount();
  const fn = whichEnvironment(account, 1);
  for (let count = 0; count < 5; count++) {
    expect(payloadOf(await account.invoke(fn))).toBe(1);
    await account.advance(3 * minute);
  }
});

measured(idleLife, "keeps none for seven idle minutes", async () => {
  const account = new TestAccount();
  const fn = whichEnvironment(account, 1);
  for (const environment of [1, 2, 3]) {
    expect(payloadOf(await account.invoke(fn))).toBe(environment);
    await account.advance(7 * minute);
  }
});

documented(`${guide}/invocation-async.html`, "takes a timeout for a function error", async () => {
  const account = new TestAccount();
  const fn = account.sleeper("fn", minute, { timeoutMs: 10 * second });
  const outcome = await account.invoke(fn);
  expect(account.now).toBe(10 * second);
  expect(outcome).toMatchObject({ kind: "error", failure: { errorType: "Sandbox.Timedout" } });
  expect(outcome.kind === "error" && outcome.failure.errorMessage).toMatch(/Task timed out after 10\.00 seconds$/);
  expect(account.total(fn, "Errors")).toBe(1);
});

documented(
  timeouts,
  "stops the handler at the timeout: late work does not go on, now or in a later invocation",
  async () => {
    const account = new TestAccount();
    const fn = account.fn(
      "fn",
      async ({ ms }, { clock }) => {
        await clock.sleep(ms);
        account.note("late work");
      },
      { timeoutMs: second },
    );
    await account.invoke(fn, { ms: 2 * second });
    await account.advance(10 * minute);
    await account.invoke(fn, { ms: 1 });
    expect(account.times("late work")).toEqual([second + 10 * minute + 1]);
  },
);

documented(environments, "makes a new environment after a timeout", async () => {
  const account = new TestAccount({ constants: { "lambda.coldStartMedianMs": 300, "lambda.coldStartSigma": 0 } });
  const fn = account.fn(
    "fn",
    async ({ ms }, { clock }, _context, environment) => {
      account.note(`environment ${environment}`);
      await clock.sleep(ms);
    },
    { timeoutMs: second },
  );
  await account.invoke(fn, { ms: 2 * second });
  await account.invoke(fn, { ms: 0 });
  expect(account.trace).toEqual([
    [300, "environment 1"],
    [300 + second + 300, "environment 2"],
  ]);
});

assumed(
  "AWS describes it for crashes and timeouts only",
  "keeps the environment of a handler that has thrown",
  async () => {
    const account = new TestAccount();
    const fn = account.fn("fn", async ({ fails }, _ports, _context, environment) => {
      if (fails) throw new TypeError("no");
      return environment;
    });
    expect(await account.invoke(fn, { fails: true })).toMatchObject({
      kind: "error",
      failure: { errorType: "TypeError", errorMessage: "no" },
    });
    expect(payloadOf(await account.invoke(fn, {}))).toBe(1);
  },
);

documented(`${guide}/nodejs-context.html`, "tells the handler how much of its time remains", async () => {
  const account = new TestAccount();
  const fn = account.fn(
    "fn",
    async (_, { clock }, context) => {
      await clock.sleep(400);
      return context.getRemainingTimeInMillis();
    },
    { timeoutMs: second },
  );
  expect(payloadOf(await account.invoke(fn))).toBe(600);
});

documented(timeouts, "lets a function run for 3 seconds unless told otherwise, and for 1 to 900", async () => {
  const account = new TestAccount();
  const fn = account.fn("fn", async (_, { clock }) => clock.sleep(minute));
  await account.invoke(fn);
  expect(account.now).toBe(3 * second);
  expect(refusal(() => fn.configure({ timeoutMs: 901 * second })).code).toBe("ValidationException");
  expect(refusal(() => fn.configure({ timeoutMs: 0 })).code).toBe("ValidationException");
  fn.configure({ timeoutMs: 900 * second });
});

documented(environments, "runs new code and new settings in new environments", async () => {
  const account = new TestAccount();
  const fn = whichEnvironment(account, 1);
  expect(payloadOf(await account.invoke(fn))).toBe(1);
  fn.updateCode(deploymentPackage("fn"));
  expect(payloadOf(await account.invoke(fn))).toBe(2);
  fn.configure({ environment: { A: "1" } });
  expect(payloadOf(await account.invoke(fn))).toBe(3);
});

assumed(
  "AWS says that new code runs in new environments, not what becomes of an invocation that runs",
  "finishes a running invocation with the old code, and does not use its environment again",
  async () => {
    const account = new TestAccount({ constants: { "lambda.coldStartMedianMs": 300, "lambda.coldStartSigma": 0 } });
    const fn = whichEnvironment(account, second);
    const answers: unknown[] = [];
    fn.invoke({}, (outcome) => answers.push(payloadOf(outcome)));
    await account.advance(100);
    fn.updateCode(deploymentPackage("fn"));
    await account.advance(2 * second);
    expect(answers).toEqual([1]);
    expect(payloadOf(await account.invoke(fn))).toBe(2);
  },
);

documented(
  `${guide}/troubleshooting-deployment.html`,
  "fails when the package has no file of the handler's name",
  async () => {
    const account = new TestAccount();
    const fn = whichEnvironment(account, 1);
    fn.updateCode(deploymentPackage("other"));
    expect(await account.invoke(fn)).toMatchObject({ failure: { errorType: "Runtime.ImportModuleError" } });
  },
);

assumed(
  "the database is the user's: Postgres closes the connections of a client that is gone",
  "gives the connections of an environment back when it ends, and refuses more than there are",
  async () => {
    const account = new TestAccount({ constants: { "database.maximumConnections": 2, "database.connectMs": 0 } });
    const fn = account.fn(
      "fn",
      async (_, { clock, connect }) => {
        await connect();
        await clock.sleep(minute);
      },
      { timeoutMs: second },
    );
    const errors: string[] = [];
    const invoke = () =>
      fn.invoke({}, (outcome) => errors.push(outcome.kind === "error" ? outcome.failure.errorMessage : outcome.kind));
    for (let count = 0; count < 3; count++) invoke();
    await account.advance(second);
    expect(errors.filter((message) => message.includes("too many clients"))).toHaveLength(1);
    for (let count = 0; count < 2; count++) invoke();
    await account.advance(second);
    expect(errors.filter((message) => message.includes("too many clients"))).toHaveLength(1);
    expect(errors).toHaveLength(5);
  },
);
