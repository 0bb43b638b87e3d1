/** The numbers that a user gives the model, checked before anything is touched. */
import type { Model } from "../../model.ts";
import { didYouMean, meant } from "../../scenarios/nearest.ts";
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
  const ends = numberNames.filter((known) => known.endsWith(`.${name}`));
  const candidates = numberNames.map((known) => ({ name: known }));
  const cure =
    didYouMean(ends.length > 0 ? ends : meant(name, candidates)) ?? "`throttle-bench show model` lists them.";
  return badUsage(`${from}${name} is no number of the model; ${cure}`);
}
