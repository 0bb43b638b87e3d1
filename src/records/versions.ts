/** Makes records of earlier versions of the schema like those of today's, as far as they know what those hold. */
import { toThreeDecimals } from "../metrics/figures.ts";

type Json = Record<string, unknown>;

/** The value as version 3 has it, where it is a record of version 2; any other value as it is. Nothing of it is checked yet. */
export function inLatestVersion(value: unknown): unknown {
  if (!isObject(value) || value.schemaVersion !== 2) return value;
  const { uncertainty } = value;
  const avg = avgOf(value.timeline);
  return {
    ...withThroughput(value, avg),
    schemaVersion: 3,
    ...(isObject(uncertainty) && { uncertainty: ofRepetitions(uncertainty, avg) }),
  };
}

/** Only the first repetition has a timeline: the record's own. */
function ofRepetitions({ runs, intervals, ...rest }: Json, avg: number | null): Json {
  return {
    ...rest,
    runs: Array.isArray(runs)
      ? runs.map((run, index) => (isObject(run) ? withThroughput(run, index === 0 ? avg : null) : run))
      : runs,
    intervals: isObject(intervals)
      ? {
          ...intervals,
          throughputPerSecond: intervals.insertsPerSecondAvg ?? null,
          insertsPerSecondAvg: null,
          waitP50Ms: intervals.latencyP50Ms ?? null,
          waitP95Ms: intervals.latencyP95Ms ?? null,
          waitP99Ms: intervals.latencyP99Ms ?? null,
          waitOldestMs: intervals.latencyMaxMs ?? null,
        }
      : intervals,
  };
}

/** Version 2 called the throughput the average of inserts per second. */
function withThroughput(run: Json, avg: number | null): Json {
  const { summary, details } = run;
  if (!isObject(summary) || !isObject(summary.insertsPerSecond)) return run;
  const { avg: throughputPerSecond } = summary.insertsPerSecond;
  return {
    ...run,
    summary: { ...summary, insertsPerSecond: { ...summary.insertsPerSecond, avg } },
    ...(isObject(details) && { details: { ...withWait(details), throughputPerSecond } }),
  };
}

/** Version 2 called the wait latency, and knew of the order no more than one share, over all message groups. */
function withWait({ latencyMs, outOfOrderShare, slowest, ...rest }: Json): Json {
  const waits = isObject(latencyMs) ? { ...latencyMs, oldest: latencyMs.max } : latencyMs;
  return {
    ...rest,
    waitMs: waits,
    order:
      typeof outOfOrderShare === "number"
        ? { outOfOrder: null, share: outOfOrderShare, worstDisplacement: null }
        : outOfOrderShare,
    slowest: Array.isArray(slowest)
      ? slowest.map((event) => (isObject(event) ? { ...event, waitMs: event.latencyMs } : event))
      : slowest,
  };
}

/** The average over the timeline's seconds that have an insert; null: there is no such timeline. */
function avgOf(timeline: unknown): number | null {
  if (!Array.isArray(timeline)) return null;
  const busy = timeline.map((point) => (isObject(point) ? Number(point.inserts) : 0)).filter((inserts) => inserts > 0);
  return busy.length === 0 ? null : toThreeDecimals(busy.reduce((sum, inserts) => sum + inserts, 0) / busy.length);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
