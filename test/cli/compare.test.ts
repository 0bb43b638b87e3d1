/** `compare` on records that exist: its output, its exit status and its refusals. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Comparison } from "../../src/metrics/compare.ts";
import type { Way } from "../../src/metrics/ways.ts";
import type { RunRecord, Summary } from "../../src/model.ts";
import { aSummary, ofSeeds, tenRuns } from "../unit/metrics/a-side.ts";
import { aRecord, published } from "../unit/records/a-record.ts";
import { aWorkplace, type Workplace } from "./throttle-bench.ts";

function repeated(runId: string, firstSeed: number, runs: Summary[], rest: Partial<RunRecord> = {}): RunRecord {
  return aRecord({ runId, seed: firstSeed, summary: runs[0]!, uncertainty: ofSeeds(firstSeed, runs), ...rest });
}

const base = repeated("base", 1, tenRuns(260), { startedAt: "2026-11-22T09:00:00.000Z" });
const slower = repeated("slower", 101, tenRuns(286), { settings: { WorkMs: "1300", VisibilityTimeout: "120" } });
const alike = repeated("alike", 201, tenRuns(260.05));

function workplaceWith(...records: RunRecord[]): Workplace {
  const workplace = aWorkplace();
  for (const record of records) writeInto(workplace, ".throttle-bench/runs", record);
  return workplace;
}

function writeInto(workplace: Workplace, directory: string, record: RunRecord): void {
  mkdirSync(join(workplace.directory, directory), { recursive: true });
  workplace.write(`${directory}/${record.runId}.json`, JSON.stringify(record));
}

it("prints one line per figure below the unlike settings, and ends with status 1 at a regression", async () => {
  const { status, stdout, stderr } = await workplaceWith(base, slower).run("compare", "base", "slower");
  expect(stdout).toMatch(/│ Time Taken +│ +260 s │ +286 s │ +\+26 s \(\+10\.0%\).* WORSE \(p<0\.001\)/);
  expect(stdout).toMatch(/│ Events Completed +│ +1000 │ +1000 │ +0 │ same/);
  expect(stdout).toContain("Regression in scenario-4: Time Taken +10.0%.");
  expect(stdout.indexOf("WorkMs 1150 → 1300")).toBeGreaterThan(0);
  expect(stdout.indexOf("WorkMs 1150 → 1300")).toBeLessThan(stdout.indexOf("Time Taken"));
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
});

it("ends with status 0 and shows ~ where there is noise alone", async () => {
  const { status, stdout } = await workplaceWith(base, alike).run("compare", "base", "latest");
  expect(stdout).toMatch(/│ Time Taken +│ +260 s │ +260 s │ +~ │ ~ \(p=/);
  expect(stdout).toContain("No regression in scenario-4.");
  expect(status).toBe(0);
});

it("says of the same seeds of one model that a difference is exact", async () => {
  const newer = repeated("newer", 1, tenRuns(264), { versions: { throttleBench: "0.2.0", node: "20" } });
  const { status, stdout } = await workplaceWith(base, newer).run("compare", "base", "newer");
  expect(stdout).toContain("every difference is exact, a change of the model and no noise");
  expect(stdout).toContain("version 0.1.0 → 0.2.0");
  expect(status).toBe(1);
});

it("takes paths and directories, and compares scenario by scenario", async () => {
  const workplace = aWorkplace();
  const other = { scenario: "scenario-5" };
  for (const record of [
    base,
    repeated("base-5", 1, tenRuns(50), other),
    repeated("base-1", 1, tenRuns(9), { scenario: "scenario-1" }),
  ]) {
    writeInto(workplace, "yesterday", record);
  }
  for (const record of [alike, repeated("alike-5", 201, tenRuns(50.01), other)]) writeInto(workplace, "today", record);
  const { status, stdout, stderr } = await workplace.run("compare", "yesterday", "today", "--json");
  expect((JSON.parse(stdout) as Comparison[]).map(({ scenario }) => scenario).sort()).toEqual([
    "scenario-4",
    "scenario-5",
  ]);
  expect(stderr).toBe("scenario-1 is on the base's side only and is not compared.\n");
  expect(status).toBe(0);
  const one = JSON.parse((await workplace.run("compare", "yesterday/base.json", "today/alike.json", "--json")).stdout);
  expect(one).toMatchObject([{ scenario: "scenario-4", method: "rank-test", base: { name: "base" } }]);
});

it("compares with the published result", async () => {
  const run = aRecord({ runId: "run", scenario: "scenario-4", published, platform: "2020", summary: aSummary(1_800) });
  const { status, stdout } = await workplaceWith(run).run("compare", "published", "run");
  expect(stdout).toContain("MEASUREMENT (published, platform 2020)");
  expect(stdout).toContain("The prediction of scenario-4 has too few runs to be judged");
  expect(stdout).toMatch(/│ Time Taken +│ +1450 s │ +1800 s │ +\+350 s/);
  expect(status).toBe(0);
});

it("says of different scenarios which serves the limit better, and calls neither a regression of the other", async () => {
  const lossy = repeated("lossy", 1, tenRuns(9, { eventsCompleted: 990, eventsFailed: 10 }), {
    scenario: "scenario-3",
  });
  const workplace = workplaceWith(base, lossy);
  const { status, stdout, stderr } = await workplace.run("compare", "base", "sqs-reserved-1-short");
  expect(stdout.replace(/\s+/g, " ")).toContain(
    "sqs-reserved-1 does better, as far as can be told without the limit: it loses nothing; sqs-reserved-1-short loses up to 10 of 1000 in 10 of 10 runs.",
  );
  expect(stdout).not.toMatch(/[Rr]egression/);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect((await workplace.run("compare", "base", "lossy", "--threshold", "failed=5")).status).toBe(1);
  expect((await workplace.run("compare", "base", "lossy", "--max-loss", "0")).status).toBe(1);
  expect((await workplace.run("compare", "lossy", "base", "--max-loss", "0")).status).toBe(0);
});

it("ranks more than two runs, tells those of one scenario apart by what was set, and writes the list in every format", async () => {
  const lossy = repeated("lossy", 1, tenRuns(9, { eventsCompleted: 990, eventsFailed: 10 }), {
    scenario: "scenario-3",
  });
  const workplace = workplaceWith(base, slower, lossy);
  const { status, stdout } = await workplace.run("compare", "lossy", "slower", "base", "--html", "ways.html");
  const first = stdout.split("\n").filter((line) => /^│ \w/.test(line));
  expect(first.map((line) => line.split("│")[1]!.trim()).slice(-3)).toEqual([
    "sqs-reserved-1 (WorkMs=1150, seeds 1-10)",
    "sqs-reserved-1 (WorkMs=1300, seeds 101-110)",
    "sqs-reserved-1-short",
  ]);
  expect(status).toBe(0);
  expect(readFileSync(join(workplace.directory, "ways.html"), "utf8")).toContain(
    "sqs-reserved-1 (WorkMs=1300, seeds 101-110)",
  );
  const ranked = JSON.parse((await workplace.run("compare", "lossy", "slower", "base", "--json")).stdout) as Way[];
  expect(ranked.map(({ name, apart }) => [name, apart])).toEqual([
    ["scenario-4", ["WorkMs=1150", "seeds 1-10"]],
    ["scenario-4", ["WorkMs=1300", "seeds 101-110"]],
    ["scenario-3", undefined],
  ]);
  expect((await workplace.run("compare", "lossy", "slower", "base", "--max-loss", "0")).status).toBe(1);
  for (const args of [["--threshold", "failed=1"], ["published"]]) {
    const { status, stderr } = await workplace.run("compare", "lossy", "slower", "base", ...args);
    expect(stderr).toMatch(/leave it out|name that one alone/);
    expect(status).toBe(2);
  }
});

it("refuses one run alone, and records of one side that are no repeats of each other", async () => {
  const workplace = workplaceWith(base, slower);
  expect(await workplace.run("compare", "base")).toMatchObject({ status: 2, stdout: "" });
  const mixed = await workplace.run("compare", "scenario-4", "base");
  expect(mixed).toMatchObject({ status: 2, stdout: "" });
  expect(mixed.stderr).toContain("no repeats of each other: WorkMs is");
  for (const [args, message] of [
    [["published", "published"], "Both sides are the published results"],
    [["published", "base"], "Nothing is published for base"],
    [["base", "nowhere.json"], "There is no record file nowhere.json"],
  ] as const) {
    const { status, stderr } = await workplace.run("compare", ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  }
});

it("takes thresholds from the command line, else from a checked file", async () => {
  const workplace = workplaceWith(base, slower);
  const statusWith = async (...flags: string[]) => (await workplace.run("compare", "base", "slower", ...flags)).status;
  expect(await statusWith("--threshold", "timeTaken=15%")).toBe(0);
  expect(await statusWith("--threshold", "timeTaken=25")).toBe(1);
  expect(await statusWith("--minimum-effect", "20%")).toBe(0);
  workplace.write("throttle-bench.config.yaml", "thresholds:\n  timeTaken: 15%\n  failed: 0\n");
  expect(await statusWith()).toBe(0);
  expect(await statusWith("--threshold", "timeTaken=5%")).toBe(1);
  workplace.write("strict.json", '{ "thresholds": { "timeTakenSeconds": "1%" }, "alpha": 0.01 }');
  expect(await statusWith("--config", "strict.json")).toBe(1);
});

it.each([
  [
    '{ "treshold": {} }',
    /config\.json is no configuration \(.*treshold.*\); it takes alpha, minimumEffect, thresholds, /,
  ],
  ['{ "thresholds": { "speed": 1 } }', /config\.json: thresholds "speed" is no figure; give one of completed,/],
  ['{ "thresholds": { "failed": "few" } }', /config\.json: thresholds\.failed: "few" is no threshold;/],
  ['{ "alpha": 5 }', /config\.json: alpha "5" is out of range;/],
  ['{ "alpha": ', /config\.json cannot be read \(/],
])("refuses the configuration %s by name", async (text, message) => {
  const workplace = workplaceWith(base, alike);
  workplace.write("throttle-bench.config.json", text);
  const { status, stderr } = await workplace.run("compare", "base", "alike");
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

it("refuses a flag that it cannot make sense of", async () => {
  const workplace = workplaceWith(base, alike);
  for (const [flag, value] of [
    ["--threshold", "timeTaken"],
    ["--threshold", "speed=1"],
    ["--threshold", "failed=-1"],
    ["--alpha", "2"],
    ["--minimum-effect", "some"],
  ] as const) {
    const { status, stderr } = await workplace.run("compare", "base", "alike", flag, value);
    expect(stderr).toMatch(new RegExp(`^error: ${flag}.*; give `));
    expect(status).toBe(2);
  }
});

it("writes Markdown that a pull request can show", async () => {
  const { stdout } = await workplaceWith(base, slower).run("compare", "base", "slower", "--markdown");
  const rows = stdout.split("\n").filter((line) => line.startsWith("|"));
  expect(rows).toHaveLength(2 + 9);
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
  expect(stdout).toContain("| **Time Taken** | **260 s** | **286 s** |");
  expect(stdout).toContain("### scenario-4");
});

it("keeps to the width of its lines, and writes no colours into a pipe", async () => {
  const { stdout } = await workplaceWith(base, slower).run("compare", "base", "slower");
  expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(100);
  expect(stdout).not.toContain("\u001b");
});

it.each([
  ["./theirs.yaml", "Resources: {}"],
  ["theirs.yml", "Resources: {}"],
  ["./theirs.json", '{ "Resources": {} }'],
])("says of the template %s that runs are compared, and nothing of removing it", async (name, text) => {
  const workplace = workplaceWith(base);
  workplace.write(name, text);
  for (const args of [
    ["compare", "base", name],
    ["report", name],
  ]) {
    const { status, stdout, stderr } = await workplace.run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(
      `error: ${name} is a template, and a run or its record is asked for; run it with \`throttle-bench run ${name}\`, and name that run's id, its scenario or latest.\n`,
    );
  }
});
