/** Runs as tables at a terminal, which is what is printed without a format's flag. */
import type { RunRecord } from "../../model.ts";
import type { Options } from "../format.ts";
import { terminalText } from "../media/terminal.ts";
import { runsDocument } from "../runs.ts";

export function table(records: readonly RunRecord[], options: Options): string {
  return terminalText(runsDocument(records, Math.floor(options.columns / 5)), options);
}
