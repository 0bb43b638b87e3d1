/** The cost of a run is in its record and in every report; another region's prices come from a file. */
import { describe, expect, it } from "vitest";
import { shippedPrices } from "../../src/metrics/prices.ts";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

const {
  "kinesis.shardHour": shardHour,
  "kinesis.putUnit": putUnit,
  "eventbridge.event": busEvent,
  "eventbridge.apiDestination": destinationRequest,
} = shippedPrices.prices;
const { "sns.fifoPublish": fifoPublish, "sqs.fifoRequest": fifoRequest } = shippedPrices.prices;
const { "sns.publish": publish, "sqs.request": request, ...lambda } = shippedPrices.prices;
const { "lambda.request": invocation, "lambda.gigabyteSecondArm": arm, "lambda.gigabyteSecondX86": x86 } = lambda;
const { "lambda.pollerHour": hour } = lambda;
const frankfurt = {
  region: "eu-central-1",
  date: "2026-11-01",
  prices: {
    "sns.publish": { ...publish, dollars: 5 },
    "sqs.request": request,
    "lambda.request": invocation,
    "lambda.gigabyteSecondArm": arm,
    "lambda.gigabyteSecondX86": x86,
    "lambda.pollerHour": hour,
    "kinesis.shardHour": shardHour,
    "kinesis.putUnit": putUnit,
    "eventbridge.event": busEvent,
    "eventbridge.apiDestination": destinationRequest,
    "sns.fifoPublish": fifoPublish,
    "sqs.fifoRequest": fifoRequest,
  },
};

describe("the cost of a run", () => {
  it("is a line of the report, its counts are among the details", async () => {
    const workplace = aWorkplace();
    const { stdout } = await workplace.run("run", "scenario-5", "--events", "50", "--json", ...(await onDatabase()));
    const [record] = JSON.parse(stdout) as RunRecord[];
    const counts = Object.fromEntries(record!.cost!.lines.map(({ item, count }) => [item, count]));
    expect(counts).toMatchObject({ publishes: 50, receives: 50, deletes: 50, invocations: 50 });
    expect(counts.duration! / (50 * 0.25)).toBeGreaterThan(1);
    expect(counts.duration! / (50 * 0.25)).toBeLessThan(1.2);
    const line =
      /Cost: 0\.\d+ USD for the run, \d\.\d\d USD per million events; 0\.\d+ USD a month with one such spike a day, 0\.259 USD of it for polls of the idle queue/;
    for (const flags of [[], ["--markdown"]]) {
      const report = (await workplace.run("report", ...flags)).stdout.replace(/\s+/g, " ");
      expect(report).toMatch(line);
      expect(report).toMatch(/The prices are those of us-east-1, \d{4}-\d\d-\d\d\./);
    }
    const short = await workplace.run("report");
    const long = await workplace.run("report", "--details");
    expect(short.stdout).not.toContain("empty receives");
    expect(long.stdout).toMatch(/publishes +│ +50 publishes of up to 64 KB │ 0\.5 per 1,000,000 │/);
    expect(long.stdout).toMatch(/Cost per million events +│ +\d\.\d\d USD/);
  });

  it("is the median of repeated runs", async () => {
    const workplace = aWorkplace();
    const { stdout } = await workplace.run(
      "run",
      "scenario-5",
      "--events",
      "30",
      "--repeat",
      "3",
      "--json",
      ...(await onDatabase()),
    );
    const [record] = JSON.parse(stdout) as RunRecord[];
    const { runs, intervals } = record!.uncertainty!;
    const costs = runs.map(({ cost }) => cost!.perMillionEvents!).sort((a, b) => a - b);
    expect(intervals.costPerMillionEvents!.median).toBe(costs[1]);
  });

  it("is at the prices of a file", async () => {
    const workplace = aWorkplace();
    const file = workplace.write("frankfurt.json", JSON.stringify(frankfurt));
    const run = ["run", "scenario-1", "--events", "10", "--set", "WorkMs=0", "--json", ...(await onDatabase())];
    const [cheap] = JSON.parse((await workplace.run(...run)).stdout) as RunRecord[];
    const [dear] = JSON.parse((await workplace.run(...run, "--prices", file)).stdout) as RunRecord[];
    expect(dear!.cost).toMatchObject({ region: "eu-central-1", date: "2026-11-01" });
    // 10 publishes, 4.5 dollars a million more
    expect(dear!.cost!.run! - cheap!.cost!.run!).toBeCloseTo(0.000_045, 9);
    expect((await workplace.run("report")).stdout.replace(/\s+/g, " ")).toContain(
      "prices are those of eu-central-1, 2026-11-01",
    );
  });

  it.each([
    ["is not there", null, /--prices prices\.json cannot be read \(there is no such file\)/],
    ["is no JSON", "prices:", /--prices prices\.json cannot be read \(it is no whole JSON/],
    ["lacks a price", JSON.stringify({ ...frankfurt, prices: { "sns.publish": publish } }), /prices\.sqs\.request: /],
    [
      "has a price below 0",
      JSON.stringify({ ...frankfurt, prices: { ...frankfurt.prices, "sns.publish": { ...publish, dollars: -1 } } }),
      /prices\.sns\.publish\.dollars: /,
    ],
    ["has no day", JSON.stringify({ ...frankfurt, date: "lately" }), /date: /],
  ])("refuses a file of prices that %s, before anything is made", async (_, text, message) => {
    const workplace = aWorkplace();
    if (text !== null) workplace.write("prices.json", text);
    const files = workplace.files();
    const { status, stdout, stderr } = await workplace.run("run", "scenario-1", "--prices", "prices.json");
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: .*\.\n$/);
    expect({ status, stdout, files: workplace.files() }).toEqual({ status: 2, stdout: "", files });
  });
});
