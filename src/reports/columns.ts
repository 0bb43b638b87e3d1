/** The figures of runs as columns of text, which each medium draws in its own way. */
import {
  allFigures,
  type FigureDefinition,
  type Figure as FigureName,
  figures,
  publishedRun,
  readFigure,
  type Unit,
} from "../metrics/figures.ts";
import { runsOf, shownFigure } from "../metrics/uncertainty.ts";
import type { Interval, RunRecord } from "../model.ts";
import type { Column } from "./document.ts";
import { difference, duration, figure, missing, notApplicable, withInterval } from "./figures.ts";
import { oneLine, shortened } from "./text.ts";

/** These account for every event, so that they and the time are the last to be left out where room is short. */
const accountForEvents = new Set<FigureName>(["eventsCompleted", "eventsFailed", "eventsMissing"]);
const besidePublished = new Set<FigureName>(["eventsCompleted", "timeTakenSeconds"]);
const insertRates: FigureName[] = ["insertsPerSecondAvg", "insertsPerSecondMax", "insertsPerSecondMin"];

/** A line of the published table. */
export interface Figure {
  of: FigureName;
  name: string;
  unit: Unit;
  /** the median of repeated runs */
  value: number | null;
  interval: Interval | null;
  published: number | null;
}

/** The user's figures in the user's order, then the exceptions where there are any. */
export function figuresOf(record: RunRecord): Figure[] {
  const exceptions = placed("exception").filter((figure) => isEver(figure, record));
  return [...placed("table"), ...exceptions].map((figure) => figureIn(record, figure));
}

function placed(place: FigureDefinition["place"]): FigureName[] {
  return allFigures.filter((figure) => figures[figure].place === place);
}

/** Says whether a figure that is usually 0 is not 0 in any of the record's runs. */
function isEver(figure: FigureName, record: RunRecord): boolean {
  return runsOf(record).some((run) => readFigure(figure, run) !== 0);
}

function figureIn(record: RunRecord, figure: FigureName): Figure {
  const { name, unit } = figures[figure];
  const published = record.published && readFigure(figure, publishedRun(record.published));
  return { of: figure, name, unit, ...shownFigure(record, figure), published };
}

/** A run's figures beside the published ones where there are any; the widest layout first. */
export function figureLayouts(record: RunRecord): Column[][] {
  const { published } = record;
  const rows = figuresOf(record);
  const value = (of: "value" | "published", inWords: boolean) => (row: Figure) => {
    if (of === "published" && row.published === null) return notApplicable;
    const isAlone = of === "published" || row.interval === null;
    if (isAlone && inWords && row.unit === "seconds") return duration(row[of]);
    return of === "value" ? written(row) : figure(row.published, row.unit);
  };
  const column = (head: string, cell: (row: Figure) => string): Column => ({ head, cells: rows.map(cell) });
  const name: Column = { ...column("", (row) => row.name), isText: true };
  const own = (inWords: boolean) => column(valueHead(record), value("value", inWords));
  const other = (inWords: boolean) => column("published", value("published", inWords));
  const change = column("difference", (row) =>
    row.published === null ? notApplicable : difference(row.value, row.published, row.unit),
  );
  const alone = [
    [name, own(true)],
    [name, own(false)],
  ];
  const beside = [
    [name, own(true), other(true), change],
    [name, own(true), other(false), change],
    [name, own(false), other(false), change],
    [name, own(false), other(false)],
  ];
  return published ? [...beside, ...alone] : alone;
}

/** The figures beyond the published table, after how the burst was published and how the run ended. */
export function furtherFigures(record: RunRecord): [Column, Column] {
  const { burst, outcome } = record;
  const rows: [name: string, value: string][] = [
    ["Events published", burst.failed > 0 ? `${burst.published} (${burst.failed} refused)` : String(burst.published)],
    ["Publishing took", publishingTook(burst.firstSentAt, burst.lastSentAt)],
    ["Run ended", outcome],
    ...placed("details")
      .map((figure) => figureIn(record, figure))
      .map((one): [string, string] => [one.name, written(one)]),
  ];
  return [
    { head: "further figure", cells: rows.map(([name]) => name), isText: true },
    { head: valueHead(record), cells: rows.map(([, value]) => value) },
  ];
}

function valueHead({ uncertainty }: RunRecord): string {
  return uncertainty ? "median (5-95%)" : "this run";
}

function written({ value, interval, unit }: Figure): string {
  return interval ? withInterval(interval, unit) : figure(value, unit);
}

function publishingTook(first: number | null, last: number | null): string {
  return first === null || last === null ? missing : figure(last - first, "milliseconds");
}

/**
 * A row per run, the widest layout first. Published figures stand in brackets beside the run's own completed and time.
 * Names of more than `longestName` characters are shortened.
 */
export function summaryLayouts(records: readonly RunRecord[], longestName = Infinity): Column[][] {
  const isMixed = new Set(records.map(({ kind }) => kind)).size > 1;
  const isBeside = records.some(({ published }) => published !== null);

  const column = (head: string, cell: (record: RunRecord) => string): Column => ({ head, cells: records.map(cell) });
  const textColumn = (head: string, cell: (record: RunRecord) => string) => ({ ...column(head, cell), isText: true });
  const scenario = textColumn("scenario", (record) => shortened(record.scenario, longestName));
  const path = textColumn("path", (record) => oneLine(record.topology.join(" → ")));
  const result = isMixed ? textColumn("result", ({ kind }) => kind) : null;
  const cell = (record: RunRecord, of: FigureName) => figure(shownFigure(record, of).value, figures[of].unit);
  const cellBeside = (record: RunRecord, of: FigureName) =>
    record.published ? `${cell(record, of)} (${readFigure(of, publishedRun(record.published))})` : cell(record, of);
  const alone = (of: FigureName): Column => column(figures[of].head!, (record) => cell(record, of));
  const beside = (of: FigureName): Column =>
    isBeside && besidePublished.has(of)
      ? column(`${figures[of].head}\n(published)`, (record) => cellBeside(record, of))
      : alone(of);
  const rates = column("inserts/s\navg·max·min", (record) =>
    shownFigure(record, "insertsPerSecondMax").value === null
      ? missing
      : insertRates.map((of) => cell(record, of)).join("·"),
  );
  const withHead = allFigures.filter(
    (of) =>
      figures[of].head !== undefined &&
      !insertRates.includes(of) &&
      (figures[of].place !== "exception" || records.some((record) => isEver(of, record))),
  );
  const inShort = withHead.filter((of) => accountForEvents.has(of) || of === "timeTakenSeconds");
  return [
    [scenario, path, result, ...withHead.map(beside), rates],
    [scenario, result, ...withHead.map(beside), rates],
    [scenario, result, ...inShort.map(beside), rates],
    [scenario, ...inShort.map(beside)],
    [scenario, ...inShort.map(alone)],
  ].map((layout) => layout.filter((one) => one !== null));
}
