/** A run whose process ends in the middle, and what `resume` makes of it: the real binary against the served model. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import type { Speed } from "../../src/targets/pace.ts";
import { type Faults, faultsBefore } from "./faults.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "./serving.ts";
import { aPlace, journalIn, type Place, type StartedRun, start, until } from "./started-run.ts";

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

async function open(speed: Speed): Promise<Place> {
  served = await serving(database.url, { speed });
  faults = await faultsBefore(served.endpoint);
  return aPlace(faults.endpoint, served.clockUrl, database.url);
}

/** Starts a run, and gives it when its journal has the line. */
async function startUntil(line: string, place: Place, ...args: string[]): Promise<StartedRun> {
  const run = start(place, ...args);
  const runId = args[args.indexOf("--run-id") + 1]!;
  await until(run, () => journalIn(place.workplace, runId).includes(line));
  return run;
}

async function kill({ child, ended }: StartedRun): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

const stacksLeft = async () => (await served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length;

describe("resume", () => {
  it("drains, measures and cleans up what a killed run left", { timeout: 60_000 }, async () => {
    const place = await open(120);
    const { workplace, environment } = place;
    await kill(await startUntil('"done":"fire"', place, "scenario-5", "--events", "40", "--run-id", "killed"));
    expect(await stacksLeft()).toBe(1);
    expect(journalIn(workplace, "killed")).not.toContain(new URL(database.url).password);

    const listed = await workplace.runBinary(environment, "resume");
    expect(listed).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^killed {2}scenario-5, .*, fired, in us-/),
    });
    expect(JSON.parse((await workplace.runBinary(environment, "resume", "--json")).stdout)).toEqual([
      {
        runId: "killed",
        scenario: "scenario-5",
        startedAt: expect.any(String),
        reached: "fired",
        region: place.environment.AWS_REGION,
      },
    ]);
    const journal = journalIn(workplace, "killed");
    const { status, stdout, stderr } = await workplace.runBinary(environment, "resume", "killed", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("The record is") });
    const [record] = JSON.parse(stdout) as [RunRecord];
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
    expect(await workplace.runBinary(environment, "resume")).toMatchObject({ stdout: "No run waits to be resumed.\n" });
    expect((await workplace.runBinary(environment, "report", "killed", "--json")).stdout).toBe(stdout);

    // As if the process had been killed once more, between the record and the end of the journal.
    writeFileSync(join(workplace.directory, ".throttle-bench/journals/killed.jsonl"), journal);
    expect(await workplace.runBinary(environment, "resume", "killed", "--json")).toEqual({
      status: 0,
      stdout,
      stderr: "The record of killed was saved before its process ended.\n",
    });
    expect(await workplace.runBinary(environment, "resume")).toMatchObject({ stdout: "No run waits to be resumed.\n" });
  });

  it("does not fire a burst again that was begun, and lets the rows tell", { timeout: 60_000 }, async () => {
    const place = await open(120);
    await kill(await startUntil('"begun":"fire"', place, "scenario-5", "--events", "100", "--run-id", "fired"));
    const { status, stdout } = await place.workplace.runBinary(place.environment, "resume", "fired", "--json");
    const [{ burst, summary }] = JSON.parse(stdout) as [RunRecord];
    expect(burst).toMatchObject({
      published: 100,
      shards: [{ firstId: 1, events: 100, published: null, failed: null }],
    });
    // The rows tell whether the call had reached the producer when the process was killed. It is not made twice.
    const invocations = faults.operations.filter((operation) => operation === "Invoke").length;
    expect(invocations).toBeLessThanOrEqual(1);
    expect(summary).toMatchObject({ eventsCompleted: 100 * invocations, duplicates: 0 });
    expect(status).toBe(invocations === 1 ? 0 : 1);
    expect(await stacksLeft()).toBe(0);
  });

  it("ends a run before its stack expires, so that no cleaner takes it away meanwhile", {
    timeout: 60_000,
  }, async () => {
    const place = await open("max");
    const throttled = ["--set", "ReservedConcurrency=0", "--set", "MaxReceiveCount=1000", "--timeout", "2h"];
    await kill(
      await startUntil('"done":"fire"', place, "scenario-5", "--events", "5", "--run-id", "late", ...throttled),
    );
    const { Stacks } = await served.cloudFormation.send(new DescribeStacksCommand({}));
    const { Value } = Stacks![0]!.Tags!.find(({ Key }) => Key === "throttle-bench:expires")!;
    const expires = Date.parse(Value!);
    await served.sleep(expires - (await served.now()) - 90 * 60_000);
    const ended = await place.workplace.runBinary(place.environment, "resume", "late", "--json");
    const [record] = JSON.parse(ended.stdout) as [RunRecord];
    expect(record).toMatchObject({ outcome: "timeout", summary: { eventsMissing: 5 } });
    expect(await served.now()).toBeLessThan(expires);
    // The half hour that was left of it was waited for.
    expect(await served.now()).toBeGreaterThan(expires - 61 * 60_000);
    expect(await stacksLeft()).toBe(0);
  });

  it("refuses an id that is taken, a run that there is not, and what is no journal", async () => {
    const place = await open(120);
    const { workplace, environment } = place;
    await kill(await startUntil('"begun":"deploy"', place, "scenario-5", "--run-id", "early"));
    expect(await workplace.runBinary(environment, "run", "scenario-5", "--run-id", "early")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /belongs to a run that was interrupted; go on with it by `throttle-bench resume early`/,
      ),
    });
    expect(await workplace.runBinary(environment, "resume", "never")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/No run never waits to be resumed/),
    });
    workplace.write(".throttle-bench/journals/torn.jsonl", '{"journalVersion":2}\n');
    expect(await workplace.runBinary(environment, "resume", "torn")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/torn\.jsonl is not a journal that this version reads/),
    });
  });
});

describe("resume of a run that was not deployed", () => {
  let runId: string;
  let small: string[];
  let runs = 0;
  beforeEach(() => {
    runId = `early-${++runs}`;
    small = ["--events", "20", "--set", "WorkMs=200", "--no-wait", "--run-id", runId];
  });

  const statusOf = async () => {
    const { Stacks } = await served.cloudFormation.send(new DescribeStacksCommand({}));
    return Stacks!.map(({ StackStatus }) => StackStatus);
  };
  const sent = (wanted: string) => faults.operations.filter((operation) => operation === wanted).length;

  /** Checks its result, and that nothing is left. */
  async function resumed({ workplace, environment }: Place): Promise<{ record: RunRecord; stderr: string }> {
    const { status, stdout, stderr } = await workplace.runBinary(environment, "resume", runId, "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("The record is") });
    const [record] = JSON.parse(stdout) as [RunRecord];
    expect(record).toMatchObject({
      outcome: "drained",
      burst: { published: 20, shards: [{ published: 20 }] },
      summary: { eventsCompleted: 20, eventsMissing: 0, duplicates: 0 },
      cleanUp: `The stack throttle-bench-${runId} was deleted.`,
    });
    expect(record.stackEvents.map(({ logicalId, status }) => `${logicalId} ${status}`)).toContain(
      `throttle-bench-${runId} CREATE_COMPLETE`,
    );
    expect(await statusOf()).toEqual([]);
    expect(journalIn(workplace, runId)).toBe("");
    return { record, stderr };
  }

  it("waits for a stack that is still being created, and uses it", { timeout: 60_000 }, async () => {
    // Time passes for those that ask alone, so that the stack is no further when the next process has started.
    const place = await open("max");
    const run = start(place, "scenario-5", ...small);
    await until(run, () => run.stderr().includes("CREATE_IN_PROGRESS"));
    await kill(run);
    expect(await statusOf()).toEqual(["CREATE_IN_PROGRESS"]);
    const { stderr } = await resumed(place);
    expect(stderr).toContain("scenario-5: deploying, ");
    expect(sent("CreateStack")).toBe(1);
  });

  it.each([
    ["had not reached CloudFormation", "cut"],
    ["was not answered", "cut-after"],
  ] as const)("creates the stack once when the request for it %s", { timeout: 60_000 }, async (_what, fault) => {
    const place = await open(60);
    const run = start(place, "scenario-5", ...small);
    faults.rule = (operation) => {
      if (operation !== "CreateStack") return undefined;
      run.child.kill("SIGKILL");
      return fault;
    };
    expect(await run.ended).toBeNull();
    faults.rule = () => undefined;
    await resumed(place);
    expect(sent("CreateStack")).toBe(fault === "cut" ? 2 : 1);
  });

  it("removes a stack that was rolled back, and deploys anew", { timeout: 60_000 }, async () => {
    const place = await open(60);
    const { templateBody } = findScenario("scenario-5");
    const run = start(place, "scenario-5", ...small);
    faults.rule = (operation) => {
      if (operation === "CreateStack") run.child.kill("SIGKILL");
      return operation === "CreateStack" ? "cut" : undefined;
    };
    await run.ended;
    faults.rule = () => undefined;
    await served.cloudFormation.send(
      new CreateStackCommand({
        StackName: `throttle-bench-${runId}`,
        TemplateBody: templateBody,
        // More than the account has left to reserve.
        Parameters: [
          { ParameterKey: "DatabaseUrl", ParameterValue: database.url },
          { ParameterKey: "ReservedConcurrency", ParameterValue: "950" },
        ],
        Capabilities: ["CAPABILITY_IAM"],
        Tags: [{ Key: "throttle-bench", Value: "run" }],
      }),
    );
    while (!(await statusOf()).includes("ROLLBACK_COMPLETE")) await served.sleep(1_000);
    const { record } = await resumed(place);
    expect(record.settings.ReservedConcurrency).toBe("5");
  });

  it("deploys anew what was deleted before the burst", { timeout: 60_000 }, async () => {
    const place = await open(60);
    const run = start(place, "scenario-5", ...small);
    faults.rule = (operation) => {
      if (operation === "Invoke") run.child.kill("SIGKILL");
      return operation === "Invoke" ? "cut" : undefined;
    };
    await run.ended;
    faults.rule = () => undefined;
    const file = `${place.workplace.directory}/.throttle-bench/journals/${runId}.jsonl`;
    // As if the process had ended just before.
    writeFileSync(file, readFileSync(file, "utf8").replace('{"begun":"fire"}\n', ""));
    await served.cloudFormation.send(new DeleteStackCommand({ StackName: `throttle-bench-${runId}` }));
    await resumed(place);
    expect(sent("CreateStack")).toBe(2);
  });

  it("refuses secret settings that no journal holds", { timeout: 60_000 }, async () => {
    const place = await open(60);
    const { templateBody } = findScenario("scenario-5");
    const withSecret = templateBody.replace(
      "\nParameters:\n",
      "\nParameters:\n  ApiKey: { Type: String, NoEcho: true, Default: hidden }\n",
    );
    expect(withSecret).not.toBe(templateBody);
    place.workplace.write("mine.yaml", withSecret);
    const run = start(place, "./mine.yaml", ...small);
    faults.rule = (operation) => {
      if (operation === "CreateStack") run.child.kill("SIGKILL");
      return operation === "CreateStack" ? "cut" : undefined;
    };
    await run.ended;
    const listed = await place.workplace.runBinary(place.environment, "resume");
    expect(listed.stdout).toMatch(/^early-\d+ {2}mine, .*, not deployed, in us-/);
    expect(await place.workplace.runBinary(place.environment, "resume", runId)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/to deploy it ApiKey would be needed, .* `throttle-bench resume early-\d+ --drop`/),
    });
    expect(sent("CreateStack")).toBe(1);
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
    const { ended } = await startUntil('"done":"fire"', place, "scenario-4", "--events", "40", "--run-id", "expired");
    faults.rule = () => expired;
    expect(await ended).toBe(3);
    expect(await stacksLeft()).toBe(1);
    expect(await workplace.runBinary(environment, "resume", "expired")).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/renew the credentials/),
    });
    faults.rule = () => undefined;
    const { status, stdout } = await workplace.runBinary(environment, "resume", "exp", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ outcome: "drained", summary: { eventsCompleted: 40, duplicates: 0 } }]);
    expect(await stacksLeft()).toBe(0);
  });

  it("refuses another account, and forgets the run when it is told to", async () => {
    const place = await open(120);
    const { workplace, environment } = place;
    await kill(await startUntil('"done":"deploy"', place, "scenario-5", "--run-id", "idle"));
    const file = `${workplace.directory}/.throttle-bench/journals/idle.jsonl`;
    const [header, ...rest] = readFileSync(file, "utf8").split("\n");
    const unfired = rest.filter((line) => !line.includes('"fire"'));
    const elsewhere = header!.replace(/"id":"\d{12}"/, '"id":"999999999999"');
    expect(elsewhere).not.toBe(header);
    writeFileSync(file, [elsewhere, ...unfired].join("\n"));
    expect(await workplace.runBinary(environment, "resume", "idle")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/is of account 999999999999, and these credentials are of \d{12}/),
    });
    expect(journalIn(workplace, "idle")).not.toContain('"fire"');

    workplace.write(".throttle-bench/journals/torn.jsonl", '{"journalVersion":2}\n');
    expect(await workplace.runBinary(environment, "resume")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^idle {2}scenario-5, .*, deployed, not fired, in us-/),
      stderr: expect.stringContaining("torn.jsonl is not a journal"),
    });
    for (const run of ["id", "torn"]) {
      expect(await workplace.runBinary(environment, "resume", run, "--drop")).toMatchObject({ status: 0 });
    }
    expect(await workplace.runBinary(environment, "resume")).toMatchObject({ stdout: "No run waits to be resumed.\n" });
  });
});

describe("Ctrl-C", () => {
  it("once cleans up and leaves no journal", { timeout: 60_000 }, async () => {
    const place = await open(30);
    const { child, ended } = await startUntil(
      '"done":"fire"',
      place,
      ...["scenario-4", "--events", "300", "--run-id", "once"],
    );
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(await stacksLeft()).toBe(0);
    expect(journalIn(place.workplace, "once")).toBe("");
    const { stdout } = await place.workplace.runBinary({}, "report", "once", "--json");
    expect(JSON.parse(stdout)).toMatchObject([{ outcome: "interrupted", metricsWindow: { complete: false } }]);
  });

  it("twice stops at once, and says what is left, how to go on and how to remove it", { timeout: 60_000 }, async () => {
    const place = await open(5);
    const run = await startUntil('"done":"fire"', place, "scenario-4", "--events", "30", "--run-id", "twice");
    const { child, ended } = run;
    child.kill("SIGINT");
    // A second signal within a second is taken for an echo of the first.
    await pause(1_300);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    const stderr = run.stderr();
    expect(stderr).toContain("The stack throttle-bench-twice may be left");
    expect(stderr).toContain("throttle-bench resume twice");
    expect(stderr).toMatch(/or remove it with: .*throttle-bench-twice/);
    expect(journalIn(place.workplace, "twice")).toContain('"done":"fire"');

    // Its deletion goes on, so that the events which had not come through never will: they are not taken for lost.
    const resumed = await place.workplace.runBinary(place.environment, "resume", "twice", "--json");
    expect({ status: resumed.status, stderr: resumed.stderr }).toEqual({
      status: 130,
      stderr: expect.stringMatching(/The run twice had lost its stack before its events were through; what had been/),
    });
    expect(JSON.parse(resumed.stdout)[0]).toMatchObject({
      outcome: "interrupted",
      cleanUp: expect.stringMatching(/^The stack throttle-bench-twice was (gone|deleted)\.$/),
      metricsWindow: { complete: false },
    });
    expect(await stacksLeft()).toBe(0);
    expect(journalIn(place.workplace, "twice")).toBe("");
  });
});
