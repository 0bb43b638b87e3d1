/** The simulations that are measured: shipped scenarios as they are, but for the settings that a section names. */
import type { Figures } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { type Plan, simulate, type Variation } from "../../src/simulation/simulate.ts";

export interface Choice {
  events?: number;
  /** As `--set` takes them. */
  set?: string[];
  seed?: number;
}

const dayMs = 86_400_000;

export function aPlan(name: string): Plan {
  return {
    scenario: findScenario(name),
    model: { platform: "2026", profile: null, ranges: false },
    limit: null,
    waitForMetrics: true,
  };
}

export function aVariation({ scenario }: Plan, { events = 1_000, set = [], seed = 1 }: Choice = {}): Variation {
  return { settings: settingsOf(scenario, set), events, seed, assumptions: {}, timeoutMs: dayMs };
}

/** Simulates in this thread. */
export async function simulated(name: string, choice?: Choice): Promise<Figures> {
  const plan = aPlan(name);
  return simulate(plan, aVariation(plan, choice));
}
