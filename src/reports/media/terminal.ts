/** A document for people at a terminal: tables in frames, colours, no line wider than it is. */
import picocolors from "picocolors";
import { blocksFor, type Cell, type Document, type Placed, type Section } from "../document.ts";
import type { Options } from "../format.ts";
import { type Mark, plot } from "../pictures/plot.ts";
import { capitalised, joined, wrap } from "../text.ts";
import { markOf, type VerdictPart, verdictParts, verdictText } from "../verdict.ts";
import { type Colours, widestThatFits } from "./grid.ts";

const markColours = {
  published: "bold",
  completed: "cyan",
  failed: "red",
  waiting: "dim",
  calls: "cyan",
  exceeding: "red",
  limit: "yellow",
} satisfies Record<Mark, keyof Colours>;

/** The drawings of more runs are too long to be looked at one below the other. */
const mostDrawings = 4;

/** The summary comes last: there it is still in sight when the command has ended. */
export function terminalText({ sections, summary }: Document, options: Options): string {
  const colours = picocolors.createColors(options.colour);
  const drawings = sections.filter(({ blocks }) => blocks.some(({ kind }) => kind === "timeline")).length;
  const isDrawn = drawings <= mostDrawings || options.details;
  const parts = (isDrawn ? sections : sections.map(withoutDrawings)).map((section) =>
    sectionLines(section, options, colours),
  );
  if (summary !== null) parts.push(sectionLines(summary, options, colours));
  if (!isDrawn) {
    parts
      .at(-1)!
      .push(
        ...wrap(
          `Of more than ${mostDrawings} runs no drawings are shown; --details shows them.`,
          options.columns,
          "  ",
        ).map(colours.dim),
      );
  }
  return parts.map((lines) => lines.join("\n")).join("\n\n\n");
}

function withoutDrawings(section: Section): Section {
  return { ...section, blocks: section.blocks.filter(({ kind }) => kind !== "timeline") };
}

function sectionLines({ heading, badge, blocks }: Section, options: Options, colours: Colours): string[] {
  const title = badge === undefined ? heading : [...heading, badge];
  return [...joined(title, options.columns).map(colours.bold), ...linesOf(blocks, options, colours)];
}

/** Pictures and details have an empty line around them. */
function linesOf(blocks: readonly Placed[], options: Options, colours: Colours): string[] {
  const shown = blocksFor("text", blocks).filter(({ kind }) => kind !== "details" || options.details);
  const isAiry = (block: Placed | undefined) =>
    block?.kind === "timeline" || block?.kind === "details" || (block?.kind === "drawing" && block.text !== undefined);
  return shown.flatMap((block, index) => [
    ...(isAiry(block) || isAiry(shown[index - 1]) ? [""] : []),
    ...blockLines(block, options, colours),
  ]);
}

/** An answer a line with its mark. Among several runs one sentence each. The note stays quiet. */
function verdictLines(
  { name, verdict, note }: Extract<Placed, { kind: "verdict" }>,
  { columns }: Options,
  colours: Colours,
): string[] {
  const parts = verdictParts(verdict);
  const answers =
    name === undefined
      ? parts.map(({ text, tone }) => ({ text: capitalised(text), tone }))
      : [{ text: `${name}: ${verdictText(verdict)}`, tone: worstOf(parts) }];
  return [
    ...answers.flatMap((answer) => answerLines(answer, columns, colours)),
    ...(note === null ? [] : wrap(note, columns, "  ").map(colours.dim)),
  ];
}

function answerLines({ text, tone }: Pick<VerdictPart, "text" | "tone">, columns: number, colours: Colours): string[] {
  const lines = wrap(text, columns - 2).map((line, index) => `${(index === 0 ? markOf(tone) : "").padEnd(1)} ${line}`);
  return tone === undefined ? lines : lines.map(tone === "bad" ? colours.red : colours.green);
}

function worstOf(parts: readonly VerdictPart[]): Cell["tone"] {
  return parts.some(({ tone }) => tone === "bad") ? "bad" : parts.find(({ tone }) => tone)?.tone;
}

function blockLines(block: Placed, options: Options, colours: Colours): string[] {
  const { columns } = options;
  const wrapped = (text: string) => wrap(text, columns, "  ");
  switch (block.kind) {
    case "notes":
      return block.lines.flatMap(wrapped).map(colours.dim);
    case "pairs":
      return block.pairs.flatMap(([term, text]) => wrapped(`${term}: ${text}`));
    case "table":
      return [widestThatFits(block.layouts, columns, colours, block.groups)];
    case "warnings":
      return block.sentences.flatMap((sentence) => wrapped(`! ${sentence}`)).map(colours.yellow);
    case "conclusion":
      return wrapped(block.text).map(block.isBad ? colours.red : colours.bold);
    case "verdict":
      return verdictLines(block, options, colours);
    case "timeline":
      return plot(block.record, { columns, paint: (mark, text) => colours[markColours[mark]](text) });
    case "details":
      return linesOf(block.blocks, options, colours);
    case "verbatim":
      return block.lines(columns - 2).map((line) => `  ${line}`);
    case "drawing":
      return block.text?.(options) ?? [];
  }
}
