/** The simulations of a sweep: each cell with each seed, but those that a journal knows already. */
import { createHash } from "node:crypto";
import { BenchError } from "../../errors.ts";
import type { Run } from "../../metrics/uncertainty.ts";
import type { ExpectedLimit, Figures, Model, PeakCount, Scenario } from "../../model.ts";
import type { Ending, SweepJournal } from "../../records/sweep-journal.ts";
import type { Variation } from "../simulate.ts";
import type { Simulating } from "../simulating.ts";
import type { Cell } from "./sweep.ts";

/** All that the simulations of a sweep have in common. */
export interface Common {
  scenario: Scenario;
  model: Omit<Model, "seed" | "constants">;
  seeds: readonly number[];
  /** how long the drain may take, on the model's clock */
  timeoutMs: number;
  /** names the code of the model, so that figures of another are not taken for its own */
  build: string;
}

/** One simulation. */
export interface Job {
  /** the same for whatever gives the same figures */
  key: string;
  /** index of its cell */
  cell: number;
  limit: ExpectedLimit | null;
  variation: Variation;
}

/** The simulations of all cells that are not refused, cell by cell. */
export function jobsOf(cells: readonly Cell[], common: Common): Job[] {
  const { seeds, timeoutMs } = common;
  const plan = planName(common);
  return cells.flatMap(({ refusal, settings, events, spikes, assumptions, expected: { limit } }, cell) => {
    if (refusal !== null) return [];
    const shared = { settings, events, ...(spikes && { spikes }), assumptions, timeoutMs };
    const window = limit && [limit.limit, limit.toleranceMs];
    return seeds.map((seed) => ({
      key: hashOf([plan, shared, window, seed]),
      cell,
      limit,
      variation: { ...shared, seed },
    }));
  });
}

/** Names the sweep: the same for the same simulations. */
export function sweepName({ scenario }: Common, jobs: readonly Job[]): string {
  const name = (scenario.alias ?? scenario.name).replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 40);
  return `${name}-${hashOf(jobs.map(({ key }) => key)).slice(0, 12)}`;
}

/** The runs of a cell, by ascending seed; a sentence where the model of AWS would not make its stack. */
export type CellRuns = Run[] | string;

/**
 * Resolves with the runs of each cell, by its index; a refused cell has none. `told`: how many simulations are done, those of the journal
 * included. Each is in the journal before it is told.
 * @throws what a simulation throws, and `signal`'s reason
 */
export async function simulateCells(
  jobs: readonly Job[],
  { scenario, model }: Common,
  simulators: Simulating,
  journal: SweepJournal,
  told: (done: number) => void,
  signal?: AbortSignal,
): Promise<Map<number, CellRuns>> {
  const endings = new Map(jobs.flatMap(({ key }) => entryOf(key, journal.known.get(key))));
  let done = endings.size;
  told(done);
  const keep = async ({ key }: Job, ending: Ending) => {
    await journal.append(key, ending);
    endings.set(key, ending);
    told(++done);
  };
  for (const group of byLimit(jobs)) {
    const plan = { scenario, model, limit: group[0]!.limit, waitForMetrics: true };
    let left = group.filter(({ key }) => !endings.has(key));
    while (left.length > 0) {
      let at = 0;
      try {
        const variations = left.map(({ variation }) => variation);
        for await (const figures of simulators.figures(plan, variations, signal)) {
          await keep(left[at++]!, { figures: judgeable(figures) });
        }
        left = [];
      } catch (error) {
        // With some settings nothing can be deployed: that is a result, and the same for all its seeds.
        if (!(error instanceof BenchError && error.code === "deploy-failed")) throw error;
        const { cell } = left[at]!;
        const refusal = withoutNames(error.message);
        for (const job of left.filter((one) => one.cell === cell)) await keep(job, { refusal });
        left = left.slice(at).filter((one) => one.cell !== cell);
      }
    }
  }
  return runsByCell(jobs, endings);
}

/** The stack and the requests of a simulation say nothing to a reader. */
function withoutNames(message: string): string {
  return message.replace(/^The stack \S+ ended as \w+: /, "").replace(/, Request ID: [0-9a-f-]+/g, "");
}

/** The part of a simulation's figures that its cell is judged by: a sweep has many thousands of them. */
function judgeable({ assumptions: _, details, calls, ...figures }: Figures): Omit<Figures, "assumptions"> {
  const highest = (peaks: PeakCount[]) => peaks.slice(-1);
  return {
    ...figures,
    details: { ...details, slowest: [] },
    // The limit is judged by its breach, and without a limit the highest peak is shown.
    calls: calls && {
      ...calls,
      peaks: { perSecond: highest(calls.peaks.perSecond), perMinute: highest(calls.peaks.perMinute) },
    },
  };
}

function runsByCell(jobs: readonly Job[], endings: ReadonlyMap<string, Ending>): Map<number, CellRuns> {
  const runs = new Map<number, CellRuns>();
  for (const { key, cell } of jobs) {
    const ending = endings.get(key)!;
    const others = runs.get(cell) ?? [];
    if ("refusal" in ending) runs.set(cell, ending.refusal);
    else if (typeof others !== "string") runs.set(cell, [...others, ending.figures]);
  }
  return runs;
}

function entryOf(key: string, ending: Ending | undefined): [string, Ending][] {
  return ending === undefined ? [] : [[key, ending]];
}

/** A plan has one limit. */
function byLimit(jobs: readonly Job[]): Job[][] {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const limit = JSON.stringify(job.limit);
    const group = groups.get(limit);
    if (group === undefined) groups.set(limit, [job]);
    else group.push(job);
  }
  return [...groups.values()];
}

/** Everything that the simulations have in common and that their figures depend on. */
function planName({ scenario, model, build }: Common): string {
  const { platform, profile, ranges, configured } = model;
  return hashOf([build, scenario.templateHash, platform, profile?.constants ?? null, ranges, configured ?? null]);
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
