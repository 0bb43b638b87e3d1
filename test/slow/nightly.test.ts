/** Nights from end to end: good ones, worse ones, and ones that fail, miss events or are interrupted. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Night } from "../../src/metrics/night.ts";
import { aWorkplace, type Workplace } from "../cli/throttle-bench.ts";

const suite = ["nightly", "scenario-5", "--events", "30", "--repeat", "5"];

it("passes without a baseline and says so, passes what is the same, and fails at what got worse, by name", {
  timeout: 180_000,
}, async () => {
  const workplace = aWorkplace();
  const environment = { GITHUB_STEP_SUMMARY: join(workplace.directory, "summary.md") };
  const summary = () => readFileSync(environment.GITHUB_STEP_SUMMARY, "utf8");

  const first = await workplace.runWith(environment, ...suite);
  expect(first.stdout).toContain("There was no baseline of scenario-5, so nothing was compared");
  expect(summary()).toContain("There was no baseline of scenario-5");
  expect(first.status).toBe(0);

  const same = await workplace.runWith(environment, ...suite);
  expect(same.stdout).toContain("No regression in scenario-5.");
  expect(same.stdout).toContain("every difference is exact");
  expect(same.status).toBe(0);

  const noise = await workplace.runWith(environment, ...suite, "--seed", "101");
  expect(noise.stdout).toContain("No regression in scenario-5.");
  expect(noise.stdout).toContain("rank test");
  expect(noise.status).toBe(0);

  const worse = await workplace.runWith(environment, ...suite, "--set", "WorkMs=3000");
  expect(worse.stdout).toMatch(/Regression in scenario-5: .*Time Taken \+\d+\.\d%/);
  expect(worse.stdout).toContain("WorkMs 1000 → 3000");
  expect(worse.stdout).toContain("The baseline of scenario-5 stays");
  expect(worse.status).toBe(1);
  expect(summary()).toMatch(/\| \*\*Time Taken\*\* \| .*WORSE/);

  // A failed night is no baseline: the next one is held against the last good one, and so fails again.
  expect((await workplace.run(...suite, "--set", "WorkMs=3000")).status).toBe(1);
  const accepted = await workplace.run(...suite, "--set", "WorkMs=3000", "--accept");
  expect(accepted.stdout).toContain("The regression of scenario-5 is accepted.");
  expect(accepted.stdout).toContain("Tonight's run is the next baseline of scenario-5.");
  expect(accepted.status).toBe(0);
  expect((await workplace.run(...suite, "--set", "WorkMs=3000")).status).toBe(0);
});

const small = ["--events", "10", "--repeat", "1"];

/** The names of the records of good nights. */
function baselines({ directory }: Workplace): string[] {
  const folder = join(directory, "nightly");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

it("runs, compares and saves the others when a scenario fails, and ends with the worst status", async () => {
  const workplace = aWorkplace();
  const { stdout: template } = await workplace.run("show", "scenario-5", "--template");
  workplace.write("broken.yaml", template.replace(/(ReservedConcurrency:\n.*\n\s+Default:) 5/, "$1 950"));
  expect((await workplace.run("nightly", "scenario-5", ...small)).status).toBe(0);

  const { status, stdout, stderr } = await workplace.run("nightly", "broken.yaml", "scenario-5", ...small, "--json");
  const [broken, good] = JSON.parse(stdout) as [Night, Night];
  expect(broken).toMatchObject({ scenario: "broken", record: null, faults: [{ code: "failed" }] });
  expect(good).toMatchObject({ scenario: "scenario-5", faults: [], isBaseline: true });
  expect(good.comparison!.base.name).toBe(good.baseline);
  expect(baselines(workplace)).toHaveLength(2);
  expect(stderr).toMatch(/^error: .*ReservedConcurrency/m);
  expect(status).toBe(3);
});

it.each([
  [
    "that misses events",
    ["--timeout", "1s", "--set", "WorkMs=8000"],
    /scenario-5 misses events\. \d+ events reached neither/,
    "events-missing",
  ],
  [
    "whose every invocation failed",
    ["--set", "WorkMs=5000", "--set", "ConsumerTimeout=3"],
    /Not one event of scenario-5 was completed\./,
    "nothing-completed",
  ],
])("makes no baseline of a night %s", async (_, flags, why, type) => {
  const workplace = aWorkplace();
  const environment = { GITHUB_STEP_SUMMARY: join(workplace.directory, "summary.md") };
  const { status, stdout } = await workplace.runWith(
    environment,
    ...["nightly", "scenario-5", ...small, ...flags, "--accept", "--junit"],
  );
  expect(stdout).toMatch(why);
  expect(stdout).toContain(`<failure type="${type}"`);
  expect(readFileSync(environment.GITHUB_STEP_SUMMARY, "utf8")).toMatch(why);
  expect(baselines(workplace)).toEqual([]);
  expect(status).toBe(1);
});

it("begins anew where another version of the model made the baseline, and keeps as many nights as --keep says", async () => {
  const workplace = aWorkplace();
  await workplace.run("nightly", "scenario-5", ...small);
  const [first] = baselines(workplace) as [string];
  const file = join(workplace.directory, "nightly", first);
  const record = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...record, versions: { ...record.versions, throttleBench: "0.0.1" } }));
  writeFileSync(join(workplace.directory, "nightly", "notes.txt"), "mine");

  const slower = ["nightly", "scenario-5", ...small, "--set", "WorkMs=3000", "--keep", "1"];
  const { status, stdout, stderr } = await workplace.run(...slower);
  const text = stdout.replace(/\s+/g, " ");
  expect(text).toContain(`The earlier run ${record.runId} of scenario-5 is no baseline, because another model made it`);
  expect(text).toContain("throttle-bench 0.0.1");
  expect(stderr).toContain(`Removed nightly/${first}, because --keep is 1.`);
  expect(status).toBe(0);
  expect(baselines(workplace)).toEqual([expect.stringMatching(/scenario-5/), "notes.txt"]);
  expect(baselines(workplace)).not.toContain(first);
});

it("ends with status 130 when it is interrupted, and makes no baseline of what it had measured", async () => {
  const workplace = aWorkplace();
  const { status, stdout } = await workplace.interrupt(
    {},
    "SIGINT",
    "The record of scenario-5 is",
    ...["nightly", "scenario-5", "scenario-4", "--events", "50", "--repeat", "6"],
  );
  expect(stdout).toContain("scenario-5 · SNS");
  expect(stdout).toContain("The night was interrupted, so no baseline of scenario-5 is made of tonight's run.");
  // The signal finds it before its first event or among them.
  expect(stdout).toMatch(/scenario-4 was not measured: The run was interrupted(\.| before its burst was over)/);
  expect(readdirSync(join(workplace.directory, ".throttle-bench/runs"))).toHaveLength(1);
  expect(baselines(workplace)).toEqual([]);
  expect(status).toBe(130);
});

it("keeps the night and says what to do when the summary cannot be written", async () => {
  const workplace = aWorkplace();
  const environment = { GITHUB_STEP_SUMMARY: join(workplace.directory, "nowhere/summary.md") };
  const { status, stderr } = await workplace.runWith(environment, "nightly", "scenario-5", ...small);
  expect(stderr).toMatch(
    /^error: The summary could not be appended to .*let GITHUB_STEP_SUMMARY name a writable file/m,
  );
  expect(baselines(workplace)).toHaveLength(1);
  expect(status).toBe(3);
});

it("touches nothing when a record of the baseline cannot be read", async () => {
  const workplace = aWorkplace();
  workplace.write("torn.json", "{");
  const { status, stdout, stderr } = await workplace.run("nightly", "scenario-5", "--baseline", ".");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^error: torn\.json is not a record/);
  expect(workplace.files()).toEqual(["torn.json"]);
});

it.each([
  [["no-such-scenario"], /no-such-scenario/],
  [["scenario-5", "--repeat", "0"], /--repeat "0" is out of range/],
  [["scenario-5", "--threshold", "speed=1"], /"speed" is no figure/],
  [["scenario-5", "--keep", "0"], /--keep "0" is out of range/],
  [["scenario-5", "--json", "--junit"], /--json and --junit each choose the format/],
  [["scenario-5", "--endpoint-url", "http://127.0.0.1:4566"], /--endpoint-url belongs to an account/],
  [["scenario-5", "--baseline", ".throttle-bench/runs"], /holds every run, also those of bad nights/],
])("refuses %j before it runs anything", async (args, message) => {
  const workplace = aWorkplace();
  const { status, stderr } = await workplace.run("nightly", ...args);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
  expect(workplace.files()).toEqual([]);
});
