/** A sweep in Markdown, for a pull request or a CI job's summary. */
import type { TextFormat } from "../format.ts";
import { markdownText } from "../media/markdown.ts";
import { sweepDocument } from "./document.ts";
import type { SweepView } from "./words.ts";

export const sweepMarkdown: TextFormat<SweepView> = {
  name: "markdown",
  help: "print Markdown",
  text: (views, options) =>
    views
      .map((view) => markdownText(sweepDocument(view, { medium: "text", isWhole: options.details }), options))
      .join("\n\n"),
};
