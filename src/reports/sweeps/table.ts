/** A sweep for a terminal. */
import type { Options } from "../format.ts";
import { terminalText } from "../media/terminal.ts";
import { sweepDocument } from "./document.ts";
import type { SweepView } from "./words.ts";

export function sweepTable(view: SweepView, options: Options): string {
  return terminalText(sweepDocument(view, { medium: "text", isWhole: options.details }), options);
}
