/** `throttle-bench nightly`: runs scenarios, holds each against its last good night, and tells a CI job the outcome of all. */
import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import { BenchError, exitStatus, messageOf } from "../../errors.ts";
import { type Fault, failedNight, judgeNight, type Night } from "../../metrics/night.ts";
import type { RunRecord } from "../../model.ts";
import { BaselineStore } from "../../records/baselines.ts";
import { nightFormats, nightMarkdown, nightTable } from "../../reports/nights.ts";
import { runsDirectory } from "../directories.ts";
import { burst } from "../flags/burst.ts";
import { compareOptions, comparison } from "../flags/comparison.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { expectations } from "../flags/expectations.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { model } from "../flags/model.ts";
import { account, creation, database, maxCost, parallel, target } from "../flags/place.ts";
import { type RunOptions, repeat, runOptions, timeout } from "../flags/run-options.ts";
import { badUsage, text, wholeNumber } from "../flags/values.ts";
import { outputOptions, print, tell } from "../output.ts";
import { chooseScenarios } from "../running/chosen-scenarios.ts";
import { runEach, worstOf } from "../running/series.ts";
import { defineVerb } from "../verb.ts";

/** So many runs let the rank test find a difference of a tenth. An account has no seeds to repeat with. */
const localRepeats = 10;

const groups = [
  {
    title: "Baseline",
    flags: {
      baseline: {
        takes: "<directory>",
        read: text,
        default: "nightly",
        help: "where the records of good nights are kept",
      },
      accept: { help: "make tonight's the baseline, whatever the comparison says" },
      keep: {
        takes: "<n>",
        read: wholeNumber(1, 100_000),
        default: "30",
        help: "good nights of a scenario that stay there",
      },
    },
  },
  comparison,
  expectations,
  burst,
  {
    title: model.title,
    flags: { ...model.flags, repeat: { ...repeat, help: `local runs of each scenario (default: ${localRepeats})` } },
  },
  { title: "Target and database", flags: { target, ...database, timeout } },
  {
    title: "With --target aws",
    flags: { ...account.flags, ...creation, maxCost, parallel },
  },
  { title: "Formats", flags: formatFlags(nightFormats) },
] as const;

export const verb = defineVerb({
  operands: [
    {
      name: "[scenario...]",
      help: "names as `list` prints them, all, or the path of a template",
      default: ["all"],
      words: ["all"],
    },
  ],
  flags: groups,
  help: `Tonight's run of a scenario is compared with its baseline: the newest good night
in the baseline directory that the same version of the model made. A good night
becomes the next baseline. A night with a regression does so only by --accept;
one that misses events, or completes none, never does. Where GITHUB_STEP_SUMMARY
names a file, the outcome is appended to it as Markdown.

Examples:
  throttle-bench nightly
  throttle-bench nightly scenario-5 --repeat 20 --threshold timeTaken=5%
  throttle-bench nightly --target aws --yes --baseline nightly-aws

Exit status: 0 no regression, an accepted one, or no baseline yet;
1 a regression, missing events, nothing completed, or a run that breaks what a
flag of the verdict or the configuration file asks for; 2 bad input;
3 the target failed; 130 interrupted.`,
  /** Sets exit status 1 for nights that are not good. Throws the worst failure of a run, once every outcome is printed. */
  async run(flags, names: string[]) {
    const { baseline: directory, keep } = flags;
    if (resolve(directory) === resolve(runsDirectory)) {
      throw badUsage(`--baseline ${directory} holds every run, also those of bad nights; give another directory.`);
    }
    const format = chosenFormats(nightFormats, flags).text;
    const comparing = await compareOptions(flags);
    const options = await nightOptions(flags);
    const baselines = new BaselineStore(directory);
    const earlier = await baselines.list();

    const endings = await runEach(await chooseScenarios(names, flags), options, ({ scenario, failure }) => {
      if (failure !== null && !isInterruption(failure)) tell(`${scenario} failed, and the night goes on.`);
      return "go on";
    });
    const failures: unknown[] = endings.map(({ failure }) => failure).filter((failure) => failure !== null);
    const nights = endings.map(({ scenario, record, failure }) =>
      failure === null
        ? judgeNight(record!, earlier, flags.accept === true, comparing)
        : failedNight(scenario, faultOf(failure), record),
    );
    if (!failures.some(isInterruption)) failures.push(...(await saveBaselines(nights, baselines, earlier, keep)));

    const output = outputOptions();
    print(format === null ? nightTable(nights, output) : format.format.text(nights, output, format.choice));
    await appendSummary(`${nightMarkdown(nights, output)}\n`).catch((failure) => failures.push(failure));
    if (failures.length > 0) throw worstOf(failures);
    if (nights.some(({ faults }) => faults.length > 0)) process.exitCode = exitStatus.expectation;
  },
});

/** The options of `run`, with repeats where the target is local. */
async function nightOptions({ keep: _, ...flags }: AllFlagsOf<typeof groups>): Promise<RunOptions> {
  const { run: defaults } = await readConfiguration(flags.config);
  const options = runOptions(flags, process.env, defaults);
  if (options.target.name !== "local" || flags.repeat !== undefined) return options;
  return { ...options, repeat: localRepeats };
}

/** Makes tonight's good runs the next baselines. Resolves with the failures, because a run that could not be saved is no baseline. */
async function saveBaselines(
  nights: readonly Night[],
  baselines: BaselineStore,
  earlier: readonly RunRecord[],
  keep: number,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const night of nights) {
    if (night.record === null || night.faults.length > 0) continue;
    try {
      const file = await baselines.save(night.record);
      night.isBaseline = true;
      tell(`The baseline of ${night.scenario} is ${file}.`);
      for (const removed of await baselines.trim(night.record, earlier, keep)) {
        tell(`Removed ${removed}, because --keep is ${keep}.`);
      }
    } catch (failure) {
      failures.push(failure);
      night.faults.push(faultOf(failure));
    }
  }
  return failures;
}

/** Appends to the summary of a GitHub job, where there is one. Throws `target-failed`. */
async function appendSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  await appendFile(file, markdown).catch((cause) => {
    const message = `The summary could not be appended to ${file} (${messageOf(cause)}); let GITHUB_STEP_SUMMARY name a writable file.`;
    throw new BenchError("target-failed", message, { cause });
  });
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
