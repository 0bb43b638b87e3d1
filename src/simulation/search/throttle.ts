/** How a template with its settings throttles: at most so many events at once, or at most so many a second. */
import { parseLimit } from "../../../infra/handlers/limit.ts";
import { type Load, meanMs } from "./load.ts";
import { numberOf, numberOr, type Reading } from "./reading.ts";

/** A bound and the words for what makes it. */
export interface Bound {
  value: number;
  /** `ReservedConcurrency 1` */
  by: string;
}

/** A bound on the events a second. */
export interface Pace extends Bound {
  /** so many may come together when it begins */
  atOnce: number;
}

export interface Throttle {
  /** most events that are worked at once; null: nothing bounds it */
  concurrency: Bound | null;
  /** so many are at work soon after a spike has begun, if there are as many events; a mapping begins with few pollers */
  soonAtWork: number;
  /** whether more may be received than the reservation works, so that events are throttled and come back later */
  isOverpulled: boolean;
  /** most events a second, however short the work is; null: nothing paces it */
  pace: Pace | null;
  /** least, mean and most time that an event takes at the consumer, ms */
  perEventMs: { least: number; mean: number; most: number };
  holdMs: number;
}

/** Lambda's mappings begin with so many pollers (`mapping.initialPollers`), and a provisioned one invokes so often at once. */
const initialPollers = 5;
const invocationsPerPoller = 10;

export function throttleOf(reading: Reading, load: Load): Throttle {
  const holdMs = numberOr(reading, "hold", 0);
  const { from, to } = load.workMs;
  const concurrency = least(concurrencyBounds(reading));
  const unreserved = least(concurrencyBounds(withoutReservation(reading)));
  return {
    concurrency,
    isOverpulled: (concurrency?.value ?? Number.POSITIVE_INFINITY) < (unreserved?.value ?? Number.POSITIVE_INFINITY),
    soonAtWork: soonAtWork(reading, concurrency?.value ?? Number.POSITIVE_INFINITY),
    pace: least(paces(reading)),
    perEventMs: { least: Math.max(from, holdMs), mean: meanMs(load.workMs, holdMs), most: Math.max(to, holdMs) },
    holdMs,
  };
}

/** Most events a second that can be worked in the long run: a bound from above, because whatever comes beside the work is left out. */
export function mostPerSecond({ concurrency, pace, perEventMs }: Throttle, events: number): number {
  // The mean of the times of so many events is hardly ever lower.
  const spread = (perEventMs.most - perEventMs.least) / Math.sqrt(Math.max(1, events));
  const meanSeconds = Math.max(perEventMs.least, perEventMs.mean - spread) / 1_000;
  const byConcurrency = concurrency === null ? Number.POSITIVE_INFINITY : concurrency.value / meanSeconds;
  return Math.min(byConcurrency, pace?.value ?? Number.POSITIVE_INFINITY);
}

function* concurrencyBounds(reading: Reading): Iterable<Bound> {
  const { source, settings } = reading;
  const named = (part: "reserved" | "maximumConcurrency" | "maximumPollers", otherwise: string) =>
    `${settings[part] ?? otherwise} ${numberOf(reading, part)}`;
  const reserved = numberOf(reading, "reserved");
  if (!Number.isNaN(reserved)) yield { value: reserved, by: named("reserved", "reserved concurrency") };
  const maximum = numberOf(reading, "maximumConcurrency");
  if (maximum > 0) yield { value: maximum, by: named("maximumConcurrency", "a maximum concurrency of") };
  const pollers = numberOf(reading, "maximumPollers");
  if (pollers > 0) yield { value: pollers * invocationsPerPoller, by: named("maximumPollers", "pollers, at most") };
  const groups = Math.max(1, numberOr(reading, "messageGroups", 1));
  if (source === "fifo") yield { value: groups, by: counted(groups, "message group") };
  if (source === "stream") {
    const shards = numberOr(reading, "shards", 1);
    const lines = shards * numberOr(reading, "parallelization", 1);
    yield {
      value: lines,
      by: lines === shards ? counted(shards, "shard") : `${counted(shards, "shard")} with ${lines} lines`,
    };
  }
  if (source === "schedule" && Number.isNaN(reserved)) {
    const timeoutSeconds = numberOr(reading, "timeout", 3);
    yield { value: Math.ceil(timeoutSeconds / 60), by: "a pull a minute" };
  }
}

function* paces(reading: Reading): Iterable<Pace> {
  const limiterRate = reading.values.limiterRate;
  if ((reading.values.limiter ?? "none") !== "none" && limiterRate !== undefined) {
    const rate = parseLimit(limiterRate);
    if (rate !== null) {
      const value = (rate.calls * 1_000) / rate.perMs;
      const atOnce = Math.max(1, value, numberOr(reading, "limiterCapacity", 1));
      yield { value, by: `a limiter of ${limiterRate}`, atOnce };
    }
  }
  if (reading.source === "url") {
    const rate = numberOf(reading, "destinationRate");
    if (!Number.isNaN(rate)) yield { value: rate, by: `an API destination at ${rate}/s`, atOnce: rate };
  }
  if (reading.source === "schedule") {
    const pulled = numberOf(reading, "pullCount");
    if (!Number.isNaN(pulled)) yield { value: pulled / 60, by: `a pull of ${pulled} a minute`, atOnce: pulled };
  }
}

function withoutReservation({ values, ...reading }: Reading): Reading {
  const { reserved: _, ...others } = values;
  return { ...reading, values: others };
}

function soonAtWork(reading: Reading, most: number): number {
  switch (reading.source) {
    case "queue": {
      const pollers = numberOf(reading, "minimumPollers");
      return Math.min(most, pollers > 0 ? pollers * invocationsPerPoller : initialPollers);
    }
    case "fifo":
      return Math.min(most, initialPollers);
    case "stream":
      // The keys fall unevenly on the lines of a shard.
      return Math.min(most, numberOr(reading, "shards", 1));
    case "topic":
      return most;
    default:
      return Math.min(most, 1);
  }
}

function least<Kind extends Bound>(bounds: Iterable<Kind>): Kind | null {
  return [...bounds].reduce<Kind | null>(
    (lowest, each) => (lowest === null || each.value < lowest.value ? each : lowest),
    null,
  );
}

function counted(count: number, what: string): string {
  return count === 1 ? `one ${what}` : `${count} ${what}s`;
}
