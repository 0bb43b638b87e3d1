/** Event patterns: which events a rule takes. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
import { callOf, hasCall } from "../../template/calls.ts";
import type { TemplatePath, TemplateValue } from "../../template/template.ts";
import { jsonIn } from "../api/json.ts";
import type { Property, Reading } from "../template/properties.ts";

/** A value of the pattern: the same value, or a text that begins with it. */
type Matcher = { is: string | number | boolean | null } | { prefix: string };

/** By field: what its value may be, or the fields in it. Every field has to match. */
export interface Pattern {
  [field: string]: readonly Matcher[] | Pattern;
}

export function matches(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = isMap(event) ? event[field] : undefined;
    if (!isList(wanted)) return matches(wanted, value);
    // An event's list matches when one of its values does.
    const values = Array.isArray(value) ? value : [value];
    return values.some((each) => wanted.some((matcher) => fits(matcher, each)));
  });
}

/** The pattern as EventBridge's JSON has it. */
export function asWritten(pattern: Pattern): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(pattern).map(([field, wanted]) => [
      field,
      isList(wanted) ? wanted.map((matcher) => ("is" in matcher ? matcher.is : matcher)) : asWritten(wanted),
    ]),
  );
}

function isList(wanted: readonly Matcher[] | Pattern): wanted is readonly Matcher[] {
  return Array.isArray(wanted);
}

function fits(matcher: Matcher, value: unknown): boolean {
  if ("prefix" in matcher) return typeof value === "string" && value.startsWith(matcher.prefix);
  return value === matcher.is;
}

/** A pattern as a template has it, an object or its JSON; an operator that is not modelled is refused by name. */
export const eventPattern: Property<Pattern> = (value, at, reading) => {
  if (!reading.isResolved && callOf(value)) return {};
  if (typeof value !== "string") return patternAt(value, at, reading);
  const pattern = jsonIn(value);
  if (pattern !== undefined) return patternAt(pattern as TemplateValue, at, reading);
  reading.problems.push({ path: at, message: "must be a JSON object" });
  return {};
};

function patternAt(value: TemplateValue, at: TemplatePath, reading: Reading): Pattern {
  if (!isMap(value)) {
    reading.problems.push({ path: at, message: "must be an object of fields, each with a list of values" });
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).map(([field, wanted]) => {
      const path = [...at, field];
      if (field.startsWith("$")) {
        reading.problems.push({ path, message: "is not modelled by the local target", kind: "unmodelled" });
        return [field, []];
      }
      if (!Array.isArray(wanted)) return [field, patternAt(wanted as TemplateValue, path, reading)];
      return [field, wanted.flatMap((each, index) => matcherAt(each, [...path, index], reading))];
    }),
  );
}

function matcherAt(value: TemplateValue | null, path: TemplatePath, reading: Reading): Matcher[] {
  if (typeof value !== "object" || value === null) return [{ is: value }];
  // The resolved template tells what a function gives.
  if (!reading.isResolved && hasCall(value)) return [];
  const [operator, operand] = Object.entries(value)[0] ?? [];
  if (operator === "prefix" && typeof operand === "string") return [{ prefix: operand }];
  const message = `must be values or {"prefix": "…"} for the local target, which does not model ${operator ?? "an empty object"}`;
  reading.problems.push({ path, message });
  return [];
}

function isMap(value: unknown): value is Record<string, unknown> & { [key: string]: TemplateValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
