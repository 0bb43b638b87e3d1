/** Says in rules how a resource of Terraform's AWS provider stands in CloudFormation. */

import type { TemplateValue } from "../../../template/template.ts";
import { jsonIn } from "../../json-text.ts";
import type { Attribute } from "./attributes.ts";
import type { Instance } from "./instances.ts";

/** Where rules write to. */
export interface Property {
  logicalId: string;
  path: readonly (string | number)[];
}

/** Answers the questions of rules, and takes what they say. */
export interface Translating {
  set(to: Property, value: TemplateValue, from: Attribute): void;
  /** appends to the list at `to`; its result is the item */
  append(to: Property, from: Attribute): Property;
  /** @param problem a clause about the argument, @param cure what to do; both without a full stop */
  unread(to: Property, from: Attribute, problem: string, cure: string): void;
  /** The reference that a value is, or comes from; the value where that is outside; undefined: not set, or not known, which is then said. */
  reference(from: Attribute, to: Property, types: readonly string[]): TemplateValue | undefined;
  /** The reference that a known value is: an ARN, a URL or a name; the value where it is of nothing in the plan. */
  referenceTo(value: TemplateValue, types: readonly string[]): TemplateValue;
  referenceOf(instance: Instance, attribute: string): TemplateValue;
  /** as `reference`, for the resource alone, and without a word where there is none */
  instanceFor(from: Attribute, types: readonly string[]): Instance | null;
  /** values that the argument's expression takes from variables and constants */
  givenValues(from: Attribute): TemplateValue[];
  /** the instances of a type, in all modules */
  instances(type: string): Instance[];
  logicalIdOf(instance: Instance): string;
}

export type Rule = (from: Attribute, to: Property, translating: Translating) => void;

export interface Translation {
  /** CloudFormation's type */
  type: string;
  /** what the logical ID ends with, such as `Queue` */
  kind: string;
  /** what a reference to an attribute is: the attribute of `Fn::GetAtt`; null: `Ref` */
  references?: Readonly<Record<string, string | null>>;
  rules: readonly Rule[];
  /** its rules write to another resource; null: there is none in the plan, and it stands for itself */
  onto?: (from: Attribute, translating: Translating) => Instance | null;
  /** without another to write to, it is nothing */
  isNothingAlone?: boolean;
}

export function below({ logicalId, path }: Property, ...keys: readonly (string | number)[]): Property {
  return { logicalId, path: [...path, ...keys] };
}

interface Plain {
  /** values that say the same as none at all */
  none?: readonly TemplateValue[];
  /** what becomes of the value */
  as?: (value: TemplateValue) => TemplateValue;
  /** it changes nothing that is lifted, so that nobody has to know it */
  isName?: boolean;
}

/** @param property its path, joined by dots */
export function plain(argument: string, property: string, { none = [], as, isName = false }: Plain = {}): Rule {
  return (from, to, translating) => {
    const attribute = from.at(argument);
    const at = below(to, ...property.split("."));
    const { value } = attribute;
    if (value !== undefined) {
      const isNone = value === "" || (Array.isArray(value) && value.length === 0) || none.includes(value);
      if (!isNone) translating.set(at, as === undefined ? value : as(value), attribute);
    } else if (attribute.isAwaited && !isName) {
      translating.unread(at, attribute, "is known only after it is applied", stateCure);
    }
  };
}

export function name(argument: string, property: string): Rule {
  return plain(argument, property, { isName: true });
}

/** JSON in a text, such as an event pattern. */
export function json(argument: string, property: string): Rule {
  return plain(argument, property, { as: (value) => parsed(value) ?? value });
}

export function reference(argument: string, property: string, types: readonly string[] = []): Rule {
  return (from, to, translating) => {
    const attribute = from.at(argument);
    const at = below(to, ...property.split("."));
    const value = translating.reference(attribute, at, types);
    if (value !== undefined) translating.set(at, value, attribute);
  };
}

/** A block that stands once. @param property its path, joined by dots; empty: the rules write to the parent itself */
export function block(argument: string, property: string, ...rules: readonly Rule[]): Rule {
  return (from, to, translating) => {
    const [first] = from.at(argument).blocks;
    const at = property === "" ? to : below(to, ...property.split("."));
    if (first !== undefined) for (const rule of rules) rule(first, at, translating);
  };
}

/** Blocks that become a list. */
export function blocks(argument: string, property: string, ...rules: readonly Rule[]): Rule {
  return (from, to, translating) => {
    for (const each of from.at(argument).blocks) {
      const item = translating.append(below(to, ...property.split(".")), each);
      for (const rule of rules) rule(each, item, translating);
    }
  };
}

/** The rules apply only where `holds`. */
export function where(holds: (from: Attribute) => boolean, ...rules: readonly Rule[]): Rule {
  return (from, to, translating) => {
    if (holds(from)) for (const rule of rules) rule(from, to, translating);
  };
}

export const stateCure =
  "apply it and give the state (`terraform show -json > state.json`), or read what is deployed with `throttle-bench init --from-function NAME`";

/** @returns undefined: it is no JSON */
export function parsed(value: TemplateValue): TemplateValue | undefined {
  return typeof value === "string" ? jsonIn(value) : undefined;
}
