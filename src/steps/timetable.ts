/**
 * When a run acts on its clock: pure functions of what is known and of the time, which the steps walk with an account's clients.
 * All times are milliseconds on that clock.
 */
import type { Outcome } from "../model.ts";
import { durationMs, type PlannedShard } from "./shards.ts";

/** The pause between two looks at work of AWS that goes on. */
export const pollMs = { deployment: 2_000, code: 2_000, deletion: 5_000, reports: 5_000 } as const;

/**
 * A step that cannot do without an answer asks again for so long while AWS throttles, or the way to it or to the database is cut.
 * Assumed: such a time is over within minutes.
 */
export const patienceMs = 900_000;

/** The next sleep on the way to `until` that is cut into sleeps of `everyMs`; 0: `until` has come. */
export function sleepMs(now: number, until: number, everyMs: number): number {
  return Math.max(0, Math.min(everyMs, until - now));
}

// The burst.

/** A producer is invoked this long before its first event is due: for its cold start, and for the other lanes' invocations. */
const leadMs = 10_000;

/** Leaves Lambda time to begin a shard (the templates give it 180 s), to repeat calls that the topic refused, and to send the report. */
const reportMarginMs = 300_000;

/**
 * A receive waits this long for a report. One that waits asks all of SQS's servers, one that does not asks some of them.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
export const receiveWaitSeconds = 1;

/** The rows are looked at while nothing is due for longer than a look may take where a database is slow to connect. */
export const rowsLookMs = 10_000;

/** Between two spikes no report is on its way, and the rows are looked at this often. */
export const betweenSpikesLookMs = 60_000;

export interface ShardTimes {
  /** when its producer is invoked */
  invoke: number;
  /** when its first event is published */
  publish: number;
  /** the time until which its report is expected */
  report: number;
}

/** When a burst begins to be published whose producers are invoked from `now` on, each before its time. */
export function burstStart(now: number): number {
  return now + leadMs;
}

/**
 * When the burst of a process that ended would have to begin, so that its next shard, due `dueMs` after that, is invoked from `now` on:
 * as it was planned, or later where that time has passed.
 */
export function resumedStart(now: number, planned: number, dueMs: number): number {
  return Math.max(planned, burstStart(now) - dueMs);
}

/** `start`: when the burst begins to be published. `ratePerSecond` 0: as fast as can be. */
export function shardTimes(start: number, shard: PlannedShard, ratePerSecond: number): ShardTimes {
  const publish = start + shard.dueMs;
  return {
    invoke: publish - leadMs,
    publish,
    report: publish + durationMs(shard, ratePerSecond) + reportMarginMs,
  };
}

// The drain.

/** The rows are looked at after each hundredth of the time that the drain has taken so far, within these limits. */
const shortestLookMs = 5_000;
const longestLookMs = 60_000;
const betweenMetricsMs = 60_000;
/** With nothing new for this long all rows are looked at again, so that one whose insert took long is not missed. */
const recountMs = 300_000;
/** The latest point of a queue's depth is looked for as far back as this. */
const depthWindowMs = 600_000;
/**
 * A run that still misses events is given up when nothing has arrived for this long and CloudWatch sees nothing waiting. It is three
 * times the longest interval of Lambda's asynchronous retries.
 */
const quietMs = 900_000;

export type DrainAct =
  /** looks at the rows that may be new */
  | { act: "look" }
  /** looks at all rows */
  | { act: "count" }
  /** looks at all rows because CloudWatch shows that nothing waits */
  | { act: "confirm" }
  /** `isQuiet`: all points of the run are asked for, to see whether anything waits anywhere */
  | { act: "read metrics"; since: number; isQuiet: boolean }
  | { act: "wait"; ms: number }
  | { act: "end"; outcome: Exclude<Outcome, "interrupted"> };

/** The state of a drain. */
export interface DrainState {
  /** when the first event was published */
  start: number;
  begunAt: number;
  deadline: number;
  last: DrainAct["act"] | null;
  /** how long an invocation may take to complete an event whose message was dead-lettered meanwhile */
  consumerTimeoutMs: number;
  hasCompleted: boolean;
  /** when every event was first seen to have completed or to be dead-lettered; null: it has not been */
  accountedAt: number | null;
  lastArrivalAt: number;
  /** when all rows were last looked at */
  countedAt: number;
  metricsAt: number;
  /** CloudWatch showed no event waiting when it was last asked for all points */
  nothingWaits: boolean;
}

export function beginDrain(
  now: number,
  { start, timeoutMs, consumerTimeoutMs }: Pick<DrainState, "start" | "consumerTimeoutMs"> & { timeoutMs: number },
): DrainState {
  return {
    start,
    consumerTimeoutMs,
    begunAt: now,
    deadline: now + timeoutMs,
    last: null,
    hasCompleted: false,
    accountedAt: null,
    lastArrivalAt: now,
    countedAt: now,
    metricsAt: now,
    nothingWaits: false,
  };
}

export function nextDrainAct(state: DrainState, now: number): DrainAct {
  const { last, lastArrivalAt, accountedAt } = state;
  const isOver = now >= state.deadline;
  const isQuiet = now - lastArrivalAt >= quietMs;
  if (state.hasCompleted) return { act: "end", outcome: "drained" };
  if (last === null || last === "wait") return { act: "look" };
  const hundredth = Math.round((now - state.begunAt) / 100);
  const untilLookMs = Math.min(longestLookMs, Math.max(shortestLookMs, hundredth));
  if (accountedAt !== null) {
    const leftMs = accountedAt + state.consumerTimeoutMs - now;
    if (leftMs <= 0) return { act: "end", outcome: "drained" };
    return isOver ? { act: "end", outcome: "timeout" } : { act: "wait", ms: Math.min(untilLookMs, leftMs) };
  }
  if (last === "look" && (isOver || now - Math.max(lastArrivalAt, state.countedAt) >= recountMs))
    return { act: "count" };
  if (last === "count" && isOver) return { act: "end", outcome: "timeout" };
  if ((last === "look" || last === "count") && now - state.metricsAt >= betweenMetricsMs) {
    const since = isQuiet ? state.start : Math.max(state.start, now - depthWindowMs);
    return { act: "read metrics", since, isQuiet };
  }
  if (last === "read metrics" && state.nothingWaits) return { act: "confirm" };
  if (last === "confirm" && isQuiet) return { act: "end", outcome: "quiet" };
  return { act: "wait", ms: untilLookMs };
}

interface Seen {
  isNew: boolean;
  /** all rows were looked at */
  isWhole: boolean;
  /** every event has */
  hasCompleted: boolean;
  /** every event has completed or is dead-lettered */
  isAccounted: boolean;
}

/** `now`: when the rows had been looked at. */
export function rowsSeen(
  state: DrainState,
  { act }: DrainAct,
  { isNew, isWhole, hasCompleted, isAccounted }: Seen,
  now: number,
): DrainState {
  const lastArrivalAt = isNew ? now : state.lastArrivalAt;
  const countedAt = isWhole ? now : state.countedAt;
  const accountedAt = isAccounted ? (state.accountedAt ?? now) : null;
  return { ...state, last: act, hasCompleted, accountedAt, lastArrivalAt, countedAt };
}

/** `now`: when they were asked for. */
export function metricsSeen(state: DrainState, nothingWaits: boolean, now: number): DrainState {
  return { ...state, last: "read metrics", metricsAt: now, nothingWaits };
}

// The reading of metrics.

export const minuteMs = 60_000;

/**
 * The time between two readings that are compared. Lambda sends its metrics in 1-minute intervals, so that a point that is still on
 * its way shows in the next reading: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
 */
export const betweenReadingsMs = minuteMs;

/**
 * The time from the end of the run's last minute until no more points are expected. Assumed; 5 to 30 min would do as well. It is the
 * longest delay that AWS names for the metrics that are read, that of a queue which becomes active:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
export const longestDelayMs = 900_000;

/** The wait reports after each such time how long it may still take. */
export const countdownMs = 5_000;

/** When CloudWatch is read next for a run up to `end`; `readAt` null: it has not been read yet. */
export function nextReading(end: number, readAt: number | null): number {
  return Math.min(readAt === null ? wholeMinuteAfter(end) : readAt + betweenReadingsMs, latestReading(end));
}

/** When the wait for the points of a run up to `end` ends at the latest. */
export function latestReading(end: number): number {
  return wholeMinuteAfter(end) + longestDelayMs;
}

function wholeMinuteAfter(time: number): number {
  return Math.ceil(time / minuteMs) * minuteMs;
}
