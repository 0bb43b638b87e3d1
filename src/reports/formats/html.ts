/** The report as one HTML file that asks the network for nothing: tables, pictures, interactive timelines, definitions. */
import type { RunRecord } from "../../model.ts";
import { printable } from "../../printable.ts";
import { definitions } from "../definitions.ts";
import type { Placed, Section } from "../document.ts";
import type { FileFormat } from "../format.ts";
import { labelsOf } from "../labels.ts";
import { article, badgeOf, chart, drawn, section } from "../media/html.ts";
import { overview } from "../overview.ts";
import { chartData } from "../pictures/chart-data.ts";
import { chartSource } from "../pictures/chart-source.ts";
import { escaped, scriptJson } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { pictureStyle } from "../pictures/svg.ts";
import { topologyStyle } from "../pictures/topology.ts";
import { runsDocument } from "../runs.ts";
import { provenanceOfAll, versionsLine } from "../words.ts";

export const html: FileFormat<RunRecord> = {
  name: "html",
  help: "write one self-contained page with tables and interactive timelines",
  value: "file",
  files: (records, path) => [{ path, content: `${pageOf(records)}\n` }],
};

export function pageOf(records: readonly RunRecord[]): string {
  const { summary, sections } = runsDocument(records);
  const labels = labelsOf(records);
  const title = records.length === 1 ? labels[0]! : `${records.length} runs`;
  const body = [
    `<header><h1>throttle-bench: ${escaped(title)}</h1>${records.length > 1 ? badgeOf(provenanceOfAll(records)) : ""}</header>`,
    "<main>",
    ...(summary ? [section("Summary", summaryOf(records, labels, summary)), together(records, labels)] : []),
    ...sections.map((one, index) => article(one, `run-${index}`)),
    section(
      "What the figures mean",
      `<details><summary>Each figure in a sentence</summary>${definitionList()}</details>`,
    ),
    "</main>",
    `<footer>${[...new Set(records.map(versionsLine))].map((line) => `<p>${escaped(line)}</p>`).join("")}</footer>`,
    script(records, labels),
  ];
  return page(`throttle-bench: ${title}`, `${topologyStyle}${pictureStyle("system")}`, body, "scripts");
}

/** The verdicts first, and folded below them the figures of the published table. */
function summaryOf(records: readonly RunRecord[], labels: readonly string[], { blocks }: Section): string {
  const links = records.map((_, index) => `#run-${index}`);
  const tables = blocks.filter(({ kind }) => kind === "table");
  const figures: Placed = { kind: "details", title: "Figures of all runs", blocks: tables };
  return drawn([overview(records, labels, links), figures]).join("");
}

/** More curves over each other are a tangle; the reader may ask for them. */
const mostOverEachOther = 6;

function together(records: readonly RunRecord[], labels: readonly string[]): string {
  const boxes = labels.map((label, index) => {
    const checked = index < mostOverEachOther ? " checked" : "";
    return `<label><input type="checkbox" value="${index}"${checked}> <i class="swatch run-${index % 6}"></i> ${escaped(label)}</label>`;
  });
  return section(
    "Side by side",
    [
      chart(
        records.map(({ runId }) => runId),
        "The runs over each other; their tables below hold the same figures",
        `<fieldset><legend>Runs shown</legend>${boxes.join("")}</fieldset>`,
      ),
      "<noscript><p>Without scripts, the pictures of the runs below show them.</p></noscript>",
    ].join(""),
  );
}

function definitionList(): string {
  return `<dl>${definitions.map(([figure, meaning]) => `<dt>${escaped(figure)}</dt><dd>${escaped(meaning)}</dd>`).join("")}</dl>`;
}

function script(records: readonly RunRecord[], labels: readonly string[]): string {
  const data = scriptJson(records.map((record, index) => chartData(record, labels[index]!)));
  return `<script>${chartSource}(${printable(data)})</script>`;
}
