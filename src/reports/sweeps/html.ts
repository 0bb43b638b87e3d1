/** A sweep as one HTML file that asks the network for nothing: the answer, the map, every cell, and what the figures mean. */
import { definitions } from "../definitions.ts";
import type { FileFormat } from "../format.ts";
import { article, section } from "../media/html.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { sweepDocument } from "./document.ts";
import { mapStyle } from "./map-style.ts";
import { type SweepView, wayText } from "./words.ts";

export const sweepHtml: FileFormat<SweepView> = {
  name: "html",
  help: "write one self-contained page with the map and every cell",
  value: "file",
  files: ([view], path) => [{ path, content: `${sweepPage(view!)}\n` }],
};

export function sweepPage(view: SweepView): string {
  const title = `sweep of ${wayText(view.sweep)}`;
  const { sections } = sweepDocument(view, { medium: "page", isWhole: true });
  const list = definitions.map(([figure, meaning]) => `<dt>${escaped(figure)}</dt><dd>${escaped(meaning)}</dd>`);
  const body = [
    `<header><h1>throttle-bench: ${escaped(title)}</h1></header>`,
    "<main>",
    ...sections.map((one, index) => article(one, `sweep-${index}`)),
    section("What the figures mean", `<details><summary>Definitions</summary><dl>${list.join("")}</dl></details>`),
    "</main>",
  ];
  return page(`throttle-bench ${title}`, mapStyle("system"), body, "still");
}
