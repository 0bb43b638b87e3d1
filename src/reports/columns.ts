/** The figures of runs as columns of text, which each medium draws in its own way. */
import { isOfPublished } from "../metrics/caveats.ts";
import {
  allFigures,
  type Figure,
  type FigureDefinition,
  figures,
  isShown,
  publishedRun,
  readFigure,
  type Unit,
} from "../metrics/figures.ts";
import { runsOf, shownFigure } from "../metrics/uncertainty.ts";
import type { Interval, RunRecord } from "../model.ts";
import { type Column, columnsOver } from "./document.ts";
import { difference, duration, figure, missing, notApplicable, withInterval } from "./figures.ts";
import { oneLine, shortened } from "./text.ts";

/** The last to be left out where room is short: those that account for every event, and the time. */
const inShort = new Set<Figure>(["eventsCompleted", "eventsFailed", "eventsMissing", "timeTakenSeconds"]);
const besidePublished = new Set<Figure>(["eventsCompleted", "timeTakenSeconds"]);
const insertRates: Figure[] = ["insertsPerSecondAvg", "insertsPerSecondMax", "insertsPerSecondMin"];

/** A line of the published table. */
export interface Line {
  of: Figure;
  name: string;
  unit: Unit;
  /** the median of repeated runs */
  value: number | null;
  interval: Interval | null;
  published: number | null;
}

/** The user's figures in the user's order, then the exceptions where there are any. */
export function figuresOf(record: RunRecord): Line[] {
  const exceptions = placed("exception").filter((figure) => isEver(figure, record));
  return [...placed("table"), ...exceptions].map((figure) => lineOf(record, figure));
}

function placed(place: FigureDefinition["place"]): Figure[] {
  return allFigures.filter((figure) => figures[figure].place === place);
}

/** Says whether a figure that is usually 0 is not 0 in any of the record's runs. */
function isEver(figure: Figure, record: RunRecord): boolean {
  return runsOf(record).some((run) => readFigure(figure, run) !== 0);
}

function lineOf(record: RunRecord, figure: Figure): Line {
  const { name, unit } = figures[figure];
  const published = record.published && readFigure(figure, publishedRun(record.published));
  return { of: figure, name, unit, ...shownFigure(record, figure), published };
}

/** A run's figures beside the published ones where there are any; the widest layout first. */
export function figureLayouts(record: RunRecord): Column[][] {
  const column = columnsOver(figuresOf(record));
  const name = column("", (row) => row.name, true);
  const own = (inWords: boolean) => column(valueHead(record), (row) => written(row, inWords));
  const other = (inWords: boolean) =>
    column("published", (row) =>
      row.published === null ? notApplicable : written({ ...row, value: row.published, interval: null }, inWords),
    );
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
  return isOfPublished(record) ? [...beside, ...alone] : alone;
}

/** The figures beyond the published table, after how the burst was published and how the run ended. */
export function furtherFigures(record: RunRecord): [Column, Column] {
  const { burst, outcome } = record;
  const column = columnsOver<[name: string, value: string]>([
    ["Events published", burst.failed > 0 ? `${burst.published} (${burst.failed} refused)` : String(burst.published)],
    ["Publishing took", publishingTook(burst.firstSentAt, burst.lastSentAt)],
    ["Run ended", outcome],
    ...[...placed("details"), ...placed("groups")]
      .map((figure) => lineOf(record, figure))
      .filter(({ of, value }) => isShown(of, [value]))
      .map((line): [string, string] => [line.name, written(line, false)]),
  ]);
  return [column("further figure", ([name]) => name, true), column(valueHead(record), ([, value]) => value)];
}

function valueHead({ uncertainty }: RunRecord): string {
  return uncertainty ? "median (5-95%)" : "this run";
}

/** `inWords`: a time without an interval also in minutes and hours. */
function written({ value, interval, unit }: Line, inWords: boolean): string {
  if (interval) return withInterval(interval, unit);
  return inWords && unit === "seconds" ? duration(value) : figure(value, unit);
}

function publishingTook(first: number | null, last: number | null): string {
  return first === null || last === null ? missing : figure(last - first, "milliseconds");
}

/**
 * A row per run under its label, the widest layout first. Published figures stand in brackets beside the run's own completed and time.
 * Names of more than `longestName` characters are shortened.
 */
export function summaryLayouts(
  records: readonly RunRecord[],
  labels: readonly string[],
  longestName = Infinity,
): Column[][] {
  const isMixed = new Set(records.map(({ kind }) => kind)).size > 1;
  const isBeside = records.some(isOfPublished);

  const column = columnsOver(records);
  const label: Column = { head: "scenario", cells: labels.map((text) => shortened(text, longestName)), isText: true };
  const path = column("path", (record) => oneLine(record.topology.join(" → ")), true);
  const result = isMixed ? column("result", ({ kind }) => kind, true) : null;
  const cell = (record: RunRecord, of: Figure) => figure(shownFigure(record, of).value, figures[of].unit);
  const cellBeside = (record: RunRecord, of: Figure) =>
    isOfPublished(record)
      ? `${cell(record, of)} (${readFigure(of, publishedRun(record.published!))})`
      : cell(record, of);
  const alone = (of: Figure): Column => column(figures[of].head!, (record) => cell(record, of));
  const beside = (of: Figure): Column =>
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
  const short = withHead.filter((of) => inShort.has(of));
  return [
    [label, path, result, ...withHead.map(beside), rates],
    [label, result, ...withHead.map(beside), rates],
    [label, result, ...short.map(beside), rates],
    [label, ...short.map(beside)],
    [label, ...short.map(alone)],
  ].map((layout) => layout.filter((one) => one !== null));
}
