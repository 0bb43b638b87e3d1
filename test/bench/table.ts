/** The tables that a benchmark prints. The first column is text, all others are figures. */

export interface Table {
  head: string[];
  rows: string[][];
  /** Sentences below the table. */
  notes?: string[];
}

/** A figure to three digits; a missing one is shown as missing. */
export function figure(value: number | null, unit = ""): string {
  if (value === null) return "missing";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === "" ? text : `${text} ${unit}`;
}

export function percent(share: number | null): string {
  return share === null ? "missing" : `${(100 * share).toFixed(1)} %`;
}

export function render({ head, rows, notes = [] }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ");
  return [...all.map(line), ...notes].map((text) => `  ${text}`.trimEnd()).join("\n");
}
