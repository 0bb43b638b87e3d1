/** Comparisons in Markdown, for a pull request or a job's summary. */
import type { Comparison } from "../../metrics/compare.ts";
import type { TextFormat } from "../format.ts";
import { markdownText } from "../media/markdown.ts";
import { comparisonsDocument } from "./document.ts";

export const compareMarkdown: TextFormat<Comparison> = {
  name: "markdown",
  help: "print Markdown, for a pull request",
  text: (comparisons, options) => markdownText(comparisonsDocument(comparisons), options),
};
