/** `throttle-bench report`: prints recorded runs again; needs neither database nor account. */
import type { Command } from "commander";
import { BenchError } from "../../errors.ts";
import { reportFormats } from "../../reports/reports.ts";
import { runsDirectory } from "../directories.ts";
import { addFormats, chosenFormats } from "../flags/formats.ts";

interface ReportFlags {
  details?: boolean;
  refresh?: boolean;
  profile?: string;
  endpointUrl?: string;
}

const examples = `
Examples:
  throttle-bench report
  throttle-bench report scenario-4 --json
  throttle-bench report all --markdown >> "$GITHUB_STEP_SUMMARY"
  throttle-bench report all --html report.html --svg pictures
  throttle-bench report 20261124-021500-scenario-4-x7k2 --refresh`;

export function addReport(program: Command): void {
  addFormats(
    program
      .command("report")
      .description("print recorded runs again")
      .argument(
        "[runs]",
        "latest, all, a run's id, a scenario, or the path of a record or of a directory of them",
        "latest",
      ),
    reportFormats,
  )
    .option("--details", "also print the figures beyond the published table")
    .option("--refresh", "of runs on an account: first ask CloudWatch again for what had not arrived")
    .option("--profile <name>", "with --refresh: profile of the account (default: AWS_PROFILE)")
    .option("--endpoint-url <url>", "with --refresh: in place of AWS (default: the run's)")
    .addHelpText("after", examples)
    .action(async (runs: string, flags: ReportFlags) => {
      const { text, files } = chosenFormats(reportFormats, flags);
      const { RecordStore } = await import("../../records/store.ts");
      const { outputOptions, print, printRecords } = await import("../output.ts");
      const store = new RecordStore(runsDirectory);
      const { records: found, problems } = await store.find(runs);
      const records = flags.refresh ? await (await import("../refresh.ts")).refreshRecords(found, store, flags) : found;
      if (records.length > 0) {
        await (await import("../files.ts")).writeFiles(records, files);
        if (text !== null) print(text.format.text(records, outputOptions(flags.details), text.choice));
        else if (files.length === 0) await printRecords(records, flags);
      }
      if (problems.length > 0) {
        throw new BenchError("bad-record", problems.map(({ problem }) => problem).join("\n"));
      }
    });
}
