/** Results go to stdout, and everything else to stderr. */
import type { RunRecord } from "../model.ts";
import { printable, printableInColour } from "../printable.ts";
import type { Options } from "../reports/format.ts";

/** The columns assumed where stdout is no terminal, or one that does not know its width. */
const defaultColumns = 100;
/** A terminal that says it is narrower breaks the lines itself. */
const fewestColumns = 40;

export function columns(): number {
  return Math.max(fewestColumns, process.stdout.columns || defaultColumns);
}

export function print(text: string): void {
  process.stdout.write(`${printableInColour(text)}\n`);
}

/** Says something that is no result. */
export function tell(sentence: string): void {
  process.stderr.write(`${printable(sentence)}\n`);
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

/**
 * Says whether what is written there may have colours: by FORCE_COLOR, else by NO_COLOR, else on a terminal that has some.
 * https://force-color.org, https://no-color.org
 */
export function isColourful(stream: NodeJS.WriteStream = process.stdout): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = process.env;
  if (force) return !["0", "false"].includes(force);
  return !no && stream.isTTY === true && stream.hasColors();
}
