/** What goes to stdout: results, and nothing else. */
import type { RunRecord } from "../model.ts";
import type { ReportFormat } from "../reports/reports.ts";

/** Columns assumed where stdout is no terminal, or one that does not know its width. */
const defaultColumns = 100;
/** A terminal that says it is narrower breaks the lines itself. */
const fewestColumns = 40;

export function columns(): number {
  return Math.max(fewestColumns, process.stdout.columns || defaultColumns);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Prints the records in the format that the flags ask for. */
export async function printRecords(
  records: readonly RunRecord[],
  flags: { format?: ReportFormat; json?: boolean; details?: boolean },
): Promise<void> {
  const { reports } = await import("../reports/reports.ts");
  const report = reports[flags.format ?? (flags.json ? "json" : "table")];
  print(report.render(records, { columns: columns(), colour: isColourful(), details: flags.details === true }));
}

/** Heeds NO_COLOR, FORCE_COLOR and TERM, on a terminal only. */
export function isColourful(): boolean {
  return process.stdout.isTTY === true && process.stdout.hasColors();
}
