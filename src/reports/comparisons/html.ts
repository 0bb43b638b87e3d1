/** Comparisons as one HTML file that asks the network for nothing. */
import type { Comparison } from "../../metrics/compare.ts";
import type { FileFormat } from "../format.ts";
import { article } from "../media/html.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { comparisonsDocument } from "./document.ts";
import { conclusionText, sideLabels } from "./words.ts";

export const compareHtml: FileFormat<Comparison> = {
  name: "html",
  help: "also write one self-contained page",
  value: "file",
  files: (comparisons, path) => [{ path, content: `${comparisonPage(comparisons)}\n` }],
};

export function comparisonPage(comparisons: readonly Comparison[]): string {
  const title = comparisons.map((one) => (one.choice === null ? one.scenario : titleOf([one]))).join(", ");
  const body = [
    `<header><h1>throttle-bench: ${escaped(titleOf(comparisons))}</h1>${conclusions(comparisons)}</header>`,
    "<main>",
    ...comparisonsDocument(comparisons).sections.map((section, index) => article(section, `scenario-${index}`)),
    "</main>",
  ];
  return page(`throttle-bench compare: ${title}`, "", body, "still");
}

/** Names the two sides where all comparisons call them alike. */
function titleOf(comparisons: readonly Comparison[]): string {
  const titles = new Set(
    comparisons.map((comparison) => {
      const { base, candidate } = sideLabels(comparison);
      return comparison.choice === null ? `${base} and ${candidate}` : `${base} or ${candidate}`;
    }),
  );
  return titles.size === 1 ? [...titles][0]! : "base and candidate";
}

/** One line per scenario, linked to its figures, because the conclusion matters first. */
function conclusions(comparisons: readonly Comparison[]): string {
  // The one choice there is begins with it.
  if (comparisons.length === 1 && comparisons[0]!.choice !== null) return "";
  const items = comparisons.map(
    (comparison, index) => `<li><a href="#scenario-${index}">${escaped(conclusionText(comparison))}</a></li>`,
  );
  return `<nav aria-label="Conclusions"><ul>${items.join("")}</ul></nav>`;
}
