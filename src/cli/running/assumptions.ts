/** The numbers that a user gives the model, checked before anything is touched. */
import type { Model } from "../../model.ts";
import { nearest } from "../../scenarios/nearest.ts";
import { numberNames, readNumber } from "../../targets/assumptions.ts";
import type { GivenNumbers, TypedNumber } from "../flags/model.ts";
import { badUsage } from "../flags/values.ts";

/** Throws `bad-usage` for a name that the model does not have, with the nearest, and for a value that is impossible. */
export function checkedNumbers({ given, configured }: GivenNumbers): Pick<Model, "constants" | "configured"> {
  return {
    constants: valuesOf(given, "--assume "),
    configured: valuesOf(configured, "the configuration file's assume: "),
  };
}

function valuesOf(numbers: readonly TypedNumber[], from: string): Record<string, number> {
  return Object.fromEntries(
    numbers.map(({ name, value }) => {
      if (!numberNames.includes(name)) throw unknownNumber(from, name);
      const read = readNumber(name, value);
      if ("value" in read) return [name, read.value];
      throw badUsage(`${from}${name}=${value} is impossible; ${read.problem}.`);
    }),
  );
}

function unknownNumber(from: string, name: string) {
  const suggestion = numberNames.find((known) => known.endsWith(`.${name}`)) ?? nearest(name, numberNames);
  const cure = suggestion === null ? "`throttle-bench show model` lists them." : `did you mean ${suggestion}?`;
  return badUsage(`${from}${name} is no number of the model; ${cure}`);
}
