/** The records of one scenario over time: a line per record, and a sparkline per figure. */
import picocolors from "picocolors";
import { figures } from "../metrics/uncertainty.ts";
import type { Figure, RunRecord } from "../model.ts";
import { figure, missing, type Unit } from "./figures.ts";
import { widestThatFits } from "./grid.ts";
import { wrap } from "./text.ts";

export interface HistoryOptions {
  columns: number;
  colour: boolean;
}

const eighths = "▁▂▃▄▅▆▇█";
const shown: { of: Figure; head: string; unit: Unit }[] = [
  { of: "eventsCompleted", head: "completed", unit: "count" },
  { of: "eventsFailed", head: "failed", unit: "count" },
  { of: "timeTakenSeconds", head: "time", unit: "seconds" },
  { of: "maxConcurrency", head: "max. conc.", unit: "count" },
  { of: "insertsPerSecondAvg", head: "inserts/s", unit: "rate" },
];

/** `records`: at least one, oldest first, all of one scenario. */
export function history(records: readonly RunRecord[], { columns, colour }: HistoryOptions): string {
  const colours = picocolors.createColors(colour);
  const column = (head: string, cells: string[], isText = false) => ({ head, cells, isText });
  const run = column(
    "run",
    records.map(({ runId }) => runId),
    true,
  );
  const started = column(
    "started (UTC)",
    records.map(({ startedAt }) => startedAt.slice(0, 16).replace("T", " ")),
    true,
  );
  const origin = column("from", records.map(originOf), true);
  const series = shown.map(({ of, head, unit }) => ({
    head,
    unit,
    values: records.map((record) => valueIn(record, of)),
  }));
  const values = series.map(({ head, unit, values }) =>
    column(
      head,
      values.map((value) => figure(value, unit)),
    ),
  );
  const room = Math.max(8, columns - Math.max(...shown.map(({ head }) => head.length)) - 30);
  const trends = series.map(({ head, unit, values }) => {
    const recent = values.slice(-room);
    const known = recent.filter((value) => value !== null);
    const range = known.length === 0 ? missing : rangeText(Math.min(...known), Math.max(...known), unit);
    return `${head.padEnd(10)} ${sparkline(recent)}  ${range}`;
  });
  const count = `${records.length} ${records.length === 1 ? "record" : "records"}`;
  return [
    ...wrap(`${records[0]!.scenario} · ${count}, the newest last`, columns).map(colours.bold),
    widestThatFits(
      [
        [run, started, origin, ...values],
        [run, started, ...values],
        [run, ...values],
        [started, ...values],
      ],
      columns,
      colours,
    ),
    ...trends,
  ].join("\n");
}

/** A character per value, its height between the lowest and the highest; a blank where the figure is missing. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const mark = (value: number) => eighths[span === 0 ? 0 : Math.round(((value - low) / span) * (eighths.length - 1))];
  return values.map((value) => (value === null ? " " : mark(value))).join("");
}

/** The median, of repeated runs. */
function valueIn({ uncertainty, summary }: RunRecord, of: Figure): number | null {
  return uncertainty ? (uncertainty.intervals[of]?.median ?? null) : figures[of](summary);
}

function originOf({ target, platform, profile, uncertainty }: RunRecord): string {
  const from = [target, platform, profile?.name].filter(Boolean).join(" ");
  return uncertainty ? `${from}, ${uncertainty.runs.length} runs` : from;
}

function rangeText(low: number, high: number, unit: Unit): string {
  return low === high ? figure(low, unit) : `${figure(low, unit)} – ${figure(high, unit)}`;
}
