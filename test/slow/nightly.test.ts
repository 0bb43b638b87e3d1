/** Three nights from end to end: the first, one like it, and one with a planted regression. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aWorkplace } from "../cli/throttle-bench.ts";

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
  expect(accepted.stdout).toContain("Tonight's run is the next baseline of scenario-5.");
  expect((await workplace.run(...suite, "--set", "WorkMs=3000")).status).toBe(0);
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
])("refuses %j before it runs anything", async (args, message) => {
  const workplace = aWorkplace();
  const { status, stderr } = await workplace.run("nightly", ...args);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
  expect(workplace.files()).toEqual([]);
});
