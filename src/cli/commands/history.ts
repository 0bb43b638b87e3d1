/** `throttle-bench history`: how a scenario's figures went from record to record. */
import type { Command } from "commander";
import { runsDirectory } from "../directories.ts";

export function addHistory(program: Command): void {
  program
    .command("history")
    .description("list the records of a scenario, with the course of its figures")
    .argument("<scenario>", "a name as `list` prints it")
    .option("--directory <directory>", "where the records are", runsDirectory)
    .option("--json", "print the records as JSON, the newest last")
    .addHelpText(
      "after",
      "\nExamples:\n  throttle-bench history scenario-4\n  throttle-bench history scenario-4 --directory nightly",
    )
    .action(async (scenario: string, flags: { directory: string; json?: boolean }) => {
      const { printHistory } = await import("../history.ts");
      await printHistory(scenario, flags);
    });
}
