/** `history` and its `--prune` on records that exist. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aSummary } from "../unit/metrics/a-side.ts";
import { aRecord } from "../unit/records/a-record.ts";
import { aWorkplace, type Workplace } from "./throttle-bench.ts";

const runs = ".throttle-bench/runs";

function workplaceWith(...records: RunRecord[]): Workplace {
  const workplace = aWorkplace();
  mkdirSync(join(workplace.directory, runs), { recursive: true });
  for (const record of records) workplace.write(`${runs}/${record.runId}.json`, JSON.stringify(record));
  return workplace;
}

/** Four days, ten seconds slower each day. */
const days = [1, 2, 3, 4].map((day) =>
  aRecord({ runId: `day-${day}`, startedAt: `2026-11-0${day}T09:00:00.000Z`, summary: aSummary(100 + day * 10) }),
);
const other = aRecord({ runId: "other", scenario: "scenario-1", startedAt: "2026-11-01T09:00:00.000Z" });

it("lists a scenario's records, the newest last, with a sparkline per figure", async () => {
  const { status, stdout } = await workplaceWith(...days, other).run("history", "scenario-4");
  expect(stdout).toContain("scenario-4 · 4 records");
  expect([...stdout.matchAll(/│ (day-\d|other) /g)].map(([, run]) => run)).toEqual([
    "day-1",
    "day-2",
    "day-3",
    "day-4",
  ]);
  expect(stdout).toMatch(/^time +▁▃▆█ {2}110 s – 140 s$/m);
  expect(stdout).toMatch(/^completed +▁▁▁▁ {2}1000$/m);
  expect(status).toBe(0);
});

it("prints the records as JSON", async () => {
  const { stdout } = await workplaceWith(...days, other).run("history", "scenario-4", "--json");
  expect(JSON.parse(stdout)).toEqual(days);
});

it("names the scenarios that have records when the one asked for has none", async () => {
  const { status, stderr } = await workplaceWith(...days, other).run("history", "scenario-9");
  expect(stderr).toContain('There is no record of "scenario-9"');
  expect(stderr).toContain("there are some of scenario-1, scenario-4.");
  expect(status).toBe(2);
});

function left(workplace: Workplace): string[] {
  return readdirSync(join(workplace.directory, runs)).sort();
}

it("removes all but the newest of each scenario, and says which", async () => {
  const workplace = workplaceWith(...days, other);
  const { status, stdout } = await workplace.run("history", "--prune", "--keep", "1");
  expect(stdout).toContain(`Removed ${runs}/day-1.json, scenario-4 of 2026-11-01T09:00:00.000Z.`);
  expect(stdout).toContain("3 of 5 records were removed; 2 stay.");
  expect(left(workplace)).toEqual(["day-4.json", "other.json"]);
  expect(status).toBe(0);
});

it.each(["30d", "720h"])("removes what is older than %s", async (age) => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const now = aRecord({ runId: "now", startedAt: daysAgo(0) });
  const old = aRecord({ runId: "old", startedAt: daysAgo(31) });
  const recent = aRecord({ runId: "recent", startedAt: daysAgo(29) });
  const workplace = workplaceWith(now, old, recent);
  expect((await workplace.run("history", "--prune", "--older-than", age)).status).toBe(0);
  expect(left(workplace)).toEqual(["now.json", "recent.json"]);
});

it("removes records of one scenario alone, where it is named", async () => {
  const workplace = workplaceWith(...days, other);
  const { stdout } = await workplace.run("history", "scenario-1", "--prune", "--keep", "0");
  expect(stdout).toContain("1 of 1 records were removed; 0 stay.");
  expect(left(workplace)).toEqual(days.map(({ runId }) => `${runId}.json`));
});

it.each([
  [["--keep", "1"], "--keep says which records to remove; give it with --prune."],
  [["--older-than", "12h"], "--older-than says which records to remove; give it with --prune."],
  [["scenario-4", "--dry-run"], "--dry-run says which records to remove; give it with --prune."],
  [[], "give one, such as `throttle-bench history scenario-4`."],
])("refuses %j, because it neither shows nor removes", async (args, message) => {
  const workplace = workplaceWith(...days);
  const { status, stdout, stderr } = await workplace.run("history", ...args);
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining(message) });
  expect(left(workplace)).toHaveLength(4);
});

it("only says what it would remove with --dry-run", async () => {
  const workplace = workplaceWith(...days);
  const { stdout } = await workplace.run("history", "--prune", "--keep", "0", "--dry-run");
  expect(stdout.match(/^Would remove /gm)).toHaveLength(4);
  expect(left(workplace)).toHaveLength(4);
});

it("leaves a file alone that is no record, or not named after its run", async () => {
  const workplace = workplaceWith(...days);
  workplace.write(`${runs}/notes.json`, "{}");
  workplace.write(`${runs}/copy.json`, JSON.stringify(other));
  await workplace.run("history", "--prune", "--keep", "0");
  expect(left(workplace)).toEqual(["copy.json", "notes.json"]);
});

it.each([
  [[], "give either --older-than 30d or --keep 20"],
  [["--keep", "1", "--older-than", "1d"], "give either --older-than 30d or --keep 20"],
  [["--older-than", "month"], '--older-than "month" is no age; give one such as 12h or 30d'],
  [["--keep", "1", "--json"], "leave out --json"],
  [["--keep", "1", "--details"], "leave out --details"],
  [["--keep", "some"], '--keep "some" is out of range'],
])("refuses --prune %j, and removes nothing", async (args, message) => {
  const workplace = workplaceWith(...days);
  const { status, stderr } = await workplace.run("history", "--prune", ...args);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
  expect(existsSync(join(workplace.directory, runs, "day-1.json"))).toBe(true);
});
