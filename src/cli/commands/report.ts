/** `throttle-bench report`: prints recorded runs again; needs neither database nor account. */
import type { Command } from "commander";
import { BenchError } from "../../errors.ts";
import { runsDirectory } from "../directories.ts";

interface ReportFlags {
  json?: boolean;
  details?: boolean;
}

export function addReport(program: Command): void {
  program
    .command("report")
    .description("print recorded runs again")
    .argument("[runs]", "latest, all, a run's id, a scenario, or the path of a record", "latest")
    .option("--json", "print the records as JSON")
    .option("--details", "also print the figures beyond the published table")
    .addHelpText("after", "\nExamples:\n  throttle-bench report\n  throttle-bench report scenario-4 --json")
    .action(async (runs: string, flags: ReportFlags) => {
      const { RecordStore } = await import("../../records/store.ts");
      const { printRecords } = await import("../output.ts");
      const { records, problems } = await new RecordStore(runsDirectory).find(runs);
      if (records.length > 0) await printRecords(records, flags);
      if (problems.length > 0) {
        throw new BenchError("bad-record", problems.map(({ problem }) => problem).join("\n"));
      }
    });
}
