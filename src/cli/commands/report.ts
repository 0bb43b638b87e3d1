/** `throttle-bench report`: prints recorded runs again; needs neither database nor account. */
import type { Command } from "commander";
import { BenchError } from "../../errors.ts";
import type { RunRecord } from "../../model.ts";
import type { ReportFormat } from "../../reports/reports.ts";
import { runsDirectory } from "../directories.ts";

interface ReportFlags {
  json?: boolean;
  markdown?: boolean;
  csv?: boolean;
  junit?: boolean;
  benchmark?: string;
  svg?: string;
  png?: string;
  html?: string;
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
  program
    .command("report")
    .description("print recorded runs again")
    .argument("[runs]", "latest, all, a run's id, a scenario, or the path of a record", "latest")
    .option("--json", "print the records as JSON")
    .option("--markdown", "print Markdown, for a pull request or a CI job's summary")
    .option("--csv", "print the timelines, a line per second of every run")
    .option("--junit", "print JUnit XML: a test case per run, failed where events are missing")
    .option("--benchmark <better>", "print what github-action-benchmark charts, smaller or bigger is better")
    .option("--svg <directory>", "write a picture of each run's timeline, as SVG")
    .option("--png <directory>", "write a picture of each run's timeline, as PNG")
    .option("--html <file>", "write one self-contained page with tables and interactive timelines")
    .option("--details", "also print the figures beyond the published table")
    .option("--refresh", "of runs on an account: first ask CloudWatch again for what had not arrived")
    .option("--profile <name>", "with --refresh: profile of the account (default: AWS_PROFILE)")
    .option("--endpoint-url <url>", "with --refresh: in place of AWS (default: the run's)")
    .addHelpText("after", examples)
    .action(async (runs: string, flags: ReportFlags) => {
      const format = formatOf(flags);
      const { RecordStore } = await import("../../records/store.ts");
      const { printRecords } = await import("../output.ts");
      const store = new RecordStore(runsDirectory);
      const { records: found, problems } = await store.find(runs);
      const records = flags.refresh ? await (await import("../refresh.ts")).refreshRecords(found, store, flags) : found;
      await writeFiles(records, flags);
      if (format !== null && records.length > 0) await printRecords(records, { format, details: flags.details });
      if (problems.length > 0) {
        throw new BenchError("bad-record", problems.map(({ problem }) => problem).join("\n"));
      }
    });
}

/** Writes the files that are asked for, and says so on stderr. */
async function writeFiles(records: readonly RunRecord[], { svg, png, html }: ReportFlags): Promise<void> {
  if (records.length === 0 || !isForFiles({ svg, png, html })) return;
  const { writeHtml, writePng, writeSvg } = await import("../files.ts");
  const tell = (file: string) => process.stderr.write(`Wrote ${file}.\n`);
  if (html !== undefined) tell(await writeHtml(records, html));
  for (const record of records) {
    if (svg !== undefined) tell(await writeSvg(record, svg));
    if (png !== undefined) tell(await writePng(record, png));
  }
}

function isForFiles({ svg, png, html }: ReportFlags): boolean {
  return [svg, png, html].some((path) => path !== undefined);
}

/** The one format to print: the table by default, null where only files are asked for. Throws `bad-usage`. */
function formatOf({ benchmark, ...flags }: ReportFlags): ReportFormat | null {
  const chosen = (["json", "markdown", "csv", "junit"] as const).filter((format) => flags[format]);
  const names = [...chosen, ...(benchmark === undefined ? [] : ["benchmark"])].map((name) => `--${name}`);
  if (names.length > 1) {
    throw new BenchError("bad-usage", `${names.join(" and ")} each choose the format of the output; give one of them.`);
  }
  if (benchmark === undefined) return chosen[0] ?? (isForFiles(flags) ? null : "table");
  if (benchmark === "smaller") return "benchmarkSmaller";
  if (benchmark === "bigger") return "benchmarkBigger";
  throw new BenchError("bad-usage", `--benchmark "${benchmark}" is neither smaller nor bigger; give one of the two.`);
}
