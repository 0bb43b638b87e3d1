/** The probes of a calibration on the local target, through the shipped templates: each ends by itself and shows what it is for. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { observationsOf } from "../../src/calibration/observations.ts";
import { probes } from "../../src/calibration/probes.ts";
import { Invocations } from "../../src/database/invocations.ts";
import type { Row, RunRecord } from "../../src/model.ts";
import { openWorkbench, type Workbench } from "./bench.ts";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

async function run(name: string): Promise<{ record: RunRecord; rows: Row[] }> {
  const { scenario, overrides, events } = probes.find((probe) => probe.name === name)!;
  const record = await workbench.run(scenario, { set: overrides, events, platform: "2026" });
  const database = await Invocations.open(workbench.databaseUrl);
  try {
    return { record, rows: (await database.columns(record.groupId)).toRows() };
  } finally {
    await database.close();
  }
}

describe("a probe that holds messages", () => {
  it.each(probes.flatMap(({ name, hold }) => (hold ? [[name, hold] as const] : [])))(
    "runs as %s: with nothing to run in, every message is throttled, let go, and dead-lettered in the end",
    async (name, { seconds, receives }) => {
      const { record, rows } = await run(name);
      const { totalEvents, eventsCompleted, eventsFailed, eventsMissing } = record.summary;
      expect({ outcome: record.outcome, eventsCompleted, eventsMissing }).toEqual({
        outcome: "drained",
        eventsCompleted: 0,
        eventsMissing: 0,
      });
      expect(eventsFailed).toBe(totalEvents);
      expect(rows).toEqual([]);
      expect(record.settings.ReservedConcurrency).toBe("0");
      expect(record.details.throttles).toBeGreaterThan(totalEvents * receives);
      // By the throttles alone: there is no invocation that could be counted.
      expect(record.metricsWindow).toMatchObject({ complete: true });
      const heldMs = Math.max(...record.metrics.flatMap(({ points }) => points.map(({ timestamp }) => timestamp)));
      expect(heldMs - record.burst.firstSentAt!).toBeGreaterThan((totalEvents * receives * seconds * 1_000) / 10);
    },
  );
});

describe("a probe that is seen by its rows", () => {
  it("runs as batches: full batches of two pollers, of which nothing is throttled", async () => {
    const { record, rows } = await run("batches");
    const { insertMs, gapMs, publishMs } = observationsOf({ batches: rows }).batches!;
    expect(record.details).toMatchObject({ throttles: 0, instancesStarted: 2 });
    expect(Math.min(insertMs.length, gapMs.length, publishMs.length)).toBeGreaterThan(50);
  });

  it("runs as trickle: each event finds a poller that waits, and mostly a warm instance", async () => {
    const { rows } = await run("trickle");
    expect(observationsOf({ trickle: rows }).trickle!.latencyMs.length).toBeGreaterThan(150);
    expect(Math.max(...observationsOf({ trickle: rows }).trickle!.latencyMs)).toBeLessThan(1_000);
  });

  it("runs as instances: many that are new, and more events that find a warm one, below the database's connections", async () => {
    const { record, rows } = await run("instances");
    const { firstLatencyMs, latencyMs } = observationsOf({ instances: rows }).instances!;
    expect(record.details.errors).toBe(0);
    expect(firstLatencyMs.length).toBeGreaterThan(20);
    expect(firstLatencyMs.length).toBeLessThan(97);
    expect(latencyMs.length).toBeGreaterThan(firstLatencyMs.length);
  });
});

it("runs as retries: one instance, and every event handled in the end", async () => {
  const { record } = await run("retries");
  expect(record.summary).toMatchObject({ eventsCompleted: 200, maxConcurrency: 1 });
  // So many that their number tells how fast the events are read again.
  expect(record.details.throttles).toBeGreaterThan(50);
});
