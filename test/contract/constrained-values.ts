/** Holds the values of a template, and what its parameters let in, against the properties' ranges, lengths and patterns. */
import fc from "fast-check";
import type { Parameter } from "../../src/template/parameter.ts";
import type { Template, TemplateMap, TemplateValue } from "../../src/template/template.ts";
import { type Constraints, type Declarations, declarationsOf, type Shape } from "./property-constraints.ts";

/** A statement about a parameter that follows when a condition holds, or when it does not. */
interface Fact {
  parameter: string;
  value: string;
  isEqual: boolean;
}

interface Place {
  shape: Shape;
  constraints: Constraints;
  path: string;
  facts: readonly Fact[];
}

const unconstrained: Constraints = {};

/** A sentence each: `Queue/Properties/DelaySeconds is 901, above 900`. */
export function* objectionsToValues(template: Template): Iterable<string> {
  for (const { logicalId, type, properties, condition } of template.resources) {
    const declarations = declarationsOf(type);
    const facts = condition === null ? [] : factsOf({ Condition: condition }, true, template);
    const path = `${logicalId}/Properties`;
    const place = { shape: declarations.properties, constraints: unconstrained, path, facts };
    yield* new Walk(template, declarations).value(properties, place);
  }
}

class Walk {
  constructor(
    private readonly template: Template,
    private readonly declarations: Declarations,
  ) {}

  *value(value: TemplateValue, place: Place): Iterable<string> {
    const { path, constraints, facts } = place;
    const shape = this.#followed(place.shape);
    if (isMap(value)) {
      const [name, argument] = Object.entries(value)[0] ?? [];
      if (name === "Fn::If" && Array.isArray(argument)) {
        const [condition, whenTrue, whenFalse] = argument as [string, TemplateValue, TemplateValue];
        const also = (holds: boolean) => [...facts, ...factsOf({ Condition: condition }, holds, this.template)];
        yield* this.value(whenTrue, { ...place, facts: also(true) });
        yield* this.value(whenFalse, { ...place, facts: also(false) });
      } else if (name === "Ref") {
        const parameter = this.template.parameters.find((each) => each.name === argument);
        if (parameter && shape.kind !== "list") yield* parameterObjections(parameter, place);
      } else if (shape.kind === "object" && !name?.startsWith("Fn::")) {
        for (const [key, inner] of Object.entries(value)) {
          const property = shape.properties.get(key);
          if (property) yield* this.value(inner, { ...property, path: `${path}/${key}`, facts });
          else yield `${path}/${key} is not among the declarations`;
        }
      }
    } else if (Array.isArray(value)) {
      if (shape.kind !== "list") return;
      // Only a deployment may show that an item is missing.
      const isKnown = !value.some((item) => isMap(item) && "Fn::If" in item);
      if (isKnown) yield* lengthObjections(value.length, "items", constraints, path);
      const item = { shape: shape.item, constraints: unconstrained, facts };
      for (const [index, inner] of value.entries()) yield* this.value(inner, { ...item, path: `${path}/${index}` });
    } else yield* plainObjections(value, constraints, path);
  }

  #followed(shape: Shape): Shape {
    return shape.kind === "name" ? (this.declarations.types.get(shape.name) ?? { kind: "plain" }) : shape;
  }
}

function* plainObjections(value: string | number | boolean, constraints: Constraints, path: string): Iterable<string> {
  const { min, max, pattern } = constraints;
  if (min !== undefined && Number(value) < min) yield `${path} is ${value}, below ${min}`;
  if (max !== undefined && Number(value) > max) yield `${path} is ${value}, above ${max}`;
  yield* lengthObjections([...String(value)].length, "characters", constraints, path);
  if (pattern && !pattern.test(String(value))) yield `${path} is ${value}, not of the pattern ${pattern.source}`;
}

function* lengthObjections(length: number, unit: string, constraints: Constraints, path: string): Iterable<string> {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = constraints;
  if (length < minLength) yield `${path} has ${length} ${unit}, fewer than ${minLength}`;
  if (length > maxLength) yield `${path} has ${length} ${unit}, more than ${maxLength}`;
}

/** The property must take every value that the parameter can have here. */
function* parameterObjections(parameter: Parameter, { constraints, path: at, facts }: Place): Iterable<string> {
  const path = `${at} (${parameter.name})`;
  const isPossible = (value: string) =>
    facts.every((fact) => fact.parameter !== parameter.name || (fact.value === value) === fact.isEqual);
  for (const value of new Set(valuesOf(parameter))) {
    if (!isPossible(value)) continue;
    const [objection] = plainObjections(value, constraints, path);
    if (objection !== undefined) {
      yield objection;
      return;
    }
  }
  const isOneValue = facts.some((fact) => fact.parameter === parameter.name && fact.isEqual);
  if (parameter.allowedValues || parameter.allowedPattern || isOneValue) return;
  const { min, max, maxLength, pattern } = constraints;
  if (parameter.type === "Number") {
    if (min !== undefined && parameter.minValue === undefined) yield `${path} has no MinValue, which is ${min}`;
    if (max !== undefined && parameter.maxValue === undefined) yield `${path} has no MaxValue, which is ${max}`;
  } else {
    if (maxLength !== undefined && parameter.maxLength === undefined) yield `${path} has no MaxLength, ${maxLength}`;
    if (pattern) yield `${path} has no AllowedPattern, for the pattern ${pattern.source}`;
  }
}

/** Values that the parameter allows: all of a list, those at its bounds, and samples of its pattern. */
function valuesOf(parameter: Parameter): string[] {
  const { default: own, allowedValues, allowedPattern, minValue, maxValue, minLength, maxLength } = parameter;
  if (allowedValues) return allowedValues;
  const values = own === undefined ? [] : [own];
  if (allowedPattern !== undefined) {
    const texts = fc.stringMatching(new RegExp(`^(?:${allowedPattern})$`));
    return [...values, ...fc.sample(texts, { numRuns: 1_000, seed: 1 })];
  }
  if (parameter.type === "Number") {
    const inside = (value: number) => value >= (minValue ?? value) && value <= (maxValue ?? value);
    const bounds = [minValue, maxValue].flatMap((bound) => (bound === undefined ? [] : [bound - 1, bound, bound + 1]));
    return [...values, ...bounds.filter(inside).map(String)];
  }
  return [...values, "x".repeat(minLength ?? 0), ...(maxLength === undefined ? [] : ["x".repeat(maxLength)])];
}

/** The facts about parameters when the condition holds (`holds`) or does not; none where nothing certain follows. */
function factsOf(condition: TemplateValue | undefined, holds: boolean, template: Template): Fact[] {
  if (condition === undefined || !isMap(condition)) return [];
  const [name, argument] = Object.entries(condition)[0] ?? [];
  if (name === "Condition") return factsOf(template.conditions[String(argument)], holds, template);
  if (!Array.isArray(argument)) return [];
  if (name === "Fn::Not") return factsOf(argument[0], !holds, template);
  if (name === (holds ? "Fn::And" : "Fn::Or")) return argument.flatMap((each) => factsOf(each, holds, template));
  if (name !== "Fn::Equals") return [];
  const [parameter] = argument.filter(isMap).map(({ Ref }) => Ref);
  const [value] = argument.filter((each) => !isMap(each));
  if (parameter === undefined || value === undefined) return [];
  return [{ parameter: String(parameter), value: String(value), isEqual: holds }];
}

function isMap(value: TemplateValue): value is TemplateMap {
  return typeof value === "object" && !Array.isArray(value);
}
