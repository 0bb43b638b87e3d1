/** The request of a run as far as it follows from scenario and settings, whoever asks. */
import { expectationsOf, type GivenExpectations } from "../metrics/expectations.ts";
import type { RunRequest, Scenario } from "../model.ts";
import { replacedCode } from "../scenarios/contract.ts";
import { refuseFaults } from "../scenarios/fault.ts";
import { settingsOf } from "../scenarios/settings.ts";
import { assumptionWarnings, warningsOf } from "../scenarios/warnings.ts";
import { ignoredIn, nothingIgnored, serviceDefaults } from "../targets/service-rules.ts";
import { faultsOf } from "./faults.ts";

interface Asked {
  scenario: Scenario;
  /** `Name=value` */
  overrides: readonly string[];
  expected: GivenExpectations;
  /** the model has to know everything, too */
  isLocal: boolean;
  /** it is one of the shipped scenarios, which needs no file in an error */
  isShipped: boolean;
  /** its template is a shipped one, of which all that is unusual is meant, but for what is set */
  hasShippedTemplate: boolean;
}

/** Throws `unknown-setting`, `bad-setting`, and `bad-template` with every fault that a run would meet. */
export function requestOf({
  scenario,
  overrides,
  expected,
  isLocal,
  isShipped,
  hasShippedTemplate,
}: Asked): Pick<RunRequest, "scenario" | "settings" | "expected"> & Required<Pick<RunRequest, "warnings" | "ignored">> {
  const settings = settingsOf(scenario, overrides);
  refuseFaults(scenario, faultsOf(scenario, settings, isLocal), isShipped);
  const given = hasShippedTemplate ? new Set(overrides.map((override) => override.split("=")[0]!)) : null;
  return {
    scenario,
    settings,
    expected: expectationsOf(expected, settings, scenario),
    warnings: [
      ...assumptionWarnings(scenario, settings, overrides),
      ...warningsOf(scenario, settings, given, serviceDefaults),
    ],
    ignored: given === null ? ignoredIn(scenario, replacedCode(scenario, settings)) : nothingIgnored,
  };
}
