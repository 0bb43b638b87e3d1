/** How a burst is cut into shards, each for one invocation of the producer: one after the other in time, and side by side in lanes. */
import type { Settings } from "../model.ts";

/** The events firstId, firstId + stride, … of a burst. */
export interface PlannedShard {
  firstId: number;
  stride: number;
  events: number;
  /** when its first event is to be published, after the burst's */
  dueMs: number;
}

export interface BurstShape {
  events: number;
  /** 0: as fast as can be */
  ratePerSecond: number;
  /** 1: the shards can be invoked one after the other only */
  mostLanes: number;
}

/** One invocation publishes for this long at most; a function may run for 15 minutes. */
const longestShardSeconds = 600;

/**
 * What one producer keeps up, which has one PublishBatch call of ten in flight. Assumed: a call within the region takes 66 ms at
 * most on average, which holds over the plausible range of `sns.publishMs`.
 */
const keptPerSecond = 150;

/** As many events as a producer without a pace publishes well within its time. */
const mostUnpacedEvents = 50_000;

/**
 * Producers of a burst without a pace that one of them cannot publish. Each makes some 400 events a second, so that together they
 * stay below the 9,000 that SNS takes of an account in most large regions (30,000 in us-east-1, down to 300 in the smallest); and
 * they are few beside the 1,000 concurrent invocations of an account, which the consumer needs.
 * https://docs.aws.amazon.com/general/latest/gr/sns.html
 */
const unpacedLanes = 20;

/** A tenth of an account's 1,000 concurrent invocations. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const mostLanes = 100;

const eventsPerCall = 10;

/** Every event once, by due time and then first id. Of the lanes of one time the ids interleave, so that they stay the order of publication. */
export function shardsOf(burst: BurstShape): PlannedShard[] {
  const { events, ratePerSecond } = burst;
  const lanes = lanesOf(burst);
  const together = lanes * mostEventsOf(ratePerSecond / lanes);
  const shards: PlannedShard[] = [];
  for (let before = 0; before < events; before += together) {
    const some = Math.min(together, events - before);
    const dueMs = ratePerSecond > 0 ? Math.round((before * 1_000) / ratePerSecond) : 0;
    for (let lane = 0; lane < Math.min(lanes, some); lane++) {
      shards.push({
        firstId: before + lane + 1,
        stride: lanes,
        events: Math.ceil((some - lane) / lanes),
        dueMs,
      });
    }
  }
  return shards;
}

/** By a scenario's setting PublishRate; 0: as fast as can be. */
export function rateOf({ PublishRate = "0" }: Settings): number {
  return Number(PublishRate);
}

/** How long a burst with a pace takes; one without is over within one invocation's time. */
export function burstMs(events: number, ratePerSecond: number): number {
  return ratePerSecond > 0 ? Math.ceil((events * 1_000) / ratePerSecond) : 0;
}

/** The shards of each due time, the earliest first. */
export function byDueTime(shards: readonly PlannedShard[]): Map<number, PlannedShard[]> {
  const lanes = new Map<number, PlannedShard[]>();
  for (const shard of shards) lanes.set(shard.dueMs, [...(lanes.get(shard.dueMs) ?? []), shard]);
  return lanes;
}

/** How long the shard is published at the burst's pace, or without one at the least that a producer makes. */
export function durationMs({ events, stride }: PlannedShard, ratePerSecond: number): number {
  return Math.ceil((events * 1_000) / (ratePerSecond > 0 ? ratePerSecond / stride : keptPerSecond));
}

function lanesOf({ events, ratePerSecond, mostLanes }: BurstShape): number {
  if (ratePerSecond > 0) {
    const wanted = Math.min(Math.ceil(ratePerSecond / keptPerSecond), Math.ceil(events / eventsPerCall));
    return Math.min(mostLanes, wanted);
  }
  if (events <= mostUnpacedEvents) return 1;
  return Math.min(mostLanes, Math.max(unpacedLanes, Math.ceil(events / mostUnpacedEvents)));
}

/** Of one invocation, at its lane's pace; however slow the pace, there is one. */
function mostEventsOf(ratePerSecond: number): number {
  if (ratePerSecond === 0) return mostUnpacedEvents;
  return Math.max(1, Math.floor(Math.min(ratePerSecond, keptPerSecond) * longestShardSeconds));
}
