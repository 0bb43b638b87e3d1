/** A record that is refreshed: it says what it would have said had CloudWatch's points come in time, and never less than before. */
import { expect, it, onTestFinished } from "vitest";
import { bench } from "../../../src/bench.ts";
import type { RunRecord } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { refresh } from "../../../src/steps/refresh.ts";
import { openLocal } from "../../../src/targets/local.ts";
import type { Target } from "../../../src/targets/target.ts";
import { aContext, aRequest } from "../../scenarios/a-request.ts";
import { cloudWatchWith } from "./cloudwatch-answers.ts";

const halfAnHourMs = 1_800_000;
/** Longer than any run waits, so that its record has no point. */
const late = { "cloudwatch.publishingDelayMs": 900_000 };
const ofTheDelay = ["assumption-implausible", "numbers-differ"];

interface Asked {
  scenario?: string;
  set?: string[];
  constants?: Record<string, number>;
  waitForMetrics?: boolean;
}

async function aRun({ scenario = "scenario-5", set, constants = {}, waitForMetrics = false }: Asked) {
  const model = { platform: "2026" as const, seed: 1, constants };
  const target = await openLocal({ ...model, databaseUrl: null });
  onTestFinished(() => target.close());
  const request = aRequest(findScenario(scenario), { runId: "refreshed", set, waitForMetrics, keep: true });
  return { target, record: await bench(target, request, aContext()) };
}

async function refreshedTwice(target: Target, record: RunRecord): Promise<RunRecord> {
  await target.clock.sleep(halfAnHourMs);
  const once = await refresh(target, record);
  await target.clock.sleep(halfAnHourMs);
  return refresh(target, once);
}

const codes = ({ caveats }: RunRecord): string[] => caveats.map(({ code }) => code);

it.each<[what: string, asked: Asked]>([
  ["a queue", {}],
  ["a topic, whose consumer has no batch", { scenario: "scenario-2" }],
  ["a limited downstream, whose calls were recorded", { set: ["DownstreamLimit=2/s", "WhenRefused=throw"] }],
  ["a stream", { scenario: "kinesis-one-shard" }],
])("says what the run would have said had it waited: %s", async (_what, asked) => {
  const { target, record } = await aRun({ ...asked, constants: late });
  expect(record.details.invocations).toBeNull();
  expect(record.summary.maxConcurrency).toBeNull();
  expect(record.cost?.run).toBeNull();
  expect(codes(record)).toContain("metrics-incomplete");
  const refreshed = await refreshedTwice(target, record);
  const { record: waited } = await aRun({ ...asked, waitForMetrics: true });
  expect(waited.metricsWindow.complete).toBe(true);
  const { end } = record.metricsWindow;
  const untilEnd = ({ metrics }: RunRecord) =>
    metrics.map(({ points, ...series }) => ({ ...series, points: points.filter(({ timestamp }) => timestamp < end) }));
  expect(untilEnd(refreshed)).toEqual(untilEnd(waited));
  for (const part of ["summary", "details", "verdict", "cost"] as const) expect(refreshed[part]).toEqual(waited[part]);
  expect(refreshed.metricsWindow).toMatchObject({ complete: true, refusal: null });
  expect(codes(refreshed).filter((code) => !ofTheDelay.includes(code))).toEqual(codes(waited));
});

it("keeps what it has when CloudWatch no longer has the points", async () => {
  const { target, record } = await aRun({ waitForMetrics: true });
  expect(record.metricsWindow.complete).toBe(true);
  const silent = { ...target, clients: cloudWatchWith(target.clients, () => []) };
  const { metricsWindow, ...refreshed } = await refresh(silent, record);
  const { metricsWindow: before, ...earlier } = record;
  expect(refreshed).toEqual(earlier);
  expect(metricsWindow).toEqual({ ...before, readAt: target.clock.now() });
});

it("adds no verdict and no cost to a record that has none", async () => {
  const { target, record } = await aRun({ constants: late });
  const refreshed = await refreshedTwice(target, { ...record, expected: null, verdict: null, cost: null });
  expect(refreshed).toMatchObject({ verdict: null, cost: null, metricsWindow: { complete: true } });
  expect(refreshed.details.invocations).toBe(record.details.batches + refreshed.details.errors!);
});
