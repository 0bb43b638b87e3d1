/** Follows the references of an expression in Terraform's configuration, through variables, outputs, count and for_each. */
import { isMap, type TemplateMap, type TemplateValue } from "../../../template/template.ts";
import { type InstanceKey, longestOf, type Step, stepsOf } from "./addresses.ts";
import { type Instance, type Instances, type Module, mapAt } from "./instances.ts";

/** Where an expression stands. */
export interface Scope {
  module: Module;
  /** of the instance that it is evaluated for: `each.key`, or `count.index` */
  key: InstanceKey["key"] | null;
  /** the expression of `for_each` that `each.value` comes from */
  forEach: TemplateValue | undefined;
}

export interface Referred {
  /** resources, each with the attribute that is asked for; null: which one is not said */
  targets: { instance: Instance; attribute: string | null }[];
  /** values that are written, or that the plan knows */
  values: TemplateValue[];
  /** what leads no further, such as `local.queue_arn` */
  lost: string[];
}

export function scopeOf({ module, key, configuration }: Instance): Scope {
  return { module, key, forEach: configuration?.for_each_expression };
}

/** No module is called so deeply. */
const maximumDepth = 64;

/** Everything that an expression may take its value from; which of it, only Terraform knows. */
export function referredBy(expression: TemplateValue | undefined, scope: Scope, { variables }: Instances): Referred {
  const found: Referred = { targets: [], values: [], lost: [] };
  follow(expression, [], scope, 0);
  return found;

  function follow(each: TemplateValue | undefined, rest: readonly Step[], within: Scope, depth: number): void {
    if (depth > maximumDepth) return;
    if (Array.isArray(each)) {
      for (const item of each) follow(item, rest, within, depth + 1);
      return;
    }
    if (!isMap(each)) return;
    if (each.constant_value !== undefined) {
      const value = valueAt(each.constant_value, rest);
      if (value !== undefined) found.values.push(value);
    } else if (Array.isArray(each.references)) {
      const references = each.references.filter((item) => typeof item === "string");
      const isByKey = references.some((item) => /^(each\.|count\.)/.test(item));
      for (const item of longestOf(references)) one(stepsOf(item), item, within, isByKey, depth + 1);
    } else {
      for (const item of Object.values(each)) follow(item, rest, within, depth + 1);
    }
  }

  function one(steps: readonly Step[], text: string, within: Scope, isByKey: boolean, depth: number): void {
    const [first, second, ...rest] = steps;
    if (first === "var") variable(String(second), rest, within, depth);
    else if (first === "module") module(String(second), rest, within, isByKey, depth);
    else if (first === "each" && second === "value") eachValue(rest, text, within, depth);
    else if (first === "data") resource("data", String(second), rest, within, isByKey);
    else if (first === "local") found.lost.push(text);
    else if (!["each", "count", "path", "terraform", "self"].includes(String(first))) {
      resource("managed", String(first), [second ?? "", ...rest], within, isByKey);
    }
  }

  function variable(name: string, rest: readonly Step[], { module }: Scope, depth: number): void {
    if (module.parent === null) {
      const value = valueAt(variables[name], rest);
      if (value !== undefined) found.values.push(value);
      return;
    }
    const given = mapAt(module.call, "expressions")?.[name];
    const caller = { module: module.parent, key: module.key, forEach: module.call?.for_each_expression };
    const value = valueAt(mapAt(mapAt(module.configuration, "variables"), name)?.default, rest);
    if (given !== undefined) follow(given, rest, caller, depth);
    else if (value !== undefined) found.values.push(value);
  }

  function module(name: string, rest: readonly Step[], within: Scope, isByKey: boolean, depth: number): void {
    const named = within.module.children.filter((each) => each.name === name);
    const [step, ...others] = rest;
    const isKeyed = typeof step === "object";
    const output = isKeyed ? others[0] : step;
    for (const each of chosen(named, isKeyed ? step.key : null, isByKey ? within.key : null)) {
      const outputs = mapAt(each.configuration, "outputs") ?? {};
      const wanted = typeof output === "string" ? [outputs[output]] : Object.values(outputs);
      for (const item of wanted) {
        if (isMap(item)) follow(item.expression, [], { module: each, key: null, forEach: undefined }, depth);
      }
    }
  }

  function eachValue(rest: readonly Step[], text: string, within: Scope, depth: number): void {
    const key: Step[] = within.key === null ? [] : [{ key: within.key }];
    const before = found.lost.length;
    const from = within.forEach;
    if (isMap(from) && Array.isArray(from.references)) {
      for (const item of longestOf(from.references.filter((each) => typeof each === "string"))) {
        const steps = stepsOf(item);
        const isKeyed = typeof steps.at(-1) === "object";
        one([...steps, ...(isKeyed ? [] : key), ...rest], item, { ...within, forEach: undefined }, true, depth);
      }
    } else follow(from, [...key, ...rest], { ...within, forEach: undefined }, depth);
    if (found.lost.length > before) found.lost.push(text);
  }

  function resource(
    mode: Instance["mode"],
    type: string,
    [name, ...rest]: readonly Step[],
    within: Scope,
    isByKey: boolean,
  ): void {
    const named = within.module.instances.filter(
      (each) => each.mode === mode && each.type === type && each.name === name,
    );
    const [step, ...others] = rest;
    const isKeyed = typeof step === "object";
    const attribute = (isKeyed ? others[0] : step) ?? null;
    for (const instance of chosen(named, isKeyed ? step.key : null, isByKey ? within.key : null)) {
      const value = mode === "data" && typeof attribute === "string" ? instance.values[attribute] : undefined;
      if (mode === "managed") {
        found.targets.push({ instance, attribute: typeof attribute === "string" ? attribute : null });
      } else if (value === undefined) found.lost.push(instance.address);
      else found.values.push(value);
    }
  }
}

/** The one that a key names, or the one of the same key as the referring instance, or all. */
function chosen<T extends { key: InstanceKey["key"] | null }>(
  named: readonly T[],
  key: InstanceKey["key"] | null,
  ownKey: InstanceKey["key"] | null,
): readonly T[] {
  if (key !== null) return named.filter((each) => each.key === key);
  const alike = ownKey === null ? [] : named.filter((each) => each.key === ownKey);
  return alike.length > 0 ? alike : named;
}

function valueAt(value: TemplateValue | undefined, steps: readonly Step[]): TemplateValue | undefined {
  return steps.reduce<TemplateValue | undefined>((at, step) => {
    if (typeof at !== "object") return undefined;
    const key = typeof step === "object" ? step.key : step;
    return Array.isArray(at) ? at[Number(key)] : (at as TemplateMap)[key];
  }, value);
}
