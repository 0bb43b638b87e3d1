/** Finds every fault of a scenario before a run, so that all are told at once. */
import { BenchError } from "../../errors.ts";
import type { Scenario, Settings } from "../../model.ts";
import { faultsOf } from "../../requests/faults.ts";
import { isShipped } from "../../scenarios/catalogue.ts";
import { refuseFaults, UnreadableScenario } from "../../scenarios/fault.ts";
import { settingsIn, settingsOf } from "../../scenarios/settings.ts";

/** Throws `bad-template` with every fault that a run with these settings would meet. `isLocal`: the model has to know everything, too. */
export function requireFaultless(scenario: Scenario, settings: Settings, isLocal: boolean): void {
  refuseFaults(scenario, faultsOf(scenario, settings, isLocal), isShipped(scenario));
}

/** The error of reading a scenario's file, with the faults that a run would meet as well; any other error as it is. */
export function withEveryFault(error: unknown, overrides: readonly string[], isLocal: boolean): unknown {
  if (!(error instanceof UnreadableScenario) || !error.canBeChecked) return error;
  return error.with(faultsOf(error.scenario, settingsAsFarAsKnown(error.scenario, overrides), isLocal));
}

/** A parameter that could not be read may lack its default, and what depends on it is not known then. */
function settingsAsFarAsKnown(scenario: Scenario, overrides: readonly string[]): Settings {
  try {
    return settingsOf(scenario, overrides);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    const defaults = settingsIn(scenario).map(({ name, default: value }) => [name, value] as const);
    return Object.fromEntries(defaults.filter((each): each is [string, string] => each[1] !== undefined));
  }
}
