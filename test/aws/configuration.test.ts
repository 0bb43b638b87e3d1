/** The configuration file's say in which account a verb works on: each finds what is in the account that the file names, and there alone. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace, binary, noAccount, type Workplace } from "../cli/throttle-bench.ts";
import { openDatabase, region, type Serving, serving, type TestDatabase } from "./serving.ts";
import { journalIn, start, until } from "./started-run.ts";

let database: TestDatabase;
let served: Serving;
let workplace: Workplace;
/** Nothing of it says where the account is: that is in the files. */
let environment: Record<string, string>;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  served = await serving(database.url, { speed: 120 });
  workplace = aWorkplace();
  const credentials = ["[bench]", "aws_access_key_id = x", "aws_secret_access_key = x", ""].join("\n");
  environment = {
    ...noAccount,
    AWS_REGION: "",
    AWS_SHARED_CREDENTIALS_FILE: `${workplace.directory}/${workplace.write("credentials", credentials)}`,
    THROTTLE_BENCH_CLOCK: served.clockUrl,
  };
  configure({ target: "aws", profile: "bench", region, endpointUrl: served.endpoint });
});
afterEach(() => served.close());

function configure(configuration: object): void {
  workplace.write("throttle-bench.config.json", JSON.stringify(configuration));
}

const throttleBench = (...args: string[]) => workplace.runBinary(environment, ...args);

describe("the account of the configuration file", () => {
  it("is where `clean` finds leftovers", async () => {
    await served.cloudFormation.send(
      new CreateStackCommand({
        StackName: "throttle-bench-old",
        TemplateBody: "Resources: { Q: { Type: AWS::SQS::Queue } }",
        Tags: [
          { Key: "throttle-bench", Value: "run" },
          { Key: "throttle-bench:run-id", Value: "old" },
        ],
      }),
    );
    const { status, stdout } = await throttleBench("clean", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ name: "throttle-bench-old", runId: "old" }]);
  });

  it("is the one that `doctor` looks at, with the database that a run on it has", async () => {
    const { status, stdout } = await throttleBench("doctor", "--json");
    const { aws, awsWorks } = JSON.parse(stdout);
    expect(aws).toContainEqual(expect.objectContaining({ name: "region", detail: region }));
    expect(aws).toContainEqual(expect.objectContaining({ name: "caller", status: "ok" }));
    expect(aws).toContainEqual(
      expect.objectContaining({ name: "database", detail: expect.stringMatching(/embedded/) }),
    );
    expect({ status, awsWorks }).toEqual({ status: 0, awsWorks: true });
  });

  it("is where `resume` and `report --refresh` look for a run that was made by AWS_PROFILE", {
    timeout: 60_000,
  }, async () => {
    const place = { workplace, environment: { ...environment, AWS_PROFILE: "bench", DATABASE_URL: database.url } };
    const run = start(place, "scenario-5", "--events", "20", "--run-id", "mine", "--no-wait");
    await until(run, () => journalIn(workplace, "mine").includes('"done":"fire"'));
    run.child.kill("SIGKILL");
    await run.ended;
    expect(JSON.parse(journalIn(workplace, "mine").split("\n")[0]!).account).not.toHaveProperty("profile");

    // The place that the file names now is that of other runs.
    configure({ target: "aws", profile: "bench", region: "eu-west-1", endpointUrl: "http://127.0.0.1:1" });
    const resumed = await throttleBench("resume", "mine", "--database-url", database.url, "--json");
    expect({ status: resumed.status, stderr: resumed.stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/Rows go to the database .*\nThe record is/s),
    });
    const [record] = JSON.parse(resumed.stdout) as [RunRecord];
    expect(record.summary).toMatchObject({ eventsCompleted: 20 });

    const refreshed = await throttleBench("report", "mine", "--refresh");
    expect(refreshed).toMatchObject({ status: 0, stderr: expect.stringMatching(/^mine: /) });
  });
});

it("gives `serve` its platform and its region, unless a flag says otherwise", async () => {
  configure({ platform: "2020", region: "eu-north-1" });
  const introduction = async (...flags: string[]) => {
    const child = spawn(process.execPath, [binary, "serve", "--port", "0", ...flags], {
      cwd: workplace.directory,
      env: { ...process.env, ...environment },
    });
    const [text] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const ended = once(child, "close");
    child.kill("SIGINT");
    await ended;
    return text;
  };
  expect(await introduction()).toMatch(/AWS's limits of 2020,.* AWS_REGION=eu-north-1 /s);
  expect(await introduction("--platform", "2026", "--region", region)).toMatch(
    /AWS's limits of 2026,.* AWS_REGION=us-east-1 /s,
  );
});
