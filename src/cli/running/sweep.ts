/** Simulates the cells of a sweep, goes on where an earlier process of the same sweep ended, and judges each cell. */
import { BenchError, exitStatus } from "../../errors.ts";
import { wayNameOf } from "../../metrics/ways.ts";
import type { Model, Scenario } from "../../model.ts";
import { openSweepJournal } from "../../records/sweep-journal.ts";
import { buildOf } from "../../simulation/build.ts";
import type { Simulating } from "../../simulation/simulating.ts";
import { judged, leastOf } from "../../simulation/sweep/judgement.ts";
import { type Common, jobsOf, simulateCells, sweepName } from "../../simulation/sweep/simulations.ts";
import type { Cell, Sweep } from "../../simulation/sweep/sweep.ts";
import { workerFile } from "../../simulation/workers.ts";
import { assumptionsIn, modelNumbers } from "../../targets/assumptions.ts";
import { sweepsDirectory } from "../directories.ts";
import { tell } from "../output.ts";
import type { Grid } from "./grid.ts";
import { echoMs } from "./interruption.ts";
import { openCount } from "./progress.ts";

export interface SweepChoice {
  scenario: Scenario;
  grid: Grid;
  model: Model;
  /** simulations of each cell, with consecutive seeds */
  repeat: number;
  timeoutMs: number;
  /** drops what the journal of an earlier process holds */
  isFresh: boolean;
}

/** Throws `bad-setting` where AWS would refuse every cell, `interrupted` with what to do, and what a simulation throws. */
export async function simulateSweep(
  { scenario, grid, model: { seed, constants, ...model }, repeat, timeoutMs, isFresh }: SweepChoice,
  simulators: Simulating,
): Promise<Sweep> {
  const seeds = Array.from({ length: repeat }, (_, index) => seed + index);
  const common: Common = { scenario, model, seeds, timeoutMs, build: await buildOf(workerFile) };
  const jobs = jobsOf(grid.cells, common);
  if (jobs.length === 0) {
    const { refusal } = grid.cells[0]!;
    throw new BenchError("bad-setting", `AWS would refuse all ${grid.cells.length} cells; of the first: ${refusal}`);
  }
  const journal = await openSweepJournal(sweepsDirectory, sweepName(common, jobs), isFresh);
  const known = jobs.filter(({ key }) => journal.known.has(key)).length;
  tell(sizeText(grid, repeat, jobs.length));
  tell(journalText(journal.path, known, jobs.length));
  let done = known;
  const interruption = watchForInterruption();
  const progress = await openCount(`sweep of ${scenario.name}`, "simulations");
  const told = (now: number) => {
    done = now;
    progress.show(done, jobs.length);
  };
  try {
    const runs = await simulateCells(jobs, common, simulators, journal, told, interruption.signal);
    const way = wayNameOf(scenario);
    const profile = model.profile?.name ?? null;
    const from = { kind: "prediction", target: "local", endpoint: null, seeds, profile } as const;
    const { platform, ranges } = model;
    const cells = grid.cells.map((cell, index) => {
      const ofCell = runs.get(index) ?? [];
      const [refusal, all] = typeof ofCell === "string" ? [ofCell, []] : [cell.refusal, ofCell];
      return judged({ ...cell, refusal }, way, { ...from, platform, ranges, events: cell.events }, all);
    });
    return {
      way,
      platform,
      profile,
      ranges,
      seeds,
      axes: grid.axes,
      fixed: grid.fixed,
      assumptions: assumptionsIn(modelNumbers({ ...model, seed, constants: grid.cells[0]!.assumptions })),
      cells,
      fastest: leastOf(cells, "timeTakenSeconds", "costPerMillionEvents"),
      cheapest: leastOf(cells, "costPerMillionEvents", "timeTakenSeconds"),
    };
  } catch (error) {
    if (error !== interruption.signal.reason) throw error;
    throw new BenchError(
      "interrupted",
      `The sweep was interrupted: ${done} of ${jobs.length} simulations are kept, and the same command goes on with them.`,
    );
  } finally {
    progress.stop();
    interruption.release();
    await journal.close();
  }
}

/** `42 cells (VisibilityTimeout 7 × ReservedConcurrency 6), of which AWS would refuse 3; with 5 seeds each, 195 simulations.` */
function sizeText({ axes, cells }: Grid, repeat: number, jobs: number): string {
  const sizes = axes.map(({ name, values }) => `${name} ${values.length}`).join(" × ");
  const refused = cells.filter(({ refusal }: Cell) => refusal !== null).length;
  const without = refused === 0 ? "" : `, of which AWS would refuse ${refused}`;
  const seeds = repeat === 1 ? "with one seed" : `with ${repeat} seeds each`;
  return `${cells.length} cells (${sizes})${without}; ${seeds}, ${jobs} simulations.`;
}

function journalText(path: string, known: number, jobs: number): string {
  if (known === 0) return `Each is kept in ${path}; the same command goes on where it was ended.`;
  const rest = known === jobs ? "and simulates none" : `and simulates the other ${jobs - known}`;
  return `Takes ${known} of ${jobs} from ${path} ${rest}; --fresh begins anew.`;
}

interface Watch {
  signal: AbortSignal;
  release(): void;
}

/** Nothing has to be cleaned up, so that another signal ends the process at once. */
function watchForInterruption(): Watch {
  const controller = new AbortController();
  let interruptedAt: number | null = null;
  const interrupt = () => {
    if (interruptedAt !== null && Date.now() - interruptedAt > echoMs) process.exit(exitStatus.interrupted);
    interruptedAt ??= Date.now();
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}
