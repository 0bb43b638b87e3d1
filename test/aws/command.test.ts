/** `run --target aws` as a person types it: against `serve` in another process, and what is refused before anything is created. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace, binary, openWorkplace, type Workplace } from "../cli/throttle-bench.ts";

/** These tests ignore what this machine's environment says of AWS. */
function forgetAws(): void {
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_JS)/.test(name)) delete process.env[name];
}
forgetAws();

interface ServedWorkplace extends Workplace {
  /** The variables that `serve` says to export. */
  environment: Record<string, string>;
  stacksLeft(): Promise<number>;
  close(): Promise<void>;
}

/** `serve` and the bench share the embedded Postgres of their working directory. */
async function openServed(speed: string, ...flags: string[]): Promise<ServedWorkplace> {
  const workplace = openWorkplace();
  const { DATABASE_URL: _, ...env } = process.env;
  const child: ChildProcess = spawn(process.execPath, [binary, "serve", "--port", "0", "--speed", speed, ...flags], {
    cwd: workplace.directory,
    env,
  });
  const [text] = (await once(child.stdout!.setEncoding("utf8"), "data")) as [string];
  const environment = Object.fromEntries(
    [...text.matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
  );
  const cloudFormation = new CloudFormationClient({
    region: environment.AWS_REGION!,
    endpoint: environment.AWS_ENDPOINT_URL!,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  return {
    ...workplace,
    environment,
    stacksLeft: async () => (await cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length,
    async close() {
      const closed = once(child, "close");
      child.kill("SIGINT");
      expect(await closed).toEqual([0, null]);
      workplace.remove();
    },
  };
}

describe.each(["120", "max"])("against serve at speed %s", (speed) => {
  let served: ServedWorkplace;
  beforeEach(async () => {
    served = await openServed(speed);
  });
  afterEach(() => served.close());

  it("says what it will create, runs, and prints a measurement alone on stdout", { timeout: 60_000 }, async () => {
    const { status, stdout, stderr } = await served.runWith(
      { ...served.environment, THROTTLE_BENCH_TARGET: "aws" },
      ...["run", "scenario-5", "--events", "25", "--set", "WorkMs=200", "--run-id", "mine", "--json"],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
    expect(stderr).toMatch(
      /^To be created in account \d{12} by arn:aws:iam::\S+, region us-east-1, at http:\/\/127\.0\.0\.1:\d+:\n/,
    );
    expect(stderr).toMatch(/scenario-5: stack throttle-bench-mine, 25 events, about \$0\.01 or less/);
    expect(stderr).toContain("3 AWS::Lambda::Function");
    const phases = [
      "deploying, ",
      "uploading the code of ",
      "publishing 25 events",
      "of 25 completed",
      "reading rows",
      "waiting for CloudWatch's last minutes, ",
      "deleting the stack",
    ];
    const lines = stderr.split("\n").filter((line) => line.startsWith("scenario-5: ") && !line.includes(" or less"));
    expect(lines.map((line) => phases.findIndex((phase) => line.includes(phase)))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const [record] = JSON.parse(stdout) as [RunRecord];
    expect(record).toMatchObject({ target: "aws", kind: "prediction", platform: "2026", outcome: "drained" });
    expect(record.summary).toMatchObject({ totalEvents: 25, eventsCompleted: 25, eventsMissing: 0 });
    expect(record.summary.maxConcurrency).toBeGreaterThanOrEqual(1);
    expect(record.caveats[0]).toEqual({ code: "other-endpoint", endpoint: served.environment.AWS_ENDPOINT_URL });
    expect(await served.stacksLeft()).toBe(0);
  });
});

it("names a public URL before it creates anything, and runs behind it", { timeout: 60_000 }, async () => {
  const served = await openServed("max");
  const { status, stdout, stderr } = await served.runWith(
    { ...served.environment, THROTTLE_BENCH_TARGET: "aws" },
    ...["run", "api-destination", "--events", "20", "--json"],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
  const [asked, made] = ["ConsumerUrl makes the consumer public", "deploying, "].map((text) => stderr.indexOf(text));
  expect(asked).toBeGreaterThan(0);
  expect(made).toBeGreaterThan(asked!);
  const [record] = JSON.parse(stdout) as [RunRecord];
  expect(record.summary).toMatchObject({ eventsCompleted: 20, eventsMissing: 0 });
  expect(await served.stacksLeft()).toBe(0);
  await served.close();
});

describe("against serve with an assumed number", () => {
  it("is refused what a new account is refused, in AWS's words, and takes the number as its origin", {
    timeout: 60_000,
  }, async () => {
    const served = await openServed("max", "--assume", "lambda.accountConcurrency=10");
    const onServed = { ...served.environment, THROTTLE_BENCH_TARGET: "aws" };
    const refused = await served.runWith(onServed, "run", "scenario-4", "--yes");
    expect(refused).toMatchObject({ status: 3, stdout: "" });
    expect(refused.stderr).toMatch(
      /Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of \[10\]\. .*; ask for a higher quota .*: 10 must stay unreserved/,
    );
    expect(await served.stacksLeft()).toBe(0);
    const { stdout } = await served.runWith(onServed, "run", "scenario-1", "--events", "30", "--yes", "--json");
    const [record] = JSON.parse(stdout) as [RunRecord];
    expect(record).toMatchObject({ kind: "prediction", summary: { eventsCompleted: 30 } });
    expect(record.assumptions).toContainEqual(
      expect.objectContaining({ name: "lambda.accountConcurrency", value: 10, origin: "given" }),
    );
    expect(record.summary.maxConcurrency).toBeLessThanOrEqual(10);
    const burst = ["run", "scenario-1", "--events", "100", "--rate", "max", "--yes", "--json"];
    for (let times = 0; times < 2; times++) {
      const [{ details, caveats }] = JSON.parse((await served.runWith(onServed, ...burst)).stdout) as [RunRecord];
      expect(details.throttles).toBeGreaterThan(0);
      // A refusal of an earlier run on the same account is not counted again.
      expect(caveats).toContainEqual(
        expect.objectContaining({
          code: "assumption-decided",
          name: "lambda.accountConcurrency",
          count: details.throttles,
        }),
      );
    }
    await served.close();
  });
});

describe("an interrupted run", () => {
  it("cleans up and ends with 130", { timeout: 60_000 }, async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" });
    onTestFinished(forgetAws);
    const served = await openServed("max");
    const { AWS_ENDPOINT_URL } = served.environment;
    const flags = ["--target", "aws", "--region", "us-east-1", "--endpoint-url", AWS_ENDPOINT_URL!, "--yes"];
    const { status, stderr } = await served.interrupt({}, "SIGINT", "To be created", "run", "scenario-2", ...flags);
    expect({ status, stderr }).toMatchObject({ status: 130, stderr: expect.stringContaining("interrupted") });
    expect(await served.stacksLeft()).toBe(0);
    await served.close();
  });
});

it("is refused in another directory than serve's, where its rows would all be missing, and not with serve's own database", {
  timeout: 60_000,
}, async () => {
  const served = await openServed("max");
  const elsewhere = aWorkplace();
  const run = ["run", "scenario-1", "--events", "5", "--target", "aws"];
  const refused = await elsewhere.runWith(served.environment, ...run);
  expect(refused).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      `The model at ${served.environment.AWS_ENDPOINT_URL} writes its rows to another database than the one this command reads: call it in the directory of \`throttle-bench serve\`, or give both one --database-url.`,
    ),
  });
  expect(await served.stacksLeft()).toBe(0);

  // As from elsewhere, but with a URL of its own for the same database: another name for the host is no other database.
  const child = spawn(process.execPath, [binary, "database", "url"], { cwd: served.directory });
  const [url] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  const same = url.trim().replace("127.0.0.1", "localhost");
  expect(await elsewhere.runWith(served.environment, ...run, "--database-url", same)).toMatchObject({ status: 0 });
  child.kill("SIGINT");
  await once(child, "close");
  await served.close();
});

/** Nothing of this machine's own configuration. */
const bare = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nowhere/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
};
const endpoint = ["--endpoint-url", "http://127.0.0.1:1"];
const run = ["run", "scenario-4", "--target", "aws"];

it.each([
  [
    "a database on loopback",
    [...run, "--database-url", "postgresql://me:secret@localhost/bench"],
    {},
    2,
    /loopback, where functions on AWS do not reach it; give --database-url/,
  ],
  ["a profile without an account", ["run", "scenario-4", "--profile", "me"], {}, 2, /--profile belongs to an account/],
  ["an endpoint that is no address", [...run, "--endpoint-url", "here"], {}, 2, /--endpoint-url "here" is no address/],
  [
    "an unknown target from the environment",
    ["run", "scenario-4"],
    { THROTTLE_BENCH_TARGET: "gcp" },
    2,
    /THROTTLE_BENCH_TARGET "gcp" is not known; give local or aws/,
  ],
  ["a missing region", [...run, ...endpoint], {}, 2, /Region is missing: give --region/],
  [
    "a missing region with a profile that has none",
    [...run, ...endpoint, "--profile", "me"],
    {},
    2,
    /Region is missing/,
  ],
  ["missing credentials", [...run, ...endpoint, "--region", "eu-west-1"], {}, 3, /Nothing was created/],
  [
    "an unknown profile",
    [...run, ...endpoint, "--region", "eu-west-1", "--profile", "nobody"],
    {},
    3,
    /nobody.*give --profile/,
  ],
])("refuses %s, with nothing touched", async (_what, args, environment, status, message) => {
  const workplace = aWorkplace();
  const result = await workplace.runWith({ ...bare, ...environment }, ...args);
  expect({ status: result.status, stderr: result.stderr }).toEqual({ status, stderr: expect.stringMatching(message) });
  expect(result.stderr).not.toContain("secret");
  expect(workplace.files()).toEqual([]);
});

it("takes region and credentials from a profile, and the clock from the model that answers", {
  timeout: 60_000,
}, async () => {
  const served = await openServed("max");
  served.write("config", "[profile bench]\nregion = eu-north-1\n");
  served.write("credentials", "[bench]\naws_access_key_id = x\naws_secret_access_key = x\n");
  const { AWS_ENDPOINT_URL } = served.environment;
  const { status, stderr } = await served.runWith(
    {
      ...bare,
      AWS_CONFIG_FILE: `${served.directory}/config`,
      AWS_SHARED_CREDENTIALS_FILE: `${served.directory}/credentials`,
      THROTTLE_BENCH_CLOCK: "",
    },
    ...["run", "scenario-1", "--events", "5", "--target", "aws", "--profile", "bench"],
    ...["--endpoint-url", AWS_ENDPOINT_URL!],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("region eu-north-1") });
  await served.close();
});
