/** The timelines as comma-separated values (RFC 4180), a line per second of every run. */
import type { Report } from "../report.ts";

export const csv: Report = {
  render(records) {
    const lines = ["scenario,run,second,inserts,deadLetters,overlap"];
    for (const { scenario, runId, timeline } of records) {
      const run = `${field(scenario)},${field(runId)}`;
      for (const { second, inserts, deadLetters, overlap } of timeline) {
        lines.push(`${run},${second},${inserts},${deadLetters},${overlap}`);
      }
    }
    return lines.join("\n");
  },
};

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
