/** The whole aws target, unchanged, against `serve` over HTTP: the five scenarios, and what goes wrong. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { bench, type RunContext } from "../../src/bench.ts";
import type { BenchError } from "../../src/errors.ts";
import type { RunRecord, RunRequest } from "../../src/model.ts";
import { findScenario, shippedNames } from "../../src/scenarios/catalogue.ts";
import { readScenario } from "../../src/scenarios/scenario.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { eachServed } from "./each-served.ts";
import { faultsBefore } from "./faults.ts";
import { flakyDatabase } from "./flaky-database.ts";
import { openDatabase, servedTarget } from "./serving.ts";

const each = eachServed();
let runs = 0;

interface Run extends Partial<RunRequest>, Pick<Partial<RunContext>, "progress" | "signal"> {
  scenarioName?: string;
  set?: string[];
  /** Where the harness reaches the database; the functions do so on their own. */
  databaseUrl?: string;
  requestTimeoutMs?: number;
  endpointUrl?: string;
}

async function run(options: Run = {}): Promise<RunRecord> {
  const {
    scenarioName = "scenario-4",
    set = [],
    progress,
    signal,
    databaseUrl = each.database.url,
    requestTimeoutMs,
    endpointUrl = each.faults.endpoint,
    ...request
  } = options;
  const scenario = request.scenario ?? findScenario(scenarioName);
  const { clockUrl } = each.served;
  const target = await servedTarget({ databaseUrl, clockUrl, endpointUrl, requestTimeoutMs });
  const asked = aRequest(scenario, { set, runId: `aws-${++runs}`, ...request });
  return bench(target, asked, aContext({ progress, signal })).finally(() => target.close());
}

/** The error that a run ends with; it must. */
async function failure(request: Run): Promise<BenchError> {
  return run(request).then(
    () => {
      throw new Error("the run did not fail");
    },
    (error) => error,
  );
}

const timesOf = (operation: string) => each.faults.operations.filter((one) => one === operation).length;

async function stacksLeft(): Promise<number> {
  return (await each.served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length;
}

describe("a run over HTTP", () => {
  it.each(shippedNames())("accounts for every event of %s and leaves nothing behind", async (scenarioName) => {
    const record = await run({ scenarioName, events: 30 });
    const { eventsCompleted, eventsFailed, eventsMissing, maxConcurrency, timeTakenSeconds } = record.summary;
    expect(eventsCompleted + eventsFailed).toBe(30);
    expect({ eventsMissing, outcome: record.outcome }).toEqual({ eventsMissing: 0, outcome: "drained" });
    expect(maxConcurrency).toBeGreaterThanOrEqual(1);
    expect(timeTakenSeconds).toBeGreaterThan(0);
    expect(record).toMatchObject({ target: "aws", kind: "prediction", platform: "2026", seed: 1, profile: null });
    expect(record.details).toMatchObject({ invocations: expect.any(Number), throttles: expect.any(Number) });
    expect(record.caveats.slice(0, 2)).toEqual([
      { code: "other-endpoint", endpoint: each.faults.endpoint },
      { code: "prediction", platform: "2026", seed: 1, seeds: null },
    ]);
    expect(record.cleanUp).toMatch(/was deleted/);
    expect(await stacksLeft()).toBe(0);
    expect(JSON.stringify(record)).not.toContain(new URL(each.database.url).password);
  });

  it("is a measurement of the endpoint where its answers do not say that a model gives them", async () => {
    const anonymous = await faultsBefore(each.served.endpoint, { isAnonymous: true });
    const record = await run({ events: 5, endpointUrl: anonymous.endpoint }).finally(() => anonymous.close());
    expect(record).toMatchObject({ target: "aws", kind: "measurement", platform: null, seed: null, profile: null });
    expect(record.location).toMatchObject({ endpoint: anonymous.endpoint });
    expect(record.caveats.map(({ code }) => code)).not.toContain("prediction");
  });

  it("names another database as the likely cause where the functions work and no row of theirs is to be found", async () => {
    const anonymous = await faultsBefore(each.served.endpoint, { isAnonymous: true });
    const elsewhere = await openDatabase();
    const { summary, caveats } = await run({
      events: 5,
      endpointUrl: anonymous.endpoint,
      databaseUrl: elsewhere.url,
    }).finally(() => Promise.all([anonymous.close(), elsewhere.close()]));
    expect(summary).toMatchObject({ eventsCompleted: 0, eventsMissing: 5 });
    expect(caveats).toContainEqual({ code: "rows-elsewhere", invocations: 5 });
  });

  it("makes a connection for each service that it asks, not for each request, and closes them in the end", async () => {
    await run({ events: 100 });
    const { connections, operations } = each.faults;
    expect(operations.length).toBeGreaterThan(39);
    // STS, CloudFormation, Lambda and CloudWatch, and one more, should one be busy.
    expect(connections.made).toBeLessThanOrEqual(5);
    await expect.poll(() => connections.open).toBe(0);
  });

  it("keeps the reserved concurrency of 5 that scenario-5 is about", async () => {
    const record = await run({ scenarioName: "scenario-5", events: 60 });
    expect(record.summary.maxConcurrency).toBe(5);
    expect(record.details.maxOverlap).toBeLessThanOrEqual(5);
  });
});

describe("a deployment that fails", () => {
  it("names the first failing resource and AWS's reason, and leaves nothing", async () => {
    // More than the account has left to reserve: the template may say so, and Lambda refuses it.
    const error = await failure({ set: ["ReservedConcurrency=950"] });
    expect(error).toMatchObject({ name: "BenchError", code: "deploy-failed", exitStatus: 3 });
    expect(error.message).toMatch(
      /ROLLBACK.*ConsumerFunction \(AWS::Lambda::Function\) failed: .*UnreservedConcurrentExecution/,
    );
    expect(error.cleanUp).toMatch(/was deleted/);
    expect(await stacksLeft()).toBe(0);
  });

  it("passes on what AWS says of a template that it refuses, with nothing created", async () => {
    const { file, templateBody } = findScenario("scenario-4");
    const scenario = readScenario("bad", file, templateBody.replace("AWS::SNS::Topic", "AWS::SNS::Tropic"));
    const error = await failure({ scenario });
    expect(error).toMatchObject({ code: "bad-template", exitStatus: 2, cleanUp: "No stack was created." });
    expect(error.message).toContain("AWS::SNS::Tropic");
    expect(each.faults.operations).not.toContain("CreateStack");
  });
});

describe("permissions and credentials", () => {
  const message = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: lambda:UpdateFunctionCode";

  it.each([
    ["ValidateTemplate", "target-failed", "No stack was created."],
    ["CreateStack", "deploy-failed", "No stack was created."],
    ["UpdateFunctionCode", "deploy-failed", "was deleted"],
    ["Invoke", "fire-failed", "was deleted"],
  ])("says what %s may not, and cleans up", async (denied, code, cleanUp) => {
    each.faults.rule = (operation) =>
      operation === denied ? { error: "AccessDeniedException", message, status: 403 } : undefined;
    const error = await failure({});
    expect(error).toMatchObject({ name: "BenchError", code, exitStatus: 3 });
    expect(error.message).toContain(`${message}; ask for this permission`);
    expect(error.cleanUp).toContain(cleanUp);
    expect(await stacksLeft()).toBe(0);
  });

  it("measures by the rows where CloudWatch may not be read, and says so", async () => {
    each.faults.rule = (operation) =>
      operation === "GetMetricData" ? { error: "AccessDeniedException", message, status: 403 } : undefined;
    // A drain of more than a minute that somebody watches asks CloudWatch on its way, too.
    const watched = { events: 90, progress: () => {} };
    const { summary, details, caveats, metrics, metricsWindow, outcome, cleanUp } = await run(watched);
    expect({ outcome, ...summary }).toMatchObject({ outcome: "drained", eventsCompleted: 90, maxConcurrency: null });
    expect(details).toMatchObject({ invocations: null, throttles: null, errors: null });
    const why = `CloudWatch cannot be read: ${message}; ask for this permission, or use another --profile.`;
    expect({ metrics, metricsWindow }).toMatchObject({ metrics: [], metricsWindow: { complete: false, refusal: why } });
    expect(caveats).toContainEqual({ code: "metrics-unreadable", why });
    expect(caveats.map(({ code }) => code)).not.toContain("metric-missing");
    expect(each.faults.operations.filter((operation) => operation === "GetMetricData").length).toBeGreaterThan(1);
    expect(cleanUp).toMatch(/was deleted/);
    expect(await stacksLeft()).toBe(0);
  });

  it("says that credentials have expired, and names the stack that it can then not delete", async () => {
    let isExpired = false;
    each.faults.rule = (operation) => {
      isExpired ||= operation === "UpdateFunctionCode";
      return isExpired
        ? { error: "ExpiredToken", message: "The security token included in the request is expired", status: 403 }
        : undefined;
    };
    const error = await failure({ runId: "expired" });
    expect(error.message).toMatch(/expired; renew the credentials/);
    expect(error.cleanUp).toContain("aws cloudformation delete-stack --stack-name throttle-bench-expired");
    expect(await stacksLeft()).toBe(1);
  });
});

describe("a bad day", () => {
  it.each([
    ["Throttling", "Rate exceeded", 400],
    ["ThrottlingException", "Rate exceeded", 429],
    ["InternalFailure", "We encountered an internal error.", 500],
    ["ServiceUnavailable", "Slow down.", 503],
  ])("waits out %s (%s) on every operation but the burst", async (error, message, status) => {
    each.faults.rule = (operation, count) =>
      operation !== "Invoke" && count <= 2 ? { error, message, status } : undefined;
    const record = await run();
    expect(record.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0 });
    expect(record.details.invocations).toBe(20);
    expect(await stacksLeft()).toBe(0);
  });

  it("gives up on throttling that does not end, after its attempts", async () => {
    each.faults.rule = (operation) =>
      operation === "CreateStack" ? { error: "Throttling", message: "Rate exceeded", status: 400 } : undefined;
    const error = await failure({});
    expect(error.message).toMatch(/was refused: Rate exceeded, after 8 attempts/);
    expect(each.faults.operations.filter((operation) => operation === "CreateStack")).toHaveLength(8);
    expect(error.cleanUp).toBe("No stack was created.");
  });

  it("sends again what a cut connection has lost, before or after it had its effect", async () => {
    each.faults.rule = (operation, count) => {
      if (operation === "Invoke") return undefined;
      return count === 1 ? "cut" : count === 2 ? "cut-after" : undefined;
    };
    const record = await run();
    expect(record.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0 });
    expect(await stacksLeft()).toBe(0);
  });

  it("counts by their rows the events of a burst whose answer is lost, and does not fire it again", async () => {
    each.faults.rule = (operation) => (operation === "Invoke" ? "cut-after" : undefined);
    const { summary, burst, caveats, cleanUp } = await run();
    expect(timesOf("Invoke")).toBe(1);
    expect(summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0, duplicates: 0 });
    expect(burst).toMatchObject({ published: 20, shards: [{ published: null, failed: null }] });
    const why = expect.stringMatching(/^The producer's answer was lost \(.*\), and it was not invoked again\.$/);
    expect(caveats).toContainEqual({ code: "shards-unreported", events: 20, why });
    expect(cleanUp).toMatch(/was deleted/);
    expect(await stacksLeft()).toBe(0);
  });

  it("goes on when requests are slow", async () => {
    each.faults.rule = (_operation, count) => (count === 1 ? { delayMs: 300 } : undefined);
    expect((await run()).summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0 });
  });

  it("sends again what is not answered in time, and lets the burst take its own", async () => {
    each.faults.rule = (operation, count) => {
      if (operation === "Invoke") return { delayMs: 1_500 };
      return count === 1 && operation !== "CreateStack" ? { delayMs: 1_500 } : undefined;
    };
    const record = await run({ requestTimeoutMs: 500 });
    expect(record.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0 });
    expect(each.faults.operations.filter((operation) => operation === "Invoke")).toHaveLength(1);
    expect(each.faults.operations.filter((operation) => operation === "UpdateFunctionCode").length).toBeGreaterThan(3);
    expect(await stacksLeft()).toBe(0);
  }, 60_000);

  it("shows as missing what CloudWatch never had, and counts the rows all the same", async () => {
    each.faults.rule = (operation) =>
      operation === "GetMetricData" ? { answer: { MetricDataResults: [] } } : undefined;
    const { summary, details, caveats } = await run();
    expect(summary).toMatchObject({ eventsCompleted: 20, maxConcurrency: null });
    expect(details).toMatchObject({ invocations: null, throttles: null, errors: null });
    expect(caveats).toContainEqual({ code: "metric-missing", metric: "consumer.ConcurrentExecutions" });
  });

  it("has the points of CloudWatch that come after the drain", async () => {
    // A drain of more than a minute asks CloudWatch at least once, and gets nothing yet.
    let isMeasuring = false;
    each.faults.rule = (operation) =>
      operation === "GetMetricData" && !isMeasuring ? { answer: { MetricDataResults: [] } } : undefined;
    const { details } = await run({
      events: 90,
      progress: ({ phase }) => {
        isMeasuring ||= phase === "measure";
      },
    });
    expect(each.faults.operations.filter((operation) => operation === "GetMetricData").length).toBeGreaterThan(1);
    expect(details.invocations).toBe(90);
  });
});

describe("a database that is lost", () => {
  it("is waited for, and the run goes on", async () => {
    const flaky = await flakyDatabase(each.database.url);
    const record = await run({
      databaseUrl: flaky.url,
      progress: ({ phase }) => {
        if (phase === "fire") flaky.lose(3);
      },
    }).finally(() => flaky.close());
    expect(flaky.refused).toBe(3);
    expect(record.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0 });
  });

  it("ends the run when it does not come back, and nothing else is left", async () => {
    const flaky = await flakyDatabase(each.database.url);
    const error = await failure({
      databaseUrl: flaky.url,
      progress: ({ phase }) => {
        if (phase === "drain") flaky.lose(Number.POSITIVE_INFINITY);
      },
    }).finally(() => flaky.close());
    expect(error).toMatchObject({ code: "database-failed", exitStatus: 3 });
    expect(error.cleanUp).toMatch(/was deleted/);
    expect(await stacksLeft()).toBe(0);
  });
});

describe("a burst of one invocation", () => {
  it("is known by its rows alone when the answer is none of the producer's", async () => {
    each.faults.rule = (operation) => (operation === "Invoke" ? { answer: ["not", "an", "answer"] } : undefined);
    const { summary, outcome, caveats } = await run();
    expect({ outcome, ...summary }).toMatchObject({ outcome: "quiet", eventsCompleted: 0, eventsMissing: 20 });
    const why = 'The producer gave an answer of another form: ["not","an","answer"]';
    expect(caveats).toContainEqual({ code: "shards-unreported", events: 20, why });
  });
});

describe("a fault of our own", () => {
  it("is thrown as it is, after cleaning up", async () => {
    const fault = new Error("a bug");
    const outcome = run({
      progress: ({ phase }) => {
        if (phase === "drain") throw fault;
      },
    });
    await expect(outcome).rejects.toBe(fault);
    expect(await stacksLeft()).toBe(0);
  });
});

describe("an interruption", () => {
  it.each(["deploy", "fire", "drain", "measure", "teardown"] as const)("in the phase %s cleans up", async (phase) => {
    const controller = new AbortController();
    const outcome = await run({
      signal: controller.signal,
      progress: (update) => {
        if (update.phase === phase) controller.abort(new Error("interrupted"));
      },
    }).then(
      ({ outcome, cleanUp }) => ({ outcome, cleanUp }),
      ({ code, cleanUp }: BenchError) => ({ outcome: code, cleanUp }),
    );
    expect(outcome.outcome).toBe(["measure", "teardown"].includes(phase) ? "drained" : "interrupted");
    expect(outcome.cleanUp).toMatch(/was deleted/);
    expect(await stacksLeft()).toBe(0);
  });
});
