/** `database up`, a run that uses it, `status` and `down`: the real binary against the served model. */

import { readFileSync } from "node:fs";
import {
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import type { Workplace } from "../cli/throttle-bench.ts";
import { urlAs } from "../postgres/a-database.ts";
import { type Faults, faultsBefore } from "./faults.ts";
import { flakyDatabase } from "./flaky-database.ts";
import { openDatabase, region, type Serving, serving, type TestDatabase } from "./serving.ts";
import { aPlace, journalIn, start, until } from "./started-run.ts";

let behind: TestDatabase;
let served: Serving;
let faults: Faults;
let workplace: Workplace;
let environment: Record<string, string>;

beforeEach(async () => {
  behind = await openDatabase();
  served = await serving(behind.url);
  faults = await faultsBefore(served.endpoint);
  ({ workplace, environment } = aPlace(faults.endpoint, served.clockUrl, ""));
});
afterEach(async () => {
  await faults.close();
  await served.close();
  await behind.close();
});

const bench = (...args: string[]) => workplace.runBinary(environment, ...args);
const up = (...args: string[]) => bench("database", "up", "--address", "203.0.113.7", ...args);
const stacks = async () => (await served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!;

async function password(): Promise<string> {
  const client = new SecretsManagerClient({
    region,
    endpoint: served.endpoint,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  const SecretId = (await stacks())[0]!.Outputs!.find(({ OutputKey }) => OutputKey === "Secret")!.OutputValue;
  return JSON.parse((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString!).password;
}

describe("a database of the account's own", () => {
  it("is made, used by a run without a URL, described and removed, and its password stays where it is", async () => {
    const made = await up();
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: expect.any(String) });
    expect(made.stderr).toMatch(
      /^To be created in account \d{12} by \S+, region us-east-1, at http:.*\n {2}stack throttle-bench-database: a Postgres of class db\.t4g\.small/,
    );
    expect(made.stderr).toMatch(
      /from 203\.0\.113\.7\/32, by TLS only\n {2}costs about \$0\.041 an hour, \$0\.98 a day/,
    );
    expect(made.stdout).toMatch(/^The database of throttle-bench is 127\.0\.0\.1:\d+\/bench, of class db\.t4g\.small/);
    const secret = await password();
    expect(secret).toMatch(/^\w{32}$/);
    const [stack] = await stacks();
    expect(stack!.Tags).toContainEqual({ Key: "throttle-bench", Value: "database" });

    const run = await bench("run", "scenario-5", "--events", "25", "--run-id", "own", "--keep", "--json");
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: expect.any(String) });
    expect(run.stderr).toMatch(/rows go to the database 127\.0\.0\.1:\d+\/bench, whose network the functions run in/);
    const [record] = JSON.parse(run.stdout) as [RunRecord];
    expect(record.summary).toMatchObject({ totalEvents: 25, eventsCompleted: 25, eventsMissing: 0 });
    expect(record.settings).not.toHaveProperty("SubnetIds");

    // The functions have it, and nothing that CloudFormation or we show does.
    const { consumerFunction } = record.stack;
    const { Environment } = await served.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: consumerFunction }),
    );
    expect(Environment!.Variables!.DATABASE_URL).toContain(secret);
    const shown = [made, run, record];
    for (const StackName of ["throttle-bench-database", "throttle-bench-own"]) {
      shown.push(
        (await served.cloudFormation.send(new DescribeStacksCommand({ StackName }))) as never,
        (await served.cloudFormation.send(new DescribeStackEventsCommand({ StackName }))) as never,
        (await served.cloudFormation.send(new DescribeStackResourcesCommand({ StackName }))) as never,
        (await served.cloudFormation.send(new GetTemplateCommand({ StackName }))) as never,
      );
    }
    shown.push(readFileSync(`${workplace.directory}/.throttle-bench/runs/own.json`, "utf8") as never);
    expect(JSON.stringify(shown)).not.toContain(secret);

    const status = await bench("database", "status", "--json");
    expect(JSON.parse(status.stdout)).toMatchObject({
      status: "CREATE_COMPLETE",
      name: "bench",
      callerAddress: "203.0.113.7/32",
      instanceClass: "db.t4g.small",
      dollarsPerHour: expect.closeTo(0.0407, 3),
      capacity: { connections: expect.any(Number), tls: false },
      unreachable: null,
    });
    expect(status.stdout).not.toContain(secret);

    expect(await bench("database", "down", "--yes")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/may be in use by throttle-bench-own; wait for them, or remove them/),
    });
    expect(await bench("clean", "own", "--yes")).toMatchObject({ status: 0 });
    const listed = await bench("database", "down");
    expect(listed).toMatchObject({ status: 0, stdout: "" });
    expect(listed.stderr).toMatch(/and 25 rows with it\.\nNothing was removed; --yes removes\.\n$/);
    expect(await stacks()).toHaveLength(1);
    expect(await bench("database", "down", "--yes")).toMatchObject({
      status: 0,
      stdout: "The stack throttle-bench-database was deleted.\n",
    });
    expect(await stacks()).toEqual([]);
    expect(await bench("database", "status")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^There is no database of throttle-bench in account \d{12}/),
    });
  });

  it("lets another address in when it is brought up again, and keeps its rows", async () => {
    expect(await up()).toMatchObject({ status: 0 });
    expect(await bench("run", "scenario-5", "--events", "5", "--no-wait")).toMatchObject({ status: 0 });
    const again = await bench("database", "up", "--address", "198.51.100.0/24");
    expect({ status: again.status, stderr: again.stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^To be brought up to date in /),
    });
    expect(again.stdout).toContain("functions of runs, and 198.51.100.0/24");
    expect((await bench("database", "down")).stderr).toContain("and 5 rows with it");
    expect(await up("--address", "198.51.100.0/24")).toMatchObject({ status: 0 });
  });

  it("warns of a run that may take more connections than it has", async () => {
    const { stderr } = await bench("run", "scenario-1", "scenario-2", "--events", "2", "--no-wait");
    expect(stderr).toMatch(
      /! scenario-1 may run as many instances as the account allows of its consumer, and the database has \d+ connections left of 47: lower/,
    );
    expect(stderr).not.toContain("! scenario-2 may run");
    const limited = await bench("run", "scenario-5", "--set", "ReservedConcurrency=60", "--events", "2", "--no-wait");
    expect(limited.stderr).toMatch(/! scenario-5 may run up to 60 instances of its consumer/);
  });
});

describe("a database that cannot be made", () => {
  it("is removed again, with the first failing resource and AWS's reason", async () => {
    faults.rule = (operation) =>
      operation === "CreateStack"
        ? {
            error: "AccessDenied",
            message: "User: x is not authorized to perform: cloudformation:CreateStack",
            status: 403,
          }
        : undefined;
    const refused = await up();
    expect(refused).toMatchObject({ status: 3, stdout: "" });
    expect(refused.stderr).toMatch(/was refused: .*ask for this permission.*\nNo stack was created\.\n$/);
    expect(await stacks()).toEqual([]);
  });

  it("is removed when it is interrupted", async () => {
    await served.close();
    served = await serving(behind.url, { speed: 60 });
    await faults.close();
    faults = await faultsBefore(served.endpoint);
    Object.assign(environment, { AWS_ENDPOINT_URL: faults.endpoint, THROTTLE_BENCH_CLOCK: served.clockUrl });
    const args = ["database", "up", "--address", "203.0.113.7"];
    const { status, stderr } = await workplace.interrupt(environment, "SIGINT", "CREATE_IN_PROGRESS", ...args);
    expect({ status, stderr }).toEqual({ status: 130, stderr: expect.stringMatching(/The stack .* was deleted\.\n$/) });
    expect(await stacks()).toEqual([]);
  });

  it.each([
    ["an address that is none", ["--address", "here"], /--address "here" is no IPv4 address or range/],
    ["everybody", ["--address", "0.0.0.0/0"], /--address 0\.0\.0\.0\/0 lets too many in/],
    ["a class that is none", ["--instance-class", "large"], /--instance-class "large" is no class/],
  ])("is refused for %s, with nothing touched", async (_what, flags, message) => {
    const { status, stderr } = await bench("database", "up", "--address", "203.0.113.7", ...flags);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
    expect(faults.operations).toEqual([]);
    expect(workplace.files()).toEqual([]);
  });
});

describe("a database behind a tunnel", () => {
  it("is reached by the harness in one way, and by the functions in theirs", async () => {
    const tunnel = await flakyDatabase(behind.url);
    const direct = urlAs("functions", behind.url);
    const { status, stdout } = await workplace
      .runBinary(
        { ...environment, DATABASE_URL: tunnel.url, FUNCTIONS_DATABASE_URL: direct },
        ...["run", "scenario-5", "--events", "5", "--run-id", "tunnel", "--keep", "--no-wait", "--json"],
      )
      .finally(() => tunnel.close());
    expect(status).toBe(0);
    const [{ stack, summary }] = JSON.parse(stdout) as [RunRecord];
    expect(summary.eventsCompleted).toBe(5);
    const { Environment } = await served.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: stack!.consumerFunction }),
    );
    expect(Environment!.Variables!.DATABASE_URL).toBe(direct);
  });
});

describe("a run that was killed before its stack was there", () => {
  it("is deployed into its network again, by the account's database or by a given one", async () => {
    expect(await up()).toMatchObject({ status: 0 });
    const { vpc } = JSON.parse((await bench("database", "status", "--json")).stdout);
    const network = `SubnetIds=${vpc.subnetIds},SecurityGroupIds=${vpc.securityGroupIds}`;
    for (const [runId, given] of [
      ["own", []],
      ["given", ["--database-url", behind.url, "--vpc-config", network]],
    ] as const) {
      faults.rule = (operation) => (operation === "CreateStack" ? "cut" : undefined);
      const run = start(
        { workplace, environment },
        "scenario-5",
        "--events",
        "5",
        "--keep",
        "--run-id",
        runId,
        ...given,
      );
      await until(run, () => journalIn(workplace, runId).includes('"begun":"deploy"'));
      run.child.kill("SIGKILL");
      await run.ended;
      faults.rule = () => undefined;
      const resumed = await bench("resume", runId, ...given.slice(0, 2), "--json");
      expect({ status: resumed.status, stderr: resumed.stderr }).toEqual({ status: 0, stderr: expect.any(String) });
      const [{ stack, summary }] = JSON.parse(resumed.stdout) as [RunRecord];
      expect(summary.eventsCompleted).toBe(5);
      const { VpcConfig } = await served.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: stack!.consumerFunction }),
      );
      expect(VpcConfig).toEqual({ SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds });
    }
  });
});

describe("a run without a database that functions reach", () => {
  it("is refused, and told how to have one", async () => {
    // The same server, by an address that is not this machine's loopback by its name.
    const elsewhere = faults.endpoint.replace("127.0.0.1", "0.0.0.0");
    const { status, stderr } = await bench("run", "scenario-4", "--endpoint-url", elsewhere);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(
        /embedded one is on this machine; give --database-url .* `throttle-bench database up`/,
      ),
    });
    expect(faults.operations).not.toContain("CreateStack");
    expect(workplace.files()).toEqual([]);
  });
});
