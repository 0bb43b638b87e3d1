/** A comparison for people at a terminal: what is unlike, a line per figure, and what it comes to. */
import picocolors from "picocolors";
import type { Comparison } from "../../metrics/compare.ts";
import type { Options } from "../format.ts";
import { type Colours, widestThatFits } from "../grid.ts";
import { wrap } from "../text.ts";
import {
  type ComparedLine,
  comparedLines,
  conclusionText,
  differenceHead,
  differencesText,
  methodText,
  sideLabels,
  sideText,
} from "./words.ts";

export function compareTable(comparisons: readonly Comparison[], options: Options): string {
  const colours = picocolors.createColors(options.colour);
  return comparisons.map((comparison) => part(comparison, options, colours).join("\n")).join("\n\n\n");
}

function part(comparison: Comparison, { columns }: Options, colours: Colours): string[] {
  const { scenario, base, candidate } = comparison;
  const lines = comparedLines(comparison);
  const labels = sideLabels(comparison);
  const unlike = differencesText(comparison);
  const isRegression = lines.some((line) => line.isRegression);
  return [
    ...wrap(scenario, columns).map(colours.bold),
    ...wrap(`${labels.base}: ${sideText(base)}`, columns, "  "),
    ...wrap(`${labels.candidate}: ${sideText(candidate)}`, columns, "  "),
    ...(unlike ? wrap(`! ${unlike}`, columns, "  ").map(colours.yellow) : []),
    widestThatFits(layouts(lines, labels, differenceHead(comparison), colours), columns, colours),
    ...wrap(conclusionText(comparison), columns, "  ").map(isRegression ? colours.red : colours.bold),
    ...wrap(methodText(comparison), columns, "  ").map(colours.dim),
  ];
}

function layouts(lines: ComparedLine[], labels: ReturnType<typeof sideLabels>, head: string, colours: Colours) {
  const column = (head: string, cell: (line: ComparedLine) => string, isText = false) => ({
    head,
    cells: lines.map(cell),
    isText,
  });
  const paint = ({ isRegression, isImprovement }: ComparedLine) =>
    isRegression ? colours.red : isImprovement ? colours.green : (text: string) => text;
  const name = column("", (line) => line.name, true);
  const base = column(labels.base, (line) => line.base);
  const candidate = column(labels.candidate, (line) => line.candidate);
  const difference = column(head, (line) => line.difference);
  const verdict = column("", (line) => paint(line)(line.verdict), true);
  const brief = column("", (line) => paint(line)(line.verdict.replace(/ \(.*/, "")), true);
  const short = column(head.replace(/ \[.*/, ""), (line) => line.difference.replace(/ \[.*/, ""));
  return [
    [name, base, candidate, difference, verdict],
    [name, base, candidate, short, verdict],
    [name, base, candidate, short, brief],
    [name, short, brief],
  ];
}
