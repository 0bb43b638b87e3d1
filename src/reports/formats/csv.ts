/** The timelines as comma-separated values (RFC 4180), a line per second of every run. */
import type { RunRecord } from "../../model.ts";
import type { TextFormat } from "../format.ts";
import { field } from "../media/csv.ts";

export const csv: TextFormat<RunRecord> = {
  name: "csv",
  help: "print the timelines, a line per second of every run",
  text(records) {
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
