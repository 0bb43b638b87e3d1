/** `throttle-bench compare`: what a candidate does better or worse than a base, and whether that may be chance. */
import type { Command } from "commander";
import { comparisonFormats } from "../../reports/comparisons/comparisons.ts";
import type { ComparisonFlags } from "../flags/configuration.ts";
import { addFormats } from "../flags/formats.ts";

const examples = `
Each side is a run's id, a scenario (all its runs), latest, the path of a record or of a directory of them, or published.
A run of the local model beside one of an account is a prediction beside a measurement: nothing of it is a regression, but what a
threshold forbids, and a measured figure is as predicted when it lies in the prediction's 5-95% interval (run --repeat 20).

Examples:
  throttle-bench compare published latest
  throttle-bench compare main.json mine.json --threshold timeTaken=10% --threshold failed=0
  throttle-bench compare nightly/2026-11-22 nightly/2026-11-23 --markdown

Figures: completed, failed, missing, duplicates, timeTaken, maxConcurrency, avgInserts, maxInserts, minInserts.
throttle-bench.config.json (or .yaml) holds the same for good: { "thresholds": { "timeTaken": "10%", "failed": 0 } }

Exit status: 0 no regression, 1 a regression, 2 bad input, such as runs of different scenarios.`;

export function addCompare(program: Command): void {
  const command = program
    .command("compare")
    .description("compare runs, and tell change from chance")
    .argument("<base>", "what it was")
    .argument("<candidate>", "what it is now");
  addComparisonOptions(addFormats(command, comparisonFormats))
    .addHelpText("after", examples)
    .action(async (base: string, candidate: string, flags: ComparisonFlags) => {
      const { compareRuns } = await import("../compare.ts");
      await compareRuns(base, candidate, flags);
    });
}

/** The flags of every verb that compares. */
export function addComparisonOptions(command: Command): Command {
  return command
    .option("--threshold <figure=limit>", "how much worse a figure may be, as 10% or 5; may be repeated", collect)
    .option("--alpha <level>", "chance of a false alarm of a whole comparison (default: 0.05)")
    .option("--minimum-effect <share>", "below it a certain difference is no matter (default: 1%)")
    .option("--config <file>", "file with thresholds (default: throttle-bench.config.json or .yaml, if there)");
}

function collect(value: string, values: string[] = []): string[] {
  return [...values, value];
}
