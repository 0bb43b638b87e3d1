/** A sweep to start a test from: cells whose runs have the figures that the test says. */
import { figuresOf } from "../../../../src/metrics/repetitions.ts";
import type { Figures } from "../../../../src/model.ts";
import { combinationsOf } from "../../../../src/simulation/sweep/grid.ts";
import { judged, leastOf } from "../../../../src/simulation/sweep/judgement.ts";
import type { Axis, Cell, Sweep } from "../../../../src/simulation/sweep/sweep.ts";
import { anAssumption, aRecord } from "../../records/a-record.ts";

/** How the runs of a cell ended. */
export interface CellFacts {
  /** most calls in one second */
  peak?: number;
  lost?: number;
  /** so many runs lose them; the others none */
  lostIn?: number;
  seconds?: number;
  /** US dollars a million events */
  cost?: number;
  refusal?: string;
}

export const twoAxes: Axis[] = [
  { of: "setting", name: "VisibilityTimeout", values: ["10", "60", "120"] },
  { of: "setting", name: "ReservedConcurrency", values: ["1", "2"] },
];

const way = {
  name: "scenario-4",
  alias: "sqs-reserved-1",
  title: "reserved concurrency 1",
  topology: ["SNS", "SQS", "Lambda"],
  whenToUse: null,
};

/** `facts`: of the cell with these values. */
export function aSweep({
  axes = twoAxes,
  facts = () => ({}),
  seeds = [1, 2, 3],
  expected = {},
  ...rest
}: Partial<Omit<Sweep, "cells">> & {
  facts?: (...values: string[]) => CellFacts;
  expected?: Partial<Cell["expected"]>;
} = {}): Sweep {
  const from = { kind: "prediction", target: "local", platform: "2026", profile: null, endpoint: null } as const;
  const cells = combinationsOf(axes).map((values) => {
    const { refusal = null, ...ofRuns } = facts(...values);
    const cell: Cell = {
      values,
      settings: {},
      events: 1_000,
      assumptions: {},
      expected: {
        limit: { limit: "1/s", toleranceMs: 100, origin: "scenario" },
        maxLoss: null,
        maxWait: null,
        claims: null,
        ...expected,
      },
      refusal,
    };
    const runs = refusal === null ? seeds.map((seed, index) => aRun(seed, withLoss(ofRuns, index))) : [];
    return judged(cell, way, { ...from, seeds, ranges: false, events: 1_000 }, runs);
  });
  return {
    way,
    platform: "2026",
    profile: null,
    ranges: false,
    seeds,
    axes,
    fixed: [],
    assumptions: [anAssumption()],
    cells,
    fastest: leastOf(cells, "timeTakenSeconds", "costPerMillionEvents"),
    cheapest: leastOf(cells, "costPerMillionEvents", "timeTakenSeconds"),
    ...rest,
  };
}

function withLoss({ lost = 0, lostIn = Number.POSITIVE_INFINITY, ...rest }: CellFacts, run: number): CellFacts {
  return { ...rest, lost: run < lostIn ? lost : 0 };
}

function aRun(seed: number, { peak = 1, lost = 0, seconds = 1_100, cost = 4.85 }: CellFacts): Figures {
  const run = figuresOf(aRecord({ seed }));
  const breach = { limit: "1/s", toleranceMs: 100, exceededSeconds: peak > 1 ? 4 : 0, peak, peaks: null };
  return {
    ...run,
    summary: {
      ...run.summary,
      totalEvents: 1_000,
      eventsCompleted: 1_000 - lost,
      eventsFailed: lost,
      eventsMissing: 0,
      timeTakenSeconds: seconds,
    },
    details: { ...run.details, waitMs: { p50: 0, p95: 0, p99: 0, oldest: seconds * 1_000 } },
    cost: { perMillionEvents: cost, month: cost / 10 },
    calls: run.calls && { ...run.calls, breach },
  };
}
