/** The figures beyond the published table, from the rows. */
import type { MessageGrouping } from "../../infra/handlers/message-group.ts";
import type { Details, Spikes, TimelinePoint, WaitMs } from "../model.ts";
import type { Columns } from "../rows/columns.ts";
import { backlogMax } from "./backlog.ts";
import { type Events, indexOf } from "./events.ts";
import { messageGroupsOf } from "./group-figures.ts";
import { type GroupedEvents, grouped } from "./message-groups.ts";
import { orderOf, ordersOf } from "./order.ts";
import { maxOverlap } from "./overlap.ts";
import type { RunRows } from "./run-rows.ts";
import { sorted } from "./sorting.ts";
import { spikeFigures } from "./spikes.ts";
import { nearestRank } from "./statistics.ts";

/** CloudWatch alone can tell these; the rows tell everything else. */
type CountedByCloudWatch = "invocations" | "throttles" | "errors";

const slowestShown = 10;

/** The burst as the run asked for it. */
export interface AskedBurst {
  /** with the ids from 1 on */
  events: number;
  /** absent: it comes once */
  spikes?: Spikes;
  grouping: MessageGrouping;
}

/**
 * Wait, order and the slowest are figures of events, each taken at its first insert, so that duplicates do not count twice. Rates
 * are figures of rows, because every insert is a load on the database.
 */
export function detailsOf(
  { completed, dead, events, deadEvents, invocations, timeline }: RunRows,
  { events: totalEvents, spikes, grouping }: AskedBurst,
): Omit<Details, CountedByCloudWatch | "throughputPerSecond" | "calls"> {
  const inGroups = grouped(events, grouping);
  const orders = ordersOf(inGroups);
  return {
    maxOverlap: maxOverlap(invocations),
    instancesStarted: completed.caches.size,
    batches: completed.batches.size,
    deadLetters: dead.length,
    deadLettersCompleted: lettersOf(dead, events),
    waitMs: wait(events),
    backlogMax: backlogMax(events, deadEvents),
    order: orderOf(orders, events.ids.length),
    emptySeconds: emptySeconds(timeline),
    peakRollingSecond: peakRollingSecond(completed),
    slowest: slowest(inGroups),
    messageGroups: messageGroupsOf(inGroups, orders, completed, totalEvents, grouping),
    spikes: spikes === undefined ? null : spikeFigures(events, deadEvents, totalEvents, spikes),
  };
}

/** How many of the dead letters are of these events. */
function lettersOf(dead: Columns, { ids }: Events): number {
  let letters = 0;
  for (let index = 0; index < dead.length; index++) if (indexOf(ids, dead.id[index]!) >= 0) letters++;
  return letters;
}

/** Nearest-rank percentiles: each is a wait that some event had. */
function wait({ sentAt, firstAt }: Events): WaitMs | null {
  if (firstAt.length === 0) return null;
  const waits = new Float64Array(firstAt.length);
  for (let event = 0; event < waits.length; event++) waits[event] = firstAt[event]! - sentAt[event]!;
  sorted(waits);
  const percentile = (percent: number) => nearestRank(waits, percent);
  return { p50: percentile(50), p95: percentile(95), p99: percentile(99), oldest: percentile(100) };
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
  const inserted = sorted(createdAt.slice(0, length));
  let peak = 0;
  let oldest = 0;
  for (let newest = 0; newest < inserted.length; newest++) {
    while (inserted[newest]! - inserted[oldest]! >= 1000) oldest++;
    peak = Math.max(peak, newest - oldest + 1);
  }
  return peak;
}

/** The ten events with the longest wait, slowest first, equal ones by id. */
function slowest({ ids, sentAt, firstAt, groupOf }: GroupedEvents): Details["slowest"] {
  const top: Details["slowest"] = [];
  for (let event = 0; event < ids.length; event++) {
    const waitMs = firstAt[event]! - sentAt[event]!;
    // Ids ascend, so that an equal one comes after those that are there.
    if (top.length === slowestShown && waitMs <= top.at(-1)!.waitMs) continue;
    const place = top.findIndex((other) => waitMs > other.waitMs);
    top.splice(place < 0 ? top.length : place, 0, { id: ids[event]!, messageGroup: groupOf[event]!, waitMs });
    if (top.length > slowestShown) top.pop();
  }
  return top;
}
