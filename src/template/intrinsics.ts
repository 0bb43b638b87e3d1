/** Intrinsic functions: their references and their values. */
import { argumentFault } from "./arguments.ts";
import { type Call, callOf } from "./calls.ts";
import { cidrBlocks } from "./cidr.ts";
import { placeholder, splitName } from "./substitution.ts";
import type { TemplateMap, TemplatePath, TemplateValue } from "./template.ts";

/** A property with this value is as if it were not there. */
export const noValue = Symbol("AWS::NoValue");

export type Resolved = TemplateValue | typeof noValue;

/** A mention of a parameter, a pseudo parameter or a resource. */
export interface Reference {
  name: string;
  /** null: a Ref. */
  attribute: string | null;
  path: TemplatePath;
}

/** The values of names while a template is resolved. */
export interface Scope {
  ref(name: string): Resolved;
  attribute(logicalId: string, attribute: string): TemplateValue;
  condition(name: string): boolean;
  mappings: TemplateMap;
}

/** The functions that stand for a value, and those of conditions. */
export const valueFunctions = new Set([
  "Ref",
  "Fn::GetAtt",
  "Fn::Sub",
  "Fn::Join",
  "Fn::If",
  "Fn::GetAZs",
  "Fn::Select",
  "Fn::Split",
  "Fn::FindInMap",
  "Fn::Base64",
  "Fn::Length",
  "Fn::ToJsonString",
  "Fn::Cidr",
]);
export const conditionFunctions = new Set(["Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"]);

/** Some regions have more, none fewer that an account can use today. */
const zones = ["a", "b", "c"];

/** Every call in a value, from the outside in. `taken` tells whether a condition holds; with it, branches that are not taken are left out. */
export function* callsIn(
  value: TemplateValue,
  path: TemplatePath,
  taken?: Scope["condition"],
): Iterable<Call & { path: TemplatePath }> {
  if (typeof value !== "object") return;
  const call = callOf(value);
  if (call) yield { ...call, path: [...path, call.name] };
  if (taken && call?.name === "Fn::If" && argumentFault(call) === null && Array.isArray(call.argument)) {
    const branch = taken(String(call.argument[0])) ? 1 : 2;
    yield* callsIn(call.argument[branch] ?? "", [...path, call.name, branch], taken);
    return;
  }
  for (const [key, each] of Object.entries(value))
    yield* callsIn(each, [...path, Array.isArray(value) ? Number(key) : key], taken);
}

/** The references in a value by Ref, GetAtt and Sub; `taken` as for `callsIn`. */
export function* referencesIn(
  value: TemplateValue,
  path: TemplatePath,
  taken?: Scope["condition"],
): Iterable<Reference> {
  for (const call of callsIn(value, path, taken)) {
    // Nobody knows what a function with another argument refers to.
    if (argumentFault(call) !== null) continue;
    if (call.name === "Ref" && typeof call.argument === "string") {
      yield { name: call.argument, attribute: null, path: call.path };
    } else if (call.name === "Fn::GetAtt" && Array.isArray(call.argument)) {
      const [name, attribute] = call.argument;
      if (typeof attribute === "object") continue;
      yield { name: String(name), attribute: String(attribute), path: call.path };
    } else if (call.name === "Fn::Sub") {
      const { text, variables } = substitution(call.argument);
      for (const [, escaped, name] of text.matchAll(placeholder)) {
        if (escaped || Object.hasOwn(variables, name!)) continue;
        yield { ...splitName(name!), path: call.path };
      }
    }
  }
}

/** A value with every function applied; parts that are AWS::NoValue are gone. @throws FunctionError. */
export function resolve(value: TemplateValue, scope: Scope): Resolved {
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => resolve(each, scope)).filter((each) => each !== noValue);
  const call = callOf(value);
  if (call) return apply(call.name, call.argument, scope);
  const entries = Object.entries(value).map(([key, each]) => [key, resolve(each, scope)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, TemplateValue] => entry[1] !== noValue));
}

function apply(name: string, argument: TemplateValue, scope: Scope): Resolved {
  const fault = argumentFault({ name, argument });
  if (fault !== null) throw new FunctionError(fault);
  const parts = Array.isArray(argument) ? argument : [];
  const text = (value: TemplateValue | undefined) => textOf(name, resolve(value ?? "", scope));
  switch (name) {
    case "Ref":
      return scope.ref(String(argument));
    case "Fn::GetAtt":
      return scope.attribute(String(parts[0]), text(parts[1]));
    case "Fn::Sub":
      return substitute(argument, scope);
    case "Fn::Join":
      return listOf(name, parts[1], scope)
        .map((item) => textOf(name, item))
        .join(String(parts[0]));
    case "Fn::If":
      return resolve(parts[scope.condition(String(parts[0])) ? 1 : 2]!, scope);
    case "Fn::GetAZs": {
      const region = text(argument) || textOf(name, scope.ref("AWS::Region"));
      return zones.map((zone) => `${region}${zone}`);
    }
    case "Fn::Select": {
      const index = text(parts[0]);
      const selected = listOf(name, parts[1], scope)[/^\d+$/.test(index) ? Number(index) : -1];
      if (selected === undefined) throw templateError(`Fn::Select cannot select nonexistent value at index ${index}`);
      return selected;
    }
    case "Fn::Split":
      return text(parts[1]).split(String(parts[0]));
    case "Fn::FindInMap": {
      const [map, top, second] = parts.slice(0, 3).map(text);
      const value = memberOf(memberOf(memberOf(scope.mappings, map!), top!), second!);
      if (value !== undefined) return value;
      const otherwise = memberOf(parts[3], "DefaultValue");
      if (otherwise !== undefined) return resolve(otherwise, scope);
      throw templateError(`Unable to get mapping for ${map}::${top}::${second}`);
    }
    case "Fn::Base64":
      return Buffer.from(text(argument)).toString("base64");
    case "Fn::Length":
      return listOf(name, argument, scope).length;
    case "Fn::ToJsonString": {
      const value = resolve(argument, scope);
      if (value === noValue) throw templateError(`${name} takes an object or a list`);
      return JSON.stringify(value);
    }
    case "Fn::Cidr": {
      const [block, count, bits] = parts.map(text);
      const blocks = cidrBlocks(block!, Number(count), bits === undefined ? null : Number(bits));
      if (typeof blocks === "string") throw templateError(`Fn::Cidr ${blocks}`);
      return blocks;
    }
    default:
      throw templateError(`the local target does not model the function ${name}`);
  }
}

/** True when a condition holds. @throws FunctionError. */
export function holds(condition: TemplateValue, scope: Scope): boolean {
  const [entry] = typeof condition === "object" ? Object.entries(condition) : [];
  const [name, argument] = entry ?? ["", ""];
  const fault = argumentFault({ name, argument });
  if (fault !== null) throw new FunctionError(fault);
  const parts = Array.isArray(argument) ? argument : [];
  switch (name) {
    case "Condition":
      return scope.condition(String(argument));
    case "Fn::Equals": {
      const [left, right] = parts.map((each) => resolve(each, scope));
      return comparable(left) === comparable(right);
    }
    case "Fn::And":
      return parts.every((each) => holds(each, scope));
    case "Fn::Or":
      return parts.some((each) => holds(each, scope));
    case "Fn::Not":
      return !holds(parts[0]!, scope);
    default:
      throw templateError(`the local target does not model the condition function ${name || "of a plain value"}`);
  }
}

function substitution(argument: TemplateValue): { text: string; variables: TemplateMap } {
  if (!Array.isArray(argument)) return { text: String(argument), variables: {} };
  const [text, variables] = argument as [string, TemplateMap];
  return { text, variables };
}

function substitute(argument: TemplateValue, scope: Scope): string {
  const { text, variables } = substitution(argument);
  return text.replace(placeholder, (_, escaped: string, name: string) => {
    if (escaped) return `\${${name}}`;
    const variable = memberOf(variables, name);
    if (variable !== undefined) return textOf("Fn::Sub", resolve(variable, scope));
    const reference = splitName(name);
    const value =
      reference.attribute === null ? scope.ref(reference.name) : scope.attribute(reference.name, reference.attribute);
    return textOf("Fn::Sub", value);
  });
}

function memberOf(value: TemplateValue | undefined, key: string): TemplateValue | undefined {
  return typeof value === "object" && Object.hasOwn(value, key) ? (value as TemplateMap)[key] : undefined;
}

function listOf(name: string, value: TemplateValue | undefined, scope: Scope): TemplateValue[] {
  const resolved = resolve(value ?? "", scope);
  if (!Array.isArray(resolved)) throw templateError(`${name} takes a list of values`);
  return resolved;
}

function textOf(name: string, value: Resolved): string {
  if (typeof value === "object" || value === noValue) throw templateError(`${name} takes strings`);
  return String(value);
}

/** Two values are equal in `Fn::Equals` where these texts are. */
export function comparable(value: Resolved | undefined): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A function that has no value, in CloudFormation's words. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
}

function templateError(problem: string): FunctionError {
  return new FunctionError(`Template error: ${problem}`);
}
