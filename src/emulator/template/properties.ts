/** The shapes that a resource type gives its properties; one reading serves the template, unresolved, and the values, resolved. */
import type { TemplateMap, TemplatePath, TemplateValue } from "../../template/template.ts";
import { callOf, hasCall } from "./calls.ts";

/** What is wrong with a property; `message` continues a sentence that begins with the property's name. */
export interface Problem {
  path: TemplatePath;
  message: string;
}

/**
 * Reads a value, coerced as CloudFormation coerces it, and reports what is wrong with it. Where a template has a function
 * instead of the value there is nothing to say yet: the reading of the resolved value has the last word.
 */
export type Property<T> = (value: TemplateValue, at: TemplatePath, problems: Problem[]) => T;

export type RequiredProperty<T> = Property<T> & { required: true };

export type Shape = Record<string, Property<unknown>>;

/** The values that a shape reads: what is not required may be missing. */
export type Values<S extends Shape> = {
  [K in keyof S as S[K] extends { required: true } ? K : never]: S[K] extends Property<infer T> ? T : never;
} & {
  [K in keyof S as S[K] extends { required: true } ? never : K]?: S[K] extends Property<infer T> ? T : never;
};

function property<T>(read: Property<T>): Property<T> {
  return function readOrWait(value, at, problems): T {
    const call = callOf(value);
    if (!call) return read(value, at, problems);
    if (call.name === "Fn::If" && Array.isArray(call.argument)) {
      for (const branch of [1, 2]) {
        const alternative = call.argument[branch];
        if (alternative !== undefined) readOrWait(alternative, [...at, "Fn::If", branch], problems);
      }
    }
    // Never used: a template with functions is only read for its problems.
    return undefined as T;
  };
}

function scalar<T>(expected: string, parse: (text: string) => T | undefined): Property<T> {
  return property((value, path, problems) => {
    const parsed = typeof value === "object" ? undefined : parse(String(value));
    if (parsed === undefined) problems.push({ path, message: `must be ${expected}, not ${shown(value)}` });
    return parsed as T;
  });
}

export const text = scalar("a string", (value) => value);

export const integer = scalar("an integer", (value) => (/^[-+]?\d+$/.test(value) ? Number(value) : undefined));

export const flag = scalar("true or false", (value) =>
  /^(true|false)$/i.test(value) ? value.toLowerCase() === "true" : undefined,
);

/** Text that can have these values only: the others exist on AWS, and change what this model does not know. */
export function only<T extends string>(...modelled: T[]): Property<T> {
  return refined(text as Property<T>, (value) =>
    modelled.includes(value)
      ? null
      : `must be ${modelled.join(" or ")} for the local target, which does not model ${value}`,
  );
}

export function list<T>(item: Property<T>): Property<T[]> {
  return property((value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.push({ path, message: `must be a list, not ${shown(value)}` });
      return [];
    }
    return value.map((each, index) => item(each, [...path, index], problems));
  });
}

/** A list, or its only item. */
export function oneOrMany<T>(item: Property<T>): Property<T | T[]> {
  const many = list(item);
  return property<T | T[]>((value, path, problems) => (Array.isArray(value) ? many : item)(value, path, problems));
}

/** An object with any keys. */
export function mapOf<T>(item: Property<T>): Property<Record<string, T>> {
  return property((value, path, problems) => {
    if (!isMap(value)) {
      problems.push({ path, message: `must be an object, not ${shown(value)}` });
      return {};
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, item(each, [...path, key], problems)]));
  });
}

export function object<S extends Shape>(shape: S): Property<Values<S>> {
  return property((value, path, problems) => {
    if (!isMap(value)) {
      problems.push({ path, message: `must be an object, not ${shown(value)}` });
      return {} as Values<S>;
    }
    const read = Object.entries(value).map(([key, each]): [string, unknown] => {
      const at = [...path, key];
      if (Object.hasOwn(shape, key)) return [key, shape[key]!(each, at, problems)];
      problems.push({ path: at, message: "is not modelled by the local target" });
      return [key, undefined];
    });
    for (const [key, each] of Object.entries(shape)) {
      if ("required" in each && !Object.hasOwn(value, key)) {
        problems.push({ path: [...path, key], message: "is required" });
      }
    }
    return Object.fromEntries(read) as Values<S>;
  });
}

export function required<T>(inner: Property<T>): RequiredProperty<T> {
  const wrapped: Property<T> = (value, at, problems) => inner(value, at, problems);
  return Object.assign(wrapped, { required: true as const });
}

/** Anything: it has no influence on what the model models. */
export const inert: Property<unknown> = () => undefined;

/** `fault` says what is wrong with a value that has the right shape, or null. */
export function refined<T>(inner: Property<T>, fault: (value: T) => string | null): Property<T> {
  return property((value, path, problems) => {
    const before = problems.length;
    const read = inner(value, path, problems);
    const message = problems.length > before || hasCall(value) ? null : fault(read);
    if (message !== null) problems.push({ path, message });
    return read;
  });
}

function isMap(value: TemplateValue): value is TemplateMap {
  return typeof value === "object" && !Array.isArray(value);
}

function shown(value: TemplateValue): string {
  return typeof value === "object" ? (Array.isArray(value) ? "a list" : "an object") : JSON.stringify(value);
}
