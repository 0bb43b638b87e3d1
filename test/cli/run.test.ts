/** `run` from the first keystroke to the record, on the local target. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { runRecordSchema } from "../../src/records/schema.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openDatabase, type TestDatabase } from "../postgres/a-database.ts";
import { openWorkplace } from "./throttle-bench.ts";

const events = ["--events", "60"];

let workplace: ReturnType<typeof openWorkplace>;
let database: TestDatabase;
/** A run of 60 events on the shared Postgres. */
let quick: string[];

beforeAll(async () => {
  workplace = openWorkplace();
  database = await openDatabase();
  quick = [...events, "--database-url", database.url];
});
afterAll(async () => {
  workplace.remove();
  await database.close();
});

function recordFile(runId: string): unknown {
  return JSON.parse(readFileSync(join(workplace.directory, `.throttle-bench/runs/${runId}.json`), "utf8"));
}

it("prints one record as JSON, in an array, the same that is on disk and that report prints", async () => {
  const { status, stdout, stderr } = await workplace.run("run", "scenario-5", ...events, "--run-id", "one", "--json");
  expect(stderr).toBe(
    "Rows go to the embedded Postgres under .throttle-bench.\nThe record of scenario-5 is .throttle-bench/runs/one.json.\n",
  );
  expect(status).toBe(0);
  const [record, ...others] = JSON.parse(stdout);
  expect(others).toEqual([]);
  expect(runRecordSchema.parse(record)).toEqual(record);
  expect(record).toMatchObject({
    runId: "one",
    scenario: "scenario-5",
    target: "local",
    kind: "prediction",
    platform: "2026",
    seed: 1,
    summary: { totalEvents: 60, eventsCompleted: 60, eventsFailed: 0, eventsMissing: 0, maxConcurrency: 5 },
  });
  expect(recordFile("one")).toEqual(record);
  expect(JSON.parse((await workplace.run("report", "one", "--json")).stdout)).toEqual([record]);
});

it("refuses a run id that is taken", async () => {
  const again = await workplace.run("run", "scenario-5", ...quick, "--run-id", "one");
  expect(again).toMatchObject({ status: 2, stdout: "" });
  expect(again.stderr).toContain("The run id one is taken; choose another --run-id.");
});

it("prints the table with the user's row names in their order", async () => {
  const { status, stdout } = await workplace.run("run", "scenario-4", ...quick);
  const names = [...stdout.matchAll(/^│ ([A-Z][A-Za-z. ]+?) +│/gm)].map(([, name]) => name);
  expect(names).toEqual([
    "Total Events",
    "Events Completed",
    "Events Failed",
    "Time Taken",
    "Max. Concurrency",
    "Avg. DB Inserts Per Second",
    "Max. DB Inserts Per Second",
    "Min. DB Inserts Per Second",
  ]);
  expect(status).toBe(0);
});

it("runs several scenarios on one database, each with a record of its own, and shows them side by side", async () => {
  const names = ["scenario-2", "scenario-4", "scenario-5"];
  const { status, stdout, stderr } = await workplace.run("run", ...names, ...quick, "--run-id", "every");
  expect(stdout).toContain(`${names.length} ways of throttling · PREDICTION (local, platform 2026, seed 1)\n`);
  for (const { name, alias } of names.map(findScenario)) expect(stdout).toContain(`│ ${alias ?? name} `);
  expect(stdout).not.toContain("Total Events");
  const [where, ...records] = stderr.trim().split("\n");
  expect(where).toMatch(/^Rows go to the database \S+\.$/);
  expect(records).toEqual(names.map((name) => `The record of ${name} is .throttle-bench/runs/every-${name}.json.`));
  expect(names.map((name) => runRecordSchema.parse(recordFile(`every-${name}`)).scenario)).toEqual(names);
  expect(status).toBe(0);
});

it("shows each of several runs with --details, and the comparison last", async () => {
  const { stdout } = await workplace.run("run", "scenario-4", "scenario-5", ...quick, "--details");
  expect(stdout.match(/^│ Total Events /gm)).toHaveLength(2);
  expect(stdout.split("\n\n\n").at(-1)).toMatch(/^2 ways of throttling/);
});

it("makes a run id of time, scenario and chance, and takes each scenario once", async () => {
  const { stdout } = await workplace.run("run", "scenario-5", "scenario-4", "scenario-5", ...quick, "--json");
  const runIds = (JSON.parse(stdout) as RunRecord[]).map(({ runId }) => runId);
  expect(runIds).toEqual([
    expect.stringMatching(/^\d{8}-\d{6}-scenario-5-[0-9a-z]{4}$/),
    expect.stringMatching(/^\d{8}-\d{6}-scenario-4-[0-9a-z]{4}$/),
  ]);
});

it("hands settings, events, seed and platform on", async () => {
  const args = ["--set", "WorkMs=5", "--set", "WorkMs=700", "--seed", "9", "--platform", "2020"];
  const [record] = JSON.parse(
    (await workplace.run("run", "scenario-5", ...quick, "--events", "7", ...args, "--json")).stdout,
  );
  expect(record).toMatchObject({ seed: 9, platform: "2020", summary: { totalEvents: 7 } });
  expect(record.settings).toMatchObject({ WorkMs: "700", ReservedConcurrency: "5" });
  expect(record.settings).not.toHaveProperty("DatabaseUrl");
});

it("runs a template by its path", async () => {
  workplace.write("mine.yaml", (await workplace.run("show", "scenario-5", "--template")).stdout);
  const [record] = JSON.parse((await workplace.run("run", "./mine.yaml", ...quick, "--json")).stdout);
  expect(record).toMatchObject({ scenario: "mine", summary: { eventsCompleted: 60 } });
});

it("ends with status 1 when events are missing, and still prints what was measured", async () => {
  const { status, stdout } = await workplace.run("run", "scenario-4", ...quick, "--timeout", "10s", "--json");
  const [{ outcome, summary }] = JSON.parse(stdout) as [RunRecord];
  expect(outcome).toBe("timeout");
  expect(summary.eventsMissing).toBeGreaterThan(0);
  expect(summary.eventsCompleted + summary.eventsFailed + summary.eventsMissing).toBe(60);
  expect(status).toBe(1);
});
