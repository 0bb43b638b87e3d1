/** The figures beyond the published table, from the rows. */
import type { Details, LatencyMs, Row, TimelinePoint } from "../model.ts";
import { maxOverlap } from "./overlap.ts";

/** CloudWatch alone can tell these; the rows tell everything else. */
type CountedByCloudWatch = "invocations" | "throttles" | "errors";

const slowestShown = 5;

/**
 * Reads the consumer's rows and the timeline made of them. Latency, order and the slowest are figures of events, each taken at its
 * first insert, so that duplicates do not count twice. Rates are figures of rows, because every insert is a load on the database.
 */
export function detailsOf(
  completed: readonly Row[],
  timeline: readonly TimelinePoint[],
): Omit<Details, CountedByCloudWatch | "throughputPerSecond"> {
  const events = firstInserts(completed);
  return {
    maxOverlap: maxOverlap(completed),
    instancesStarted: new Set(completed.map(({ cacheId }) => cacheId)).size,
    batches: new Set(completed.map(({ batchId }) => batchId)).size,
    deadLetters: timeline.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
    latencyMs: latency(events),
    outOfOrderShare: outOfOrderShare(events),
    emptySeconds: emptySeconds(timeline),
    peakRollingSecond: peakRollingSecond(completed),
    slowest: slowest(events),
  };
}

/** Each event's first row, by id. */
function firstInserts(rows: readonly Row[]): Map<number, Row> {
  const first = new Map<number, Row>();
  for (const row of rows) {
    const known = first.get(row.id);
    if (!known || row.createdAt < known.createdAt || (row.createdAt === known.createdAt && row.sentAt < known.sentAt)) {
      first.set(row.id, row);
    }
  }
  return first;
}

function latencyOf(row: Row): number {
  return row.createdAt - row.sentAt;
}

/** Nearest-rank percentiles: each is a latency that some event had. */
function latency(events: Map<number, Row>): LatencyMs | null {
  if (events.size === 0) return null;
  const sorted = Float64Array.from(events.values(), latencyOf).sort();
  const percentile = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1]!;
  return { p50: percentile(50), p95: percentile(95), p99: percentile(99), max: percentile(100) };
}

/** The share of events before which an event with a higher id was inserted. Within one millisecond nobody can tell the order. */
function outOfOrderShare(events: Map<number, Row>): number | null {
  if (events.size === 0) return null;
  const ids = Float64Array.from(events.keys()).sort();
  let earliestOfHigher = Infinity;
  let overtaken = 0;
  for (let index = ids.length - 1; index >= 0; index--) {
    const { createdAt } = events.get(ids[index]!)!;
    if (createdAt > earliestOfHigher) overtaken++;
    earliestOfHigher = Math.min(earliestOfHigher, createdAt);
  }
  return overtaken / events.size;
}

/** Seconds of the timeline without an insert, between the first and the last that has one. */
function emptySeconds(timeline: readonly TimelinePoint[]): number | null {
  const isBusy = ({ inserts }: TimelinePoint) => inserts > 0;
  const first = timeline.findIndex(isBusy);
  if (first < 0) return null;
  const span = timeline.slice(first, timeline.findLastIndex(isBusy) + 1);
  return span.length - span.filter(isBusy).length;
}

/** Most inserts in any window `[t, t + 1000 ms)`. */
function peakRollingSecond(rows: readonly Row[]): number | null {
  if (rows.length === 0) return null;
  const inserted = Float64Array.from(rows, ({ createdAt }) => createdAt).sort();
  let peak = 0;
  let oldest = 0;
  for (let newest = 0; newest < inserted.length; newest++) {
    while (inserted[newest]! - inserted[oldest]! >= 1000) oldest++;
    peak = Math.max(peak, newest - oldest + 1);
  }
  return peak;
}

/** The five events with the highest latency, slowest first, equal ones by id. */
function slowest(events: Map<number, Row>): Details["slowest"] {
  const top: Details["slowest"] = [];
  for (const row of events.values()) {
    const candidate = { id: row.id, latencyMs: latencyOf(row) };
    const place = top.findIndex((other) => isSlower(candidate, other));
    if (place >= 0) top.splice(place, 0, candidate);
    else if (top.length < slowestShown) top.push(candidate);
    if (top.length > slowestShown) top.pop();
  }
  return top;
}

function isSlower(one: { id: number; latencyMs: number }, other: { id: number; latencyMs: number }): boolean {
  return one.latencyMs > other.latencyMs || (one.latencyMs === other.latencyMs && one.id < other.id);
}
