/** The figures beyond the published table, from the rows. */
import type { Details, LatencyMs, TimelinePoint } from "../model.ts";
import type { Columns } from "../rows/columns.ts";
import type { Events } from "./events.ts";
import { maxOverlap } from "./overlap.ts";
import type { RunRows } from "./run-rows.ts";

/** CloudWatch alone can tell these; the rows tell everything else. */
type CountedByCloudWatch = "invocations" | "throttles" | "errors";

const slowestShown = 5;

/**
 * Latency, order and the slowest are figures of events, each taken at its first insert, so that duplicates do not count twice. Rates
 * are figures of rows, because every insert is a load on the database.
 */
export function detailsOf({
  completed,
  dead,
  events,
  invocations,
  timeline,
}: RunRows): Omit<Details, CountedByCloudWatch | "throughputPerSecond" | "calls"> {
  return {
    maxOverlap: maxOverlap(invocations),
    instancesStarted: completed.caches.size,
    batches: completed.batches.size,
    deadLetters: dead.length,
    latencyMs: latency(events),
    outOfOrderShare: outOfOrderShare(events),
    emptySeconds: emptySeconds(timeline),
    peakRollingSecond: peakRollingSecond(completed),
    slowest: slowest(events),
  };
}

/** Nearest-rank percentiles: each is a latency that some event had. */
function latency({ sentAt, firstAt }: Events): LatencyMs | null {
  if (firstAt.length === 0) return null;
  const sorted = firstAt.map((first, event) => first - sentAt[event]!).sort();
  const percentile = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1]!;
  return { p50: percentile(50), p95: percentile(95), p99: percentile(99), max: percentile(100) };
}

/** The share of events before which an event with a higher id was inserted. Within one millisecond nobody can tell the order. */
function outOfOrderShare({ firstAt }: Events): number | null {
  if (firstAt.length === 0) return null;
  let earliestOfHigher = Infinity;
  let overtaken = 0;
  for (let event = firstAt.length - 1; event >= 0; event--) {
    const first = firstAt[event]!;
    if (first > earliestOfHigher) overtaken++;
    earliestOfHigher = Math.min(earliestOfHigher, first);
  }
  return overtaken / firstAt.length;
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
function peakRollingSecond({ length, createdAt }: Columns): number | null {
  if (length === 0) return null;
  const inserted = createdAt.slice(0, length).sort();
  let peak = 0;
  let oldest = 0;
  for (let newest = 0; newest < inserted.length; newest++) {
    while (inserted[newest]! - inserted[oldest]! >= 1000) oldest++;
    peak = Math.max(peak, newest - oldest + 1);
  }
  return peak;
}

/** The five events with the highest latency, slowest first, equal ones by id. */
function slowest({ ids, sentAt, firstAt }: Events): Details["slowest"] {
  const top: Details["slowest"] = [];
  for (let event = 0; event < ids.length; event++) {
    const latencyMs = firstAt[event]! - sentAt[event]!;
    // Ids ascend, so that an equal one comes after those that are there.
    if (top.length === slowestShown && latencyMs <= top.at(-1)!.latencyMs) continue;
    const place = top.findIndex((other) => latencyMs > other.latencyMs);
    top.splice(place < 0 ? top.length : place, 0, { id: ids[event]!, latencyMs });
    if (top.length > slowestShown) top.pop();
  }
  return top;
}
