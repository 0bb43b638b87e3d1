/** A scenario of the test's own, simulated with its own settings. */
import type { Figures, Scenario } from "../../../src/model.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { type Plan, simulate } from "../../../src/simulation/simulate.ts";

const published: Plan["model"] = { platform: "2026", profile: null, ranges: false };

interface Choice {
  events: number;
  seed?: number;
  timeoutMs?: number;
  /** Default: the platform's. */
  model?: Plan["model"];
}

export function simulated(
  scenario: Scenario,
  { events, seed = 1, timeoutMs = 21_600_000, model = published }: Choice,
): Promise<Figures> {
  const variation = { settings: settingsOf(scenario, []), events, seed, assumptions: {}, timeoutMs };
  return simulate({ scenario, model, limit: null, waitForMetrics: true }, variation);
}
