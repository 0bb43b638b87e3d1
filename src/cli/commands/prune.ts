/** `throttle-bench prune`: removes old records. */
import type { Command } from "commander";
import { runsDirectory } from "../directories.ts";

export interface PruneFlags {
  olderThan?: string;
  keep?: string;
  dryRun?: boolean;
  directory: string;
}

export function addPrune(program: Command): void {
  program
    .command("prune")
    .description("remove old records; their rows stay in the database")
    .option("--older-than <days>", "remove those that are older, such as 30d")
    .option("--keep <n>", "remove all but the newest n of each scenario")
    .option("--dry-run", "only say what would be removed")
    .option("--directory <directory>", "where the records are", runsDirectory)
    .addHelpText(
      "after",
      "\nExamples:\n  throttle-bench prune --keep 20\n  throttle-bench prune --older-than 30d --dry-run",
    )
    .action(async (flags: PruneFlags) => {
      const { prune } = await import("../prune.ts");
      await prune(flags);
    });
}
