/** `throttle-bench resume`: goes on with a run on an account whose process ended. */
import type { Command } from "commander";

export interface ResumeFlags {
  profile?: string;
  endpointUrl?: string;
  databaseUrl?: string;
  drop?: boolean;
  json?: boolean;
  details?: boolean;
}

const notes = `
Without an id it lists the runs that can be gone on with. What was being deployed is waited for and used; what failed, or is gone before
the burst, is deployed anew. A burst that was begun is never fired again: the rows tell what became of it. A run whose stack is gone, or
going, after its burst is measured as far as it came. The database is the run's: give --database-url (or DATABASE_URL) as then.

Examples:
  throttle-bench resume
  throttle-bench resume 20261124-021500-scenario-4-x7k2 --database-url postgresql://user:password@host:5432/bench

Exit status: as of run.`;

export function addResume(program: Command): void {
  program
    .command("resume")
    .description("go on with a run on an account that was interrupted")
    .argument("[run]", "the id of the run, or its unique beginning")
    .option("--profile <name>", "profile of the account (default: the run's)")
    .option("--endpoint-url <url>", "in place of AWS (default: the run's)")
    .option(
      "--database-url <url>",
      "the Postgres of the run (default: DATABASE_URL; else the account's by `database up`, or the embedded one)",
    )
    .option("--drop", "forget the run instead; a stack that is left is for clean")
    .option("--json", "print the record as JSON")
    .option("--details", "also print the figures beyond the published table")
    .addHelpText("after", notes)
    .action(async (run: string | undefined, flags: ResumeFlags) => {
      const { dropInterrupted, listInterrupted, resume } = await import("../resume.ts");
      if (run === undefined) await listInterrupted();
      else await (flags.drop ? dropInterrupted(run) : resume(run, flags));
    });
}
