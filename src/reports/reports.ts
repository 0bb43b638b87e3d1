/** The report formats by name. Another one is a file and a line here. */
import { biggerIsBetter, smallerIsBetter } from "./benchmark.ts";
import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { Report } from "./report.ts";
import { table } from "./table.ts";

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
