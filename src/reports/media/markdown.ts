/** A document in GitHub's Markdown, for a pull request or a CI job's summary. */
import {
  blocksFor,
  type Column,
  cellOf,
  cellText,
  type Document,
  type Placed,
  type RowGroup,
  type Section,
  titlesAbove,
} from "../document.ts";
import type { Options } from "../format.ts";
import { plot } from "../pictures/plot.ts";
import { capitalised, oneLine } from "../text.ts";
import { markOf, verdictParts } from "../verdict.ts";

/** A code block on GitHub has room for this many without a scroll bar. */
const plotColumns = 100;

export function markdownText({ level, sections, summary }: Document, { details }: Pick<Options, "details">): string {
  const parts = summary === null ? sections : [summary, ...sections];
  return parts.flatMap((section) => sectionBlocks(section, level, details)).join("\n\n");
}

function sectionBlocks({ heading, badge, blocks }: Section, level: number, details: boolean): string[] {
  return [
    `${"#".repeat(level)} ${plain(heading.join(" · "))}`,
    ...(badge === undefined ? [] : [strong(badge)]),
    ...written(blocks, details),
  ];
}

function written(blocks: readonly Placed[], details: boolean): string[] {
  return blocksFor("text", blocks).flatMap((block) => writtenBlock(block, details));
}

/** Empty for blocks that Markdown does not show. */
function writtenBlock(block: Placed, details: boolean): string[] {
  switch (block.kind) {
    case "notes":
      return [block.lines.map(plain).join("<br>\n")];
    case "pairs":
      return [block.pairs.map(([term, text]) => `- ${plain(term)}: ${plain(text)}`).join("\n")];
    case "table":
      return [tableOf(block.layouts[0]!, block.groups)];
    case "warnings":
      return [block.sentences.map((sentence) => `- ⚠ ${plain(sentence)}`).join("\n")];
    case "conclusion":
      return [strong(block.text)];
    case "verdict": {
      const { name, verdict, note } = block;
      const answers = verdictParts(verdict).map(({ text, tone }, index) => {
        const answer = index === 0 ? capitalised(text) : text;
        return [markOf(tone), tone === "bad" ? strong(answer) : plain(answer)].filter(Boolean).join(" ");
      });
      const text = `${name === undefined ? "" : `${plain(name)}: `}${answers.join("; ")}.`;
      return [note === null ? text : `${text}<br>\n${plain(note)}`];
    }
    case "timeline":
      return [folded("Timeline", fenced(plot(block.record, { columns: plotColumns, paint: (_, marks) => marks })))];
    case "verbatim":
      return [fenced(block.lines(plotColumns), block.language)];
    case "details":
      return details ? [folded(block.title, written(block.blocks, details).join("\n\n"))] : [];
    case "drawing":
      return block.text ? [fenced(block.text({ columns: plotColumns, colour: false }))] : [];
  }
}

/** A row with something bad in it stands out as a whole. Where rows have titles, these stand out in their place. */
function tableOf(columns: readonly Column[], groups: readonly RowGroup[] = []): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const titles = titlesAbove(groups, columns[0]!.cells.length);
  return [
    row(columns.map(({ head }) => plain(headText(head)))),
    row(columns.map(({ isText }) => (isText ? "---" : "---:"))),
    ...titles.flatMap((title, index) => {
      const cells = columns.map(({ cells }) => cells[index]!);
      const isStrong = groups.length === 0 && cells.some((cell) => cellOf(cell).tone === "bad");
      return [
        ...(title === null ? [] : [row(columns.map((_, column) => (column === 0 ? strong(title) : "")))]),
        row(cells.map((cell) => (isStrong ? strong(cellText(cell)) : plain(cellText(cell))))),
      ];
    }),
  ].join("\n");
}

/** A word that a narrow head divides is whole again. */
function headText(head: Column["head"]): string {
  return cellText(head).replace(/-\n/g, "");
}

function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

function fenced(lines: readonly string[], language: "sh" | "text" = "text"): string {
  return [`\`\`\`${language}`, ...lines, "```"].join("\n");
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
