/** Cuts a burst into shards, each for one invocation of the producer: one after the other in time, and side by side in lanes. */
import type { Settings, Spikes } from "../model.ts";

/** The events firstId, firstId + stride, … of a burst. */
export interface PlannedShard {
  firstId: number;
  stride: number;
  events: number;
  /** the time from the burst's first event to its own */
  dueMs: number;
}

export interface BurstShape {
  /** of all spikes together, where it comes several times */
  events: number;
  /** absent: it comes once */
  spikes?: Spikes;
  /** 0: as fast as possible */
  ratePerSecond: number;
  /** 1: the shards can only be invoked one after the other */
  mostLanes: number;
}

/** One invocation publishes for this long at most; a function may run for 15 minutes. */
const longestShardSeconds = 600;

/**
 * The pace that one producer keeps up with one PublishBatch call of ten events in flight. Assumed: a call within the region takes 66 ms
 * at most on average, which holds over the plausible range of `sns.publishMs`.
 */
const keptPerSecond = 150;

/** A producer without a pace publishes this many events well within its time. */
const mostUnpacedEvents = 50_000;

/**
 * The number of producers of a burst without a pace that is too long for one. Each makes some 400 events a second, so that together
 * they stay below the 9,000 that SNS takes of an account in most large regions (30,000 in us-east-1, down to 300 in the smallest).
 * And they leave the consumer most of the 1,000 concurrent invocations of an account.
 * https://docs.aws.amazon.com/general/latest/gr/sns.html
 */
const unpacedLanes = 20;

/** A tenth of an account's 1,000 concurrent invocations. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const mostLanes = 100;

const eventsPerCall = 10;

/**
 * The shards by due time, then first id; each event is in one of them. Ids interleave over the lanes of one time, to keep the order of
 * publication. A spike has shards of its own: the first spike those of the first ids.
 */
export function planShards({ spikes, ...burst }: BurstShape): PlannedShard[] {
  const { count, everyMs } = spikes ?? { count: 1, everyMs: 0 };
  const events = burst.events / count;
  const ofOne = shardsOfSpike({ ...burst, events });
  return Array.from({ length: count }, (_, before) =>
    ofOne.map((shard) => ({
      ...shard,
      firstId: before * events + shard.firstId,
      dueMs: before * everyMs + shard.dueMs,
    })),
  ).flat();
}

function shardsOfSpike(burst: BurstShape): PlannedShard[] {
  const { events, ratePerSecond } = burst;
  const lanes = laneCount(burst);
  const together = lanes * mostEventsInShard(ratePerSecond / lanes);
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

/** Events per second, by the setting PublishRate of a scenario. 0: as fast as possible. */
export function publishRate({ PublishRate = "0" }: Settings): number {
  return Number(PublishRate);
}

/** The time that a burst with a pace takes, from its first spike to the end of its last. One without is over within one invocation's time, and takes 0 here. */
export function burstMs(events: number, ratePerSecond: number, spikes?: Spikes): number {
  const { count, everyMs } = spikes ?? { count: 1, everyMs: 0 };
  return (count - 1) * everyMs + (ratePerSecond > 0 ? Math.ceil(((events / count) * 1_000) / ratePerSecond) : 0);
}

/** The time in which one burst is published, or one of its spikes; without a pace at the slowest that a producer keeps. */
export function firingMs(events: number, ratePerSecond: number): number {
  const shards = planShards({ events, ratePerSecond, mostLanes });
  return Math.max(...shards.map((shard) => shard.dueMs + durationMs(shard, ratePerSecond)));
}

/** The shards of each due time, the earliest first. */
export function byDueTime(shards: readonly PlannedShard[]): Map<number, PlannedShard[]> {
  const lanes = new Map<number, PlannedShard[]>();
  for (const shard of shards) lanes.set(shard.dueMs, [...(lanes.get(shard.dueMs) ?? []), shard]);
  return lanes;
}

/** The time in which the shard is published: at the burst's pace, or without one at the slowest pace of a producer. */
export function durationMs({ events, stride }: PlannedShard, ratePerSecond: number): number {
  return Math.ceil((events * 1_000) / (ratePerSecond > 0 ? ratePerSecond / stride : keptPerSecond));
}

function laneCount({ events, ratePerSecond, mostLanes }: BurstShape): number {
  if (ratePerSecond > 0) {
    const wanted = Math.min(Math.ceil(ratePerSecond / keptPerSecond), Math.ceil(events / eventsPerCall));
    return Math.min(mostLanes, wanted);
  }
  if (events <= mostUnpacedEvents) return 1;
  return Math.min(mostLanes, Math.max(unpacedLanes, Math.ceil(events / mostUnpacedEvents)));
}

/** The most events that one invocation publishes at its lane's pace: at least one, however slow the pace. */
function mostEventsInShard(ratePerSecond: number): number {
  if (ratePerSecond === 0) return mostUnpacedEvents;
  return Math.max(1, Math.floor(Math.min(ratePerSecond, keptPerSecond) * longestShardSeconds));
}
