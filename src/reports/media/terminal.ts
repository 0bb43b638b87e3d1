/** A document for people at a terminal: tables in frames, colours, no line wider than it is. */
import picocolors from "picocolors";
import { blocksFor, type Cell, type Document, type Placed, type Section } from "../document.ts";
import type { Options } from "../format.ts";
import { plot } from "../pictures/plot.ts";
import { joined, wrap } from "../text.ts";
import { capitalised, verdictParts, verdictText } from "../verdict.ts";
import { type Colours, widestThatFits } from "./grid.ts";

/** The summary comes last: there it is still in sight when the command has ended. */
export function terminalText({ sections, summary }: Document, options: Options): string {
  const colours = picocolors.createColors(options.colour);
  const parts = summary === null ? sections : [...sections, summary];
  return parts.map((section) => sectionLines(section, options, colours).join("\n")).join("\n\n\n");
}

function sectionLines({ heading, badge, blocks }: Section, options: Options, colours: Colours): string[] {
  const title = badge === undefined ? heading : [...heading, badge];
  return [...joined(title, options.columns).map(colours.bold), ...linesOf(blocks, options, colours)];
}

/** Pictures and details have an empty line around them. */
function linesOf(blocks: readonly Placed[], options: Options, colours: Colours): string[] {
  const shown = blocksFor("text", blocks).filter(({ kind }) => kind !== "details" || options.details);
  const isAiry = (block: Placed | undefined) => block?.kind === "timeline" || block?.kind === "details";
  return shown.flatMap((block, index) => [
    ...(isAiry(block) || isAiry(shown[index - 1]) ? [""] : []),
    ...blockLines(block, options, colours),
  ]);
}

/** On a terminal with colours an answer a line, with its mark; else a sentence. The note stays quiet. */
function verdictLines(
  { name, verdict, note }: Extract<Placed, { kind: "verdict" }>,
  { columns, colour }: Options,
  colours: Colours,
): string[] {
  const prefix = name === undefined ? "" : `${name}: `;
  const notes = note === null ? [] : wrap(note, columns, "  ").map(colours.dim);
  if (!colour) return [...wrap(`${prefix}${verdictText(verdict)}`, columns, "  "), ...notes];
  const paint = { good: colours.green, bad: colours.red };
  const answers = verdictParts(verdict).flatMap(({ text, tone }) => {
    const lines = wrap(`${prefix}${capitalised(text)}`, columns - 2).map(
      (line, index) => `${index === 0 ? mark(tone) : " "} ${line}`,
    );
    return tone === undefined ? lines : lines.map(paint[tone]);
  });
  return [...answers, ...notes];
}

function mark(tone: Cell["tone"]): string {
  return tone === undefined ? " " : tone === "bad" ? "✗" : "✓";
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
      return plot(block.record.timeline, { columns, paint: { inserts: colours.cyan, deadLetters: colours.red } });
    case "details":
      return linesOf(block.blocks, options, colours);
    case "verbatim":
      return block.lines(columns - 2).map((line) => `  ${line}`);
    case "drawing":
      return [];
  }
}
