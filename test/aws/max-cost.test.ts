/** `--max-cost` as a person types it, against `serve` over HTTP: what would be too dear, and what becomes it. */
import { existsSync, readFileSync } from "node:fs";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { beforeEach, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { eachServed } from "./each-served.ts";
import { aPlace, journalIn, type Place } from "./started-run.ts";

const each = eachServed();
let place: Place;

beforeEach(() => {
  place = aPlace(each.faults.endpoint, each.served.clockUrl, each.database.url);
});

/** Every invocation fails after five seconds of work, and its message comes again for hours. */
const storm = ["FailureRate=1", "MaxReceiveCount=1000", "WorkMs=5000", "ConsumerMemory=4096", "VisibilityTimeout=60"];
const stormy = ["--events", "20", "--timeout", "1h", ...storm.flatMap((each) => ["--set", each])];

const run = (...args: string[]) => place.workplace.runBinary(place.environment, ...args);

async function stacksLeft(): Promise<number> {
  return (await each.served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length;
}

function recorded(runId: string): RunRecord | null {
  const file = `${place.workplace.directory}/.throttle-bench/runs/${runId}.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

/** More than the storm may cost by the estimate, which takes it to go on for the whole hour. */
const allowed = ["--max-cost", "0.1"];

it("refuses a storm that the settings foretell, with 2, and asks the account for nothing", {
  timeout: 60_000,
}, async () => {
  const { status, stdout, stderr } = await run("run", "scenario-5", ...stormy, ...allowed);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(
    /^error: The run may cost about \$\d\.\d\d, above the limit of \$0\.10, .* Nothing was created\.\n$/,
  );
  expect(each.faults.operations).toEqual([]);
});

it("ends a run that becomes too dear as Ctrl-C does, with 3, what it came to, and its cause", {
  timeout: 120_000,
}, async () => {
  // The template's limit of receives is the user's own here, which no setting foretells.
  const template = place.workplace.write(
    "own.yaml",
    unforetold((await run("show", "scenario-5", "--template")).stdout),
  );
  const { status, stderr } = await run("run", `./${template}`, "--events", "20", "--run-id", "dear", ...allowed);
  expect({ status, stderr }).toMatchObject({ status: 3 });
  expect(stderr).toMatch(/own: .* 0 of 20 completed, .*, about \$0\.\d+ of \$0\.10\n/);
  expect(stderr).toContain("The limit of $0.10 is passed: cleaning up;");
  expect(stderr).toMatch(
    /error: The run has cost about \$0\.1\d by now, above the limit of \$0\.10 \(--max-cost\), most of it, \$0\.\d\d, for the time that the consumer runs, with [\d,]+ invocations for 20 events, [\d,]+ of which failed; CloudWatch may lag by up to 15 minutes, .*\. The run dear was ended; what had been measured is shown and recorded\.\nThe stack throttle-bench-dear was deleted\.\n$/,
  );
  expect(await stacksLeft()).toBe(0);
  expect(journalIn(place.workplace, "dear")).toBe("");
  const record = recorded("dear");
  expect(record).toMatchObject({ outcome: "interrupted", spending: { limitDollars: 0.1, exceeded: true } });
  expect(record!.details.invocations).toBeGreaterThan(100);
  const { stdout } = await run("report", "dear");
  expect(stdout).toMatch(/Spent: about \$0\.1\d at the last estimate, above the limit of \$0\.10, which ended the run/);
});

it("begins nothing more in a night that has become too dear", { timeout: 120_000 }, async () => {
  const template = place.workplace.write(
    "own.yaml",
    unforetold((await run("show", "scenario-5", "--template")).stdout),
  );
  place.workplace.write("throttle-bench.config.yaml", "maxCost: 0.1\n");
  const { status, stdout } = await run("nightly", `./${template}`, "scenario-4", "--events", "20");
  expect(status).toBe(3);
  expect(stdout).toMatch(/scenario-4.*above the limit of \$0\.10 \(--max-cost\)/s);
  expect(each.faults.operations.filter((operation) => operation === "CreateStack")).toHaveLength(1);
  expect(await stacksLeft()).toBe(0);
});

/** The template with every failure written into it, and settings that say nothing of it. */
function unforetold(template: string): string {
  return template
    .replace(/FAILURE_RATE: !Ref FailureRate/, 'FAILURE_RATE: "1"')
    .replace(/maxReceiveCount: !Ref MaxReceiveCount/, "maxReceiveCount: 1000")
    .replace(/VisibilityTimeout: !Ref VisibilityTimeout/, "VisibilityTimeout: 60")
    .replace(/WORK_MS: !Ref WorkMs/, 'WORK_MS: "5000"')
    .replace(/MemorySize: !Ref ConsumerMemory/, "MemorySize: 4096");
}
