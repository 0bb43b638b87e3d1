/** Trials of the model: a run by the platform's numbers, or by numbers that are drawn from their plausible ranges. */
import { drawConstants } from "../../src/emulator/platforms/ranges.ts";
import { measuredFigures } from "../../src/metrics/figures.ts";
import type { PlatformName, RunRecord, Scenario } from "../../src/model.ts";
import { figuresOf } from "../../src/reports/columns.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { aRequest } from "../scenarios/a-request.ts";

export interface Trial {
  seed: number;
  /** draws the unpublished numbers from their plausible ranges, by the seed */
  ranges: boolean;
}

/** null: the run had none */
export type Figures = Record<string, number | null>;

export async function scenarioRun(scenario: Scenario, trial: Trial): Promise<Figures> {
  const { platform, totalEvents } = scenario.published!;
  const record = await runOf(trial, platform, scenario, { set: [], events: totalEvents, constants: {} });
  const figures = figuresOf(record).filter(({ of }) => measuredFigures.includes(of));
  return Object.fromEntries(figures.map(({ name, value }) => [name, value]));
}

/** A run of scenario-5, with a queue whose messages are not received twice for their age. */
export async function queueRun(
  trial: Trial,
  {
    steadySeconds: [from, to],
    set,
    ...rest
  }: { set: string[]; events: number; constants: Record<string, number>; steadySeconds: [number, number] },
): Promise<{ steadyPerSecond: number; concurrency: number[] }> {
  const patient = ["VisibilityTimeout=43200", "MaxReceiveCount=1000", "PublishRate=0"];
  const record = await runOf(trial, "2026", findScenario("scenario-5"), { set: [...patient, ...set], ...rest });
  const steady = record.timeline.filter(({ second }) => second >= from && second < to);
  const series = record.metrics.find(({ name }) => name === "consumer.ConcurrentExecutions");
  return {
    steadyPerSecond: steady.reduce((sum, { inserts }) => sum + inserts, 0) / (to - from),
    concurrency: series!.points.map(({ value }) => value),
  };
}

/** The numbers that a trial goes by, for what is not a run of a scenario. */
export function constantsOfTrial({ seed, ranges }: Trial, platform: PlatformName): Record<string, number> {
  return ranges ? (drawConstants(platform, seed) as Record<string, number>) : {};
}

function runOf(
  { seed, ranges }: Trial,
  platform: PlatformName,
  scenario: Scenario,
  { set, events, constants }: { set: string[]; events: number; constants: Record<string, number> },
): Promise<RunRecord> {
  const request = aRequest(scenario, { set, events, runId: `trial-${seed}` });
  return simulateRecord({ request, model: { platform, seed, profile: null, ranges, constants } });
}
