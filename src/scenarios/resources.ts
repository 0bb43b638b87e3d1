/** What a scenario's template creates. */
import type { Scenario } from "../model.ts";
import { readTemplate } from "../template/sections.ts";

/** How many resources of each type, by type; conditional ones count. */
export function resourceCounts(scenario: Scenario): [type: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { type } of readTemplate(scenario.templateBody).resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}
