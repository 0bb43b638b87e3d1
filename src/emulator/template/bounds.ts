/** Integers between the bounds that AWS documents. */
import type { TemplateValue } from "../../template/template.ts";
import { type Constants, platforms } from "../platforms/platforms.ts";
import { integer, type Property, type Reading } from "./properties.ts";

/** A number, or the name of the platform's; one in milliseconds bounds a property in seconds. */
type Bound = number | Extract<keyof Constants, string>;

/**
 * An integer that a template may not have outside of its bounds. In a request and while a stack is made, the service itself refuses
 * it, in its own words; here a fault is found before.
 */
export function integerBetween(least: Bound, most: Bound = Number.POSITIVE_INFINITY): Property<number> {
  const [minimum, maximum] = [boundOf(least), boundOf(most)];
  const expected = maximum === Number.POSITIVE_INFINITY ? `at least ${minimum}` : `between ${minimum} and ${maximum}`;
  return (value: TemplateValue, path, reading: Reading) => {
    const read = integer(value, path, reading);
    if (!reading.isResolved && (read < minimum || read > maximum)) {
      reading.problems.push({ path, message: `must be ${expected}, not ${read}`, kind: "out of bounds" });
    }
    return read;
  };
}

function boundOf(bound: Bound): number {
  if (typeof bound === "number") return bound;
  const { value } = platforms["2026"][bound];
  return bound.endsWith("Ms") ? value / 1_000 : value;
}
