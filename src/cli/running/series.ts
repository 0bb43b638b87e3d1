/** The work of `run`: one scenario after the other, each on a target of its own, all on one database. */
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bench, type RunRequest } from "../../bench.ts";
import { BenchError, exitStatus } from "../../errors.ts";
import { uncertaintyOf } from "../../metrics/uncertainty.ts";
import type { RunRecord, Scenario } from "../../model.ts";
import { JournalStore } from "../../records/journal.ts";
import { RecordStore } from "../../records/store.ts";
import { findScenarios } from "../../scenarios/catalogue.ts";
import { settingsOf } from "../../scenarios/settings.ts";
import type { Progress } from "../../steps/progress.ts";
import { stackNameOf } from "../../steps/stack.ts";
import { journalsDirectory, runsDirectory } from "../directories.ts";
import { checkedRunId, type LocalChoice, type RunOptions } from "../flags/run-options.ts";
import { printRecords } from "../output.ts";
import { packageVersion } from "../version.ts";
import { type ChosenDatabase, checkGiven, withDatabase } from "./chosen-database.ts";
import { obtainConsent } from "./consent.ts";
import { type Interruption, watchForInterruption } from "./interruption.ts";
import { closeJournal, journalOf, leftBehind } from "./journal.ts";
import { openProgress, tellRetry } from "./progress.ts";
import { runRepetitions } from "./repetitions.ts";
import { calibrationOf, checkScenario, openTarget } from "./target.ts";

/**
 * Saves each record as its run ends, then prints them all, also those that came before a failure.
 * Throws BenchError: with exit status 2 before anything is touched.
 */
export async function runSeries(names: readonly string[], options: RunOptions): Promise<RunRecord[]> {
  if (options.target.name === "aws") checkGiven(options, options.target.endpointUrl);
  const plans = planRuns(names, options);
  for (const { scenario } of plans) await checkScenario(options.target, scenario);
  const interruption = watchForInterruption();
  const records: RunRecord[] = [];
  try {
    const account = options.target.name === "aws" ? await openTarget(options.target, tellRetry) : null;
    await withDatabase(options, account, async (database) => {
      if (account !== null) await obtainConsent(plans, { account, database }, options.yes, interruption.signal);
      for (const plan of plans) {
        interruption.signal.throwIfAborted();
        const record = await runOne(plan, options, database, interruption);
        records.push(record);
        await keepRecord(record);
        // Also where all had come through: who stops the last wait, or the clean-up, does not want what would come after.
        if (interruption.signal.aborted) throw interrupted(record);
      }
    });
  } finally {
    if (records.length > 0) await printRecords(records, options);
    interruption.release();
  }
  if (records.some(({ summary }) => summary.eventsMissing > 0)) process.exitCode = exitStatus.expectation;
  return records;
}

/** Saves the record, says where, and drops the journal. */
export async function keepRecord(record: RunRecord): Promise<void> {
  const file = await new RecordStore(runsDirectory).save(record);
  await new JournalStore(journalsDirectory).remove(record.runId);
  process.stderr.write(`The record of ${record.scenario} is ${file}.\n`);
}

export type Plan = Omit<RunRequest, "signal"> & { stackName: string };

/** What is to be run, checked in every part that needs no target. */
function planRuns(names: readonly string[], options: RunOptions): Plan[] {
  const scenarios = findScenarios(names);
  const plans = scenarios.map((scenario) => {
    const runId = runIdOf(scenario, options.runId, scenarios.length);
    return {
      scenario,
      settings: settingsOf(scenario, options.overrides),
      events: options.events,
      runId,
      stackName: stackNameOf(runId),
      timeoutMs: options.timeoutMs,
      waitForMetrics: options.waitForMetrics,
      keep: options.keep,
      versions: { throttleBench: packageVersion(), node: process.version },
      wallClock: () => new Date().toISOString(),
    };
  });
  const journals = new JournalStore(journalsDirectory);
  plans.forEach(({ runId }, index) => {
    if (journals.has(runId)) {
      throw new BenchError(
        "bad-usage",
        `The run id ${runId} is that of a run that was interrupted; go on with it by \`throttle-bench resume ${runId}\`, or choose another --run-id.`,
      );
    }
    const isTwice = plans.findIndex((plan) => plan.runId === runId) !== index;
    if (isTwice || existsSync(join(runsDirectory, `${runId}.json`))) {
      throw new BenchError(
        "bad-usage",
        `The run id ${runId} ${isTwice ? "would be given twice" : "is taken"}; choose another --run-id.`,
      );
    }
  });
  return plans;
}

/** The given id, with the scenario's name behind it where there are several; else one like `20261123-094512-scenario-4-x7k2`. */
export function runIdOf({ name }: Pick<Scenario, "name">, given: string | null, scenarios: number): string {
  const suffix = name.replace(/[^A-Za-z0-9-]+/g, "-");
  if (given !== null) return scenarios === 1 ? given : checkedRunId(`${given}-${suffix}`);
  const [day, time] = new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .split("T");
  const chance = randomInt(36 ** 4)
    .toString(36)
    .padStart(4, "0");
  return `${day}-${time}-${suffix.slice(0, 40)}-${chance}`;
}

export async function runOne(
  plan: Plan,
  options: RunOptions,
  database: ChosenDatabase,
  interruption: Interruption,
): Promise<RunRecord> {
  const request = { ...plan, signal: interruption.signal };
  const progress = await openProgress(request.scenario.name, options.target.name, options.json);
  try {
    if (options.repeat > 1 && options.target.name === "local") {
      return await runRepeatedly(request, options.target, options, database.url, progress.show);
    }
    const target = await openTarget(options.target, progress.onRetry, database);
    if (target.name === "aws") {
      interruption.left = leftBehind(target, plan.runId);
    }
    try {
      return await bench(target, request, progress.show, await journalOf(target, request, options.target));
    } catch (failure) {
      if (failure instanceof BenchError) await closeJournal(plan.runId, failure);
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
  { signal, wallClock, keep, waitForMetrics, ...request }: RunRequest,
  target: LocalChoice,
  { repeat, ranges }: RunOptions,
  databaseUrl: string,
  show: Progress,
): Promise<RunRecord> {
  const profile = await calibrationOf(target);
  const jobs = Array.from({ length: repeat }, (_, index) => ({
    ...request,
    runId: index === 0 ? request.runId : `${request.runId}-r${index + 1}`,
    seed: target.seed + index,
    platform: target.platform,
    profile,
    ranges,
    constants: {},
    databaseUrl,
  }));
  const records = await runRepetitions(jobs, (done) => show({ phase: "repeat", done, runs: repeat }), signal);
  const runs = records.map(({ summary }, index) => ({ seed: jobs[index]!.seed, summary }));
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
