/** Results go to stdout, and everything else to stderr. */
import type { RunRecord } from "../model.ts";
import type { Options } from "../reports/format.ts";

/** The columns assumed where stdout is no terminal, or one that does not know its width. */
const defaultColumns = 100;
/** A terminal that says it is narrower breaks the lines itself. */
const fewestColumns = 40;

export function columns(): number {
  return Math.max(fewestColumns, process.stdout.columns || defaultColumns);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Says something that is no result. */
export function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Prints the records of runs as a table, or as JSON. */
export async function printRecords(
  records: readonly RunRecord[],
  { json, details }: { json?: boolean; details?: boolean },
): Promise<void> {
  if (json) return print(toJson(records));
  const { table } = await import("../reports/formats/table.ts");
  print(table(records, outputOptions(details)));
}

/** The width and the colours that stdout takes. */
export function outputOptions(details = false): Options {
  return { columns: columns(), colour: isColourful(), details };
}

/** Heeds NO_COLOR, FORCE_COLOR and TERM, on a terminal only. */
export function isColourful(): boolean {
  return process.stdout.isTTY === true && process.stdout.hasColors();
}
