/** `trace` on recorded runs: the event's life, and every run of which nobody can tell it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunRecord, Trace } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { aRequest } from "../scenarios/a-request.ts";
import { aWorkplace, onDatabase, type Workplace } from "./throttle-bench.ts";

const simulated = simulateRecord({
  request: aRequest(findScenario("scenario-4"), { runId: "a-run", events: 30 }),
  model: { platform: "2026", seed: 1, profile: null, ranges: false, constants: {} },
});

async function workplaceWithRun(): Promise<{ workplace: Workplace; record: RunRecord }> {
  const [workplace, record] = [aWorkplace(), await simulated];
  mkdirSync(join(workplace.directory, ".throttle-bench/runs"), { recursive: true });
  workplace.write(".throttle-bench/runs/a-run.json", JSON.stringify(record));
  return { workplace, record };
}

it("tells one event's life, from its publish to its row", async () => {
  const { workplace, record } = await workplaceWithRun();
  const [slowest] = record.details.slowest;
  const { status, stdout, stderr } = await workplace.run("trace", "a-run", String(slowest!.id));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`Event ${slowest!.id} of scenario-4: completed after`);
  for (const sentence of ["published to Topic", "in Queue", "received from Queue (receive 1)", "deleted from Queue"]) {
    expect(stdout).toContain(sentence);
  }
  const json = await workplace.run("trace", "latest", String(slowest!.id), "--json");
  const trace = JSON.parse(json.stdout) as Trace;
  expect(trace).toMatchObject({ runId: "a-run", event: slowest!.id, messageGroup: null, outcome: "completed" });
  expect(trace.steps.find(({ what }) => what === "completed")!.sinceSentMs).toBe(slowest!.waitMs);
  expect((await workplace.run("trace", "sqs-reserved-1", "1", "--json")).status).toBe(0);
});

it("follows the first seed of a run with --repeat and --ranges", async () => {
  const workplace = aWorkplace();
  const flags = ["--events", "20", "--repeat", "3", "--ranges", "--seed", "5", "--run-id", "some", "--json"];
  const [record] = JSON.parse(
    (await workplace.run("run", "scenario-5", ...flags, ...(await onDatabase()))).stdout,
  ) as RunRecord[];
  const [slowest] = record!.details.slowest;
  const { stdout } = await workplace.run("trace", "some", String(slowest!.id), "--json");
  const { steps } = JSON.parse(stdout) as Trace;
  expect(steps.find(({ what }) => what === "completed")!.sinceSentMs).toBe(slowest!.waitMs);
});

it("refuses an event that the run does not have, with those that it has", async () => {
  const { workplace } = await workplaceWithRun();
  for (const event of ["0", "31", "1000000"]) {
    expect(await workplace.run("trace", "a-run", event)).toEqual({
      status: 2,
      stdout: "",
      stderr: `error: The run a-run has no event ${event}; it has the events 1 to 30.\n`,
    });
  }
  expect((await workplace.run("trace", "a-run", "first")).stderr).toContain('The event "first" is out of range');
  expect((await workplace.run("trace", "nothing", "1")).status).toBe(2);
});

it.each<[string, Partial<RunRecord>, string]>([
  ["of an account", { target: "aws", kind: "measurement", seed: null, platform: null }, "was made by an account"],
  ["that keeps no template", { template: null }, "keeps too little to simulate it again"],
  ["that this model does not give", { seed: 2 }, "cannot be simulated again as it was: throttle-bench "],
  ["that was interrupted", { seed: 2, outcome: "interrupted" }, "it was ended before its events were"],
])("refuses a run %s", async (_, change, reason) => {
  const { workplace, record } = await workplaceWithRun();
  const path = workplace.write("other.json", JSON.stringify({ ...record, ...change }));
  const { status, stdout, stderr } = await workplace.run("trace", path, "1");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(reason);
});
