/** `throttle-bench calibrate`: fits the unpublished numbers of the model to measured runs: an account's, or the published ones. */
import type { Command } from "commander";
import type { CalibrateFlags } from "../calibrate.ts";

const notes = `
With --target aws it runs eight small probes on the account, fits the model's unpublished numbers to them, and writes a profile
that \`run --calibration\` goes by. A probe of which there is a record of the last day is not run again, so that the same command
goes on with a calibration that was interrupted. The rows of the probes have to be in the database.

Without, each number is fitted to one published figure, under the platform profile of that time; nothing else is changed.

Examples:
  throttle-bench calibrate --target aws --region eu-west-1 --database-url postgresql://user:password@host:5432/bench
  throttle-bench run scenario-4 --calibration eu-west-1 --repeat 20
  throttle-bench calibrate --seeds 20

Exit status: 0 done, 2 bad input, 3 the target failed, 130 interrupted.`;

export function addCalibrate(program: Command): void {
  program
    .command("calibrate")
    .description("fit the model's unpublished numbers to an account, or to the published runs, and print the fit")
    .option("--target <target>", "aws: of an account, by probes; published: of the published runs (default)")
    .option("--out <file>", "where the numbers go, as JSON (default for an account: .throttle-bench/profiles)")
    .option("--seeds <n>", "for the published runs: runs behind each median (default: 20)")
    .option("--profile <name>", "with --target aws: profile of the account (default: AWS_PROFILE)")
    .option("--region <region>", "with --target aws: region (default: AWS_REGION, else the profile's)")
    .option("--endpoint-url <url>", "with --target aws: in place of AWS, such as what `serve` prints")
    .option("-y, --yes", "with --target aws: do not ask before creating anything")
    .option("--database-url <url>", "with --target aws: Postgres to write to (default: DATABASE_URL)")
    .option(
      "--platform <year>",
      "with --target aws: AWS limits beside the fitted numbers, 2020 or 2026 (default: 2026)",
    )
    .option("--from <run...>", "with --target aws: fit to these runs of probes alone, and run nothing")
    .option("--fresh", "with --target aws: run every probe, whatever records there are")
    .option("--json", "with --target aws: print the profile as JSON")
    .addHelpText("after", notes)
    .action(async (flags: CalibrateFlags) => {
      const { calibrate } = await import("../calibrate.ts");
      await calibrate(flags);
    });
}
