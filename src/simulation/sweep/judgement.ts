/** Says of each cell whether it keeps what is asked, by all its runs, and which of those that do are the best. */
import { measuredFigures, readFigure } from "../../metrics/figures.ts";
import { intervalOf, type Run } from "../../metrics/uncertainty.ts";
import { type WayName, type WayRuns, wayOf } from "../../metrics/ways.ts";
import type { Interval, RunVerdict } from "../../model.ts";
import type { Cell, CellFigures, CellStanding, SweptCell } from "./sweep.ts";

/** `runs`: at least one, unless the cell is refused. */
export function judged(cell: Cell, way: WayName, from: WayRuns, runs: readonly Run[]): SweptCell {
  if (cell.refusal !== null) return { ...cell, standing: "refused", verdict: null, figures: null };
  const { verdict, figures } = wayOf(way, from, runs, cell.expected);
  const intervals = measuredFigures.map((figure) => [figure, intervalOf(runs.map((run) => readFigure(figure, run)))]);
  const all: CellFigures = {
    peakCalls: figures.peakCalls,
    lost: figures.lost,
    ...(Object.fromEntries(intervals) as Partial<CellFigures>),
  };
  return { ...cell, standing: standingOf(verdict), verdict, figures: all };
}

/** Without a word on loss, nothing may be lost. */
export function standingOf({ runs, limit, loss, wait }: RunVerdict): CellStanding {
  const loses = loss.allowed === null ? loss.lostIn > 0 : loss.brokenIn > 0;
  if (limit?.status === "exceeded" || loses || wait.brokenIn > 0 || wait.drainedIn < runs) return "breaks";
  return limit?.status === "unknown" ? "doubtful" : "keeps";
}

/** The index of the cell that keeps what is asked and has the least of a figure, by its median; of equals the first. null: none keeps it. */
export function leastOf(cells: readonly SweptCell[], ...by: (keyof CellFigures)[]): number | null {
  const median = (cell: SweptCell, figure: keyof CellFigures) =>
    (cell.figures?.[figure] as Interval | null | undefined)?.median ?? Number.MAX_VALUE;
  const isLess = (one: SweptCell, other: SweptCell) => {
    const decisive = by.find((figure) => median(one, figure) !== median(other, figure));
    return decisive !== undefined && median(one, decisive) < median(other, decisive);
  };
  return cells.reduce<number | null>((least, cell, index) => {
    if (cell.standing !== "keeps") return least;
    return least === null || isLess(cell, cells[least]!) ? index : least;
  }, null);
}
