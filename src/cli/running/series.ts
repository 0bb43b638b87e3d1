/** The work of `run`: one scenario after the other, until one fails. */
import { BenchError, exitStatus } from "../../errors.ts";
import { missingEvents } from "../../metrics/caveats.ts";
import type { RunRecord, RunRequest } from "../../model.ts";
import { JournalStore } from "../../records/journal.ts";
import { RecordStore } from "../../records/store.ts";
import { journalsDirectory, runsDirectory } from "../directories.ts";
import type { RunOptions } from "../flags/run-options.ts";
import { outputOptions, print, printRecords, tell } from "../output.ts";
import { type Interruption, watchForInterruption } from "./interruption.ts";
import { prepare } from "./prepare.ts";
import { openProgress } from "./progress.ts";
import { chooseRequests } from "./requests.ts";
import type { Run } from "./run.ts";

/** How the run of one scenario ended. */
export interface Ending {
  scenario: string;
  /** null: nothing was measured */
  record: RunRecord | null;
  /** null: nothing failed */
  failure: unknown;
}

/**
 * Runs one scenario after the other until one fails, then prints the record, or the records side by side, also those that came before a
 * failure. Throws BenchError: with exit status 2 before anything is touched.
 */
export async function runSeries(names: readonly string[], options: RunOptions): Promise<void> {
  const records: RunRecord[] = [];
  try {
    await runEach(names, options, ({ record, failure }) => {
      if (record !== null) records.push(record);
      if (failure !== null) throw failure;
    });
  } finally {
    if (records.length > 0) await printSeries(names, records, options);
  }
  if (records.some(isBelowExpectation)) process.exitCode = exitStatus.expectation;
}

/** A record by itself, several side by side. */
async function printSeries(
  names: readonly string[],
  records: readonly RunRecord[],
  { json, details }: RunOptions,
): Promise<void> {
  if (json || records.length === 1) return printRecords(records, { json, details });
  const [{ findScenarios }, { wayNameOf, wayOfRecord }, { seriesTable }] = await Promise.all([
    import("../../scenarios/catalogue.ts"),
    import("../../metrics/ways.ts"),
    import("../../reports/comparisons/ways.ts"),
  ]);
  const scenarios = findScenarios(names);
  const ways = records.map((record) => {
    const { scenario: name, templateHash } = record;
    const scenario = scenarios.find((one) => one.name === name && one.templateHash === templateHash)!;
    return wayOfRecord(wayNameOf(scenario), record);
  });
  print(seriesTable(ways, records, outputOptions(details)));
}

/** Says whether a run misses events, or breaks what it was given to keep. */
export function isBelowExpectation(record: RunRecord): boolean {
  return missingEvents(record).length > 0 || (record.verdict?.broken.length ?? 0) > 0;
}

/**
 * Chooses, prepares and runs every scenario, and saves each record as its run ends. `ended` is told of each, in order, and ends the
 * series by throwing. An interruption is the failure of all runs that come after it.
 * Throws BenchError: with exit status 2 before anything is touched.
 */
export async function runEach(
  names: readonly string[],
  options: RunOptions,
  ended: (ending: Ending) => void,
): Promise<void> {
  const requests = chooseRequests(names, options);
  await tellWarnings(requests);
  const interruption = watchForInterruption();
  try {
    await prepare(requests, options, interruption.signal, async (run) => {
      for (const request of requests) {
        ended(await runOne(run, request, options, interruption));
      }
    });
  } finally {
    interruption.release();
  }
}

/** Says on stderr what the user set or wrote that loses events. */
async function tellWarnings(requests: readonly RunRequest[]): Promise<void> {
  if (requests.every(({ warnings = [] }) => warnings.length === 0)) return;
  const { warningText } = await import("../../reports/warnings.ts");
  for (const { scenario, warnings = [] } of requests) {
    for (const warning of warnings) tell(`warning: ${scenario.name}: ${warningText(warning)}`);
  }
}

/** Runs one request, with its progress shown, and saves its record. It never rejects. */
export async function runOne(
  run: Run,
  request: RunRequest,
  { target, json }: Pick<RunOptions, "target" | "json">,
  interruption: Interruption,
): Promise<Ending> {
  const ending: Ending = { scenario: request.scenario.name, record: null, failure: null };
  try {
    interruption.signal.throwIfAborted();
    const progress = await openProgress(ending.scenario, target.name, json);
    const record = await run(request, interruption, progress).finally(progress.stop);
    ending.record = record;
    const file = await new RecordStore(runsDirectory).save(record);
    await new JournalStore(journalsDirectory).remove(record.runId);
    process.stderr.write(`The record of ${record.scenario} is ${file}.\n`);
    // A run that came through is no exception: who stops its clean-up does not want what would come after.
    if (interruption.signal.aborted) throw interrupted(record);
  } catch (failure) {
    ending.failure = failure;
  }
  return ending;
}

function interrupted({ runId, cleanUp }: RunRecord): BenchError {
  const message = `The run ${runId} was interrupted; what had been measured is shown and recorded.`;
  const error = new BenchError("interrupted", message);
  error.cleanUp = cleanUp;
  return error;
}
