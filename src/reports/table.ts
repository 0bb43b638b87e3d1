/** The report for people: per run its figures, a timeline and its doubts; several runs end with one table. */
import picocolors from "picocolors";
import { settingsWithEffect } from "../metrics/caveats.ts";
import type { Figure as FigureName, Interval, RunRecord } from "../model.ts";
import { caveatText } from "./caveats.ts";
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
import { type Colours, type Column, draw, widestThatFits } from "./grid.ts";
import { plot } from "./plot.ts";
import type { Report, ReportOptions } from "./report.ts";
import { joined, oneLine, shortened, wrap } from "./text.ts";

interface Figure {
  name: string;
  unit: Unit;
  value: number | null;
  published: number | null;
  /** Of repeated runs: the value is their median then. */
  interval: Interval | null;
}

export const table: Report = {
  render(records, options) {
    const colours = picocolors.createColors(options.colour);
    const parts = records.map((record) => runPart(record, options, colours));
    if (records.length > 1) parts.push(summaryPart(records, options, colours));
    return parts.map((lines) => lines.join("\n")).join("\n\n\n");
  },
};

function runPart(record: RunRecord, options: ReportOptions, colours: Colours): string[] {
  const { columns } = options;
  const isPathInTitle = record.topology.every((stage) => record.title.includes(stage));
  const path = isPathInTitle ? [] : [record.topology.join(" → ")];
  const header = [record.scenario, ...path, record.title, provenance(record)];
  const settings = settingsWithEffect(record.settings).map(([name, value]) => `${name}=${value}`);
  const paint = { inserts: colours.cyan, deadLetters: colours.red };
  return [
    ...joined(header, columns).map(colours.bold),
    ...wrap(`Run ${record.runId}, started ${record.startedAt}. ${record.cleanUp}`, columns, "  ").map(colours.dim),
    ...(settings.length > 0 ? wrap(`Settings: ${settings.join(", ")}`, columns, "  ").map(colours.dim) : []),
    figureTable(record, columns, colours),
    ...(record.uncertainty ? wrap(repeated(record.uncertainty), columns, "  ").map(colours.dim) : []),
    "",
    ...plot(record.timeline, { columns, paint }),
    ...(options.details ? ["", ...detailLines(record, columns, colours)] : []),
    ...(record.caveats.length > 0 ? [""] : []),
    ...record.caveats.flatMap((caveat) => wrap(`! ${caveatText(caveat)}`, columns, "  ").map(colours.yellow)),
  ];
}

/** What the intervals are of. */
function repeated({ runs, ranges }: NonNullable<RunRecord["uncertainty"]>): string {
  const drawn = ranges ? ", each with the numbers that AWS does not publish drawn from their plausible ranges" : "";
  return `${runs.length} runs, seeds ${runs[0]!.seed} to ${runs.at(-1)!.seed}${drawn}; the plot and the further figures are of the first.`;
}

/** Where a result comes from; a local one says that it is a prediction. */
function provenance({ kind, target, platform, seed }: RunRecord): string {
  const origin = [target, platform && `platform ${platform}`, seed !== null && `seed ${seed}`].filter(Boolean);
  return `${kind.toUpperCase()} (${origin.join(", ")})`;
}

/** The user's figures in the user's order; the last two only where there is something to tell. */
function figures({ summary, published, uncertainty }: RunRecord): Figure[] {
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

function figureTable(record: RunRecord, columns: number, colours: Colours): string {
  const { published, uncertainty } = record;
  const rows = figures(record);
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
  return widestThatFits(published ? [...beside, ...alone] : alone, columns, colours);
}

function detailLines(
  { details, burst, published, outcome, versions }: RunRecord,
  columns: number,
  colours: Colours,
): string[] {
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
  const slowest = details.slowest.map(({ id, latencyMs }) => `${id} (${latency(latencyMs)})`);
  return [
    draw(
      [
        { head: "further figure", cells: rows.map(([name]) => name), isText: true },
        { head: "this run", cells: rows.map(([, value]) => value) },
      ],
      colours,
    ),
    ...(slowest.length > 0 ? wrap(`Slowest events: ${slowest.join(", ")}`, columns, "  ") : []),
    ...wrap(`Made with throttle-bench ${versions.throttleBench} on Node ${versions.node}`, columns, "  "),
    ...(published ? wrap(`Published: ${[published.source, ...published.notes].join("; ")}`, columns, "  ") : []),
  ];
}

function publishingTook(first: number | null, last: number | null): string {
  return first === null || last === null ? missing : latency(last - first);
}

/** A row per run; what was published stands in brackets beside the run's own completed and time. */
function summaryPart(records: readonly RunRecord[], { columns }: ReportOptions, colours: Colours): string[] {
  const provenances = [...new Set(records.map(provenance))];
  const kinds = [...new Set(records.map(({ kind }) => kind))];
  const isBeside = records.some(({ published }) => published !== null);
  const isMissing = records.some(({ summary }) => summary.eventsMissing !== 0);

  const column = (head: string, cell: (record: RunRecord) => string): Column => ({ head, cells: records.map(cell) });
  const textColumn = (head: string, cell: (record: RunRecord) => string) => ({ ...column(head, cell), isText: true });
  const scenario = textColumn("scenario", (record) => shortened(record.scenario, Math.floor(columns / 5)));
  const path = textColumn("path", (record) => oneLine(record.topology.join(" → ")));
  const result = kinds.length > 1 ? textColumn("result", ({ kind }) => kind) : null;
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

  const layouts = [
    [scenario, path, result, completedBeside, failed, lost, timeBeside, concurrency, rates],
    [scenario, result, completedBeside, failed, lost, timeBeside, concurrency, rates],
    [scenario, result, completedBeside, failed, lost, timeBeside, rates],
    [scenario, completedBeside, failed, lost, timeBeside],
    [scenario, completed, failed, lost, time],
  ].map((layout) => layout.filter((one) => one !== null));
  const heading = [
    "Summary",
    provenances.length > 1 ? kinds.map((kind) => kind.toUpperCase()).join(" and ") : provenances[0]!,
  ];
  return [...joined(heading, columns).map(colours.bold), widestThatFits(layouts, columns, colours)];
}
