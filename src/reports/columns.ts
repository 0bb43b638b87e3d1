/** What the reports tell of runs, as columns of text: each format draws them in its own way. */
import type { Figure as FigureName, Interval, RunRecord } from "../model.ts";
import {
  difference,
  duration,
  figure,
  latency,
  missing,
  notApplicable,
  percentage,
  type Unit,
  withInterval,
} from "./figures.ts";
import { oneLine, shortened } from "./text.ts";

export interface Column {
  /** may have line breaks */
  head: string;
  cells: string[];
  /** left-aligned, where figures are right-aligned */
  isText?: boolean;
}

/** A line of the published table. */
export interface Figure {
  name: string;
  unit: Unit;
  value: number | null;
  published: number | null;
  /** Of repeated runs: the value is their median then. */
  interval: Interval | null;
}

/** The user's figures in the user's order; the last two only where there is something to tell. */
export function figuresOf({ summary, published, uncertainty }: RunRecord): Figure[] {
  const { insertsPerSecond: rate } = summary;
  const publishedRate = published?.insertsPerSecond;
  const row = (
    name: string,
    unit: Unit,
    value: number | null,
    publishedValue?: number,
    repeated?: FigureName,
  ): Figure => {
    const interval = (repeated && uncertainty?.intervals[repeated]) ?? null;
    return { name, unit, value: interval ? interval.median : value, published: publishedValue ?? null, interval };
  };
  const rows = [
    row("Total Events", "count", summary.totalEvents, published?.totalEvents),
    row("Events Completed", "count", summary.eventsCompleted, published?.eventsCompleted, "eventsCompleted"),
    row("Events Failed", "count", summary.eventsFailed, published?.eventsFailed, "eventsFailed"),
    row("Time Taken", "seconds", summary.timeTakenSeconds, published?.timeTakenSeconds, "timeTakenSeconds"),
    row("Max. Concurrency", "count", summary.maxConcurrency, published?.maxConcurrency, "maxConcurrency"),
    row("Avg. DB Inserts Per Second", "rate", rate.avg, publishedRate?.avg, "insertsPerSecondAvg"),
    row("Max. DB Inserts Per Second", "rate", rate.max, publishedRate?.max, "insertsPerSecondMax"),
    row("Min. DB Inserts Per Second", "rate", rate.min, publishedRate?.min, "insertsPerSecondMin"),
  ];
  const isEver = (of: "eventsMissing" | "duplicates") =>
    summary[of] !== 0 || (uncertainty?.runs.some((run) => run.summary[of] !== 0) ?? false);
  if (isEver("eventsMissing")) {
    rows.push(row("Events Missing", "count", summary.eventsMissing, undefined, "eventsMissing"));
  }
  if (isEver("duplicates")) rows.push(row("Duplicates", "count", summary.duplicates, undefined, "duplicates"));
  return rows;
}

/** A run's figures, beside what was published where something was; the widest layout first. */
export function figureLayouts(record: RunRecord): Column[][] {
  const { published, uncertainty } = record;
  const rows = figuresOf(record);
  const value = (of: "value" | "published", inWords: boolean) => (row: Figure) => {
    if (of === "published" && row.published === null) return notApplicable;
    if (of === "value" && row.interval) return withInterval(row.interval, row.unit);
    return inWords && row.unit === "seconds" ? duration(row[of]) : figure(row[of], row.unit);
  };
  const column = (head: string, cell: (row: Figure) => string): Column => ({ head, cells: rows.map(cell) });
  const name: Column = { ...column("", (row) => row.name), isText: true };
  const own = (inWords: boolean) => column(uncertainty ? "median (5-95%)" : "this run", value("value", inWords));
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

/** The figures beyond the published table. */
export function furtherFigures({ details, burst, outcome }: RunRecord): [Column, Column] {
  const count = (value: number | null) => figure(value, "count");
  const { latencyMs } = details;
  const rows: [name: string, value: string][] = [
    ["Events published", burst.failed > 0 ? `${burst.published} (${burst.failed} refused)` : count(burst.published)],
    ["Publishing took", publishingTook(burst.firstSentAt, burst.lastSentAt)],
    ["Run ended", outcome],
    ["Overlapping invocations", count(details.maxOverlap)],
    ["Instances started", count(details.instancesStarted)],
    ["Invocations", count(details.invocations)],
    ["Throttles", count(details.throttles)],
    ["Errors", count(details.errors)],
    ["Latency p50", latencyMs ? latency(latencyMs.p50) : missing],
    ["Latency p95", latencyMs ? latency(latencyMs.p95) : missing],
    ["Latency p99", latencyMs ? latency(latencyMs.p99) : missing],
    ["Latency max", latencyMs ? latency(latencyMs.max) : missing],
    ["Out of order", details.outOfOrderShare === null ? missing : percentage(details.outOfOrderShare)],
    ["Seconds without an insert", count(details.emptySeconds)],
    ["Peak in any rolling second", count(details.peakRollingSecond)],
  ];
  return [
    { head: "further figure", cells: rows.map(([name]) => name), isText: true },
    { head: "this run", cells: rows.map(([, value]) => value) },
  ];
}

function publishingTook(first: number | null, last: number | null): string {
  return first === null || last === null ? missing : latency(last - first);
}

/**
 * A row per run, the widest layout first; what was published stands in brackets beside the run's own completed and time.
 * Names of more than `longestName` characters are shortened.
 */
export function summaryLayouts(records: readonly RunRecord[], longestName = Infinity): Column[][] {
  const isMixed = new Set(records.map(({ kind }) => kind)).size > 1;
  const isBeside = records.some(({ published }) => published !== null);
  const isMissing = records.some(({ summary }) => summary.eventsMissing !== 0);

  const column = (head: string, cell: (record: RunRecord) => string): Column => ({ head, cells: records.map(cell) });
  const textColumn = (head: string, cell: (record: RunRecord) => string) => ({ ...column(head, cell), isText: true });
  const scenario = textColumn("scenario", (record) => shortened(record.scenario, longestName));
  const path = textColumn("path", (record) => oneLine(record.topology.join(" → ")));
  const result = isMixed ? textColumn("result", ({ kind }) => kind) : null;
  const completed = column("completed", ({ summary }) => figure(summary.eventsCompleted, "count"));
  const failed = column("failed", ({ summary }) => figure(summary.eventsFailed, "count"));
  const lost = isMissing ? column("missing", ({ summary }) => figure(summary.eventsMissing, "count")) : null;
  const time = column("time", ({ summary }) => figure(summary.timeTakenSeconds, "seconds"));
  const concurrency = column("max.\nconc.", ({ summary }) => figure(summary.maxConcurrency, "count"));
  const rates = column("inserts/s\navg·max·min", ({ summary }) => {
    const { avg, max, min } = summary.insertsPerSecond;
    return max === null ? missing : [avg, max, min].map((value) => figure(value, "rate")).join("·");
  });
  const beside = (own: Column, of: "eventsCompleted" | "timeTakenSeconds"): Column => ({
    head: `${own.head}\n(published)`,
    cells: own.cells.map((cell, row) => {
      const { published } = records[row]!;
      return published ? `${cell} (${published[of]})` : cell;
    }),
  });
  const completedBeside = isBeside ? beside(completed, "eventsCompleted") : completed;
  const timeBeside = isBeside ? beside(time, "timeTakenSeconds") : time;

  return [
    [scenario, path, result, completedBeside, failed, lost, timeBeside, concurrency, rates],
    [scenario, result, completedBeside, failed, lost, timeBeside, concurrency, rates],
    [scenario, result, completedBeside, failed, lost, timeBeside, rates],
    [scenario, completedBeside, failed, lost, timeBeside],
    [scenario, completed, failed, lost, time],
  ].map((layout) => layout.filter((one) => one !== null));
}
