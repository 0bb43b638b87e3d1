/** A comparison as Markdown, for a pull request or a job's summary. */
import type { Comparison } from "../../metrics/compare.ts";
import type { TextFormat } from "../format.ts";
import { oneLine } from "../text.ts";
import {
  comparedLines,
  conclusionText,
  differenceHead,
  differencesText,
  methodText,
  sideLabels,
  sideText,
} from "./words.ts";

export const compareMarkdown: TextFormat<Comparison> = {
  name: "markdown",
  help: "print Markdown, for a pull request",
  text: (comparisons) => comparisons.map(section).join("\n\n"),
};

function section(comparison: Comparison): string {
  const { scenario, base, candidate } = comparison;
  const unlike = differencesText(comparison);
  const labels = sideLabels(comparison);
  const rows = comparedLines(comparison).map(({ name, base, candidate, difference, verdict, isRegression }) =>
    [name, base, candidate, difference, verdict].map((cell) => (isRegression ? `**${text(cell)}**` : text(cell))),
  );
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${text(scenario)}: ${labels.base} and ${labels.candidate}`,
    `- ${labels.base}: ${text(sideText(base))}\n- ${labels.candidate}: ${text(sideText(candidate))}`,
    ...(unlike ? [`> ${text(unlike)}`] : []),
    [
      line(["", labels.base, labels.candidate, differenceHead(comparison), ""]),
      line(["---", "---:", "---:", "---:", "---"]),
      ...rows.map(line),
    ].join("\n"),
    `**${text(conclusionText(comparison))}**`,
    text(methodText(comparison)),
  ].join("\n\n");
}

/** Foreign text that stays on its line and in its cell, and is no markup; "~" alone could strike out what lies between two. */
function text(foreign: string): string {
  return oneLine(foreign).replace(/[\\|<>*_~`[\]]/g, "\\$&");
}
