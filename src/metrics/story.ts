/**
 * The data of a run's drawing: the events published, completed and failed over time, and the calls of the downstream beside its limit. Every
 * medium draws these numbers and no others: terminal, SVG, PNG and page.
 */
import { type Limit, parseLimit } from "../../infra/handlers/limit.ts";
import type { Calls, Flow, FlowStep, RunRecord } from "../model.ts";
import { keptPeak } from "./limit.ts";

/** A value that held, or was the highest, from one second up to another. */
export interface Span {
  from: number;
  to: number;
  value: number;
}

/** So many events until this second. Between two points the curve is a straight line, before the first it is 0. */
export type Point = [second: number, events: number];

/** Cumulative: none of the three ever falls. */
export interface FlowCurves {
  published: Point[];
  completed: Point[];
  failed: Point[];
  /** published events that left no row: nothing tells when they were sent, so they are spread evenly over the burst */
  spread: number;
}

/** The calls that hit the downstream, in windows as long as its limit's. */
export interface CallRate {
  /**
   * `calls-with-row`: nobody recorded the calls, and invocations that failed may have made more. `inserts`: the record keeps no calls, so
   * these are the rows of whole seconds
   */
  counts: "calls" | "calls-with-row" | "inserts";
  /** the limit's unit, a second without one */
  perMs: number;
  /** the whole seconds with any; each has the most in a window that ends in it */
  spans: Span[];
  peak: number;
  /** a window that holds more exceeds it; null: there is none, or it cannot be held against these windows */
  limit: { text: string; calls: number } | null;
}

/** Seconds are since the first event was sent; where that is not known, since the first insert. */
export interface Story {
  since: "first-sent" | "first-insert";
  /** length of the time axis, more than 0 */
  seconds: number;
  /** the second of the timeline's first */
  firstInsert: number;
  /** null: an older version made the record */
  flow: FlowCurves | null;
  rate: CallRate;
}

export function storyOf(record: RunRecord): Story {
  const { flow, timeline, metricsWindow } = record;
  const insertedAt = firstInsertAt(record);
  const secondOf = (at: number) => (flow === null ? 0 : (at - flow.firstSentAt) / 1_000);
  const firstInsert = flow === null || insertedAt === null ? 0 : Math.max(0, secondOf(insertedAt));
  const curves = flow && curvesOf(flow, record);
  const rate = rateOf(record, flow?.firstSentAt ?? insertedAt, firstInsert);
  const ends = [
    timeline.length > 0 ? firstInsert + timeline.length : 0,
    ...Object.values(curves ?? {}).map((points) => (Array.isArray(points) ? (points.at(-1)?.[0] ?? 0) : 0)),
    // Nothing came of any event, for as long as anybody looked.
    timeline.length === 0 && flow !== null ? secondOf(metricsWindow.end) : 0,
  ];
  return {
    since: flow === null ? "first-insert" : "first-sent",
    seconds: Math.max(...ends, shortestAxis),
    firstInsert,
    flow: curves,
    rate,
  };
}

/** Seconds; a run may be over within a millisecond, but the calls are those of a second. */
const shortestAxis = 1;

/** How many events the curve has reached by this second. */
export function eventsAt(curve: readonly Point[], second: number): number {
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve[middle]![0] <= second) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [curve[low - 1], curve[low]];
  if (before === undefined) return 0;
  if (after === undefined) return before[1];
  return before[1] + ((after[1] - before[1]) * (second - before[0])) / (after[0] - before[0]);
}

/**
 * The time of the timeline's second 0 in milliseconds since the epoch, to within half a second. The record has the first `sent_at`, the
 * time from there to the last insert, and the second of that insert. null: it cannot be told.
 */
export function firstInsertAt({ burst, summary, timeline }: RunRecord): number | null {
  if (burst.firstSentAt === null) return null;
  if (timeline.length === 0) return burst.firstSentAt;
  const lastInsert = timeline.findLast(({ inserts }) => inserts > 0);
  if (summary.timeTakenSeconds === null || !lastInsert) return null;
  return burst.firstSentAt + Math.round((summary.timeTakenSeconds - lastInsert.second - 0.5) * 1_000);
}

function curvesOf({ firstSentAt, stepMs, steps }: Flow, { burst, summary }: RunRecord): FlowCurves {
  const curve = (kind: Exclude<keyof FlowStep, "step">) => cumulative(steps, kind, stepMs / 1_000);
  const known = curve("published");
  const placed = known.at(-1)?.[1] ?? 0;
  const spread = Math.max(0, Math.min(burst.published, summary.totalEvents) - placed);
  const last = Math.max(stepMs, (burst.lastSentAt ?? firstSentAt) - firstSentAt) / 1_000;
  return {
    published: sum(
      known,
      spread === 0
        ? []
        : [
            [0, 0],
            [last, spread],
          ],
    ),
    completed: curve("completed"),
    failed: curve("failed"),
    spread,
  };
}

/** A point at the beginning and at the end of every step in which something happened. */
function cumulative(steps: readonly FlowStep[], kind: Exclude<keyof FlowStep, "step">, stepSeconds: number): Point[] {
  const points: Point[] = [];
  let total = 0;
  for (const step of steps) {
    if (step[kind] === 0) continue;
    const from = step.step * stepSeconds;
    if (points.at(-1)?.[0] !== from) points.push([from, total]);
    total += step[kind];
    points.push([(step.step + 1) * stepSeconds, total]);
  }
  return points;
}

function sum(one: readonly Point[], other: readonly Point[]): Point[] {
  const seconds = [...new Set([...one, ...other].map(([second]) => second))].sort((a, b) => a - b);
  return seconds.map((second) => [second, eventsAt(one, second) + eventsAt(other, second)]);
}

function rateOf(record: RunRecord, origin: number | null, firstInsert: number): CallRate {
  const { calls, timeline, details, verdict } = record;
  const expected = verdict?.limit ?? null;
  const limit = expected && parseLimit(expected.limit)!;
  const peaks = calls && peaksOf(calls, limit, expected?.toleranceMs ?? 0, expected?.limit ?? "");
  if (calls === null || peaks === null) {
    const isPerSecond = limit?.perMs === 1_000;
    const spans = timeline
      .filter(({ inserts }) => inserts > 0)
      .map(({ second, inserts }) => ({ from: firstInsert + second, to: firstInsert + second + 1, value: inserts }));
    return rate("inserts", 1_000, spans, isPerSecond && expected ? { text: expected.limit, calls: limit.calls } : null);
  }
  const isAll = calls.source === "recorded" || details.calls?.atLeast === details.calls?.atMost;
  const first = origin === null ? 0 : ((calls.firstAt ?? origin) - origin) / 1_000;
  const spans = calls.seconds!.map(({ second }, index) => ({
    from: Math.max(0, first + second),
    to: first + second + 1,
    value: peaks.values[index]!,
  }));
  return rate(
    isAll ? "calls" : "calls-with-row",
    peaks.perMs,
    spans,
    expected && limit && peaks.isOfLimit ? { text: expected.limit, calls: limit.calls } : null,
  );
}

function rate(counts: CallRate["counts"], perMs: number, spans: Span[], limit: CallRate["limit"]): CallRate {
  return { counts, perMs, spans, peak: spans.reduce((most, { value }) => Math.max(most, value), 0), limit };
}

/** For each second that has calls the most in one window; null: the record keeps no seconds. */
function peaksOf(
  { seconds, breach }: Calls,
  limit: Limit | null,
  toleranceMs: number,
  text: string,
): { values: number[]; perMs: number; isOfLimit: boolean } | null {
  if (seconds === null) return null;
  if (limit !== null && breach?.peaks && breach.limit === text && breach.toleranceMs === toleranceMs) {
    return { values: breach.peaks, perMs: limit.perMs, isOfLimit: true };
  }
  const kept = limit && keptPeak(limit, toleranceMs);
  if (limit !== null && kept !== null) {
    return { values: seconds.map((second) => second[kept]), perMs: limit.perMs, isOfLimit: true };
  }
  return { values: seconds.map(({ peakPerSecond }) => peakPerSecond), perMs: 1_000, isOfLimit: false };
}
