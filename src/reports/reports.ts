/** The report formats by name. Another one is a file and a line here. */
import { json } from "./json.ts";
import type { Report } from "./report.ts";
import { table } from "./table.ts";

export const reports = { table, json } satisfies Record<string, Report>;

export type ReportFormat = keyof typeof reports;
