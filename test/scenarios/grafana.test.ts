/** The Grafana dashboard against the rows of real runs: every query answers, and its figures are the records'. */
import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { openWorkbench, type Workbench } from "./bench.ts";

interface DashboardPanel {
  id: number;
  title: string;
  description: string;
  datasource: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { format: string; rawSql: string; datasource: { uid: string } }[];
}

const infra = new URL("../../infra/grafana/", import.meta.url);
const dashboard = JSON.parse(readFileSync(new URL("dashboards/throttle-bench.json", infra), "utf8")) as {
  panels: DashboardPanel[];
  templating: { list: { name: string; query: string; datasource: { uid: string } }[] };
};
const { panels } = dashboard;
const variables = dashboard.templating.list;

describe("the dashboard", () => {
  let bench: Workbench;
  let client: pg.Client;
  let lossy: RunRecord;
  let quick: RunRecord;

  beforeAll(async () => {
    bench = await openWorkbench();
    lossy = await bench.run("scenario-3", { events: 200, runId: "lossy" });
    quick = await bench.run("scenario-5", { events: 60, runId: "quick" });
    client = new pg.Client({ connectionString: bench.databaseUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await bench.close();
  });

  /** As Grafana fills in its variables: a plain one by its value, `:sqlstring` as quoted values. */
  const ask = async (title: string, run: string, runs = [`${run}/consumer`]) => {
    const sql = panels
      .find((one) => one.title === title)!
      .targets[0]!.rawSql.replaceAll("${run}", run)
      .replaceAll("${runs:sqlstring}", runs.map((one) => `'${one}'`).join(","));
    expect(sql).not.toContain("${");
    return (await client.query(sql)).rows as Record<string, unknown>[];
  };
  const numbers = (row: Record<string, unknown> = {}) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
  const sum = (rows: Record<string, unknown>[], column: string) =>
    rows.reduce((total, row) => total + Number(row[column]), 0);

  it("asks only the data source that is provisioned, and only for variables that it has", () => {
    const sources = [...panels, ...panels.flatMap(({ targets }) => targets), ...variables];
    expect(new Set(sources.map(({ datasource }) => datasource.uid))).toEqual(new Set(["throttle-bench"]));
    const provisioned = readFileSync(new URL("provisioning/datasources/throttle-bench.yaml", infra), "utf8");
    expect(provisioned).toContain("uid: throttle-bench");
    const named = [...JSON.stringify(panels).matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(variables.map(({ name }) => name)));
  });

  it("has panels that are described, told apart and do not overlap", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { id, title, description, gridPos } of panels) {
      expect(description).toMatch(/\.$/);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      const { x, y, w, h } = gridPos;
      const under = panels.filter(
        ({ id: other, gridPos: on }) =>
          other > id && x < on.x + on.w && on.x < x + w && y < on.y + on.h && on.y < y + h,
      );
      expect(under.map((other) => `${title} and ${other.title}`)).toEqual([]);
    }
  });

  it("offers every run and every group", async () => {
    const values = async (name: string) =>
      (await client.query({ text: variables.find((one) => one.name === name)!.query, rowMode: "array" })).rows.flat();
    expect((await values("run")).sort()).toEqual(["lossy", "quick"]);
    expect((await values("runs")).sort()).toEqual(["lossy/consumer", "lossy/dead-letter", "quick/consumer"]);
  });

  it.each(panels.map(({ title, targets }) => [title, targets[0]!.format] as const))(
    "has an answer to %s, and none that fails for a run without rows",
    async (title, format) => {
      const rows = await ask(title, "lossy", ["lossy/consumer", "quick/consumer"]);
      if (title !== "Duplicates") expect(rows.length).toBeGreaterThan(0);
      if (format === "time_series") {
        const times = rows.map(({ time }) => (time as Date).getTime());
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
      await ask(title, "none", ["none/consumer"]);
    },
  );

  it("counts as the record does", async () => {
    for (const { runId, summary, details } of [lossy, quick]) {
      const { eventsCompleted: completed, eventsFailed: failed, duplicates, insertsPerSecond } = summary;
      expect(numbers((await ask("Events", runId))[0])).toEqual({ completed, failed, duplicates });
      const [taken] = await ask("Time taken", runId);
      expect(numbers(taken)["time taken"]).toBeCloseTo(summary.timeTakenSeconds!, 3);
      expect(numbers((await ask("DB inserts per second", runId))[0])).toMatchObject(insertsPerSecond);
      const wait = numbers((await ask("Wait", runId))[0]);
      for (const [name, ms] of Object.entries(details.waitMs!)) expect(wait[name]).toBeCloseTo(ms / 1_000, 3);
      const overlaps = (await ask("Concurrency", runId)).map((row) => Number(row["overlapping invocations"]));
      expect(Math.max(...overlaps)).toBe(details.maxOverlap);
      expect(overlaps.at(-1)).toBe(0);
      const inserts = await ask("DB inserts per second over time", runId);
      expect(sum(inserts, "inserts per second")).toBe(completed + duplicates);
    }
    expect(lossy.summary.eventsFailed).toBeGreaterThan(0);
    const given = sum(await ask("Dead letters over time", "lossy"), "dead letters");
    expect(given).toBeGreaterThanOrEqual(lossy.summary.eventsFailed);
    expect(sum(await ask("Duplicates", "lossy"), "inserts") > 0).toBe(lossy.summary.duplicates > 0);
  });

  it("holds groups against each other", async () => {
    const both = ["lossy/consumer", "quick/consumer"];
    const groups = await ask("Groups", "lossy", both);
    expect(groups.map(({ group, events, instances }) => [group, Number(events), Number(instances)]).sort()).toEqual([
      ["lossy/consumer", lossy.summary.eventsCompleted, lossy.details.instancesStarted],
      ["quick/consumer", 60, quick.details.instancesStarted],
    ]);
    const series = await ask("Runs against each other", "lossy", both);
    expect(new Set(series.map(({ metric }) => metric))).toEqual(new Set(both));
  });
});
