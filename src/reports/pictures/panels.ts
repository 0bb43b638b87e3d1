/** The panels of a timeline picture: series over the seconds since the run's first insert. */
import type { MetricSeries, RunRecord, TimelinePoint } from "../../model.ts";

/** A value that held, or was the highest, from one second up to another. */
export interface Span {
  from: number;
  to: number;
  value: number;
}

export type Tone =
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
  /** filled from 0 up, or a line */
  drawn: "filled" | "line";
  spans: Span[];
}

export interface Panel {
  title: string;
  /** people look at the picture for this panel */
  isMain: boolean;
  series: Series[];
}

export interface Panels {
  /** length of the time axis */
  seconds: number;
  panels: Panel[];
}

const minuteSeconds = 60;
const mostAverages = 120;
/** On a shorter axis the bars would be broader than they are high. */
const shortestAxis = 10;

/**
 * Inserts and concurrency are always shown, the others where there is something to show. A run of more seconds than `mostBins` has
 * bins of several seconds. Each shows its *highest* second, so that no peak is averaged away.
 */
export function panelsOf(record: RunRecord, mostBins: number): Panels {
  const { timeline, metrics } = record;
  const origin = startOfAxis(record);
  const minutes = (name: string) => (origin === null ? [] : minutesOf(metrics, name, origin));
  const spansOfAll = [...metrics].flatMap(({ name }) => minutes(name));
  const length = timeline.length > 0 ? timeline.length : spansOfAll.reduce((last, { to }) => Math.max(last, to), 0);
  const seconds = Math.max(shortestAxis, length);
  const within = (spans: Span[]) =>
    spans.map((span) => ({ ...span, to: Math.min(span.to, seconds) })).filter(({ from, to }) => from < to);

  const perBin = Math.ceil(timeline.length / mostBins);
  const binning = perBin > 1 ? `, the highest of each ${perBin} s` : "";
  const filled = (name: string, tone: Tone, spans: Span[]): Series => ({ name, tone, drawn: "filled", spans });
  const line = (name: string, tone: Tone, metric: string): Series => ({
    name,
    tone,
    drawn: "line",
    spans: within(minutes(metric)),
  });
  const panels: Panel[] = [
    {
      title: `DB inserts per second${binning}`,
      isMain: true,
      series: [
        filled("highest", "inserts", binned(timeline, "inserts", perBin)),
        ...(perBin > 1 ? [averageOf(timeline)] : []),
      ],
    },
    {
      title: `Concurrency${binning}`,
      isMain: false,
      series: [
        filled("overlapping invocations in the rows", "overlap", binned(timeline, "overlap", perBin)),
        line("CloudWatch, per minute", "concurrency", "consumer.ConcurrentExecutions"),
      ],
    },
    {
      title: "Messages in the queue, per minute",
      isMain: false,
      series: [
        line("waiting", "visible", "queue.ApproximateNumberOfMessagesVisible"),
        line("in flight", "in-flight", "queue.ApproximateNumberOfMessagesNotVisible"),
      ],
    },
    {
      title: "Throttles per minute",
      isMain: false,
      series: [filled("throttles", "throttles", within(minutes("consumer.Throttles")))],
    },
    {
      title: `Dead letters per second${binning}`,
      isMain: false,
      series: [filled("dead letters", "dead-letters", binned(timeline, "deadLetters", perBin))],
    },
  ];
  const isShown = (_: Panel, index: number) => index < 2 || peakOf(panels[index]!) > 0;
  return { seconds, panels: panels.filter(isShown).map(withoutEmptySeries) };
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

function withoutEmptySeries(panel: Panel): Panel {
  return { ...panel, series: panel.series.filter(({ spans }, index) => index === 0 || spans.length > 0) };
}

/**
 * The time of second 0 in milliseconds since the epoch, to within half a second. The record has the first `sent_at`, the time from
 * there to the last insert, and the second of that insert. null: it cannot be told.
 */
function startOfAxis({ burst, summary, timeline }: RunRecord): number | null {
  if (burst.firstSentAt === null) return null;
  if (timeline.length === 0) return burst.firstSentAt;
  const lastInsert = timeline.findLast(({ inserts }) => inserts > 0);
  if (summary.timeTakenSeconds === null || !lastInsert) return null;
  return burst.firstSentAt + Math.round((summary.timeTakenSeconds - lastInsert.second - 0.5) * 1_000);
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
