/** Draws of the numbers that AWS does not publish, each from its plausible range. */
import type { PlatformName } from "../../model.ts";
import { randomStream } from "../kernel/random.ts";
import type { Fact } from "./fact.ts";
import { type Constants, platforms } from "./platforms.ts";
import { unitOf } from "./units.ts";

type Interval = readonly [low: number, high: number];

/**
 * A value for every number with a range, uniform in it, or uniform in its logarithm where it spans more than a factor of four.
 * Half a poller is none. `intervals`: ranges that are known better. The same seed gives the same draw. Each number has a random stream of its own,
 * so that another number in the model moves no other draw.
 */
export function drawConstants(
  platform: PlatformName,
  seed: number,
  intervals: Partial<Record<string, Interval>> = {},
): Partial<Constants> {
  return drawFrom(platforms[platform], seed, intervals);
}

/** Draws as `drawConstants` does, from any facts. */
export function drawFrom<Name extends string>(
  facts: Readonly<Record<Name, Fact>>,
  seed: number,
  intervals: Partial<Record<string, Interval>> = {},
): Partial<Record<Name, number>> {
  const drawn: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(facts) as Name[]) {
    const range = intervals[name] ?? facts[name].range;
    if (!range) continue;
    const [low, high] = range;
    const share = randomStream(seed, `ranges/${name}`).fraction();
    const value = low > 0 && high / low > 4 ? low * (high / low) ** share : low + (high - low) * share;
    drawn[name] = unitOf(name).isWhole ? Math.round(value) : value;
  }
  return drawn;
}
