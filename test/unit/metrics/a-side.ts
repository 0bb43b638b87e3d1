/** Sides of a comparison for tests: scenario-5 runs of which the test says the times that they took. */
import { readFigures } from "../../../src/metrics/figures.ts";
import type { Side } from "../../../src/metrics/sides.ts";
import { uncertaintyOf } from "../../../src/metrics/uncertainty.ts";
import type { Summary, Uncertainty } from "../../../src/model.ts";

export function aSummary(timeTakenSeconds: number | null, rest: Partial<Summary> = {}): Summary {
  return {
    totalEvents: 1_000,
    eventsCompleted: 1_000,
    eventsFailed: 0,
    eventsMissing: 0,
    duplicates: 0,
    timeTakenSeconds,
    maxConcurrency: 5,
    insertsPerSecond: { avg: 4, max: 5, min: 1 },
    ...rest,
  };
}

/** Local runs with seeds of their own, so that no two sides have the same ones. */
export function aSide(runs: Summary[], rest: Partial<Side> = {}): Side {
  const firstSeed = runs.reduce((seed, { timeTakenSeconds }) => seed * 31 + (timeTakenSeconds ?? 7), 1) % 1_000_003;
  return {
    name: "a-run",
    scenario: "scenario-5",
    origin: "local",
    endpoint: null,
    kind: "prediction",
    platform: "2026",
    profile: null,
    numbers: {},
    templateHash: "0123456789abcdef".repeat(4),
    settings: { WorkMs: "1000" },
    totalEvents: 1_000,
    ranges: false,
    version: "0.1.0",
    seeds: runs.map((_, index) => firstSeed + index),
    judged: runs.map((summary) => ({ outcome: "drained", summary, details: null, calls: null })),
    expected: null,
    runs: runs.map((summary) => readFigures({ summary, details: null, cost: null })),
    ...rest,
  };
}

/** Ten runs around a time, each its own. */
export function tenRuns(aroundSeconds: number, rest: Partial<Summary> = {}): Summary[] {
  return Array.from({ length: 10 }, (_, index) => aSummary(aroundSeconds + (index - 4.5) / 10, rest));
}

/** The uncertainty of runs with consecutive seeds that kept only their summaries. */
export function ofSeeds(firstSeed: number, summaries: Summary[]): Uncertainty {
  const runs = summaries.map((summary, index) => ({
    seed: firstSeed + index,
    outcome: null,
    summary,
    details: null,
    cost: null,
    calls: null,
  }));
  return uncertaintyOf(runs, false);
}
