/** `throttle-bench run`: deploys each scenario, fires the burst, and prints what became of it. */
import type { Command } from "commander";
import { type RunFlags, runOptions } from "../flags/run-options.ts";

const examples = `
Examples:
  throttle-bench run scenario-4
  throttle-bench run scenario-3 scenario-4 --set WorkMs=800
  throttle-bench run scenario-5 --rate 200/s --for 30s
  throttle-bench run all --json > results.json
  throttle-bench run ./mine.yaml --events 200 --details

Exit status: 0 done, 1 events are missing, 2 bad input, 3 the target failed, 130 interrupted.`;

export function addRun(program: Command): void {
  program
    .command("run")
    .description("run scenarios and print what became of their events")
    .argument("<scenario...>", "names as `list` prints them, all, or the path of a template")
    .option("--set <Name=value>", "set one of the scenario's settings; may be repeated", collect)
    .option("--events <n>", "events in the burst (default: 1000)")
    .option("--rate <n/s>", "pace of the burst, such as 50/s, or max (default: the scenario's PublishRate)")
    .option("--for <time>", "with --rate, how long to fire, such as 20s; in place of --events")
    .option("--seed <n>", "seed of the local model's chance (default: 1)")
    .option("--repeat <n>", "run each scenario n times with consecutive seeds; report medians and 5-95% intervals")
    .option("--ranges", "draw the numbers that AWS does not publish from their plausible ranges (default: 20 runs)")
    .option("--platform <year>", "AWS limits that the local model follows, 2020 or 2026 (default: 2026)")
    .option("--calibration <profile>", "account's profile that the local model goes by, as `calibrate` wrote it")
    .option("--target <target>", "where to run, local or aws (default: THROTTLE_BENCH_TARGET, else local)")
    .option("--profile <name>", "with --target aws: profile of the account (default: AWS_PROFILE)")
    .option("--region <region>", "with --target aws: region (default: AWS_REGION, else the profile's)")
    .option(
      "--endpoint-url <url>",
      "with --target aws: in place of AWS, such as what `serve` prints (default: AWS_ENDPOINT_URL)",
    )
    .option("-y, --yes", "with --target aws: do not ask before creating anything")
    .option(
      "--database-url <url>",
      "Postgres to write to (default: DATABASE_URL; else the account's by `database up`, or the embedded one)",
    )
    .option(
      "--functions-database-url <url>",
      "with --database-url: what the functions reach it by, where that is another way (default: FUNCTIONS_DATABASE_URL)",
    )
    .option(
      "--vpc-config <ids>",
      "with --database-url: network of the functions, as the AWS CLI has it, where it is in a VPC",
    )
    .option("--run-id <id>", "id of the run (default: made of time, scenario and chance)")
    .option("--timeout <time>", "longest wait for the events, in the target's time", "6h")
    .option("--no-wait", "do not wait for CloudWatch's last minutes; `report --refresh` completes the figures later")
    .option("--keep", "leave the stack, for looking at it")
    .option("--json", "print the records as JSON")
    .option("--details", "also print the figures beyond the published table")
    .addHelpText("after", examples)
    .action(async (names: string[], flags: RunFlags) => {
      const { runDefaults } = await import("../flags/configuration.ts");
      const options = runOptions(flags, process.env, await runDefaults());
      const { runSeries } = await import("../running/series.ts");
      await runSeries(names, options);
    });
}

function collect(value: string, values: string[] = []): string[] {
  return [...values, value];
}
