/** The report for a pull request or a CI job's summary: what the terminal shows, in GitHub's Markdown. */
import type { RunRecord } from "../../model.ts";
import { caveatText } from "../caveats.ts";
import { type Column, figureLayouts, furtherFigures, summaryLayouts } from "../columns.ts";
import type { TextFormat } from "../format.ts";
import { plot } from "../pictures/plot.ts";
import { oneLine } from "../text.ts";
import {
  pathBesideTitle,
  provenance,
  provenanceOfAll,
  publishedLine,
  repeated,
  runLine,
  settingsLine,
  versionsLine,
} from "../words.ts";

/** What a code block shows on GitHub without a scroll bar. */
const plotColumns = 100;

export const markdown: TextFormat<RunRecord> = {
  name: "markdown",
  help: "print Markdown, for a pull request or a CI job's summary",
  text(records, { details }) {
    const runs = records.flatMap((record) => runBlocks(record, details));
    return [...(records.length > 1 ? summaryBlocks(records) : []), ...runs].join("\n\n");
  },
};

function summaryBlocks(records: readonly RunRecord[]): string[] {
  return ["## Summary", strong(provenanceOfAll(records)), drawn(summaryLayouts(records)[0]!)];
}

function runBlocks(record: RunRecord, details: boolean): string[] {
  const heading = [record.scenario, pathBesideTitle(record), record.title].filter(Boolean).join(" · ");
  const settings = settingsLine(record);
  return [
    `## ${plain(heading)}`,
    strong(provenance(record)),
    [runLine(record), ...(settings ? [settings] : [])].map(plain).join("<br>\n"),
    drawn(figureLayouts(record)[0]!),
    ...(record.uncertainty ? [plain(repeated(record.uncertainty))] : []),
    folded("Timeline", fenced(plot(record.timeline, { columns: plotColumns, paint: unpainted }))),
    ...(details ? [folded("Further figures", [drawn(furtherFigures(record)), ...sources(record)].join("\n\n"))] : []),
    ...(record.caveats.length > 0
      ? [record.caveats.map((caveat) => `- ⚠ ${plain(caveatText(caveat))}`).join("\n")]
      : []),
  ];
}

const unpainted = { inserts: (marks: string) => marks, deadLetters: (marks: string) => marks };

function sources(record: RunRecord): string[] {
  return [versionsLine(record), publishedLine(record)].filter((line) => line !== null).map(plain);
}

function drawn(columns: readonly Column[]): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(columns.map(({ head }) => plain(head))),
    row(columns.map(({ isText }) => (isText ? "---" : "---:"))),
    ...columns[0]!.cells.map((_, index) => row(columns.map(({ cells }) => plain(cells[index]!)))),
  ].join("\n");
}

function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

function fenced(lines: readonly string[]): string {
  return ["```text", ...lines, "```"].join("\n");
}

function strong(text: string): string {
  return `**${plain(text)}**`;
}

/** Foreign text on one line in which nothing is markup, mention or address: a template's title may hold anything. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~#!]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/@/g, "&#64;");
}
