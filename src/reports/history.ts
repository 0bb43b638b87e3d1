/** The records of one scenario over time: a line per record, and a sparkline per figure. */
import picocolors from "picocolors";
import { parseLimit } from "../../infra/handlers/limit.ts";
import { allFigures, type Figure, figures, isShown, measuredFigures, type Unit } from "../metrics/figures.ts";
import { shownFigure } from "../metrics/uncertainty.ts";
import type { RunRecord } from "../model.ts";
import { type Column, columnsOver } from "./document.ts";
import { figure, missing } from "./figures.ts";
import type { Options } from "./format.ts";
import { settingsApart } from "./labels.ts";
import { widestThatFits } from "./media/grid.ts";
import { wrap } from "./text.ts";

const eighths = "▁▂▃▄▅▆▇█";
/** They are counted in seconds, as most limits of a downstream are. */
const perSecond = new Set<Figure>([
  "insertsPerSecondAvg",
  "insertsPerSecondMax",
  "insertsPerSecondMin",
  "throughputPerSecond",
  "peakRollingSecond",
]);
/** The figures that have a column of their own in a table of several runs. */
const inColumns = allFigures.filter((of) => figures[of].head !== undefined && figures[of].place === "table");

/** `records`: at least one, oldest first, all of one scenario. */
export function history(records: readonly RunRecord[], { columns, colour, details }: Options): string {
  const colours = picocolors.createColors(colour);
  const column = columnsOver(records);
  const run = column("run", ({ runId }) => runId, true);
  const started = column("started (UTC)", ({ startedAt }) => startedAt.slice(0, 16).replace("T", " "), true);
  const origin = column("from", originOf, true);
  const [set, narrowSet] = setColumns(records);
  const values = inColumns.map((of) =>
    column(narrowHead(of), (record) => figure(shownFigure(record, of).value, figures[of].unit)),
  );
  const valuesOf = (of: Figure) => records.map((record) => shownFigure(record, of).value);
  const further = details ? measuredFigures.filter((of) => !inColumns.includes(of) && isShown(of, valuesOf(of))) : [];
  const drawn = [
    ...inColumns.map((of) => ({ of, name: narrowHead(of) })),
    ...further.map((of) => ({ of, name: figures[of].name })),
  ];
  const width = Math.max(...drawn.map(({ name }) => name.length));
  const limit = limitPerSecond(records);
  const room = Math.max(8, columns - width - 30 - (limit === null ? 0 : limit.length + 2));
  const trends = drawn.map(({ of, name }) => {
    const { unit } = figures[of];
    const recent = valuesOf(of).slice(-room);
    const known = recent.filter((value) => value !== null);
    const range = known.length === 0 ? missing : rangeText(Math.min(...known), Math.max(...known), unit);
    const beside = limit !== null && perSecond.has(of) && known.length > 0 ? `, ${limit}` : "";
    return `${name.padEnd(width)} ${sparkline(recent)}  ${range}${beside}`;
  });
  const count = `${records.length} ${records.length === 1 ? "record" : "records"}`;
  return [
    ...wrap(`${records[0]!.scenario} · ${count}, the newest last`, columns).map(colours.bold),
    widestThatFits(
      [
        [run, started, origin, ...set, ...values],
        [run, started, ...set, ...values],
        [run, ...set, ...values],
        [run, ...narrowSet, ...values],
        [started, ...narrowSet, ...values],
        // The settings matter more than the time, and more than how hard the downstream was hit.
        ...(narrowSet.length === 0 ? [] : [values, values.slice(0, 3)].map((some) => [...narrowSet, ...some])),
        [started, ...values],
      ],
      columns,
      colours,
    ),
    ...trends,
  ].join("\n");
}

/** The settings of some of the records and not of all, side by side and below each other; no column where there is nothing. */
function setColumns(records: readonly RunRecord[]): [Column[], Column[]] {
  const apart = settingsApart(records);
  if (apart.every((marks) => marks.length === 0)) return [[], []];
  const joinedBy = (text: string): Column => ({
    head: "set",
    cells: apart.map((marks) => marks.join(text)),
    isText: true,
  });
  return [[joinedBy(", ")], [joinedBy("\n")]];
}

/** `limit 1/s`: the limit by which all of the records were judged; null: they have several, or none that counts in seconds. */
function limitPerSecond(records: readonly RunRecord[]): string | null {
  const [limit, ...others] = new Set(records.map(({ verdict }) => verdict?.limit?.limit ?? null));
  if (limit === undefined || limit === null || others.length > 0) return null;
  return parseLimit(limit)?.perMs === 1_000 ? `limit ${limit}` : null;
}

/** A character per value, its height between the lowest and the highest; a blank where the figure is missing. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const mark = (value: number) => eighths[span === 0 ? 0 : Math.round(((value - low) / span) * (eighths.length - 1))];
  return values.map((value) => (value === null ? " " : mark(value))).join("");
}

function narrowHead(of: Figure): string {
  return figures[of].head!.replace("\n", " ");
}

function originOf({ target, platform, profile, uncertainty }: RunRecord): string {
  const from = [target, platform, profile?.name].filter(Boolean).join(" ");
  return uncertainty ? `${from}, ${uncertainty.runs.length} runs` : from;
}

function rangeText(low: number, high: number, unit: Unit): string {
  return low === high ? figure(low, unit) : `${figure(low, unit)} – ${figure(high, unit)}`;
}
