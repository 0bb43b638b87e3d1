/** The simulations of a sweep: whatever is known already, the runs of each cell are the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BenchError } from "../../../../src/errors.ts";
import { expectationsOf, nothingGiven } from "../../../../src/metrics/expectations.ts";
import { figuresOf } from "../../../../src/metrics/repetitions.ts";
import type { Ending, SweepJournal } from "../../../../src/records/sweep-journal.ts";
import { findScenario } from "../../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../../src/scenarios/settings.ts";
import type { Plan, Variation } from "../../../../src/simulation/simulate.ts";
import type { Simulating } from "../../../../src/simulation/simulating.ts";
import { type Common, jobsOf, simulateCells, sweepName } from "../../../../src/simulation/sweep/simulations.ts";
import type { Cell } from "../../../../src/simulation/sweep/sweep.ts";
import { aRecord } from "../../records/a-record.ts";

const scenario = findScenario("scenario-4");
const common: Common = {
  scenario,
  model: { platform: "2026", profile: null, ranges: false },
  seeds: [7, 8, 9],
  timeoutMs: 21_600_000,
  build: "a build",
};

function aCell(set: string[], rest: Partial<Cell> = {}): Cell {
  const settings = settingsOf(scenario, set);
  const expected = expectationsOf(nothingGiven, settings, scenario);
  return { values: set, settings, events: 12, assumptions: {}, expected, refusal: null, ...rest };
}

const cells = [
  aCell(["VisibilityTimeout=60"]),
  aCell(["VisibilityTimeout=5"], { refusal: "Too short." }),
  aCell(["VisibilityTimeout=60", "DownstreamLimit=2/s"]),
  aCell(["ReservedConcurrency=910"]),
  aCell(["VisibilityTimeout=120"], { assumptions: { "database.connectMs": 40 } }),
];
const jobs = jobsOf(cells, common);

/** Figures by which a variation can be told, and no stack where more is reserved than an account has. */
class FakeSimulators implements Simulating {
  readonly asked: Variation[] = [];
  readonly limits = new Set<string | null>();

  async *figures({ limit }: Plan, variations: Iterable<Variation>) {
    this.limits.add(limit?.limit ?? null);
    for (const variation of variations) {
      this.asked.push(variation);
      if (variation.settings.ReservedConcurrency === "910") {
        throw new BenchError(
          "deploy-failed",
          "The stack throttle-bench-simulation ended as ROLLBACK_COMPLETE: 100 must stay (Status Code: 400, Request ID: 01ab-23).",
        );
      }
      const figures = figuresOf(aRecord({ seed: variation.seed }));
      const totalEvents =
        Number(variation.settings.VisibilityTimeout) + (variation.assumptions["database.connectMs"] ?? 0);
      yield { ...figures, summary: { ...figures.summary, totalEvents } };
    }
  }

  async close() {}
}

class JournalInMemory implements SweepJournal {
  readonly path = "memory";
  readonly lines: [string, Ending][] = [];

  constructor(readonly known: ReadonlyMap<string, Ending> = new Map()) {}

  async append(key: string, ending: Ending) {
    this.lines.push([key, JSON.parse(JSON.stringify(ending))]);
  }

  async close() {}
}

async function simulated(known: ReadonlyMap<string, Ending> = new Map()) {
  const simulators = new FakeSimulators();
  const journal = new JournalInMemory(known);
  const told: number[] = [];
  const runs = await simulateCells(jobs, common, simulators, journal, (done) => told.push(done));
  return { runs, simulators, journal, told };
}

describe("the simulations of a sweep", () => {
  it("are one for each seed of each cell that is not refused, under one plan for each limit", async () => {
    const { runs, simulators, told } = await simulated();
    expect([...runs.keys()]).toEqual([0, 2, 3, 4]);
    const seeds = (cell: number) => (runs.get(cell) as { seed: number }[]).map(({ seed }) => seed);
    for (const cell of [0, 2, 4]) expect(seeds(cell)).toEqual([7, 8, 9]);
    expect(simulators.limits).toEqual(new Set(["1/s", "2/s"]));
    expect(told).toEqual(Array.from({ length: jobs.length + 1 }, (_, index) => index));
  });

  it("end for a cell that cannot be deployed with its reason, without what only a simulation has, and go on with the others", async () => {
    const { runs, simulators } = await simulated();
    expect(runs.get(3)).toBe("100 must stay (Status Code: 400).");
    expect(runs.get(4)).toHaveLength(3);
    expect(simulators.asked.filter(({ settings }) => settings.ReservedConcurrency === "910")).toHaveLength(1);
  });

  it("come to the same, whichever of them a journal knows, and are made for the others alone", async () => {
    const all = await simulated();
    const lines = all.journal.lines;
    expect(lines.map(([key]) => key).sort()).toEqual(jobs.map(({ key }) => key).sort());
    await fc.assert(
      fc.asyncProperty(fc.subarray(lines), async (known) => {
        const again = await simulated(new Map(known));
        expect(JSON.stringify([...again.runs])).toBe(JSON.stringify([...all.runs]));
        expect(again.journal.lines).toHaveLength(lines.length - known.length);
        expect(again.told[0]).toBe(known.length);
        expect(again.told.at(-1)).toBe(lines.length);
      }),
      { numRuns: 30 },
    );
  });

  it("pass on every other failure", async () => {
    const simulators = new FakeSimulators();
    simulators.figures = async function* () {
      yield* [];
      throw new BenchError("interrupted", "stop");
    };
    const journal = new JournalInMemory();
    await expect(simulateCells(jobs, common, simulators, journal, () => {})).rejects.toThrow("stop");
    expect(journal.lines).toEqual([]);
  });
});

describe("the key of a simulation", () => {
  const keysOf = (some: readonly Cell[], rest: Partial<Common> = {}) =>
    jobsOf(some, { ...common, ...rest }).map(({ key }) => key);

  it("is another for whatever may change its figures", () => {
    const cell = aCell(["VisibilityTimeout=60"]);
    const limit = { limit: "2/s", toleranceMs: 100, origin: "flag" } as const;
    const keys = [
      ...keysOf([
        cell,
        aCell(["VisibilityTimeout=61"]),
        { ...cell, events: 13 },
        { ...cell, assumptions: { "database.connectMs": 1 } },
        { ...cell, expected: { ...cell.expected, limit } },
      ]),
      ...keysOf([cell], { build: "another build" }),
      ...keysOf([cell], { timeoutMs: 1_000 }),
      ...keysOf([cell], { model: { ...common.model, platform: "2020" } }),
      ...keysOf([cell], { model: { ...common.model, ranges: true } }),
      ...keysOf([cell], { model: { ...common.model, configured: { "database.connectMs": 1 } } }),
      ...keysOf([cell], { scenario: { ...scenario, templateHash: "another" } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is the same whatever is allowed to be lost, and whoever gave the limit", () => {
    const cell = aCell(["VisibilityTimeout=60"]);
    const maxLoss = { allowed: { amount: 3 }, origin: "flag" } as const;
    const limit = { ...cell.expected.limit!, origin: "flag" as const };
    expect(keysOf([{ ...cell, values: ["other"], expected: { ...cell.expected, maxLoss, limit } }])).toEqual(
      keysOf([cell]),
    );
  });

  it("makes the name of the sweep, with the scenario's alias before it", () => {
    const name = sweepName(common, jobs);
    expect(name).toMatch(/^sqs-reserved-1-[0-9a-f]{12}$/);
    expect(sweepName(common, jobs.slice(1))).not.toBe(name);
  });
});
