/** Counts the resources that a scenario creates. */
import type { Scenario } from "../model.ts";

/** How many resources of each type, by type; conditional ones count. */
export function resourceCounts(scenario: Scenario): [type: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { type } of scenario.template.resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}
