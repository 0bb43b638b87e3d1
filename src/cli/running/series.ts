/** The work of `run`: one scenario after the other, each on a target of its own, all on one database. */
import { bench } from "../../bench.ts";
import { BenchError, exitStatus } from "../../errors.ts";
import { uncertaintyOf } from "../../metrics/uncertainty.ts";
import type { RunRecord, RunRequest } from "../../model.ts";
import { JournalStore } from "../../records/journal.ts";
import { RecordStore } from "../../records/store.ts";
import type { Progress } from "../../steps/progress.ts";
import { wallClock } from "../../targets/clock.ts";
import { journalsDirectory, runsDirectory } from "../directories.ts";
import type { LocalChoice, RunOptions } from "../flags/run-options.ts";
import { printRecords } from "../output.ts";
import { type ChosenDatabase, checkGiven, withDatabase } from "./chosen-database.ts";
import { obtainConsent } from "./consent.ts";
import { type Interruption, watchForInterruption } from "./interruption.ts";
import { closeJournal, journalOf, leftBehind } from "./journal.ts";
import { openProgress, tellRetry } from "./progress.ts";
import { runRepetitions } from "./repetitions.ts";
import { chooseRequests } from "./requests.ts";
import { calibrationOf, checkScenario, openAccount, openTarget } from "./target.ts";

/** How the run of one scenario ended. */
export interface Ending {
  scenario: string;
  /** null: nothing was measured */
  record: RunRecord | null;
  /** null: nothing failed */
  failure: unknown;
}

/**
 * Runs one scenario after the other until one fails, then prints the records, also those that came before a failure.
 * Throws BenchError: with exit status 2 before anything is touched.
 */
export async function runSeries(names: readonly string[], options: RunOptions): Promise<void> {
  const records: RunRecord[] = [];
  try {
    await runEach(names, options, ({ record, failure }) => {
      if (record !== null) records.push(record);
      if (failure !== null) throw failure;
    });
  } finally {
    if (records.length > 0) await printRecords(records, options);
  }
  if (records.some(({ summary }) => summary.eventsMissing > 0)) process.exitCode = exitStatus.expectation;
}

/**
 * Runs every scenario, and saves each record as its run ends. `ended` is told of each, in order, and ends the series by throwing; an
 * interruption is the failure of all that come after it. Throws BenchError: with exit status 2 before anything is touched.
 */
export async function runEach(
  names: readonly string[],
  options: RunOptions,
  ended: (ending: Ending) => void,
): Promise<void> {
  if (options.target.name === "aws") checkGiven(options, options.target.endpointUrl);
  const requests = chooseRequests(names, options);
  for (const { scenario } of requests) await checkScenario(options.target, scenario);
  const interruption = watchForInterruption();
  try {
    const account = options.target.name === "aws" ? await openAccount(options.target, tellRetry) : null;
    await withDatabase(options, account, async (database) => {
      if (account !== null) await obtainConsent(requests, { account, database }, options.yes, interruption.signal);
      for (const request of requests) {
        const ending: Ending = { scenario: request.scenario.name, record: null, failure: null };
        try {
          interruption.signal.throwIfAborted();
          ending.record = await runOne(request, options, database, interruption);
          await keepRecord(ending.record);
          // Also where all had come through: who stops the last wait, or the clean-up, does not want what would come after.
          if (interruption.signal.aborted) throw interrupted(ending.record);
        } catch (failure) {
          ending.failure = failure;
        }
        ended(ending);
      }
    });
  } finally {
    interruption.release();
  }
}

/** Saves the record, says where, and drops the journal. */
export async function keepRecord(record: RunRecord): Promise<void> {
  const file = await new RecordStore(runsDirectory).save(record);
  await new JournalStore(journalsDirectory).remove(record.runId);
  process.stderr.write(`The record of ${record.scenario} is ${file}.\n`);
}

export async function runOne(
  request: RunRequest,
  options: RunOptions,
  database: ChosenDatabase,
  interruption: Interruption,
): Promise<RunRecord> {
  const { signal } = interruption;
  const progress = await openProgress(request.scenario.name, options.target.name, options.json);
  try {
    if (options.repeat > 1 && options.target.name === "local") {
      return await runRepeatedly(request, options.target, options, database.url, progress.show, signal);
    }
    const target = await openTarget(options.target, progress.onRetry, database);
    if (target.origin.target === "aws") interruption.left = leftBehind(target, request.runId);
    try {
      const journal = await journalOf(target, request, options.target);
      return await bench(target, request, { signal, wallClock, progress: progress.show, journal });
    } catch (failure) {
      if (failure instanceof BenchError) await closeJournal(request.runId, failure);
      throw failure;
    } finally {
      interruption.left = null;
      await target.close();
    }
  } finally {
    progress.stop();
  }
}

/** The record of the first repetition, with what all of them say together. */
async function runRepeatedly(
  request: RunRequest,
  target: LocalChoice,
  { repeat, ranges }: RunOptions,
  databaseUrl: string,
  show: Progress,
  signal: AbortSignal,
): Promise<RunRecord> {
  const { platform, seed } = target;
  const profile = await calibrationOf(target);
  const jobs = Array.from({ length: repeat }, (_, index) => ({
    request: { ...request, runId: index === 0 ? request.runId : `${request.runId}-r${index + 1}` },
    model: { platform, seed: seed + index, profile, ranges, constants: {} },
    databaseUrl,
  }));
  const showRuns = (done: number) => show({ phase: "repeat", done, runs: repeat });
  showRuns(0);
  const records = await runRepetitions(jobs, showRuns, signal);
  const runs = records.map(({ summary }, index) => ({ seed: seed + index, summary }));
  return { ...records[0]!, uncertainty: uncertaintyOf(runs, ranges) };
}

export function interrupted(record: RunRecord): BenchError {
  const error = new BenchError(
    "interrupted",
    `The run ${record.runId} was interrupted; what had been measured is shown and recorded.`,
  );
  error.cleanUp = record.cleanUp;
  return error;
}
