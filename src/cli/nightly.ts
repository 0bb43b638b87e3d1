/** The work of `nightly`: the runs of `run`, held against the newest records of a directory of good nights. */
import { appendFile } from "node:fs/promises";
import { BenchError, exitStatus } from "../errors.ts";
import { type Comparison, compare, regressionsOf } from "../metrics/compare.ts";
import { sideOf } from "../metrics/sides.ts";
import type { RunRecord } from "../model.ts";
import { RecordStore } from "../records/store.ts";
import { compareMarkdown } from "../reports/comparisons/markdown.ts";
import { compareTable } from "../reports/comparisons/table.ts";
import type { NightlyFlags } from "./commands/nightly.ts";
import { compareOptions } from "./flags/configuration.ts";
import type { RunOptions } from "./flags/run-options.ts";
import { outputOptions, print } from "./output.ts";
import { runSeries } from "./running/series.ts";

/** Ends with status 1 at a regression; without a baseline there is none to be found, and that is said. */
export async function nightly(names: readonly string[], options: RunOptions, flags: NightlyFlags): Promise<void> {
  const comparing = await compareOptions(flags);
  const baselines = new RecordStore(flags.baseline);
  const earlier = await goodNights(baselines);
  const records = await runSeries(names, options);

  const comparisons: Comparison[] = [];
  const remarks: string[] = [];
  for (const record of records) {
    const { scenario } = record;
    const baseline = earlier.find((night) => night.scenario === scenario);
    const comparison = baseline && compare(sideOf([baseline]), sideOf([record]), comparing);
    if (comparison) comparisons.push(comparison);
    const isWorse = comparison !== undefined && regressionsOf(comparison).length > 0;
    if (isWorse) process.exitCode = exitStatus.expectation;
    if (isWorse && !flags.accept) {
      remarks.push(
        `The baseline of ${scenario} stays ${baseline!.runId}; --accept takes a run like tonight's for the next one.`,
      );
    } else {
      await baselines.save(record);
      const isFirst = baseline === undefined;
      remarks.push(
        isFirst
          ? `There was no baseline of ${scenario} in ${flags.baseline}, so nothing was compared; tonight's run is the first.`
          : `Tonight's run is the next baseline of ${scenario}.`,
      );
    }
  }
  await tell(comparisons, remarks);
}

/** Newest first. Throws `bad-record` for a file that cannot be read, because it may be the one that was meant. */
async function goodNights(baselines: RecordStore): Promise<RunRecord[]> {
  const { records, problems } = await baselines.list();
  if (problems.length > 0) throw new BenchError("bad-record", problems.map(({ problem }) => problem).join("\n"));
  return records;
}

async function tell(comparisons: Comparison[], remarks: string[]): Promise<void> {
  const output = outputOptions();
  if (comparisons.length > 0) print(`\n\n${compareTable(comparisons, output)}`);
  print(`\n${remarks.join("\n")}`);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (!summary) return;
  const parts = [
    ...(comparisons.length > 0 ? [compareMarkdown.text(comparisons, output, "")] : []),
    remarks.join("\n\n"),
  ];
  await appendFile(summary, `${parts.join("\n\n")}\n`);
}
