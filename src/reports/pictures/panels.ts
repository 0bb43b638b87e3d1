/** The panels of a run's picture: its story, and series over the same seconds. */
import { firstInsertAt, type Span, type Story, storyOf } from "../../metrics/story.ts";
import type { MetricSeries, RunRecord, TimelinePoint } from "../../model.ts";
import { shortDuration } from "../figures.ts";

export type Tone =
  | "calls"
  | "exceeding"
  | "inserts"
  | "average"
  | "overlap"
  | "concurrency"
  | "visible"
  | "in-flight"
  | "throttles"
  | "dead-letters";

export interface Series {
  name: string;
  tone: Tone;
  /** filled from 0 up, a line, or a stroke at the height of each value: many seconds of one value are a line then, and no block */
  drawn: "filled" | "line" | "strokes";
  spans: Span[];
}

export interface Panel {
  title: string;
  /** people look at the picture for this panel */
  isMain: boolean;
  series: Series[];
  /** what is above it exceeds the downstream's limit; null: there is none in this unit */
  limit: { text: string; value: number } | null;
}

/** A band or curve of the flow, with its reading. */
export interface FlowEntry {
  of: "published" | "completed" | "failed" | "waiting";
  text: string;
}

export interface Panels {
  story: Story;
  /** what the flow's marks mean; none where nobody recorded the flow */
  entries: FlowEntry[];
  /** below the flow; the first is that of the calls */
  panels: Panel[];
}

const minuteSeconds = 60;
const mostAverages = 120;

/**
 * Calls, inserts and concurrency are always shown, the others where there is something to show. A run of more seconds than `mostBins`
 * has bins of several seconds. Each shows its *highest* second, so that no peak is averaged away.
 */
export function panelsOf(record: RunRecord, mostBins: number): Panels {
  const { timeline, metrics } = record;
  const story = storyOf(record);
  const { seconds, firstInsert, rate } = story;
  const origin = record.flow?.firstSentAt ?? firstInsertAt(record);
  const minutes = (name: string) => (origin === null ? [] : minutesOf(metrics, name, origin));
  const within = (spans: Span[]) =>
    spans.map((span) => ({ ...span, to: Math.min(span.to, seconds) })).filter(({ from, to }) => from < to);

  const perBin = binSeconds(seconds, mostBins);
  const binning = perBin > 1 ? `, the highest of each ${perBin} s` : "";
  const sinceSent = (spans: Span[]) =>
    spans.map(({ from, to, value }) => ({ from: from + firstInsert, to: to + firstInsert, value }));
  const ofTimeline = (key: "inserts" | "overlap" | "deadLetters") => sinceSent(binned(timeline, key, perBin));
  const line = (name: string, tone: Tone, metric: string): Series => ({
    name,
    tone,
    drawn: "line",
    spans: within(minutes(metric)),
  });
  const panels: Panel[] = [
    { title: `${rateTitle(story)}${binning}`, isMain: true, series: rateSeries(story, perBin), limit: limitOf(story) },
    {
      title: `DB inserts per second${binning}`,
      isMain: false,
      series: [
        { name: "highest", tone: "inserts", drawn: "strokes", spans: withoutZero(ofTimeline("inserts")) },
        ...(perBin > 1 ? [{ ...averageOf(timeline), spans: sinceSent(averageOf(timeline).spans) }] : []),
      ],
      limit: rate.perMs === 1_000 ? limitOf(story) : null,
    },
    {
      title: `Concurrency${binning}`,
      isMain: false,
      series: [
        {
          name: "overlapping invocations in the rows",
          tone: "overlap",
          drawn: "line",
          spans: ofTimeline("overlap"),
        },
        line("CloudWatch, per minute", "concurrency", "consumer.ConcurrentExecutions"),
      ],
      limit: null,
    },
    {
      title: "Messages in the queue, per minute",
      isMain: false,
      series: [
        line("waiting", "visible", "queue.ApproximateNumberOfMessagesVisible"),
        line("in flight", "in-flight", "queue.ApproximateNumberOfMessagesNotVisible"),
      ],
      limit: null,
    },
    {
      title: "Throttles per minute",
      isMain: false,
      series: [{ name: "throttles", tone: "throttles", drawn: "filled", spans: within(minutes("consumer.Throttles")) }],
      limit: null,
    },
    {
      title: `Dead letters per second${binning}`,
      isMain: false,
      series: [{ name: "dead letters", tone: "dead-letters", drawn: "filled", spans: ofTimeline("deadLetters") }],
      limit: null,
    },
  ];
  const isTold = ({ series }: Panel) =>
    (series[0]!.tone === "inserts" && rate.counts === "inserts") ||
    (series[0]!.tone === "dead-letters" && story.flow !== null);
  const isShown = (panel: Panel, index: number) => !isTold(panel) && (index < 3 || peakOf(panel) > 0);
  return { story, entries: flowEntries(record, story), panels: panels.filter(isShown).map(withoutEmptySeries) };
}

/** The meaning of the flow's marks, with the figures that they end at. */
export function flowEntries({ burst, summary, details }: RunRecord, { flow }: Story): FlowEntry[] {
  if (flow === null) return [];
  const { firstSentAt, lastSentAt, published } = burst;
  const took = firstSentAt === null || lastSentAt === null ? 0 : (lastSentAt - firstSentAt) / 1_000;
  const missing = summary.eventsMissing > 0 ? `, ${summary.eventsMissing} to the end` : "";
  const most = details.backlogMax === null ? "" : ` at most ${details.backlogMax}`;
  return [
    { of: "published", text: `published ${published}${took > 0 ? ` in ${shortDuration(took)}` : ""}` },
    { of: "completed", text: `completed ${summary.eventsCompleted}` },
    ...(summary.eventsFailed > 0 ? [{ of: "failed" as const, text: `failed ${summary.eventsFailed}` }] : []),
    { of: "waiting", text: `waiting${most}${missing}` },
  ];
}

/** Continues a title where a run was repeated, because a drawing is that of one. */
export function whoseRun({ uncertainty }: RunRecord): string {
  return uncertainty === null ? "" : ` of the run with seed ${uncertainty.runs[0]!.seed}`;
}

/** `Calls in any second` */
export function rateTitle({ rate: { counts, perMs } }: Story): string {
  if (counts === "inserts") return "DB inserts per second";
  const unit = perMs === 1_000 ? "second" : perMs === 60_000 ? "minute" : `${perMs / 1_000} s`;
  return `Calls${counts === "calls-with-row" ? " that left a row" : ""} in any ${unit}`;
}

function limitOf({ rate: { limit } }: Story): Panel["limit"] {
  return limit && { text: `limit ${limit.text}`, value: limit.calls };
}

/** Values above the limit are a series of their own. */
function rateSeries({ rate: { spans, limit, counts } }: Story, perBin: number): Series[] {
  const highest = highestOf(spans, perBin);
  const most = limit?.calls ?? Infinity;
  const series = (name: string, tone: Tone, some: Span[]): Series => ({ name, tone, drawn: "strokes", spans: some });
  return [
    series(
      counts === "inserts" ? "inserts" : "calls",
      "calls",
      highest.filter(({ value }) => value <= most),
    ),
    series(
      "over the limit",
      "exceeding",
      highest.filter(({ value }) => value > most),
    ),
  ];
}

/** A bin is a whole number of seconds. */
export function binSeconds(seconds: number, mostBins: number): number {
  return Math.max(1, Math.ceil(seconds / mostBins));
}

/** The highest value of every `perBin` seconds in which there is one. A span counts in the bin in which its middle is. */
export function highestOf(spans: readonly Span[], perBin: number): Span[] {
  if (perBin === 1) return [...spans];
  const bins = new Map<number, number>();
  for (const { from, to, value } of spans) {
    const bin = Math.floor((from + to) / 2 / perBin);
    bins.set(bin, Math.max(bins.get(bin) ?? 0, value));
  }
  return [...bins].map(([bin, value]) => ({ from: bin * perBin, to: (bin + 1) * perBin, value }));
}

export function peakOf({ series }: Panel): number {
  return series.reduce((peak, { spans }) => spans.reduce((most, { value }) => Math.max(most, value), peak), 0);
}

/** The highest of every `perBin` seconds; the last bin may be shorter. */
export function binned(
  timeline: readonly TimelinePoint[],
  key: "inserts" | "overlap" | "deadLetters",
  perBin: number,
): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < timeline.length; from += perBin) {
    const to = Math.min(from + perBin, timeline.length);
    let value = 0;
    for (let second = from; second < to; second++) value = Math.max(value, timeline[second]![key]);
    spans.push({ from, to, value });
  }
  return spans;
}

/** The average of every minute, or of several in a long run, because the highest seconds alone hide how many are empty. */
function averageOf(timeline: readonly TimelinePoint[]): Series {
  const minutes = Math.ceil(timeline.length / minuteSeconds / mostAverages);
  const perSpan = minutes * minuteSeconds;
  const spans: Span[] = [];
  for (let from = 0; from < timeline.length; from += perSpan) {
    const seconds = timeline.slice(from, from + perSpan);
    const inserts = seconds.reduce((sum, point) => sum + point.inserts, 0);
    spans.push({ from, to: from + seconds.length, value: inserts / seconds.length });
  }
  return {
    name: `average of each ${minutes > 1 ? `${minutes} min` : "minute"}`,
    tone: "average",
    drawn: "line",
    spans,
  };
}

function withoutZero(spans: Span[]): Span[] {
  return spans.filter(({ value }) => value > 0);
}

function withoutEmptySeries(panel: Panel): Panel {
  return { ...panel, series: panel.series.filter(({ spans }, index) => index === 0 || spans.length > 0) };
}

/** A metric's minutes on the axis, from second 0 on. */
function minutesOf(metrics: readonly MetricSeries[], name: string, origin: number): Span[] {
  const points = metrics.find((series) => series.name === name)?.points ?? [];
  return points
    .map(({ timestamp, value }) => {
      const from = (timestamp - origin) / 1_000;
      return { from: Math.max(0, from), to: from + minuteSeconds, value };
    })
    .filter(({ from, to }) => from < to);
}
