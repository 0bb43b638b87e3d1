/** A user sees a line on stderr for each retry of a request, whichever service was asked. */
import { expect, it } from "vitest";
import type { Ended } from "../cli/throttle-bench.ts";
import { eachServed } from "./each-served.ts";
import { flakyDatabase } from "./flaky-database.ts";
import { aPlace } from "./started-run.ts";

const each = eachServed();

/** Runs the binary in a directory of its own. */
function bench(databaseUrl = each.database.url): (...args: string[]) => Promise<Ended> {
  const { workplace, environment } = aPlace(each.faults.endpoint, each.served.clockUrl, databaseUrl);
  return (...args) => workplace.runBinary(environment, ...args);
}

const throttled = { error: "Throttling", message: "Rate exceeded", status: 400 };
const retries = (stderr: string) => stderr.split("\n").filter((line) => line.includes("trying again"));

it("names the service and its words, and counts the attempts", async () => {
  each.faults.rule = (operation, count) => {
    if (operation === "CreateStack" && count <= 3) return throttled;
    if (operation === "GetMetricData" && count === 1) return throttled;
    return operation === "UpdateFunctionCode" && count === 1 ? "cut" : undefined;
  };
  const { status, stderr } = await bench()("run", "scenario-5", "--events", "5");
  expect({ status, lines: retries(stderr) }).toEqual({
    status: 0,
    lines: [
      "scenario-5: CloudFormation: Rate exceeded; trying again in 0.5 s (2 of 8)",
      "scenario-5: CloudFormation: Rate exceeded; trying again in 1 s (3 of 8)",
      "scenario-5: CloudFormation: Rate exceeded; trying again in 2 s (4 of 8)",
      expect.stringMatching(/^scenario-5: Lambda: (socket hang up|.*ECONNRESET); trying again in 0\.5 s \(2 of 51\)$/),
      "scenario-5: CloudWatch: Rate exceeded; trying again in 0.5 s (2 of 8)",
    ],
  });
});

it("says so of a lost database, and nothing of its URL", async () => {
  const flaky = await flakyDatabase(each.database.url);
  each.faults.rule = (operation) => {
    if (operation === "Invoke") flaky.lose(2);
    return undefined;
  };
  const { status, stderr } = await bench(flaky.url)("run", "scenario-5", "--events", "5").finally(() => flaky.close());
  expect(status).toBe(0);
  expect(retries(stderr)).toEqual(
    [
      [0.5, 2],
      [1, 3],
    ].map(([seconds, attempt]) =>
      expect.stringMatching(
        new RegExp(`^scenario-5: Postgres: .*; trying again in ${seconds} s \\(${attempt} of \\d+\\)$`),
      ),
    ),
  );
  expect(stderr).not.toContain(new URL(each.database.url).password);
});

it("says so in the verbs that look at what is left", async () => {
  const run = bench();
  await run("run", "scenario-5", "--events", "5", "--run-id", "mine", "--no-wait");
  const onceThrottled = (wanted: string) => {
    const before = each.faults.operations.filter((operation) => operation === wanted).length;
    each.faults.rule = (operation, count) => (operation === wanted && count === before + 1 ? throttled : undefined);
  };
  onceThrottled("GetMetricData");
  const refreshed = await run("report", "mine", "--refresh", "--json");
  expect(retries(refreshed.stderr)).toEqual(["CloudWatch: Rate exceeded; trying again in 0.5 s (2 of 8)"]);
  onceThrottled("DescribeStacks");
  const cleaned = await run("clean");
  expect(retries(cleaned.stderr)).toEqual(["CloudFormation: Rate exceeded; trying again in 0.5 s (2 of 8)"]);
});
