/** `throttle-bench nightly`: runs, compares with the last good night, and tells a CI job what it came to. */
import type { Command } from "commander";
import { nightFormats } from "../../reports/nights.ts";
import type { ComparisonFlags } from "../flags/configuration.ts";
import { addFormats } from "../flags/formats.ts";
import { type RunFlags, runOptions } from "../flags/run-options.ts";
import { addComparisonOptions } from "./compare.ts";

export interface NightlyFlags extends ComparisonFlags, Omit<RunFlags, "keep"> {
  baseline: string;
  accept?: boolean;
  /** how many records of a scenario stay in the baseline directory */
  keep: string;
}

const examples = `
Tonight's run of a scenario is compared with its baseline: the newest good night in
the baseline directory that the same version of the model made. A good night becomes
the next baseline. A night with a regression does so only by --accept; one that
misses events, or completes none, never does.
Where GITHUB_STEP_SUMMARY names a file, the outcome is appended to it as Markdown.

Examples:
  throttle-bench nightly
  throttle-bench nightly scenario-4 scenario-5 --repeat 20 --threshold timeTaken=5%
  throttle-bench nightly --target aws --yes --baseline nightly-aws

Exit status: 0 no regression, an accepted one, or no baseline yet; 1 a regression,
missing events, or nothing completed; 2 bad input; 3 the target failed; 130 interrupted.`;

/** Enough for the rank test to find a tenth; an account has no seeds to repeat with. */
const localRepeats = "10";

export function addNightly(program: Command): void {
  const command = program
    .command("nightly")
    .description("run scenarios, compare them with the last good night, and keep them for the next")
    .argument("[scenario...]", "names as `list` prints them, all, or the path of a template", ["all"]);
  addComparisonOptions(
    addFormats(command, nightFormats)
      .option("--baseline <directory>", "where the records of good nights are kept", "nightly")
      .option("--accept", "make tonight's the baseline, whatever the comparison says")
      .option("--keep <n>", "good nights of a scenario that stay there", "30")
      .option("--set <Name=value>", "set one of the scenarios' settings; may be repeated", collect)
      .option("--events <n>", "events in the burst (default: 1000)")
      .option("--rate <n/s>", "pace of the burst, such as 50/s, or max (default: the scenario's PublishRate)")
      .option("--for <time>", "with --rate, how long to fire, such as 20s; in place of --events")
      .option("--seed <n>", "first seed of the local model's chance (default: 1)")
      .option("--repeat <n>", `local runs of each scenario (default: ${localRepeats})`)
      .option("--platform <year>", "AWS limits that the local model follows, 2020 or 2026 (default: 2026)")
      .option("--calibration <profile>", "account's profile that the local model goes by, as `calibrate` wrote it")
      .option("--target <target>", "where to run, local or aws (default: THROTTLE_BENCH_TARGET, else local)")
      .option("--profile <name>", "with --target aws: profile of the account (default: AWS_PROFILE)")
      .option("--region <region>", "with --target aws: region (default: AWS_REGION, else the profile's)")
      .option("--endpoint-url <url>", "with --target aws: in place of AWS (default: AWS_ENDPOINT_URL)")
      .option("-y, --yes", "with --target aws: do not ask before creating anything")
      .option("--database-url <url>", "Postgres to write to (default: DATABASE_URL, else the embedded one)")
      .option("--timeout <time>", "longest wait for the events, in the target's time", "6h"),
  )
    .addHelpText("after", examples)
    .action(async (names: string[], flags: NightlyFlags) => {
      const { runDefaults } = await import("../flags/configuration.ts");
      const defaults = await runDefaults();
      const run = { ...flags, keep: false };
      const { target } = runOptions(run, process.env, defaults);
      const repeat = flags.repeat ?? (target.name === "local" ? localRepeats : undefined);
      const { nightly } = await import("../nightly.ts");
      await nightly(names, runOptions({ ...run, repeat }, process.env, defaults), flags);
    });
}

function collect(value: string, values: string[] = []): string[] {
  return [...values, value];
}
