/** `report` on records that exist, and on files that are no records. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aRecord } from "../unit/records/a-record.ts";
import { aWorkplace, binary, type Workplace } from "./throttle-bench.ts";

const older = aRecord({ runId: "older", scenario: "scenario-3", startedAt: "2026-11-22T09:00:00.000Z" });
const newer = aRecord({ runId: "newer", scenario: "scenario-4", startedAt: "2026-11-23T09:00:00.000Z" });

function workplaceWith(...records: RunRecord[]): Workplace {
  const workplace = aWorkplace();
  mkdirSync(join(workplace.directory, ".throttle-bench/runs"), { recursive: true });
  for (const record of records) workplace.write(`.throttle-bench/runs/${record.runId}.json`, JSON.stringify(record));
  return workplace;
}

it("prints the latest record", async () => {
  const { status, stdout, stderr } = await workplaceWith(older, newer).run("report");
  expect(stdout).toContain("Run newer");
  expect(stdout).not.toContain("Run older");
  expect(stdout).toMatch(/│ Events Completed +│ +10 /);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

it("finds a record by id, by scenario and by path", async () => {
  const workplace = workplaceWith(older, newer);
  for (const name of ["older", "scenario-3", ".throttle-bench/runs/older.json"]) {
    expect(JSON.parse((await workplace.run("report", name, "--json")).stdout)).toEqual([older]);
  }
});

it("reads what --json has printed, and compares it", async () => {
  const workplace = workplaceWith(older, newer);
  workplace.write("all.json", (await workplace.run("report", "all", "--json")).stdout);
  workplace.write("one.json", (await workplace.run("report", "newer", "--json")).stdout);
  workplace.write("none.json", "[]");
  expect(JSON.parse((await workplace.run("report", "all.json", "--json")).stdout)).toEqual([newer, older]);
  expect(await workplace.run("compare", "one.json", "newer")).toMatchObject({ status: 0, stderr: "" });
  expect(await workplace.run("report", "none.json")).toMatchObject({
    status: 2,
    // It may be any file that was named by mistake, which nobody should be told to remove.
    stderr: expect.stringMatching(
      /none\.json is not a record that this version reads \(it holds no run\); check the path, or read it/,
    ),
  });
});

it("reads every record of a directory, and says which of its files are no records", async () => {
  const workplace = workplaceWith(newer);
  mkdirSync(join(workplace.directory, "nightly"));
  for (const record of [older, newer]) workplace.write(`nightly/${record.runId}.json`, JSON.stringify(record));
  const { status, stdout, stderr } = await workplace.run("report", "nightly", "--json");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual([newer, older]);
  workplace.write("nightly/torn.json", "{");
  const torn = await workplace.run("report", "./nightly", "--json");
  expect(JSON.parse(torn.stdout)).toEqual([newer, older]);
  expect(torn).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error: .*nightly\/torn\.json is not a record/),
  });
});

it("says of a directory without records that there is none, and not that it should be removed", async () => {
  const workplace = workplaceWith(newer);
  mkdirSync(join(workplace.directory, "empty"));
  const { status, stdout, stderr } = await workplace.run("report", "empty");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^error: There are no records in empty yet; /);
});

it("prints all records and a summary, as JSON an array", async () => {
  const workplace = workplaceWith(older, newer);
  const { stdout } = await workplace.run("report", "all");
  expect(stdout).toContain("Run older");
  expect(stdout).toContain("Run newer");
  expect(stdout).toContain("Summary");
  expect(JSON.parse((await workplace.run("report", "all", "--json")).stdout)).toEqual([newer, older]);
});

it("adds further figures with --details", async () => {
  const workplace = workplaceWith(newer);
  expect((await workplace.run("report")).stdout).not.toContain("Wait p95");
  expect((await workplace.run("report", "--details")).stdout).toContain("Wait p95");
});

it("names a file that is no record, shows the others, and ends with status 2", async () => {
  const workplace = workplaceWith(older, newer);
  workplace.write(".throttle-bench/runs/torn.json", '{"schemaVersion": 1, "runId"');
  for (const what of ["all", "latest", "scenario-4"]) {
    const { status, stdout, stderr } = await workplace.run("report", what, "--json");
    expect(JSON.parse(stdout)).toContainEqual(newer);
    expect(stderr).toMatch(/^error: .*torn\.json .*\.\n$/);
    expect(status).toBe(2);
  }
});

it("is not bothered by a broken file that was not asked for", async () => {
  const workplace = workplaceWith(older);
  workplace.write(".throttle-bench/runs/torn.json", "");
  expect(await workplace.run("report", "older")).toMatchObject({ status: 0, stderr: "" });
  expect(await workplace.run("report", ".throttle-bench/runs/torn.json")).toMatchObject({ status: 2, stdout: "" });
});

it("writes no colours into a pipe", async () => {
  const { stdout } = await workplaceWith(older, newer).runWith({ CI: "true" }, "report", "all");
  expect(stdout).not.toContain("\u001b");
});

it("ends quietly when its reader has had enough", async () => {
  const { directory } = workplaceWith(older, newer);
  const child = spawn(process.execPath, [binary, "report", "all"], { cwd: directory });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const [status] = await once(child, "close");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
