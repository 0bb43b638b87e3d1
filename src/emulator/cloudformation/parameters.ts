/** The values of a stack's parameters, and what is shown of them. */
import { checkParameter, mask } from "../../template/parameter.ts";
import type { Template } from "../../template/template.ts";
import type { KeyValue } from "./records.ts";
import { invalid } from "./validation.ts";

/** Every parameter's value, given or by default. @throws ServiceError `ValidationError` in CloudFormation's words. */
export function parameterValues({ parameters }: Template, given: readonly KeyValue[]): Map<string, string> {
  if (parameters.length === 0 && given.length > 0) {
    throw invalid("Parameter values specified for a template which does not require them.");
  }
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = given.filter(({ key }) => !known.has(key)).map(({ key }) => key);
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  const values = new Map(parameters.map(({ name, default: value }) => [name, value] as const));
  for (const { key, value } of given) values.set(key, value);
  const missing = [...values].filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(", ")}] must have values`);
  for (const parameter of parameters) {
    const problem = checkParameter(parameter, values.get(parameter.name)!);
    if (problem !== null) throw invalid(problem);
  }
  return values as Map<string, string>;
}

/** A NoEcho parameter's value is masked. */
export function shownParameters({ parameters }: Template, values: ReadonlyMap<string, string>): KeyValue[] {
  const hidden = new Set(parameters.filter(({ noEcho }) => noEcho).map(({ name }) => name));
  return [...values].map(([key, value]) => ({ key, value: hidden.has(key) ? mask : value }));
}
