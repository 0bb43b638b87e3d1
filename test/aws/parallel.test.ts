/** `--parallel`: stacks side by side on the served model, within the concurrency that can be reserved, and cleaned up together. */
import { readdirSync } from "node:fs";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { type Faults, faultsBefore } from "./faults.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "./serving.ts";
import { aPlace, type Place, start, until } from "./started-run.ts";

let database: TestDatabase;
let served: Serving;
let faults: Faults;
let place: Place;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  await faults.close();
  await served.close();
});

async function onServed(constants: Record<string, number> = {}): Promise<void> {
  served = await serving(database.url, { speed: 60, constants });
  faults = await faultsBefore(served.endpoint);
  place = aPlace(faults.endpoint, served.clockUrl, database.url);
}

const names = ["scenario-2", "scenario-4", "scenario-5"];
const few = ["--events", "20", "--set", "WorkMs=200", "--no-wait", "--yes"];
const parallel = ["run", ...names, "--parallel", "3", ...few];

function run(...args: string[]) {
  return place.workplace.runBinary(place.environment, ...args);
}

async function stacksLeft(): Promise<number> {
  return (await served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length;
}

function recorded(): string[] {
  return readdirSync(`${place.workplace.directory}/.throttle-bench/runs`).sort();
}

const deployments = () => faults.operations.filter((operation) => /^(Create|Delete)Stack$/.test(operation));

describe("stacks side by side", { timeout: 120_000 }, () => {
  it("are all there at once, each with its own lines, and give their records in the order that was asked for", async () => {
    await onServed();
    const { status, stdout, stderr } = await run(...parallel, "--run-id", "both", "--json");
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining("up to 3 of these stacks at once"),
    });
    const records = JSON.parse(stdout) as RunRecord[];
    expect(records.map(({ scenario }) => scenario)).toEqual(names);
    for (const { summary } of records) expect(summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0 });
    expect(deployments().slice(0, 3)).toEqual(["CreateStack", "CreateStack", "CreateStack"]);
    for (const name of names) expect(stderr).toMatch(new RegExp(`^${name}: deploying, `, "m"));
    expect(faults.operations.filter((operation) => operation.endsWith("/account-settings"))).toHaveLength(1);
    expect(await stacksLeft()).toBe(0);
  });

  it("are queued where Lambda cannot reserve for all, which is said", async () => {
    await onServed({ "lambda.accountConcurrency": 105 });
    const { status, stderr } = await run(...parallel);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining(
        "scenario-5 waits for others to end: it reserves a concurrency of 5, and beside them Lambda lets 3 be reserved.",
      ),
    });
    expect(deployments().slice(0, 3)).toEqual(["CreateStack", "CreateStack", "DeleteStack"]);
    expect(recorded()).toHaveLength(3);
  });

  it("go one after the other where the account does not say what it can reserve", async () => {
    await onServed();
    faults.rule = (operation) =>
      operation.endsWith("/account-settings")
        ? { error: "AccessDeniedException", message: "not authorized", status: 403 }
        : undefined;
    const { status, stderr } = await run(...parallel);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining("(not authorized), so the runs go one after the other."),
    });
    expect(deployments()).toEqual([
      "CreateStack",
      "DeleteStack",
      "CreateStack",
      "DeleteStack",
      "CreateStack",
      "DeleteStack",
    ]);
  });

  it("come to their ends and are recorded when one fails, whose failure decides the exit status", async () => {
    await onServed();
    faults.rule = (operation, count) =>
      operation === "CreateStack" && count === 2
        ? { error: "AccessDenied", message: "not authorized to do that", status: 403 }
        : undefined;
    const { status, stdout, stderr } = await run(...parallel, "--run-id", "one", "--json");
    expect(status).toBe(3);
    expect(stderr).toContain("not authorized to do that");
    expect(recorded()).toHaveLength(2);
    expect((JSON.parse(stdout) as RunRecord[]).map(({ runId }) => `${runId}.json`)).toEqual(recorded());
    expect(await stacksLeft()).toBe(0);
  });

  it("are all cleaned up by one interruption, which ends with 130 and tells of each", async () => {
    await onServed();
    const going = start(place, ...names, "--parallel", "3", ...few, "--rate", "1/s", "--run-id", "stopped");
    onTestFinished(() => void going.child.kill("SIGKILL"));
    await until(going, () => names.every((name) => new RegExp(`^${name}: .*publishing`, "m").test(going.stderr())));
    going.child.kill("SIGINT");
    expect(await going.ended).toBe(130);
    for (const name of names) expect(going.stderr()).toContain(`The stack throttle-bench-stopped-${name} was deleted.`);
    expect(await stacksLeft()).toBe(0);
  });
});

it("is refused for the local model, which has no stacks to wait for", async () => {
  await onServed();
  const { status, stderr } = await run("run", "scenario-4", "--target", "local", "--parallel", "2");
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining("--parallel belongs to an account"),
  });
});
