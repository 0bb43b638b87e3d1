/** A sweep as a document: the answer, the map, a row for each cell, the best first, and how it came about. */
import type { CellFigures, CellStanding, Sweep, SweptCell } from "../../simulation/sweep/sweep.ts";
import { figureCell, peakHead } from "../comparisons/ways.ts";
import { type Cell, type Column, columnsOver, type Document, type RowGroup, withoutAsides } from "../document.ts";
import { briefDuration, notApplicable } from "../figures.ts";
import { capitalised } from "../text.ts";
import { mapBlock } from "./maps.ts";
import {
  askedText,
  cellsHeading,
  commonLimit,
  conclusionText,
  countText,
  fixedLines,
  marks,
  methodText,
  provenanceOf,
  refusalLines,
  type SweepView,
  standings,
  wayText,
} from "./words.ts";

/** Beyond these the table is a list to search, for which the other formats are better. */
const mostRows = 30;

export interface SweepDocumentOptions {
  /** a page puts a mark beside every good or bad cell by itself, and its title names the sweep */
  medium: "text" | "page";
  /** every cell has its row */
  isWhole: boolean;
}

export function sweepDocument(view: SweepView, { medium, isWhole }: SweepDocumentOptions): Document {
  const { sweep } = view;
  const ordered = ranked(sweep.cells);
  const shown = isWhole ? ordered : ordered.slice(0, mostRows);
  const left = ordered.length - shown.length;
  const more =
    left > 0
      ? [`The best ${shown.length} of ${ordered.length} cells; --details prints all, and so do --csv and --json.`]
      : [];
  return {
    level: 2,
    summary: null,
    sections: [
      {
        heading: [medium === "page" ? cellsHeading(sweep) : `Sweep of ${wayText(sweep)}`],
        badge: provenanceOf(sweep),
        blocks: [
          { kind: "conclusion", text: conclusionText(sweep), isBad: sweep.fastest === null },
          mapBlock(view),
          { kind: "table", name: "Cells", layouts: layoutsOf(view, shown, medium), groups: groupsOf(view, shown) },
          { kind: "notes", lines: [...more, ...refusalLines(sweep), methodText(sweep), ...fixedLines(sweep)] },
        ],
      },
    ],
  };
}

/** The best first: those that keep what is asked by their time, then the others by what they lose and exceed. */
export function ranked(cells: readonly SweptCell[]): SweptCell[] {
  const median = (cell: SweptCell, name: keyof CellFigures) => cell.figures?.[name]?.median ?? Number.MAX_VALUE;
  const rank = (cell: SweptCell) => [
    standings.indexOf(cell.standing),
    ...(cell.standing === "breaks" ? [excessOf(cell), median(cell, "lost") / cell.events] : []),
    median(cell, "timeTakenSeconds"),
    median(cell, "costPerMillionEvents"),
  ];
  const ranks = new Map(cells.map((cell) => [cell, rank(cell)]));
  return cells.toSorted((one, other) => {
    const [left, right] = [ranks.get(one)!, ranks.get(other)!];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at === -1 ? 0 : left[at]! - right[at]!;
  });
}

/** The peak beyond the limit, 0 where it is kept. */
function excessOf({ verdict, figures }: SweptCell): number {
  return verdict?.limit?.status === "exceeded" ? (figures?.peakCalls?.median ?? 0) : 0;
}

function groupsOf({ sweep }: SweepView, rows: readonly SweptCell[]): RowGroup[] {
  const titles = {
    keeps: `${capitalised(askedText(sweep, true))}, the fastest first`,
    doubtful: "May, but not all of their calls are known",
    breaks: "Do not, the lowest peak and the least loss first",
    refused: "AWS would refuse these",
  };
  return standings
    .map((standing) => ({ title: titles[standing], rows: rows.filter((cell) => cell.standing === standing).length }))
    .filter((group) => group.rows > 0);
}

function layoutsOf({ sweep }: SweepView, rows: readonly SweptCell[], medium: "text" | "page"): Column[][] {
  const column = columnsOver(rows);
  const dollars = (value: number) => value.toFixed(2);
  const seconds = (ms: number) => briefDuration(ms / 1_000);
  const axes = sweep.axes.map(({ name }, index) => column(headOf(name), ({ values }) => values[index]!));
  const mark = medium === "page" ? column("verdict", standingCell, true) : column("", markCell, true);
  const peak = column(peakOver(sweep), (cell) => peakCell(cell, medium));
  const lost = column("lost", lostCell);
  const drained = column("drained\nin", drainedCell);
  const oldest = column("oldest\nwait", of("waitOldestMs", seconds));
  const throttles = column("throt-\ntles", of("throttles", countText));
  const million = column("USD per\nmillion", of("costPerMillionEvents", dollars));
  const month = column("USD per\nmonth", of("costPerMonth", dollars));
  const all = [
    ...(medium === "page" ? [...axes, mark] : [mark, ...axes]),
    peak,
    lost,
    drained,
    oldest,
    throttles,
    million,
    month,
  ];
  const without = (...some: Column[]) => all.filter((each) => !some.includes(each)).map(withoutAsides);
  return [
    all,
    without(),
    without(month),
    without(month, throttles),
    without(month, throttles, oldest),
    without(month, throttles, oldest, drained),
    [mark, ...axes, lost, drained].map(withoutAsides),
    [
      mark,
      column("cell", (cell) => sweep.axes.map(({ name }, index) => `${name}=${cell.values[index]}`).join("\n"), true),
      lost,
      drained,
      million,
    ].map(withoutAsides),
  ];
}

function markCell({ standing }: SweptCell): Cell {
  return { text: marks[standing], ...toneOf(standing) };
}

/** The page puts the marks of good and bad before the words. */
function standingCell({ standing }: SweptCell): Cell {
  const words = { keeps: "keeps it", doubtful: `${marks.doubtful} not known`, breaks: "does not", refused: "refused" };
  return { text: words[standing], ...toneOf(standing) };
}

function toneOf(standing: CellStanding): Pick<Cell, "tone"> {
  return standing === "keeps" ? { tone: "good" } : standing === "breaks" ? { tone: "bad" } : {};
}

/** `Visibility-` above `Timeout`, so that a column is as narrow as its values. */
function headOf(name: string): string {
  const parts = name.split(/(?<=[a-z.])(?=[A-Z])|(?<=\.)/);
  return parts.reduce((head, part) => {
    const line = head.split("\n").at(-1)!;
    if (head === "") return part;
    return line.length + part.length <= 11 ? head + part : `${head}${line.endsWith(".") ? "" : "-"}\n${part}`;
  }, "");
}

/** Cells with different limits have different windows. */
function peakOver(sweep: Sweep): string {
  const limit = commonLimit(sweep);
  return limit === null && sweep.cells.some(({ expected }) => expected.limit !== null)
    ? "peak\ncalls"
    : peakHead(limit);
}

function peakCell({ verdict, figures }: SweptCell, medium: "text" | "page"): Cell {
  const cell = cellOf(figures, "peakCalls", countText);
  const status = verdict?.limit?.status;
  if (status !== "kept" && status !== "exceeded") return cell;
  const mark = medium === "page" ? "" : status === "kept" ? "✓ " : "✗ ";
  return { ...cell, text: `${mark}${cell.text}`, tone: status === "kept" ? "good" : "bad" };
}

/** `0-4` where most runs lose nothing, so that no layout hides the one that did. */
function lostCell({ verdict, figures }: SweptCell): Cell {
  if (verdict === null) return { text: notApplicable };
  const { loss } = verdict;
  const isRare = figures?.lost?.median === 0 && loss.lostIn > 0;
  const cell = isRare ? { text: `0-${loss.failed + loss.missing}` } : cellOf(figures, "lost", countText);
  const isBad = loss.allowed === null ? loss.lostIn > 0 : loss.brokenIn > 0;
  return isBad ? { ...cell, tone: "bad" } : cell;
}

function drainedCell({ verdict, figures }: SweptCell): Cell {
  if (verdict !== null && verdict.wait.drainedIn < verdict.runs) return { text: "not all" };
  return cellOf(figures, "timeTakenSeconds", briefDuration);
}

function of(name: keyof CellFigures, written: (value: number) => string): (cell: SweptCell) => Cell {
  return ({ figures }) => cellOf(figures, name, written);
}

/** A refused cell has no figures, and that is no lack. */
function cellOf(figures: CellFigures | null, name: keyof CellFigures, written: (value: number) => string): Cell {
  return figures === null ? { text: notApplicable } : figureCell(figures[name] ?? null, written);
}
