/** The simulations that are measured: shipped scenarios as they are, but for the settings that a section names. */

import { versionsHere } from "../../src/cli/version.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import type { Simulation } from "../../src/simulation/simulate.ts";

export interface Choice {
  events?: number;
  /** As `--set` takes them. */
  set?: string[];
  seed?: number;
}

const dayMs = 86_400_000;

export function aSimulation(name: string, { events = 1_000, set = [], seed = 1 }: Choice = {}): Simulation {
  const scenario = findScenario(name);
  return {
    request: {
      runId: `speed-${seed}`,
      scenario,
      settings: settingsOf(scenario, set),
      events,
      timeoutMs: dayMs,
      expected: { limit: null, maxLoss: null, maxWait: null },
      waitForMetrics: true,
      keep: true,
      versions: versionsHere(),
    },
    model: { platform: "2026", seed, profile: null, ranges: false, constants: {} },
  };
}
