/** Draws of the numbers that AWS does not publish, each from its plausible range. */
import type { PlatformName } from "../../model.ts";
import { randomStream } from "../kernel/random.ts";
import type { FactName } from "./2026.ts";
import { type Constants, platforms } from "./platforms.ts";

/** The database is no secret of AWS's: who asks for the ranges has one database, not all that there may be. */
const usersOwn = "database.";

/**
 * A value for every number with a range, uniform in it, or uniform in its logarithm where it spans more than a factor of four.
 * `intervals`: ranges that are known better. The same seed gives the same draw.
 */
export function drawConstants(
  platform: PlatformName,
  seed: number,
  intervals: Partial<Record<string, readonly [low: number, high: number]>> = {},
): Partial<Constants> {
  const random = randomStream(seed, "ranges");
  const drawn: Partial<Record<FactName, number>> = {};
  for (const [name, fact] of Object.entries(platforms[platform])) {
    const range = intervals[name] ?? (name.startsWith(usersOwn) ? undefined : fact.range);
    if (!range) continue;
    const [low, high] = range;
    const share = random.fraction();
    drawn[name as FactName] = low > 0 && high / low > 4 ? low * (high / low) ** share : low + (high - low) * share;
  }
  return drawn;
}
