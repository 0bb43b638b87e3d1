/** The settings of a run: the template's defaults, and what the user sets over them. */
import { BenchError } from "../errors.ts";
import type { Scenario, Settings } from "../model.ts";
import { checkParameter, isNumeric, isStored, mask, type Parameter } from "../template/parameter.ts";
import { shownParameter } from "../template/secrets.ts";
import { settingsByMeaning } from "./meanings.ts";
import { alternatives, didYouMean, meant } from "./nearest.ts";

/** The parameters that the harness fills in, with where they come from; all others are settings. */
const filledIn: Readonly<Record<string, string>> = {
  DatabaseUrl: "give the database with --database-url.",
  SubnetIds: "give the functions' network with --vpc-config.",
  SecurityGroupIds: "give the functions' network with --vpc-config.",
  UrlKey: "throttle-bench makes a new one for each run.",
};

/** The parameters that a user may set. */
export function settingsIn(scenario: Scenario): Parameter[] {
  return scenario.template.parameters.filter(({ name }) => !Object.hasOwn(filledIn, name));
}

/**
 * Every setting's effective value, in the template's order. `overrides` are `Name=value`; the later of two for one name counts.
 * Throws `unknown-setting` with the nearest name, `bad-setting` with what the setting takes.
 */
export function settingsOf(scenario: Scenario, overrides: readonly string[]): Settings {
  const given = new Map(overrides.map((override) => parseOverride(scenario, override)));
  return Object.fromEntries(
    settingsIn(scenario).map((parameter) => [
      parameter.name,
      effectiveValue(scenario, parameter, given.get(parameter.name)),
    ]),
  );
}

/** The values that a setting takes, in words: `0 to 43200`, `true or false`, …; empty when it takes any. */
export function boundsOf({ minValue, maxValue, allowedValues, allowedPattern, ...parameter }: Parameter): string {
  if (allowedValues) return alternatives(allowedValues);
  if (allowedPattern) {
    return (
      parameter.constraintDescription?.replace(/^(has|have) to be |^must be /, "") ??
      `text that matches ${allowedPattern}`
    );
  }
  if (minValue !== undefined && maxValue !== undefined) return `${minValue} to ${maxValue}`;
  if (minValue !== undefined) return `at least ${minValue}`;
  if (maxValue !== undefined) return `at most ${maxValue}`;
  if (isStored(parameter)) return "the name of a parameter in the Parameter Store";
  return isNumeric(parameter) ? "a number" : "";
}

function parseOverride(scenario: Scenario, override: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(override) ?? [];
  if (name === undefined || value === undefined) {
    throw new BenchError("bad-setting", `--set ${override} gives no value; write it as --set Name=value.`);
  }
  if (!settingsIn(scenario).some((parameter) => parameter.name === name)) throw unknownSetting(scenario, name);
  return [name, value];
}

function effectiveValue(scenario: Scenario, parameter: Parameter, given: string | undefined): string {
  const { name } = parameter;
  const value = given ?? parameter.default;
  if (value === undefined) {
    throw new BenchError(
      "bad-setting",
      `${scenario.name} has no default for ${name}; give it one with --set ${name}=….`,
    );
  }
  if (checkParameter(parameter, value) === null) return value;
  const shown = parameter.noEcho ? mask : value;
  const problem = given === undefined ? `${scenario.name} has the default ${name}=${shown}` : `--set ${name}=${shown}`;
  const bounds = boundsOf(shownParameter(parameter)) || "another value";
  throw new BenchError("bad-setting", `${problem} is out of bounds; ${scenario.name} takes ${bounds}.`);
}

/** The settings that a word may stand for, by its spelling or its meaning; the likeliest first. */
export function settingsMeant(scenario: Scenario, word: string): string[] {
  return meant(word, settingsIn(scenario), settingsByMeaning);
}

function unknownSetting(scenario: Scenario, name: string): BenchError {
  const names = settingsIn(scenario).map((parameter) => parameter.name);
  const suggestion = didYouMean(settingsMeant(scenario, name));
  const cure = (Object.hasOwn(filledIn, name) ? filledIn[name] : suggestion) ?? `it has ${names.join(", ")}.`;
  return new BenchError("unknown-setting", `${scenario.name} has no setting ${name}; ${cure}`);
}
