/** How long a poller waits: before it tries a throttled batch again, and for a slot to be free. */
import type { Random } from "../../kernel/random.ts";
import type { Constants } from "../../platforms/platforms.ts";

interface Backoff {
  baseMs: number;
  capMs: number;
  /** The share that is taken off at random, at most. */
  jitter: number;
}

/** The time that a poller waits before it tries for another time what has failed so often (1 is the first). */
export function backoffMs(failures: number, { baseMs, capMs, jitter }: Backoff, random: Pick<Random, "fraction">) {
  return Math.min(capMs, baseMs * 2 ** (failures - 1)) * (1 - jitter * random.fraction());
}

/** The time that a poller waits before it invokes again with a batch that was throttled for the `throttle`-th time (1 is the first). */
export function throttleBackoffMs(
  throttle: number,
  constants: Pick<
    Constants,
    "mapping.throttleBackoffBaseMs" | "mapping.throttleBackoffCapMs" | "mapping.throttleBackoffJitter"
  >,
  random: Pick<Random, "fraction">,
): number {
  const backoff = {
    baseMs: constants["mapping.throttleBackoffBaseMs"],
    capMs: constants["mapping.throttleBackoffCapMs"],
    jitter: constants["mapping.throttleBackoffJitter"],
  };
  return backoffMs(throttle, backoff, random);
}

/** The slots of a mapping with `MaximumConcurrency`, and how long they were busy, where the interval of its looks was measured. */
const fewMeasuredSlots = 20;
const manyMeasuredSlots = 100;
const measuredBusyMs = 2_000;

/**
 * The mean interval at which a mapping with `MaximumConcurrency` looks whether a slot has become free that was busy for 2 s or longer:
 * a power law through what was measured with 20 slots and with 100. With fewer slots than 20 it is the interval of 20.
 */
export function freeSlotLookMs(
  slots: number,
  constants: Pick<Constants, "mapping.twentySlotsLookMs" | "mapping.hundredSlotsLookMs">,
): number {
  const { "mapping.twentySlotsLookMs": few, "mapping.hundredSlotsLookMs": many } = constants;
  if (slots <= fewMeasuredSlots || few === 0) return few;
  const power = Math.log(many / few) / Math.log(manyMeasuredSlots / fewMeasuredSlots);
  return few * (slots / fewMeasuredSlots) ** power;
}

/**
 * How long a slot of a mapping at `MaximumConcurrency` stays free: what is left of the interval between two looks in which it became
 * free. A longer interval is more likely to be the one. The intervals grow with the time that the slot is busy, up to 2 s, as those of
 * a back-off do.
 */
export function freeSlotMs(
  slots: number,
  busyMs: number,
  constants: Pick<Constants, "mapping.twentySlotsLookMs" | "mapping.hundredSlotsLookMs" | "mapping.lookSpread">,
  random: Pick<Random, "fraction">,
): number {
  const spread = constants["mapping.lookSpread"];
  const [least, most] = [(1 - spread) ** 2, (1 + spread) ** 2];
  const meanMs = freeSlotLookMs(slots, constants) * Math.min(1, busyMs / measuredBusyMs);
  const interval = meanMs * Math.sqrt(least + (most - least) * random.fraction());
  return interval * random.fraction();
}
