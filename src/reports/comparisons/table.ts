/** Comparisons as tables at a terminal, which is what is printed without a format's flag. */
import type { Comparison } from "../../metrics/compare.ts";
import type { Options } from "../format.ts";
import { terminalText } from "../media/terminal.ts";
import { comparisonsDocument } from "./document.ts";

export function compareTable(comparisons: readonly Comparison[], options: Options): string {
  return terminalText(comparisonsDocument(comparisons), options);
}
