/** The shapes of AWS's inputs. One shape reads a template's properties, before and after its functions are resolved, and a request's members. */

import { callOf, hasCall } from "../../template/calls.ts";
import { isMap, type TemplatePath, type TemplateValue } from "../../template/template.ts";

/** A fault of a property. `message` continues a sentence that begins with the property's name. */
export interface Problem {
  path: TemplatePath;
  message: string;
  /** A member that is not modelled, or one that is missing; any other problem is one of the value. */
  kind?: "unmodelled" | "missing" | "out of bounds";
}

/** One reading of a value, and the problems that it finds. */
export class Reading {
  readonly problems: Problem[] = [];

  /** `isResolved`: no functions are left in the value, so that what looks like one is data. */
  constructor(readonly isResolved: boolean) {}
}

/**
 * Reads a value, coerced as CloudFormation coerces it, and reports what is wrong with it. A template may have a function
 * instead of the value; its problems are found when the resolved value is read.
 */
export type Property<T> = (value: TemplateValue, at: TemplatePath, reading: Reading) => T;

type RequiredProperty<T> = Property<T> & { required: true };

export type Shape = Record<string, Property<unknown>>;

/** The value that a property reads. */
export type ValueOf<P> = P extends Property<infer T> ? T : never;

/** The values that a shape reads. A member that is not required may be missing. */
export type Values<S extends Shape> = {
  [K in keyof S as S[K] extends { required: true } ? K : never]: ValueOf<S[K]>;
} & {
  [K in keyof S as S[K] extends { required: true } ? never : K]?: ValueOf<S[K]>;
};

function property<T>(read: Property<T>): Property<T> {
  return function readOrWait(value, at, reading): T {
    const call = reading.isResolved ? undefined : callOf(value);
    if (!call) return read(value, at, reading);
    if (call.name === "Fn::If" && Array.isArray(call.argument)) {
      for (const branch of [1, 2]) {
        const alternative = call.argument[branch];
        if (alternative !== undefined) readOrWait(alternative, [...at, "Fn::If", branch], reading);
      }
    }
    // Never used: a template with functions is only read for its problems.
    return undefined as T;
  };
}

function scalar<T>(expected: string, parse: (text: string) => T | undefined): Property<T> {
  return property((value, path, reading) => {
    const parsed = typeof value === "object" ? undefined : parse(String(value));
    if (parsed === undefined) reading.problems.push({ path, message: `must be ${expected}, not ${shown(value)}` });
    return parsed as T;
  });
}

export const text = scalar("a string", (value) => value);

/** AWS's Integer has 32 bits: https://smithy.io/2.0/spec/simple-types.html */
export const integer = scalar("an integer", (value) => {
  const read = /^[-+]?\d+$/.test(value) ? Number(value) : Number.NaN;
  // No integer is negative zero, which a comparison would not tell.
  return Math.abs(read) <= 2 ** 31 - 1 || read === -(2 ** 31) ? read + 0 : undefined;
});

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

/** Text of these values, which are all that AWS has. */
export function oneOf<T extends string>(...values: T[]): Property<T> {
  return refined(text as Property<T>, (value) =>
    values.includes(value) ? null : `must be ${values.join(" or ")}, not ${shown(value)}`,
  );
}

export function list<T>(item: Property<T>): Property<T[]> {
  return property((value, path, reading) => {
    if (!Array.isArray(value)) {
      reading.problems.push({ path, message: `must be a list, not ${shown(value)}` });
      return [];
    }
    return value.map((each, index) => item(each, [...path, index], reading));
  });
}

/** A list, or its only item. */
export function oneOrMany<T>(item: Property<T>): Property<T | T[]> {
  const many = list(item);
  return property<T | T[]>((value, path, reading) => (Array.isArray(value) ? many : item)(value, path, reading));
}

/** An object with any keys. */
export function mapOf<T>(item: Property<T>): Property<Record<string, T>> {
  return property((value, path, reading) => {
    if (!isMap(value)) {
      reading.problems.push({ path, message: `must be an object, not ${shown(value)}` });
      return {};
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, item(each, [...path, key], reading)]));
  });
}

export function object<S extends Shape>(shape: S): Property<Values<S>> {
  return property((value, path, reading) => {
    if (!isMap(value)) {
      reading.problems.push({ path, message: `must be an object, not ${shown(value)}` });
      return {} as Values<S>;
    }
    const read = Object.entries(value).map(([key, each]): [string, unknown] => {
      const at = [...path, key];
      if (Object.hasOwn(shape, key)) return [key, shape[key]!(each, at, reading)];
      reading.problems.push({ path: at, message: "is not modelled by the local target", kind: "unmodelled" });
      return [key, undefined];
    });
    for (const [key, each] of Object.entries(shape)) {
      if ("required" in each && !Object.hasOwn(value, key)) {
        reading.problems.push({ path: [...path, key], message: "is required", kind: "missing" });
      }
    }
    return Object.fromEntries(read) as Values<S>;
  });
}

export function required<T>(inner: Property<T>): RequiredProperty<T> {
  const wrapped: Property<T> = (value, at, reading) => inner(value, at, reading);
  return Object.assign(wrapped, { required: true as const });
}

/** Takes any value, because nothing that is modelled depends on it. */
export const inert: Property<unknown> = () => undefined;

/** Takes no value. `message` says why, and what comes near. */
export function nothing(message: string): Property<undefined> {
  return (_value, path, reading) => {
    reading.problems.push({ path, message, kind: "unmodelled" });
    return undefined;
  };
}

/** `fault` says what is wrong with a value that has the right shape, or null. */
export function refined<T>(inner: Property<T>, fault: (value: T) => string | null): Property<T> {
  return property((value, path, reading) => {
    const before = reading.problems.length;
    const read = inner(value, path, reading);
    const isWaiting = !reading.isResolved && hasCall(value);
    const message = reading.problems.length > before || isWaiting ? null : fault(read);
    if (message !== null) reading.problems.push({ path, message });
    return read;
  });
}

function shown(value: TemplateValue | null): string {
  if (value === null) return "null";
  return typeof value === "object" ? (Array.isArray(value) ? "a list" : "an object") : JSON.stringify(value);
}

/** Without the members that are undefined: what is not given stays as it is, or is the service's default. */
export function given<T>(settings: { [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** AWS's inputs count in seconds. */
export function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
