/** What every report format is: records in, text out. */
import type { RunRecord } from "../model.ts";

export interface ReportOptions {
  /** width of the terminal; no line is longer */
  columns: number;
  colour: boolean;
  /** also the figures beyond the published table */
  details: boolean;
}

export interface Report {
  /** The text without its last newline. */
  render(records: readonly RunRecord[], options: ReportOptions): string;
}
