/** The work of `run`: the scenarios one after the other, or side by side, until one fails. */
import { BenchError, exitStatus, messageOf } from "../../errors.ts";
import { missingEvents } from "../../metrics/caveats.ts";
import type { RunRecord, RunRequest, Scenario } from "../../model.ts";
import { JournalStore } from "../../records/journal.ts";
import { RecordStore } from "../../records/store.ts";
import { reservedConcurrency } from "../../scenarios/reservation.ts";
import { nothingIgnored } from "../../targets/service-rules.ts";
import { journalsDirectory, runsDirectory } from "../directories.ts";
import type { RunOptions } from "../flags/run-options.ts";
import { outputOptions, print, printRecords, tell } from "../output.ts";
import { type Interruption, watchForInterruption } from "./interruption.ts";
import { endedEarly } from "./ledger.ts";
import { prepare } from "./prepare.ts";
import { openProgress, openSeries, type SeriesDisplay } from "./progress.ts";
import { chooseRequests } from "./requests.ts";
import type { Run } from "./run.ts";
import { sideBySide } from "./side-by-side.ts";

/** How the run of one scenario ended. */
export interface Ending {
  scenario: string;
  /** null: nothing was measured */
  record: RunRecord | null;
  /** null: nothing failed */
  failure: unknown;
}

/**
 * Runs the scenarios until one fails, then prints the record, or the records side by side, also those that came before a failure.
 * Throws BenchError: with exit status 2 before anything is touched.
 */
export async function runSeries(scenarios: readonly Scenario[], options: RunOptions): Promise<void> {
  let endings: Ending[] = [];
  let records: RunRecord[] = [];
  try {
    await runEach(scenarios, options, ({ failure }, soFar) => {
      endings = soFar;
      return failure === null ? "go on" : "stop";
    });
  } finally {
    records = endings.flatMap(({ record }) => record ?? []);
    if (records.length > 0) await printSeries(scenarios, records, options);
  }
  const failed = endings.filter(({ failure }) => failure !== null);
  if (failed.length > 0) throw worstOfAll(failed);
  if (records.some(isBelowExpectation)) process.exitCode = exitStatus.expectation;
}

/** The failure that a series ends with. Of the others each is told with what became of its stack. */
function worstOfAll(failed: readonly Ending[]): unknown {
  const worst = worstOf(failed.map(({ failure }) => failure));
  for (const { scenario, failure } of failed) {
    if (failure === worst) continue;
    const cleanUp = failure instanceof BenchError && failure.cleanUp !== null ? ` ${failure.cleanUp}` : "";
    tell(`error: ${scenario}: ${messageOf(failure)}${cleanUp}`);
  }
  return worst;
}

/** The failure with the highest exit status, of these the first. A bug goes before every failure that has a status. */
export function worstOf(failures: readonly unknown[]): unknown {
  const statusOf = (failure: unknown) =>
    failure instanceof BenchError ? failure.exitStatus : Number.POSITIVE_INFINITY;
  return failures.reduce((worst, failure) => (statusOf(failure) > statusOf(worst) ? failure : worst));
}

/** A record by itself, several side by side. */
async function printSeries(
  scenarios: readonly Scenario[],
  records: readonly RunRecord[],
  { json, details }: RunOptions,
): Promise<void> {
  if (json || records.length === 1) return printRecords(records, { json, details });
  const [{ wayNameOf, wayOfRecord }, { seriesTable }] = await Promise.all([
    import("../../metrics/ways.ts"),
    import("../../reports/comparisons/ways.ts"),
  ]);
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
 * Chooses, prepares and runs every scenario, several side by side where that was asked for and there is room, and saves each record as
 * its run ends. `ended` is told of each as it ends, with all until then in the order of the scenarios; after "stop" no other is begun.
 * An interruption is the failure of all runs that go on, and of all that would come after. Resolves with all endings.
 * Throws BenchError: with exit status 2 before anything is touched.
 */
export async function runEach(
  scenarios: readonly Scenario[],
  options: RunOptions,
  ended: (ending: Ending, soFar: Ending[]) => "go on" | "stop",
): Promise<Ending[]> {
  const requests = chooseRequests(scenarios, options);
  await tellIgnored(requests);
  await tellWarnings(requests);
  const interruption = watchForInterruption();
  const series = openSeries(requests.length);
  const ends = new Map<RunRequest, Ending>();
  const endings = () => requests.flatMap((request) => ends.get(request) ?? []);
  try {
    await prepare(requests, options, interruption.signal, (run, room) =>
      sideBySide(requests, room, {
        reserved: ({ scenario, settings }) => reservedConcurrency(scenario, settings),
        run: (request) => runOne(run, request, options, interruption, room.runs === 1, series),
        ended: (ending, request) => {
          ends.set(request, ending);
          series.ended();
          return ended(ending, endings());
        },
        waits: (request, reservable) => tell(waitText(request, reservable)),
      }),
    );
  } finally {
    interruption.release();
  }
  return endings();
}

function waitText({ scenario, settings }: RunRequest, reservable: number): string {
  const reserved = reservedConcurrency(scenario, settings);
  return `${scenario.name} waits for others to end: it reserves a concurrency of ${reserved}, and beside them Lambda lets ${Math.max(0, reservable)} be reserved.`;
}

/** Says on stderr, in a line for each scenario, what of its template is not looked at. */
async function tellIgnored(requests: readonly RunRequest[]): Promise<void> {
  if (requests.every(({ ignored }) => ignored === nothingIgnored)) return;
  const { ignoredLine } = await import("../../reports/ignored.ts");
  for (const { scenario, ignored = null } of requests) {
    const line = ignoredLine(ignored);
    if (line !== null) tell(`${scenario.name}: ${line}`);
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

/** Runs one request, with its progress shown, and saves its record. `isAlone`: no other goes on meanwhile. It never rejects. */
export async function runOne(
  run: Run,
  request: RunRequest,
  { target, json }: Pick<RunOptions, "target" | "json">,
  interruption: Interruption,
  isAlone = true,
  series?: SeriesDisplay,
): Promise<Ending> {
  const ending: Ending = { scenario: request.scenario.name, record: null, failure: null };
  try {
    interruption.signal.throwIfAborted();
    const progress = await openProgress(ending.scenario, target.name, json, isAlone, series);
    const record = await run(request, interruption, progress).finally(progress.stop);
    ending.record = record;
    const file = await new RecordStore(runsDirectory).save(record);
    await new JournalStore(journalsDirectory).remove(record.runId);
    process.stderr.write(`The record of ${record.scenario} is ${file}.\n`);
    // A run that came through is no exception: who stops its clean-up does not want what would come after.
    if (interruption.signal.aborted) throw endedEarly(record, interruption.signal.reason);
  } catch (failure) {
    ending.failure = failure;
  }
  return ending;
}
