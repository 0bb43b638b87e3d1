/** The contents of a report on comparisons, for every medium. */
import { type Comparison, type FigureComparison, isRegression } from "../../metrics/compare.ts";
import { figures } from "../../metrics/figures.ts";
import {
  type Column,
  cellText,
  columnsOver,
  type Document,
  type DrawnColumn,
  type Placed,
  type Section,
  withoutAsides,
} from "../document.ts";
import { percentage } from "../figures.ts";
import { wrap } from "../text.ts";
import { verdictNote } from "../verdict.ts";
import {
  conclusionText,
  differenceCell,
  differenceHead,
  differencesText,
  methodText,
  sideCost,
  sideFigure,
  sideLabels,
  sideNames,
  sideText,
  toneOf,
  verdictCell,
} from "./words.ts";

/** The drawing of a difference, in pixels; the base is in the middle. */
const width = 150;
const height = 18;
const margin = 6;
/** The name of a way above its figures, where room is short. */
const narrowestHead = 11;

export function comparisonsDocument(comparisons: readonly Comparison[]): Document {
  return { level: 3, summary: null, sections: comparisons.map(comparisonSection) };
}

function comparisonSection(comparison: Comparison): Section {
  const { scenario, base, candidate, verdicts, choice } = comparison;
  const labels = sideLabels(comparison);
  const names = sideNames(comparison);
  const unlike = differencesText(comparison);
  const conclusion: Placed = {
    kind: "conclusion",
    text: conclusionText(comparison),
    isBad: isRegression(comparison),
  };
  return {
    heading: choice === null ? [scenario] : [`${labels.base} or ${labels.candidate}`],
    blocks: [
      ...(choice === null ? [] : [conclusion]),
      { kind: "verdict", name: names.base, verdict: verdicts.base, note: sideCost(base) },
      {
        kind: "verdict",
        name: names.candidate,
        verdict: verdicts.candidate,
        note: [sideCost(candidate), verdictNote(verdicts.candidate)].filter((text) => text !== null).join(" "),
      },
      {
        kind: "pairs",
        pairs: [
          [names.base, sideText(base)],
          [names.candidate, sideText(candidate)],
        ],
      },
      ...(unlike ? [{ kind: "warnings" as const, name: "Unlike sides", sentences: [unlike] }] : []),
      {
        kind: "table",
        name: choice === null ? `Figures of ${scenario}` : "Figures of both",
        layouts: layoutsOf(comparison, labels),
        drawn: drawnDifferences(comparison, choice === null ? `the ${labels.base}` : labels.base),
      },
      ...(choice === null ? [conclusion] : []),
      { kind: "notes", lines: [methodText(comparison)] },
    ],
  };
}

function layoutsOf(comparison: Comparison, labels: { base: string; candidate: string }): Column[][] {
  const column = columnsOver(comparison.figures);
  const name = column("", (one) => figures[one.figure].name, true);
  const base = column(labels.base, (one) => sideFigure(comparison.base, one.base, one));
  const candidate = column(labels.candidate, (one) => sideFigure(comparison.candidate, one.candidate, one));
  const difference = column(differenceHead(comparison), differenceCell);
  const isOfWays = comparison.choice !== null;
  const verdict = column("verdict", (one) => verdictCell(one, comparison.method, isOfWays), true);
  const [short, brief] = [withoutAsides(difference), withoutAsides(verdict)];
  if (isOfWays) {
    const [one, other] = [base, candidate].map((column) => ({
      ...column,
      head: wrap(cellText(column.head), narrowestHead).join("\n"),
    })) as [Column, Column];
    const isJudged = verdict.cells.some((cell) => cellText(cell) !== "");
    const judged = [
      [name, base, candidate, difference, verdict],
      [name, base, candidate, short, brief],
    ];
    return [
      ...(isJudged ? judged : []),
      [name, base, candidate, difference],
      [name, base, candidate, short],
      [name, one, other, short],
      [name, one, other],
    ];
  }
  return [
    [name, base, candidate, difference, verdict],
    [name, base, candidate, short, verdict],
    [name, base, candidate, short, brief],
    [name, short, brief],
  ];
}

/** Each difference and its interval around the base's line; undefined: nothing can be drawn. */
function drawnDifferences({ figures: compared }: Comparison, base: string): DrawnColumn | undefined {
  const shares = compared.flatMap((one) => Object.values(sharesOf(one) ?? {})).map(Math.abs);
  const scale = Math.max(0, ...shares);
  if (scale === 0) return undefined;
  return {
    head: `of ${base}, to ±${percentage(scale)}`,
    cells: compared.map((one) => ({ svg: draw(one, scale), tone: toneOf(one) })),
  };
}

function sharesOf({ base, difference, interval }: FigureComparison) {
  if (base === null || base === 0 || difference === null) return null;
  const share = difference / base;
  return { low: interval ? interval.low / base : share, share, high: interval ? interval.high / base : share };
}

/** A dot for the difference, and a bar for its interval. */
function draw(comparison: FigureComparison, scale: number): string {
  const shares = sharesOf(comparison);
  if (shares === null) return "";
  const x = (share: number) => (width / 2 + (share / scale) * (width / 2 - margin)).toFixed(1);
  const y = height / 2;
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">`,
    `<line class="zero" x1="${width / 2}" x2="${width / 2}" y1="1" y2="${height - 1}"/>`,
    `<line class="interval" x1="${x(shares.low)}" x2="${x(shares.high)}" y1="${y}" y2="${y}"/>`,
    `<circle cx="${x(shares.share)}" cy="${y}" r="4"/></svg>`,
  ].join("");
}
