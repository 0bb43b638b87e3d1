/** What a user sees while a request is made again: a line on stderr for each retry, whoever was asked. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { aWorkplace } from "../cli/throttle-bench.ts";
import { type Faults, faultsBefore } from "./faults.ts";
import { flakyDatabase } from "./flaky-database.ts";
import { openDatabase, region, type Serving, serving, type TestDatabase } from "./serving.ts";

let database: TestDatabase;
let served: Serving;
let faults: Faults;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  served = await serving(database.url);
  faults = await faultsBefore(served.endpoint);
});
afterEach(async () => {
  await faults.close();
  await served.close();
});

const environment = (databaseUrl = database.url) => ({
  AWS_ACCESS_KEY_ID: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  AWS_REGION: region,
  AWS_ENDPOINT_URL: faults.endpoint,
  THROTTLE_BENCH_CLOCK: served.clockUrl,
  THROTTLE_BENCH_TARGET: "aws",
  DATABASE_URL: databaseUrl,
});

const throttled = { error: "Throttling", message: "Rate exceeded", status: 400 };
const retries = (stderr: string) => stderr.split("\n").filter((line) => line.includes("trying again"));

it("names the service and its words, and counts the attempts", async () => {
  faults.rule = (operation, count) => {
    if (operation === "CreateStack" && count <= 3) return throttled;
    if (operation === "GetMetricData" && count === 1) return throttled;
    return operation === "UpdateFunctionCode" && count === 1 ? "cut" : undefined;
  };
  const { status, stderr } = await aWorkplace().runBeside(environment(), "run", "scenario-5", "--events", "5");
  expect({ status, lines: retries(stderr) }).toEqual({
    status: 0,
    lines: [
      "scenario-5: CloudFormation: Rate exceeded; trying again in 0.5 s (2 of 8)",
      "scenario-5: CloudFormation: Rate exceeded; trying again in 1 s (3 of 8)",
      "scenario-5: CloudFormation: Rate exceeded; trying again in 2 s (4 of 8)",
      expect.stringMatching(/^scenario-5: Lambda: (socket hang up|.*ECONNRESET); trying again in 0\.5 s \(2 of 8\)$/),
      "scenario-5: CloudWatch: Rate exceeded; trying again in 0.5 s (2 of 8)",
    ],
  });
});

it("says so of a lost database, and nothing of its URL", async () => {
  const flaky = await flakyDatabase(database.url);
  faults.rule = (operation) => {
    if (operation === "Invoke") flaky.lose(2);
    return undefined;
  };
  const { status, stderr } = await aWorkplace()
    .runBeside(environment(flaky.url), "run", "scenario-5", "--events", "5")
    .finally(() => flaky.close());
  expect(status).toBe(0);
  expect(retries(stderr)).toEqual(
    [
      [0.5, 2],
      [1, 3],
    ].map(([seconds, attempt]) =>
      expect.stringMatching(
        new RegExp(`^scenario-5: Postgres: .*; trying again in ${seconds} s \\(${attempt} of 8\\)$`),
      ),
    ),
  );
  expect(stderr).not.toContain(new URL(database.url).password);
});

it("says so in the verbs that look at what is left", async () => {
  const workplace = aWorkplace();
  await workplace.runBeside(environment(), "run", "scenario-5", "--events", "5", "--run-id", "mine", "--no-wait");
  const onceThrottled = (wanted: string) => {
    const before = faults.operations.filter((operation) => operation === wanted).length;
    faults.rule = (operation, count) => (operation === wanted && count === before + 1 ? throttled : undefined);
  };
  onceThrottled("GetMetricData");
  const refreshed = await workplace.runBeside(environment(), "report", "mine", "--refresh", "--json");
  expect(retries(refreshed.stderr)).toEqual(["CloudWatch: Rate exceeded; trying again in 0.5 s (2 of 8)"]);
  onceThrottled("DescribeStacks");
  const cleaned = await workplace.runBeside(environment(), "clean");
  expect(retries(cleaned.stderr)).toEqual(["CloudFormation: Rate exceeded; trying again in 0.5 s (2 of 8)"]);
});
