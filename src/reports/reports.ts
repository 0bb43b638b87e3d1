/** The report formats by name. Another one is a file and a line here. */
import { biggerIsBetter, smallerIsBetter } from "./formats/benchmark.ts";
import { csv } from "./formats/csv.ts";
import { html } from "./formats/html.ts";
import { json } from "./formats/json.ts";
import { junit } from "./formats/junit.ts";
import { markdown } from "./formats/markdown.ts";
import { table } from "./formats/table.ts";
import type { Report } from "./report.ts";

export const reports = {
  table,
  json,
  markdown,
  csv,
  junit,
  html,
  benchmarkSmaller: smallerIsBetter,
  benchmarkBigger: biggerIsBetter,
} satisfies Record<string, Report>;

export type ReportFormat = keyof typeof reports;
