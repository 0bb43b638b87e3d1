/** A table in Markdown, and the numbers in its cells. */

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function numberText(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "none" : String(Number(value.toPrecision(4)));
}
