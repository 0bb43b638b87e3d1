/** A run whose process ends in the middle, and what `resume` makes of it: the real binary against the served model. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { DeleteStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace, binary, type Workplace } from "../cli/throttle-bench.ts";
import { type Faults, faultsBefore } from "./faults.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "./serving.ts";

let database: TestDatabase;
let served: Serving;
let faults: Faults;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  await faults.close();
  await served.close();
});

async function open(speed: number): Promise<{ workplace: Workplace; environment: Record<string, string> }> {
  served = await serving(database.url, { speed });
  faults = await faultsBefore(served.endpoint);
  return {
    workplace: aWorkplace(),
    environment: {
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: faults.endpoint,
      THROTTLE_BENCH_CLOCK: served.clockUrl,
      THROTTLE_BENCH_TARGET: "aws",
      DATABASE_URL: database.url,
    },
  };
}

function journalIn({ directory }: Workplace, runId: string): string {
  try {
    return readFileSync(`${directory}/.throttle-bench/journals/${runId}.jsonl`, "utf8");
  } catch {
    return "";
  }
}

/** Starts a run, and gives it when its journal has the line. */
async function startUntil(
  line: string,
  { workplace, environment }: Awaited<ReturnType<typeof open>>,
  ...args: string[]
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [binary, "run", ...args], {
    cwd: workplace.directory,
    env: { ...process.env, ...environment },
  });
  const runId = args[args.indexOf("--run-id") + 1]!;
  while (!journalIn(workplace, runId).includes(line)) {
    if (child.exitCode !== null) throw new Error(`the run ended first, with ${child.exitCode}`);
    await pause(5);
  }
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

const stacksLeft = async () => (await served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length;

describe("resume", () => {
  it("drains, measures and cleans up what a killed run left", { timeout: 60_000 }, async () => {
    const place = await open(120);
    const { workplace, environment } = place;
    await kill(await startUntil('"done":"fire"', place, "scenario-5", "--events", "40", "--run-id", "killed"));
    expect(await stacksLeft()).toBe(1);
    expect(journalIn(workplace, "killed")).not.toContain(new URL(database.url).password);

    const listed = await workplace.runBeside(environment, "resume");
    expect(listed).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^killed {2}scenario-5, .*, fired, in us-/),
    });
    const { status, stdout, stderr } = await workplace.runBeside(environment, "resume", "killed", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("The record is") });
    const record = JSON.parse(stdout) as RunRecord;
    expect(record).toMatchObject({
      runId: "killed",
      outcome: "drained",
      burst: { published: 40, shards: [{ published: 40 }] },
      summary: { totalEvents: 40, eventsCompleted: 40, eventsMissing: 0, maxConcurrency: 5 },
      cleanUp: expect.stringMatching(/was deleted/),
    });
    expect(record.stackEvents.length).toBeGreaterThan(10);
    expect(await stacksLeft()).toBe(0);
    expect(faults.operations.filter((operation) => operation === "Invoke")).toHaveLength(1);
    expect(await workplace.runBeside(environment, "resume")).toMatchObject({ stdout: "No run waits to be resumed.\n" });
    expect((await workplace.runBeside(environment, "report", "killed", "--json")).stdout).toBe(stdout);
  });

  it("does not fire a burst again that was begun, and lets the rows tell", { timeout: 60_000 }, async () => {
    const place = await open(120);
    await kill(await startUntil('"begun":"fire"', place, "scenario-5", "--events", "100", "--run-id", "fired"));
    const { status, stdout } = await place.workplace.runBeside(place.environment, "resume", "fired", "--json");
    const { burst, summary } = JSON.parse(stdout) as RunRecord;
    expect(burst).toMatchObject({
      published: 100,
      shards: [{ firstId: 1, events: 100, published: null, failed: null }],
    });
    // Whether the one call had reached the producer when the process was killed, the rows know; it is not made twice.
    const invocations = faults.operations.filter((operation) => operation === "Invoke").length;
    expect(invocations).toBeLessThanOrEqual(1);
    expect(summary).toMatchObject({ eventsCompleted: 100 * invocations, duplicates: 0 });
    expect(status).toBe(invocations === 1 ? 0 : 1);
    expect(await stacksLeft()).toBe(0);
  });

  it("refuses a run that was not deployed, one that there is not, and what is no journal", async () => {
    const place = await open(120);
    const { workplace, environment } = place;
    await kill(await startUntil('"begun":"deploy"', place, "scenario-5", "--run-id", "early"));
    expect(await workplace.runBeside(environment, "resume", "early")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/had not been deployed .* `throttle-bench clean throttle-bench-early`/),
    });
    expect(await workplace.runBeside(environment, "run", "scenario-5", "--run-id", "early")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /that of a run that was interrupted; go on with it by `throttle-bench resume early`/,
      ),
    });
    expect(await workplace.runBeside(environment, "resume", "never")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/No run never waits to be resumed/),
    });
    workplace.write(".throttle-bench/journals/torn.jsonl", '{"journalVersion":2}\n');
    expect(await workplace.runBeside(environment, "resume", "torn")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/torn\.jsonl is not a journal that this version reads/),
    });
  });
});

const expired = {
  error: "ExpiredToken",
  message: "The security token included in the request is expired",
  status: 403,
};

describe("resume, with something amiss,", () => {
  it("goes on when credentials that expired in the drain are renewed, and not before", {
    timeout: 60_000,
  }, async () => {
    const place = await open(30);
    const { workplace, environment } = place;
    const child = await startUntil('"done":"fire"', place, "scenario-4", "--events", "40", "--run-id", "expired");
    const closed = once(child, "close");
    faults.rule = () => expired;
    expect(await closed).toEqual([3, null]);
    expect(await stacksLeft()).toBe(1);
    expect(await workplace.runBeside(environment, "resume", "expired")).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/renew the credentials/),
    });
    faults.rule = () => undefined;
    const { status, stdout } = await workplace.runBeside(environment, "resume", "exp", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "drained", summary: { eventsCompleted: 40, duplicates: 0 } });
    expect(await stacksLeft()).toBe(0);
  });

  it("refuses another account, a stack that is gone and was not fired at, and then forgets the run", async () => {
    const place = await open(120);
    const { workplace, environment } = place;
    await kill(await startUntil('"done":"deploy"', place, "scenario-5", "--run-id", "idle"));
    const file = `${workplace.directory}/.throttle-bench/journals/idle.jsonl`;
    const [header, ...rest] = readFileSync(file, "utf8").split("\n");
    const unfired = rest.filter((line) => !line.includes('"fire"'));
    const elsewhere = header!.replace(/"id":"\d{12}"/, '"id":"999999999999"');
    expect(elsewhere).not.toBe(header);
    writeFileSync(file, [elsewhere, ...unfired].join("\n"));
    expect(await workplace.runBeside(environment, "resume", "idle")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/is of account 999999999999, and these credentials are of \d{12}/),
    });

    writeFileSync(file, [header, ...unfired].join("\n"));
    await served.cloudFormation.send(new DeleteStackCommand({ StackName: "throttle-bench-idle" }));
    expect(await workplace.runBeside(environment, "resume", "idle")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/had not fired; forget it with `throttle-bench resume idle --drop`/),
    });
    expect(journalIn(workplace, "idle")).not.toContain('"fire"');

    workplace.write(".throttle-bench/journals/torn.jsonl", '{"journalVersion":2}\n');
    expect(await workplace.runBeside(environment, "resume")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^idle {2}scenario-5, .*, deployed, not fired, in us-/),
      stderr: expect.stringContaining("torn.jsonl is not a journal"),
    });
    for (const run of ["id", "torn"]) {
      expect(await workplace.runBeside(environment, "resume", run, "--drop")).toMatchObject({ status: 0 });
    }
    expect(await workplace.runBeside(environment, "resume")).toMatchObject({ stdout: "No run waits to be resumed.\n" });
  });
});

describe("Ctrl-C", () => {
  it("once cleans up and leaves no journal", { timeout: 60_000 }, async () => {
    const place = await open(30);
    const child = await startUntil('"done":"fire"', place, "scenario-4", "--events", "300", "--run-id", "once");
    const closed = once(child, "close");
    child.kill("SIGINT");
    expect(await closed).toEqual([130, null]);
    expect(await stacksLeft()).toBe(0);
    expect(journalIn(place.workplace, "once")).toBe("");
    const { stdout } = await place.workplace.runBeside({}, "report", "once", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "interrupted", metricsWindow: { complete: false } });
  });

  it("twice stops at once, and says what is left, how to go on and how to remove it", { timeout: 60_000 }, async () => {
    const place = await open(5);
    const child = await startUntil('"done":"fire"', place, "scenario-4", "--events", "30", "--run-id", "twice");
    let stderr = "";
    child.stderr!.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const closed = once(child, "close");
    child.kill("SIGINT");
    // What comes within a second is taken for an echo of the first.
    await pause(1_300);
    child.kill("SIGINT");
    expect(await closed).toEqual([130, null]);
    expect(stderr).toContain("The stack throttle-bench-twice may be left");
    expect(stderr).toContain("throttle-bench resume twice");
    expect(stderr).toMatch(/or remove it with: .*throttle-bench-twice/);
    expect(journalIn(place.workplace, "twice")).toContain('"done":"fire"');

    // Its deletion goes on, so that the events which had not come through never will: they are not taken for lost.
    const resumed = await place.workplace.runBeside(place.environment, "resume", "twice", "--json");
    expect({ status: resumed.status, stderr: resumed.stderr }).toEqual({
      status: 130,
      stderr: expect.stringMatching(/The run twice had lost its stack before its events were through; what had been/),
    });
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      outcome: "interrupted",
      cleanUp: expect.stringMatching(/^The stack throttle-bench-twice was (gone|deleted)\.$/),
      metricsWindow: { complete: false },
    });
    expect(await stacksLeft()).toBe(0);
    expect(journalIn(place.workplace, "twice")).toBe("");
  });
});
