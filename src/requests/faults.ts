/** Every fault of a scenario that a run would meet. */
import type { Scenario, Settings } from "../model.ts";
import { codeFaults, contractFaults, keptFaults } from "../scenarios/contract.ts";
import type { Fault } from "../scenarios/fault.ts";
import { refusals } from "../scenarios/refusals.ts";
import { localPseudoParameters, outOfBounds, serviceDefaults, unmodelled } from "../targets/service-rules.ts";
import { withoutSecretValues } from "../template/secrets.ts";

/** `isLocal`: the model has to know everything, too. */
export function faultsOf(scenario: Scenario, settings: Settings, isLocal: boolean): Fault[] {
  // A condition may ask for the region; that of an account is not known here.
  const known = isLocal ? { ...settings, ...localPseudoParameters } : settings;
  const faults = [
    ...contractFaults(scenario, known),
    ...refusals(scenario, known, serviceDefaults),
    ...outOfBounds(scenario, known),
    ...(isLocal ? unmodelled(scenario) : [...codeFaults(scenario, known), ...keptFaults(scenario, known)]),
  ];
  const { parameters } = scenario.template;
  return faults.map(({ path, message }) => ({ path, message: withoutSecretValues(message, parameters, settings) }));
}
