/** The numbers that the page's script draws of a run: its flow and the series of its panels, as small as they can be. */
import type { RunRecord } from "../../model.ts";
import { type FlowEntry, panelsOf, type Series, type Tone, whoseRun } from "./panels.ts";

/** Values per series. In longer runs several seconds share a value. */
const mostValues = 2_000;

/** `step` seconds for each value, or `[from, to, value]`. */
type Values = { start: number; step: number; values: number[] } | { spans: [number, number, number][] };

export interface ChartData {
  /** the run's id */
  id: string;
  name: string;
  /** length of its time axis */
  seconds: number;
  /** what second 0 is */
  since: string;
  flowTitle: string;
  flow: Record<"published" | "completed" | "failed", [second: number, events: number][]> | null;
  entries: FlowEntry[];
  panels: {
    /** the same for one panel of every run */
    key: Tone;
    title: string;
    limit: { text: string; value: number } | null;
    /** `reads` stands behind a value of it */
    series: (Pick<Series, "name" | "tone" | "drawn"> & { reads: string } & Values)[];
  }[];
}

const readings: Record<Tone, string> = {
  calls: "calls",
  exceeding: "calls",
  inserts: "inserts/s",
  average: "inserts/s on average",
  overlap: "overlapping",
  concurrency: "concurrent by CloudWatch",
  visible: "waiting in the queue",
  "in-flight": "in flight",
  throttles: "throttles/min",
  "dead-letters": "dead letters/s",
};

export function chartData(record: RunRecord, name: string): ChartData {
  const { story, entries, panels } = panelsOf(record, mostValues);
  const { published, completed, failed } = story.flow ?? { published: [], completed: [], failed: [] };
  const isInserts = story.rate.counts === "inserts";
  return {
    id: record.runId,
    name,
    seconds: tenth(story.seconds),
    since: story.since === "first-sent" ? "the first event was sent" : "the first insert",
    flowTitle: `Events${whoseRun(record)}, cumulative`,
    flow: story.flow && {
      published: published.map(rounded),
      completed: completed.map(rounded),
      failed: failed.map(rounded),
    },
    entries,
    panels: panels.map(({ title, series, limit }) => ({
      key: series[0]!.tone,
      title,
      limit,
      series: series.map((one) => ({
        name: one.name,
        tone: one.tone,
        drawn: one.drawn,
        reads: isInserts && one.tone === "calls" ? readings.inserts : readings[one.tone],
        ...valuesOf(one),
      })),
    })),
  };
}

function valuesOf({ spans }: Series): Values {
  const [first] = spans;
  const [start, step] = first === undefined ? [0, 1] : [first.from, first.to - first.from];
  const isEven = spans.every(
    ({ from, to }, index) =>
      Math.abs(from - start - index * step) < tolerance &&
      (Math.abs(to - from - step) < tolerance || index === spans.length - 1),
  );
  const values = spans.map(({ value }) => Math.round(value * 1_000) / 1_000);
  if (isEven) return { start: tenth(start), step: tenth(step), values };
  return { spans: spans.map(({ from, to }, index) => [tenth(from), tenth(to), values[index]!]) };
}

/** Seconds; no pixel is as narrow. */
const tolerance = 0.05;

function rounded([second, events]: readonly [number, number]): [number, number] {
  return [tenth(second), Math.round(events * 10) / 10];
}

function tenth(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
