/** Runs as the terminal shows them, in Markdown. */
import type { RunRecord } from "../../model.ts";
import type { TextFormat } from "../format.ts";
import { markdownText } from "../media/markdown.ts";
import { runsDocument } from "../runs.ts";

export const markdown: TextFormat<RunRecord> = {
  name: "markdown",
  help: "print Markdown, for a pull request or a CI job's summary",
  text: (records, options) => markdownText(runsDocument(records), options),
};
