/** Runs on the local model: each on an emulated account of its own, its repetitions as simulations. */
import { recordOfAll } from "../../metrics/repetitions.ts";
import type { Figures, Model, RunRecord, RunRequest } from "../../model.ts";
import type { Progress } from "../../steps/progress.ts";
import { wallClock } from "../../targets/clock.ts";
import { checkTemplate, openLocal } from "../../targets/local.ts";
import type { LocalChoice, RunOptions } from "../flags/run-options.ts";
import { checkedNumbers } from "./assumptions.ts";
import { loadCalibration } from "./calibration.ts";
import { type ChosenDatabase, tellWhereRowsGo, withDatabase } from "./chosen-database.ts";
import type { Run, Work } from "./run.ts";
import { oneAtATime } from "./side-by-side.ts";

/** The steps of a run with the SDK's clients, which a run on the model needs only when its database is there. */
const loadBench = () => import("../../bench.ts");

/** Throws `bad-template`, `bad-usage`, and what opening the database throws. */
export async function prepareModel(
  { platform, seed, calibration, numbers }: LocalChoice,
  requests: readonly RunRequest[],
  options: RunOptions,
  work: Work,
): Promise<void> {
  const given = checkedNumbers(numbers);
  for (const { scenario } of requests) checkTemplate(scenario);
  const { repeat, ranges } = options;
  const profile = calibration === null ? null : await loadCalibration(calibration, platform);
  const model: Model = { platform, seed, profile, ranges, ...given };
  const runAll = async (database: ChosenDatabase) => {
    const { bench } = await loadBench();
    tellWhereRowsGo(database);
    const databaseUrl = database.url;
    const run: Run = async (request, { signal, left }, { show, onRetry }) => {
      const rows = `Of the run ${request.runId} rows may stay in ${database.description}; there is no record of it.`;
      left.add(rows);
      const runFirst = async (progress: Progress) => {
        const target = await openLocal({ ...model, databaseUrl, onRetry });
        try {
          return await bench(target, request, { signal, wallClock, progress });
        } finally {
          await target.close();
        }
      };
      const isSingle = repeat === 1 && !ranges;
      return (isSingle ? runFirst(show) : runRepeatedly(request, model, runFirst, repeat, show, signal))
        .catch(async (failure) => {
          throw (await database.embedded?.explained(failure)) ?? failure;
        })
        .finally(() => left.delete(rows));
    };
    await work(run, oneAtATime);
  };
  await withDatabase(options, null, runAll, loadBench);
}

/** The record of the first run, with what it says together with simulations of the seeds that follow. */
async function runRepeatedly(
  { scenario, settings, events, spikes, timeoutMs, expected, waitForMetrics }: RunRequest,
  { seed, constants, ...model }: Model,
  runFirst: (progress: Progress) => Promise<RunRecord>,
  repeat: number,
  show: Progress,
  signal: AbortSignal,
): Promise<RunRecord> {
  const variations = Array.from({ length: repeat - 1 }, (_, index) => {
    return { settings, events, ...(spikes && { spikes }), timeoutMs, assumptions: constants, seed: seed + index + 1 };
  });
  const { simulateAll } = await import("../../simulation/workers.ts");
  const over = new AbortController();
  let done = 0;
  const showRuns = () => show({ phase: "repeat", done: done++, runs: repeat });
  showRuns();
  const simulateOthers = async () => {
    const others: Figures[] = [];
    for await (const figures of simulateAll(
      { scenario, model, limit: expected.limit, waitForMetrics },
      variations,
      AbortSignal.any([signal, over.signal]),
    )) {
      others.push(figures);
      showRuns();
    }
    return others;
  };
  // Whatever fails, the first run ends with its clean-up before its database is closed.
  const firstOfAll = runFirst(() => {}).finally(showRuns);
  // Nobody waits for the others of a run that has failed.
  firstOfAll.catch((failure) => over.abort(failure));
  const [first, others] = await Promise.allSettled([firstOfAll, simulateOthers()]);
  if (first.status === "rejected") throw first.reason;
  if (others.status === "rejected") throw others.reason;
  return recordOfAll([first.value, ...others.value], model.ranges);
}
