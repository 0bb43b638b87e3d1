/** The five shipped scenarios, run by the real orchestrator against a real Postgres: their shape, and that a seed decides all. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openWorkbench, type Workbench } from "./bench.ts";

let workbench: Workbench;
const records: Record<string, RunRecord> = {};

beforeAll(async () => {
  workbench = await openWorkbench();
  for (const name of ["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-5"]) {
    records[name] = await workbench.run(name);
  }
});

afterAll(() => workbench?.close());

async function query(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: workbench.databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

describe("the shape of the published results", () => {
  const summaryOf = (name: string) => records[name]!.summary;

  it("loses events to the dead-letter queue in scenario-3 and none in scenario-4", () => {
    expect(summaryOf("scenario-3").eventsFailed).toBeGreaterThan(0);
    expect(summaryOf("scenario-4").eventsFailed).toBe(0);
    expect(summaryOf("scenario-4").eventsCompleted).toBe(1_000);
  });

  it("runs scenario-5 about five times as fast as scenario-4", () => {
    const ratio = summaryOf("scenario-4").timeTakenSeconds! / summaryOf("scenario-5").timeTakenSeconds!;
    expect(ratio).toBeGreaterThan(4);
    expect(ratio).toBeLessThan(6);
    expect(summaryOf("scenario-5").maxConcurrency).toBe(5);
  });

  it("is slowest in scenario-2, which never runs two at once and loses nothing", () => {
    const times = Object.values(records).map(({ summary }) => summary.timeTakenSeconds!);
    expect(summaryOf("scenario-2").timeTakenSeconds).toBe(Math.max(...times));
    expect(summaryOf("scenario-2")).toMatchObject({ eventsCompleted: 1_000, eventsFailed: 0, maxConcurrency: 1 });
  });

  it("is fastest in scenario-1", () => {
    const times = Object.values(records).map(({ summary }) => summary.timeTakenSeconds!);
    expect(summaryOf("scenario-1").timeTakenSeconds).toBe(Math.min(...times));
    expect(summaryOf("scenario-1").eventsCompleted).toBe(1_000);
  });

  it("accounts for every event in every scenario", () => {
    for (const { summary, outcome } of Object.values(records)) {
      expect(summary.eventsCompleted + summary.eventsFailed).toBe(1_000);
      expect(summary.eventsMissing).toBe(0);
      expect(outcome).toBe("drained");
    }
  });

  it("calls every local result a prediction, of a platform and a seed", () => {
    for (const record of Object.values(records)) {
      expect(record).toMatchObject({ target: "local", kind: "prediction", platform: "2020", seed: 1 });
      expect(record.caveats.map(({ code }) => code)).toContain("prediction");
    }
  });

  it("deletes every stack that it made", () => {
    for (const { cleanUp } of Object.values(records)) expect(cleanUp).toBe("It leaves nothing but its rows.");
  });
});

describe("the rows", () => {
  it("are in Postgres, one per completed event, the dead letters under their own group", async () => {
    const { groupId, deadLetterGroupId, summary } = records["scenario-3"]!;
    const [completed] = await query("select count(distinct id)::int as n from invocations where group_id = $1", [
      groupId,
    ]);
    const [dead] = await query(
      `select count(distinct id)::int as n from invocations where group_id = $1
       and id not in (select id from invocations where group_id = $2)`,
      [deadLetterGroupId, groupId],
    );
    expect(completed!.n).toBe(summary.eventsCompleted);
    expect(dead!.n).toBe(summary.eventsFailed);
    expect(deadLetterGroupId).not.toBe(groupId);
  });

  it("carry one cache_id per instance and one batch_id per invocation", async () => {
    const [row] = await query(
      "select count(distinct cache_id)::int as instances, count(distinct batch_id)::int as batches from invocations where group_id = $1",
      [records["scenario-5"]!.groupId],
    );
    expect(row).toEqual({ instances: 5, batches: 1_000 });
  });
});

describe("a seed", () => {
  const everything = "select * from invocations where group_id like $1 order by group_id, created_at, id, batch_id";

  async function take(runId: string, seed: number): Promise<{ record: RunRecord; rows: unknown[] }> {
    const record = await workbench.run("scenario-3", { runId, seed, events: 300 });
    const rows = await query(everything, [`${runId}/%`]);
    await query("delete from invocations where group_id like $1", [`${runId}/%`]);
    return { record, rows };
  }

  it("gives identical rows and an identical record when it is the same, and others when it is another", async () => {
    const first = await take("again", 7);
    const second = await take("again", 7);
    const other = await take("again", 8);
    expect(first.rows.length).toBeGreaterThan(250);
    expect(JSON.stringify(second.rows)).toBe(JSON.stringify(first.rows));
    expect(JSON.stringify(second.record)).toBe(JSON.stringify(first.record));
    expect(JSON.stringify(other.rows)).not.toBe(JSON.stringify(first.rows));
  });

  it("decides the figures whatever the run is called", async () => {
    const one = await workbench.run("scenario-3", { runId: "name-one", seed: 3, events: 200 });
    const two = await workbench.run("scenario-3", { runId: "quite-another-name", seed: 3, events: 200 });
    expect(two.summary).toEqual(one.summary);
    expect(two.timeline).toEqual(one.timeline);
    expect(two.metrics).toEqual(one.metrics);
  });
});

describe("a run that does not drain", () => {
  it("still tells what was measured when its time is over, and shows the rest as missing", async () => {
    const { outcome, summary, caveats } = await workbench.run("scenario-4", { events: 200, timeoutMs: 60_000 });
    expect(outcome).toBe("timeout");
    expect(summary.eventsCompleted).toBeGreaterThan(20);
    expect(summary.eventsMissing).toBe(200 - summary.eventsCompleted);
    expect(caveats.map(({ code }) => code)).toContain("events-missing");
  });

  it("counts the events as failed when the dead-letter queue has them all", async () => {
    const { outcome, summary } = await workbench.run("scenario-2", {
      events: 20,
      set: ["ConsumerTimeout=1", "WorkMs=2000", "MaximumRetryAttempts=0"],
    });
    expect(outcome).toBe("drained");
    expect(summary).toMatchObject({ eventsCompleted: 0, eventsFailed: 20, timeTakenSeconds: null });
  });

  it("ends when nothing is left anywhere and nothing has arrived for the quiet time", async () => {
    const directory = await mkdtemp(join(tmpdir(), "throttle-bench-template-"));
    const shipped = findScenario("scenario-4").templateBody;
    const withoutPolicy = shipped.replace(/^ {2}QueuePolicy:\n(?: {4}.*\n)+/m, "");
    expect(withoutPolicy).not.toBe(shipped);
    await writeFile(join(directory, "no-policy.yaml"), withoutPolicy);
    const { outcome, summary, scenario } = await workbench.run(join(directory, "no-policy.yaml"), { events: 20 });
    await rm(directory, { recursive: true });
    expect(scenario).toBe("no-policy");
    expect(outcome).toBe("quiet");
    expect(summary).toMatchObject({ eventsCompleted: 0, eventsFailed: 0, eventsMissing: 20 });
  });
});
