/** Every fault of a scenario that a run would meet. */
import type { Scenario, Settings } from "../model.ts";
import { codeFaults, contractFaults, keptFaults } from "../scenarios/contract.ts";
import type { Fault } from "../scenarios/fault.ts";
import { refusals } from "../scenarios/refusals.ts";
import { outOfBounds, serviceDefaults, unmodelled } from "../targets/service-rules.ts";
import { withoutSecretValues } from "../template/secrets.ts";

/** `isLocal`: the model has to know everything, too. */
export function faultsOf(scenario: Scenario, settings: Settings, isLocal: boolean): Fault[] {
  const faults = [
    ...contractFaults(scenario, settings),
    ...refusals(scenario, settings, serviceDefaults),
    ...outOfBounds(scenario, settings),
    ...(isLocal ? unmodelled(scenario) : [...codeFaults(scenario, settings), ...keptFaults(scenario, settings)]),
  ];
  const { parameters } = scenario.template;
  return faults.map(({ path, message }) => ({ path, message: withoutSecretValues(message, parameters, settings) }));
}
