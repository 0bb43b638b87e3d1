/** The platform profiles by name: the year's AWS limits and scaling rules. */
import type { PlatformName } from "../../model.ts";
import { platform2020 } from "./2020.ts";
import { type FactName, type Facts, platform2026 } from "./2026.ts";

export const platforms: Record<PlatformName, Facts> = {
  "2020": platform2020,
  "2026": platform2026,
};

/** The numbers that a simulation runs with. */
export type Constants = Readonly<Record<FactName, number>>;

/** A platform's numbers, some of them replaced. */
export function constantsOf(platform: PlatformName, replaced: Partial<Record<FactName, number>> = {}): Constants {
  const entries = Object.entries(platforms[platform]).map(([name, fact]) => [name, fact.value]);
  return { ...(Object.fromEntries(entries) as Record<FactName, number>), ...replaced };
}
