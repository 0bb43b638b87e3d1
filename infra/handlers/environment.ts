/** Reads a function's environment variables, and refuses by its name one that a handler cannot work with. */

type Environment = Record<string, string | undefined>;

/** A variable's text. Throws when it is missing or empty. */
export function requiredText(environment: Environment, name: string): string {
  const text = environment[name];
  if (!text) throw new Error(`The environment variable ${name} is missing; the function's template has to set it.`);
  return text;
}

/** A number of zero or more. Throws on anything else. */
export function nonNegativeNumber(environment: Environment, name: string): number {
  const text = requiredText(environment, name);
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0) {
    throw new Error(`The environment variable ${name} is "${text}"; it has to be a number of zero or more.`);
  }
  return value;
}

/** A whole number of zero or more, for milliseconds. Throws on anything else. */
export function nonNegativeInteger(environment: Environment, name: string): number {
  const value = nonNegativeNumber(environment, name);
  if (!Number.isSafeInteger(value)) {
    throw new Error(`The environment variable ${name} is "${environment[name]}"; it has to be a whole number.`);
  }
  return value;
}

/** A whole number of zero or more; 0 where it is absent. Throws on anything else. */
export function optionalInteger(environment: Environment, name: string): number {
  return environment[name] ? nonNegativeInteger(environment, name) : 0;
}

/** A share from 0 to 1; 0 where it is absent. Throws on anything else. */
export function optionalShare(environment: Environment, name: string): number {
  const share = environment[name] ? nonNegativeNumber(environment, name) : 0;
  if (share > 1)
    throw new Error(`The environment variable ${name} is "${environment[name]}"; it has to be a share from 0 to 1.`);
  return share;
}
