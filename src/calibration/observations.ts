/** Takes the durations that the constants are found in, in milliseconds, out of the probes' rows. */
import type { Row } from "../model.ts";

/** The durations of the probe `batches`. */
export interface BatchObservations {
  /** round trips of inserts */
  insertMs: number[];
  /** from a batch's last event to a poller's next batch: an insert's round trip, the mapping's overhead, and its wait for a look at the slot */
  gapMs: number[];
  /** from one call of the publisher to the next */
  publishMs: number[];
}

/** The durations of the probe `trickle`. */
export interface TrickleObservations {
  /** from event to handler: publishing, delivery, half of the mapping's overhead */
  latencyMs: number[];
}

/** The durations of the probe `instances`. */
export interface InstanceObservations {
  /** from event to handler, of each instance's first event: as `latencyMs`, and the cold start */
  firstLatencyMs: number[];
  /** from event to handler, of the other events: publishing, delivery, dispatch */
  latencyMs: number[];
  /** in the handler until the row is committed, of each instance's first event: as `handlingMs`, and the connection */
  firstHandlingMs: number[];
  /** in the handler, of the other events: the work, and the insert */
  handlingMs: number[];
}

/** The durations of the probes whose rows are there. */
export interface Observations {
  batches?: BatchObservations;
  trickle?: TrickleObservations;
  instances?: InstanceObservations;
}

/** The probes whose rows show constants. */
export const probesWithRows = ["batches", "trickle", "instances"] as const;

/** The number of pollers that the probe `batches` lets invoke. */
const pollers = 2;
/** This long after the last event, all that was published is in the queue. */
const deliveredMs = 2_000;
/** A longer pause was a wait for messages. */
const longestGapMs = 10_000;

export function observationsOf(rows: Partial<Record<(typeof probesWithRows)[number], readonly Row[]>>): Observations {
  const { batches, trickle, instances } = rows;
  return {
    ...(batches && { batches: batchObservations(batches) }),
    ...(trickle && { trickle: trickleObservations(trickle) }),
    ...(instances && { instances: instanceObservations(instances) }),
  };
}

function batchObservations(rows: readonly Row[]): BatchObservations {
  const instances = instancesOf(rows).map((own) => grouped(own, ({ batchId }) => batchId));
  const calls = [...new Set(rows.map(({ sentAt }) => sentAt))].sort(ascending);
  return {
    // The first event of an instance also waits for the connection.
    insertMs: instances.flatMap((batches) =>
      batches.flatMap((batch, index) => stepsOf(batch).slice(index === 0 ? 1 : 0)),
    ),
    gapMs: gapsBetween(instances, (calls.at(-1) ?? 0) + deliveredMs),
    publishMs: differences(calls),
  };
}

/**
 * The time from each batch's last event to the next beginning but one. Only batches count that found the queue full and an instance
 * that was not new.
 */
function gapsBetween(instances: readonly Row[][][], fullFrom: number): number[] {
  const steadyFrom = Math.max(fullFrom, ...instances.map((batches) => batches[1]?.[0]?.startedAt ?? 0));
  const steady = instances
    .flat()
    .filter((batch) => batch[0]!.startedAt >= steadyFrom)
    .sort((a, b) => a[0]!.startedAt - b[0]!.startedAt);
  const ends = steady.map((batch) => batch.at(-1)!.startedAt).sort(ascending);
  const gaps = steady.slice(pollers).map((batch, index) => batch[0]!.startedAt - ends[index]!);
  return gaps.filter((gap) => gap < longestGapMs);
}

function stepsOf(batch: readonly Row[]): number[] {
  return differences(batch.map(({ startedAt }) => startedAt));
}

function trickleObservations(rows: readonly Row[]): TrickleObservations {
  return { latencyMs: instancesOf(rows).flatMap(([, ...others]) => others.map(latency)) };
}

function instanceObservations(rows: readonly Row[]): InstanceObservations {
  const instances = instancesOf(rows);
  const firsts = instances.map(([first]) => first!);
  const others = instances.flatMap(([, ...rest]) => rest);
  return {
    firstLatencyMs: firsts.map(latency),
    latencyMs: others.map(latency),
    firstHandlingMs: firsts.map(handling),
    handlingMs: others.map(handling),
  };
}

function latency({ sentAt, startedAt }: Row): number {
  return startedAt - sentAt;
}

function handling({ startedAt, createdAt }: Row): number {
  return createdAt - startedAt;
}

/** Each instance's rows, in the order in which they were taken up. */
function instancesOf(rows: readonly Row[]): Row[][] {
  return grouped(rows, ({ cacheId }) => cacheId);
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return [...groups.values()];
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - values[index]!);
}

function ascending(a: number, b: number): number {
  return a - b;
}
