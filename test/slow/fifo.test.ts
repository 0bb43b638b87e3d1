/** FIFO queues in a hundred seeds each, with the unpublished numbers drawn from their ranges. */
import { describe, expect, it } from "vitest";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { simulate } from "../../src/simulation/simulate.ts";

const events = 400;

describe.each([
  ["fifo-one-group", 1],
  ["sqs-fifo", 1],
  ["fifo-ten-groups", 10],
] as const)("%s", (name, groups) => {
  it.each(["FailureRate=0", "FailureRate=0.05", "DuplicateRate=0.3"])(
    "has none out of order, no duplicates and no more at a time than groups in 100 seeds, with %s",
    async (setting) => {
      const scenario = findScenario(name);
      const model = { platform: "2026", profile: null, ranges: true } as const;
      const plan = { scenario, model, limit: null, waitForMetrics: true };
      const settings = settingsOf(scenario, [setting]);
      for (let seed = 1; seed <= 100; seed++) {
        const variation = { settings, events, seed, assumptions: {}, timeoutMs: 86_400_000 };
        const { summary, details } = await simulate(plan, variation);
        expect([seed, details.order?.outOfOrder, summary.duplicates, details.throttles]).toEqual([seed, 0, 0, 0]);
        expect(details.maxOverlap).toBeLessThanOrEqual(groups);
        expect(summary.maxConcurrency).toBeLessThanOrEqual(groups);
        expect(summary.eventsCompleted + summary.eventsFailed).toBe(events);
      }
    },
  );
});
