/** The formats of a comparison by name: comparisons in, text out. */
import type { Comparison } from "../../metrics/compare.ts";
import { compareHtml } from "./html.ts";
import { compareMarkdown } from "./markdown.ts";
import { compareTable } from "./table.ts";

export interface ComparisonOptions {
  /** width of the terminal */
  columns: number;
  colour: boolean;
}

export interface ComparisonReport {
  /** The text without its last newline. */
  render(comparisons: readonly Comparison[], options: ComparisonOptions): string;
}

const compareJson: ComparisonReport = {
  render: (comparisons) => JSON.stringify(comparisons.length === 1 ? comparisons[0] : comparisons, null, 2),
};

export const comparisonReports = {
  table: compareTable,
  json: compareJson,
  markdown: compareMarkdown,
  html: compareHtml,
} satisfies Record<string, ComparisonReport>;
