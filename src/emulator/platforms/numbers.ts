/** Every number of the model as a run goes by it, with where its value comes from. */
import type { AccountProfile, Assumption, NumberOrigin, PlatformName } from "../../model.ts";
import type { FactName } from "./2026.ts";
import type { Fact } from "./fact.ts";
import { type Constants, platforms } from "./platforms.ts";
import { drawConstants } from "./ranges.ts";
import { unitOf } from "./units.ts";

/** Says whose numbers hold. A number comes from the first of these that has it: `constants`, `configured`, the draw, the profile, the platform. */
export interface NumberChoices {
  platform: PlatformName;
  /** Decides the draw. */
  seed: number;
  profile?: AccountProfile | null;
  /** Draws the unpublished numbers: the platform's from their plausible ranges, the profile's from its intervals. */
  ranges?: boolean;
  /** The configuration file's. */
  configured?: Readonly<Record<string, number>>;
  /** Given for this run. */
  constants?: Readonly<Record<string, number>>;
}

export interface ModelNumber extends Fact {
  name: FactName;
  unit: string;
  origin: NumberOrigin;
}

/** All numbers, in the order of the platform's table. */
export function modelNumbers({
  platform,
  seed,
  profile,
  ranges = false,
  configured = {},
  constants = {},
}: NumberChoices): ModelNumber[] {
  const own = profile?.constants ?? {};
  const intervals = Object.fromEntries(Object.entries(own).map(([name, { interval }]) => [name, interval]));
  const drawn = ranges ? drawConstants(platform, seed, intervals) : {};
  const facts = Object.entries(platforms[platform]) as [FactName, Fact][];
  return facts.map(([name, fact]) => {
    const sources: [origin: NumberOrigin, value: number | undefined][] = [
      ["given", constants[name]],
      ["configuration", configured[name]],
      ["drawn", drawn[name]],
      ["profile", own[name]?.value],
      ["platform", fact.value],
    ];
    const [origin, value] = sources.find(([, known]) => known !== undefined)!;
    const isKnownBetter = origin === "drawn" || origin === "profile";
    const range = (isKnownBetter ? intervals[name] : undefined) ?? fact.range;
    return { ...fact, name, unit: unitOf(name).name, value: value!, origin, ...(range && { range }) };
  });
}

export function constantsIn(numbers: readonly ModelNumber[]): Constants {
  return Object.fromEntries(numbers.map(({ name, value }) => [name, value])) as Constants;
}

/** Every record names the numbers that only the user can know, and the one about which AWS's word and what is seen disagree. */
const alwaysNamed = /^(database\.|lambda\.accountConcurrency$|mapping\.throttlePolicy$)/;

/** The numbers that a record names: `alwaysNamed`, and all that are not the platform's. */
export function assumptionsIn(numbers: readonly ModelNumber[]): Assumption[] {
  return numbers
    .filter(({ name, origin }) => alwaysNamed.test(name) || origin !== "platform")
    .map(({ name, value, unit, origin, range = null }) => ({
      name,
      value: value === Number.POSITIVE_INFINITY ? "none" : value,
      unit,
      origin,
      range,
      decided: null,
    }));
}

/** A number as it is typed, such as `20`, `0.5` or `none`; else a sentence's part that says what is possible. */
export function possibleValue(name: FactName, typed: string): { value: number } | { problem: string } {
  const { isWhole, least, most, mayBeNone } = unitOf(name);
  if (mayBeNone && typed === "none") return { value: Number.POSITIVE_INFINITY };
  const value = /^\d{1,15}(\.\d{1,15})?$/.test(typed) ? Number(typed) : Number.NaN;
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return { value };
  const bounds = `${least.toLocaleString("en")} to ${most.toLocaleString("en")}`;
  return { problem: `give a ${isWhole ? "whole " : ""}number from ${bounds}${mayBeNone ? ", or none" : ""}` };
}
