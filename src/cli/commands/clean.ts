/** `throttle-bench clean`: lists and removes the stacks that earlier runs left in an account. */
import type { Command } from "commander";

/** The flags as commander hands them over. */
export interface CleanFlags {
  olderThan?: string;
  expired?: boolean;
  yes?: boolean;
  json?: boolean;
  profile?: string;
  region?: string;
  endpointUrl?: string;
}

const examples = `
Examples:
  throttle-bench clean
  throttle-bench clean throttle-bench-20261123-094512-scenario-4-x7k2
  throttle-bench clean --older-than 1d --yes

Without a terminal to ask on, and without --yes, it only lists. With --yes alone it removes what has expired: a stack that
has not may belong to a run in progress, and goes when it is named or --older-than covers it.

Exit status: 0 done, 2 bad input, 3 something could not be removed, 130 interrupted.`;

export function addClean(program: Command): void {
  program
    .command("clean")
    .description("list and remove what earlier runs left in an account")
    .argument("[stack...]", "names of stacks, or ids of their runs (default: every run's)")
    .option("--older-than <age>", "only stacks that are older, such as 12h or 1d")
    .option("--expired", "only stacks that no run can need any more")
    .option("-y, --yes", "remove without asking")
    .option("--json", "print the stacks as JSON")
    .option("--profile <name>", "profile of the account (default: AWS_PROFILE)")
    .option("--region <region>", "region (default: AWS_REGION, else the profile's)")
    .option("--endpoint-url <url>", "in place of AWS, such as what `serve` prints (default: AWS_ENDPOINT_URL)")
    .addHelpText("after", examples)
    .action(async (names: string[], flags: CleanFlags) => {
      const { clean } = await import("../clean.ts");
      await clean(names, flags);
    });
}
