/** A sweep as comma-separated values (RFC 4180): a line for each cell, in the order of the axes. */
import { figures, measuredFigures } from "../../metrics/figures.ts";
import type { Interval } from "../../model.ts";
import type { CellFigures, SweptCell } from "../../simulation/sweep/sweep.ts";
import type { TextFormat } from "../format.ts";
import { field } from "../media/csv.ts";
import type { SweepView } from "./words.ts";

/** Figures by the names that `--figure` takes, in the units of the record; the two of a sweep's own before them. */
const columns: [name: string, figure: keyof CellFigures][] = [
  ["peakCalls", "peakCalls"],
  ["lost", "lost"],
  ...measuredFigures.map((figure): [string, keyof CellFigures] => [figures[figure].shortName, figure]),
];

export const sweepCsv: TextFormat<SweepView> = {
  name: "csv",
  help: "print a line for each cell, with the median, the 5% and the 95% of each figure",
  text: (views) => views.flatMap(linesOf).join("\n"),
};

function linesOf({ sweep: { axes, cells } }: SweepView): string[] {
  const heads = columns.flatMap(([name]) => [name, `${name}_p5`, `${name}_p95`]);
  return [
    [...axes.map(({ name }) => name), "verdict", "runs", "exceededIn", "lostIn", ...heads, "refusal"]
      .map(field)
      .join(","),
    ...cells.map((cell) => lineOf(cell).map(field).join(",")),
  ];
}

function lineOf({ values, standing, verdict, figures: all, refusal }: SweptCell): string[] {
  const known = [verdict?.runs, verdict?.limit?.exceededIn, verdict?.loss.lostIn].map((value) => String(value ?? ""));
  return [
    ...values,
    standing,
    ...known,
    ...columns.flatMap(([, figure]) => fields(all?.[figure] ?? null)),
    refusal ?? "",
  ];
}

/** Nothing where a figure is missing. */
function fields(interval: Interval | null): string[] {
  return interval === null ? ["", "", ""] : [interval.median, interval.low, interval.high].map(String);
}
