/** Bursts of several shards over HTTP: fired once each, whatever is lost, refused, cut off or interrupted, and accounted for. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { ListFunctionsCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { bench, type RunContext } from "../../src/bench.ts";
import { Invocations } from "../../src/database/invocations.ts";
import type { BenchError } from "../../src/errors.ts";
import type { RunRecord, RunRequest, Shard } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { readScenario } from "../../src/scenarios/scenario.ts";
import type { ProgressUpdate } from "../../src/steps/progress.ts";
import { aWorkplace, binary } from "../cli/throttle-bench.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { eachServed } from "./each-served.ts";
import type { Fault } from "./faults.ts";
import { region, servedTarget } from "./serving.ts";

const each = eachServed();
let runs = 0;

/** At 300 a second, two producers side by side; at two a second one after the other, for ten minutes each. */
const lanes = { events: 60, set: ["PublishRate=300", "WorkMs=0"] };
const long = { events: 1_230, set: ["PublishRate=2", "WorkMs=0"], timeoutMs: 1_800_000 };

interface Run extends Partial<RunRequest>, Pick<Partial<RunContext>, "progress" | "signal"> {
  set: string[];
}

async function run({ progress, signal, ...request }: Run): Promise<RunRecord> {
  const scenario = request.scenario ?? findScenario("scenario-5");
  const { clockUrl } = each.served;
  const target = await servedTarget({ databaseUrl: each.database.url, clockUrl, endpointUrl: each.faults.endpoint });
  const asked = aRequest(scenario, { runId: `fire-${++runs}`, ...request });
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

const stacksLeft = async () => (await each.served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length;
const timesOf = (operation: string) => each.faults.operations.filter((each) => each === operation).length;
const shard = (rest: Partial<Shard>): Shard => ({
  ...{ firstId: 1, stride: 2, events: 30, published: 30, failed: 0, failure: null },
  ...rest,
});
const unreported = { published: null, failed: null };
const refusal = { error: "AccessDeniedException", message: "not authorized to perform: that", status: 403 };

/** The fault for the n-th request of an operation. */
const at = (operation: string, n: number, fault: Fault) => (asked: string, count: number) =>
  asked === operation && count === n ? fault : undefined;

describe("two lanes", () => {
  it("publish every event once, in the order of the ids, and both report", async () => {
    const updates: ProgressUpdate[] = [];
    const record = await run({ ...lanes, progress: (update) => updates.push(update) });
    expect(record.burst).toMatchObject({ published: 60, failed: 0, shards: [shard({}), shard({ firstId: 2 })] });
    expect(record.summary).toMatchObject({ eventsCompleted: 60, eventsMissing: 0, duplicates: 0 });
    expect(record.outcome).toBe("drained");
    expect(timesOf("Invoke")).toBe(2);
    expect(updates.filter(({ phase }) => phase === "fire").at(-1)).toEqual({
      ...{ phase: "fire", events: 60, published: 60, shards: 2, reported: 2 },
    });
    const invocations = await Invocations.open(each.database.url);
    const columns = await invocations.columns(record.groupId).finally(() => invocations.close());
    const rows = columns.toRows();
    const sent = rows.toSorted((one, other) => one.id - other.id).map(({ sentAt }) => sentAt);
    // Ten ids of each lane at one time, and as one producer would have published them.
    const first = record.burst.firstSentAt!;
    expect(sent).toEqual(
      Array.from({ length: 60 }, (_, index) => first + Math.ceil((Math.floor(index / 20) * 200) / 3)),
    );
    expect(await stacksLeft()).toBe(0);
  });

  it("are not invoked again when the answers are lost, and their reports tell", async () => {
    each.faults.rule = (operation) => (operation === "Invoke" ? "cut-after" : undefined);
    const record = await run(lanes);
    expect(timesOf("Invoke")).toBe(2);
    expect(record.burst.shards).toEqual([shard({}), shard({ firstId: 2 })]);
    expect(record.summary).toMatchObject({ eventsCompleted: 60, duplicates: 0 });
  });

  it("leave open what became of the one that never reports", async () => {
    each.faults.rule = at("Invoke", 2, "cut");
    const record = await run(lanes);
    expect(timesOf("Invoke")).toBe(2);
    const reported = record.burst.shards.filter(({ published }) => published === 30);
    expect(reported).toHaveLength(1);
    expect(record.burst.shards).toContainEqual(shard({ firstId: reported[0]!.firstId === 1 ? 2 : 1, ...unreported }));
    expect(record.burst).toMatchObject({ published: 60, failed: 0, firstSentAt: null });
    expect(record.caveats).toContainEqual({ code: "shards-unreported", events: 30, why: null });
    expect(record.summary).toMatchObject({ eventsCompleted: 30, eventsMissing: 30 });
    expect(record.summary.timeTakenSeconds).toBeGreaterThan(0);
    expect(await stacksLeft()).toBe(0);
  });

  it.each([
    ["throttled", { error: "TooManyRequestsException", message: "Rate Exceeded.", status: 429 }],
    ["refused while the function is being changed", { error: "ResourceConflictException", message: "no", status: 409 }],
  ])("are invoked again when they were %s", async (_what, refused) => {
    each.faults.rule = (operation, count) => (operation === "Invoke" && count <= 3 ? refused : undefined);
    const record = await run(lanes);
    expect(timesOf("Invoke")).toBe(5);
    expect(record.summary).toMatchObject({ eventsCompleted: 60, duplicates: 0 });
  });

  it("are measured as far as they went when one is refused", async () => {
    each.faults.rule = at("Invoke", 2, refusal);
    const record = await run(lanes);
    expect(record.burst).toMatchObject({ published: 30, failed: 30 });
    const why = expect.stringMatching(/^The producer \S+ could not be invoked: not authorized .*permission/);
    expect(record.burst.shards.find(({ published }) => published === 0)).toMatchObject({ failed: 30, failure: why });
    expect(record.caveats).toContainEqual({ code: "shards-failed", events: 30, why });
    expect(record).toMatchObject({ outcome: "drained", summary: { eventsCompleted: 30, eventsMissing: 30 } });
  });

  it("fail the run when both are refused", async () => {
    each.faults.rule = (operation) => (operation === "Invoke" ? refusal : undefined);
    expect(await failure(lanes)).toMatchObject({
      code: "fire-failed",
      message: expect.stringMatching(/not authorized to perform: that; ask for this permission/),
      cleanUp: expect.stringMatching(/was deleted/),
    });
    expect(timesOf("Invoke")).toBe(2);
  });

  it("are not fired when their reports cannot be received", async () => {
    each.faults.rule = (operation) => (operation === "ReceiveMessage" ? refusal : undefined);
    expect(await failure(lanes)).toMatchObject({
      code: "target-failed",
      message: expect.stringMatching(/reports cannot be received: not authorized/),
    });
    expect(timesOf("Invoke")).toBe(0);
    expect(await stacksLeft()).toBe(0);
  });

  it("are known by their rows when their reports can no longer be received", async () => {
    each.faults.rule = (operation, count) => (operation === "ReceiveMessage" && count > 1 ? refusal : undefined);
    const record = await run(lanes);
    expect(record.burst.shards).toEqual([shard(unreported), shard({ firstId: 2, ...unreported })]);
    expect(record).toMatchObject({ outcome: "drained", summary: { eventsCompleted: 60, eventsMissing: 0 } });
    expect(record.caveats).toContainEqual({ code: "shards-unreported", events: 60, why: null });
  });

  it("take a report for theirs once, and nothing else that is in the queue", async () => {
    const message = (Body: string) => ({
      MessageId: "forged",
      ReceiptHandle: `${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}#1`,
      Body,
      MD5OfBody: createHash("md5").update(Body).digest("hex"),
    });
    const report = (requestPayload: object, condition = "RetriesExhausted") =>
      message(JSON.stringify({ version: "1.0", requestContext: { condition }, requestPayload }));
    const runId = `fire-${runs + 1}`;
    const Messages = [
      message("not a record"),
      report({ runId: "another", firstId: 2 }),
      report({ runId, firstId: 77 }),
      report({ runId, firstId: 1 }, "EventAgeExceeded"),
      report({ runId, firstId: 1 }),
    ];
    // The second receive is the first after they were fired.
    each.faults.rule = at("ReceiveMessage", 2, { answer: { Messages } });
    const record = await run(lanes);
    expect(record.burst.shards).toEqual([
      shard({ published: 0, failed: 30, failure: "Lambda did not run the producer: EventAgeExceeded" }),
      shard({ firstId: 2 }),
    ]);
  });
});

describe("a burst of more than ten minutes", { timeout: 60_000 }, () => {
  it("is fired on time in shards that follow each other", async () => {
    const { burst, summary } = await run(long);
    expect(burst.shards).toEqual([
      shard({ stride: 1, events: 1_200, published: 1_200 }),
      shard({ firstId: 1_201, stride: 1, events: 30 }),
    ]);
    const lastedMs = burst.lastSentAt! - burst.firstSentAt!;
    expect(Math.abs(lastedMs - 614_500)).toBeLessThan(2_000);
    expect(summary).toMatchObject({ eventsCompleted: 1_230, duplicates: 0 });
  });

  it("is measured as far as it went when a later shard fails", async () => {
    let isChanged = false;
    const record = await run({
      ...long,
      events: 2_430,
      progress: ({ phase }) => {
        if (phase !== "fire" || timesOf("Invoke") !== 1 || isChanged) return;
        isChanged = true;
        void breakProducer(`fire-${runs}`);
      },
    });
    expect(timesOf("Invoke")).toBe(2);
    expect(record.burst.shards).toEqual([
      shard({ stride: 1, events: 1_200, published: 1_200 }),
      shard({
        ...{ firstId: 1_201, stride: 1, events: 1_200, published: 0, failed: 1_200 },
        failure: expect.stringMatching(/^The producer failed: The topic takes no events: /),
      }),
      shard({ firstId: 2_401, stride: 1, published: 0, failed: 30, failure: "An earlier shard failed." }),
    ]);
    expect(record).toMatchObject({ outcome: "drained", summary: { eventsCompleted: 1_200, eventsMissing: 1_230 } });
  });

  it("fails the run when its first shard does", async () => {
    const error = await failure({ ...long, scenario: withProducer("Timeout: 900", "Timeout: 300") });
    expect(error).toMatchObject({
      code: "fire-failed",
      message: expect.stringMatching(/^The producer failed: 1200 events at 2 per second take 600 s/),
    });
    expect(timesOf("Invoke")).toBe(1);
    expect(await stacksLeft()).toBe(0);
  });

  it("stops at an interruption, and what was fired is measured", async () => {
    const controller = new AbortController();
    const record = await run({
      ...long,
      signal: controller.signal,
      progress: ({ phase }) => {
        if (phase === "fire" && timesOf("Invoke") === 1) controller.abort(new Error("interrupted"));
      },
    });
    expect(timesOf("Invoke")).toBe(1);
    expect(record.burst.shards).toEqual([
      shard({ stride: 1, events: 1_200, ...unreported }),
      shard({
        ...{ firstId: 1_201, stride: 1, published: 0, failed: 30, failure: "The run was interrupted first." },
      }),
    ]);
    expect(record.outcome).toBe("interrupted");
    expect(record.cleanUp).toMatch(/was deleted/);
    expect(await stacksLeft()).toBe(0);
  });

  it("is interrupted between its shards also when all that was fired has arrived", async () => {
    const controller = new AbortController();
    let polls = 0;
    // One event in 2000 s: nothing is on its way most of the time.
    const { burst, summary, outcome } = await run({
      ...{ events: 2, set: ["PublishRate=0.0005", "WorkMs=0"], signal: controller.signal },
      progress: (update) => {
        if (update.phase === "fire" && update.reported === 1 && ++polls === 10)
          controller.abort(new Error("interrupted"));
      },
    });
    expect(burst).toMatchObject({ published: 1, failed: 1 });
    expect({ completed: summary.eventsCompleted, outcome }).toEqual({ completed: 1, outcome: "interrupted" });
  });

  it("is fired in turn by a template without a queue for the reports, at the same pace", async () => {
    const { burst, summary } = await run({ ...long, scenario: withoutReports() });
    expect(burst.shards.map(({ firstId, published }) => [firstId, published])).toEqual([
      [1, 1_200],
      [1_201, 30],
    ]);
    expect(burst.lastSentAt! - burst.firstSentAt!).toBeGreaterThanOrEqual(614_000);
    expect(summary).toMatchObject({ eventsCompleted: 1_230, duplicates: 0 });
    expect(timesOf("ReceiveMessage")).toBe(0);
  });

  it("is measured as far as it went when a later one in turn fails", async () => {
    each.faults.rule = at("Invoke", 2, refusal);
    const record = await run({ ...long, events: 2_430, scenario: withoutReports() });
    expect(record.burst.shards.map(({ published, failed }) => [published, failed])).toEqual([
      [1_200, 0],
      [null, null],
      [0, 30],
    ]);
    expect(record.summary).toMatchObject({ eventsCompleted: 1_200, eventsMissing: 1_230 });
  });
});

describe("a burst that comes three times", { timeout: 60_000 }, () => {
  const thrice = { events: 90, set: ["WorkMs=0"], spikes: { count: 3, everyMs: 300_000 } };

  it.each([
    ["at its times", undefined, 3],
    ["in turn by a template without a queue for the reports", withoutReports(), 3],
    ["each time by two producers side by side", undefined, 6],
  ])("is fired %s, every event once", async (_, scenario, invocations) => {
    const set = [...thrice.set, invocations === 6 ? "PublishRate=300" : "PublishRate=50"];
    const updates: ProgressUpdate[] = [];
    const record = await run({
      ...thrice,
      set,
      progress: (update) => updates.push(update),
      ...(scenario && { scenario }),
    });
    expect(record.burst).toMatchObject({ published: 90, failed: 0 });
    expect(record.burst.shards).toHaveLength(invocations);
    expect(timesOf("Invoke")).toBe(invocations);
    expect(record.summary).toMatchObject({ totalEvents: 90, eventsCompleted: 90, eventsMissing: 0, duplicates: 0 });
    const { each } = record.details.spikes!;
    for (const [spike, { beganMs, events, lost, waitingAtNext }] of each.entries()) {
      // The served clock goes fast, so that a producer that is not invoked before its time is late by what the call takes.
      expect(Math.abs(beganMs! - spike * 300_000)).toBeLessThan(scenario ? 60_000 : 4_000);
      expect({ events, lost, waitingAtNext }).toEqual({ events: 30, lost: 0, waitingAtNext: 0 });
    }
    const fired = updates.filter((update) => update.phase === "fire");
    expect(fired.at(0)!.spikes).toEqual({ begun: 0, count: 3, completed: 0 });
    expect(fired.at(-1)!.spikes).toMatchObject({ begun: 3, count: 3 });
  });
});

it("is not fired again by resume, which takes the reports that are there", async () => {
  const workplace = aWorkplace();
  const environment = {
    ...{ AWS_REGION: region, AWS_ENDPOINT_URL: each.faults.endpoint, THROTTLE_BENCH_CLOCK: each.served.clockUrl },
    ...{ THROTTLE_BENCH_TARGET: "aws", DATABASE_URL: each.database.url },
  };
  // The harness waits for its first reports until it is killed.
  each.faults.rule = (operation, count) =>
    operation === "ReceiveMessage" && count > 1 ? { delayMs: 600_000 } : undefined;
  const settings = lanes.set.flatMap((setting) => ["--set", setting]);
  const child = spawn(
    process.execPath,
    [binary, "run", "scenario-5", "--events", "60", ...settings, "--run-id", "dead"],
    {
      cwd: workplace.directory,
      env: { ...process.env, ...environment },
    },
  );
  const closed = once(child, "close");
  while (timesOf("ReceiveMessage") < 2) await pause(20);
  child.kill("SIGKILL");
  await closed;
  each.faults.rule = () => undefined;
  await each.served.sleep(60_000);

  const { status, stdout } = await workplace.runBinary(environment, "resume", "dead", "--json");
  const [record] = JSON.parse(stdout) as [RunRecord];
  expect(record.burst.shards).toEqual([shard({}), shard({ firstId: 2 })]);
  expect(record.summary).toMatchObject({ eventsCompleted: 60, duplicates: 0 });
  expect(record.burst.firstSentAt).not.toBeNull();
  expect(status).toBe(0);
  expect(timesOf("Invoke")).toBe(2);
  expect(await stacksLeft()).toBe(0);
});

it("is counted in the time for which the stack can be needed", async () => {
  const controller = new AbortController();
  let expires = "";
  const expiry = async () => {
    const { Stacks = [] } = await each.served.cloudFormation.send(new DescribeStacksCommand({}));
    expires = Stacks[0]!.Tags!.find(({ Key }) => Key === "throttle-bench:expires")!.Value!;
    controller.abort(new Error("interrupted"));
  };
  each.faults.rule = (operation, count) => {
    if (operation === "UpdateFunctionCode" && count === 1) void expiry();
    return undefined;
  };
  const begun = await each.served.now();
  // A hundred hours, beside six for the drain and a day for the rest.
  const request = { events: 360_000, set: ["PublishRate=1"], timeoutMs: 21_600_000, signal: controller.signal };
  expect(await failure(request)).toMatchObject({ code: "interrupted" });
  expect(Math.round((Date.parse(expires) - begun) / 3_600_000)).toBe(130);
});

it("names an output that is no queue's URL", async () => {
  const error = await failure({
    ...lanes,
    scenario: withProducer("Value: !Ref ProducerReports", "Value: !GetAtt ProducerReports.Arn"),
  });
  expect(error).toMatchObject({
    code: "deploy-failed",
    message: expect.stringMatching(/ProducerReports is arn:aws:sqs:\S+, and has to be the queue's URL/),
  });
  expect(await stacksLeft()).toBe(0);
});

/** scenario-5 with one line changed. */
function withProducer(line: string, other: string) {
  const { file, templateBody } = findScenario("scenario-5");
  expect(templateBody.split(line)).toHaveLength(2);
  return readScenario("scenario-5", file, templateBody.replace(line, other));
}

/** scenario-5 as a template from before there was such a queue. */
function withoutReports() {
  const { file, templateBody } = findScenario("scenario-5");
  const older = templateBody
    .replace(/ {2}# A burst that one invocation.*?(?= {2}Topic:\n)/s, "")
    .replace(/ {14}- Effect: Allow\n {16}Action: sqs:SendMessage\n {16}Resource: !GetAtt ProducerReports.Arn\n/, "")
    .replace(/ {2}ProducerReports:\n {4}Description.*\n {4}Value.*\n/, "");
  expect(older).not.toContain("ProducerReports");
  return readScenario("scenario-5", file, older);
}

/** Whoever invokes the run's producer from now on has one without a topic. */
async function breakProducer(runId: string): Promise<void> {
  const { Functions = [] } = await each.served.lambda.send(new ListFunctionsCommand({}));
  const { FunctionName } = Functions.find((each) => each.FunctionName!.startsWith(`throttle-bench-${runId}-Producer`))!;
  const Environment = { Variables: { TOPIC_ARN: "arn:aws:sns:us-east-1:123456789012:gone", PUBLISH_RATE: "2" } };
  await each.served.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
}
