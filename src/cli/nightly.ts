/** The work of `nightly`: the runs of `run`, held against the newest records of a directory of good nights. */
import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import { BenchError, exitStatus, messageOf } from "../errors.ts";
import { type Fault, failedNight, judgeNight, type Night } from "../metrics/night.ts";
import { BaselineStore } from "../records/baselines.ts";
import { nightFormats, nightMarkdown, nightTable } from "../reports/nights.ts";
import type { NightlyFlags } from "./commands/nightly.ts";
import { runsDirectory } from "./directories.ts";
import { compareOptions } from "./flags/configuration.ts";
import { chosenFormats } from "./flags/formats.ts";
import type { RunOptions } from "./flags/run-options.ts";
import { badUsage } from "./flags/values.ts";
import { outputOptions, print } from "./output.ts";
import { runEach } from "./running/series.ts";

/**
 * Runs every scenario, whatever becomes of the others, and prints the outcome of each. Sets exit status 1 for a regression or missing
 * events; throws the worst failure of a run once everything is printed.
 */
export async function nightly(names: readonly string[], options: RunOptions, flags: NightlyFlags): Promise<void> {
  const directory = flags.baseline;
  if (resolve(directory) === resolve(runsDirectory)) {
    throw badUsage(`--baseline ${directory} holds every run, also those of bad nights; give another directory.`);
  }
  const { text } = chosenFormats(nightFormats, flags);
  const comparing = await compareOptions(flags);
  const baselines = new BaselineStore(directory);
  const earlier = await baselines.list();

  const failures: unknown[] = [];
  const nights: Night[] = [];
  await runEach(names, options, ({ scenario, record, failure }) => {
    if (failure === null) {
      nights.push(judgeNight(record!, earlier, flags.accept === true, comparing));
    } else {
      failures.push(failure);
      nights.push(failedNight(scenario, faultOf(failure), record));
    }
  });

  const isInterrupted = failures.some(isInterruption);
  try {
    if (!isInterrupted) {
      failures.push(...(await saveBaselines(nights, baselines)));
      await trimBaselines(nights, baselines, flags.keep);
    }
  } finally {
    const output = outputOptions();
    print(text === null ? nightTable(nights, output) : text.format.text(nights, output, text.choice));
    const summary = process.env.GITHUB_STEP_SUMMARY;
    if (summary) await appendFile(summary, `${nightMarkdown(nights, output)}\n`);
  }
  const [worst] = failures.sort((a, b) => statusOf(b) - statusOf(a));
  if (worst !== undefined) throw worst;
  if (nights.some(({ faults }) => faults.length > 0)) process.exitCode = exitStatus.expectation;
}

/** Makes tonight's good runs the next baselines, and resolves with the failures: a run that could not be saved is none. */
async function saveBaselines(nights: readonly Night[], baselines: BaselineStore): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const night of nights.filter(({ faults }) => faults.length === 0)) {
    try {
      const file = await baselines.save(night.record!);
      night.isBaseline = true;
      process.stderr.write(`The baseline of ${night.scenario} is ${file}.\n`);
    } catch (failure) {
      failures.push(failure);
      night.faults.push(faultOf(failure));
    }
  }
  return failures;
}

async function trimBaselines(nights: readonly Night[], baselines: BaselineStore, keep: number): Promise<void> {
  const scenarios = nights.map(({ scenario }) => scenario);
  const current = nights.map(({ isBaseline, record, baseline }) => (isBaseline ? record!.runId : baseline));
  for (const file of await baselines.trim(scenarios, keep, current)) {
    process.stderr.write(`Removed ${file}, because --keep is ${keep}.\n`);
  }
}

function faultOf(failure: unknown): Fault {
  const message = messageOf(failure);
  const cleanUp = failure instanceof BenchError ? failure.cleanUp : null;
  return {
    code: isInterruption(failure) ? "interrupted" : "failed",
    message: cleanUp === null ? message : `${message} ${cleanUp}`,
  };
}

function isInterruption(failure: unknown): boolean {
  return failure instanceof BenchError && failure.code === "interrupted";
}

/** A bug is worse than whatever can be told of by a status. */
function statusOf(failure: unknown): number {
  return failure instanceof BenchError ? failure.exitStatus : Number.POSITIVE_INFINITY;
}
