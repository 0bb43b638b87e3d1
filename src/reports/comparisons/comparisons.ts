/** The formats of a comparison that have a flag; without one it is the table. */
import type { Comparison } from "../../metrics/compare.ts";
import type { Format, TextFormat } from "../format.ts";
import { compareHtml } from "./html.ts";
import { compareMarkdown } from "./markdown.ts";

const compareJson: TextFormat<Comparison> = {
  name: "json",
  help: "print the comparisons as a JSON array",
  text: (comparisons) => JSON.stringify(comparisons, null, 2),
};

export const comparisonFormats: readonly Format<Comparison>[] = [compareJson, compareMarkdown, compareHtml];
