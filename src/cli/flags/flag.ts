/** A flag as data: what stands behind it, how that is read, and what the help says of it. */
import { Option } from "commander";
import type { Read } from "./values.ts";

export interface Flag {
  /** Stands behind the flag, such as `<n>`. A switch has none. */
  takes?: string;
  /** Goes with `takes`. */
  read?: Read<unknown>;
  /** As it would be typed. */
  default?: string;
  /** Each use adds a value. */
  repeats?: true;
  /** The switch is `--no-…` and turns off what its key names. */
  negates?: true;
  help: string;
}

/** Flags that stand together in the help. The key of each is its name in camel case. */
export interface FlagGroup {
  title: string;
  flags: Record<string, Flag>;
}

type ValueOf<F extends Flag> = F extends { read: Read<infer Value> }
  ? F extends { repeats: true }
    ? Value[]
    : Value
  : boolean;

/** Flags that are known by their registry only, such as a format's, have no name here. */
type Named<Name> = string extends Name ? never : Name;

/** The values that a verb gets of a group: a checked one for each flag that was typed or has a default. */
export type FlagsOf<Group extends FlagGroup, Flags extends Record<string, Flag> = Group["flags"]> = {
  [Name in keyof Flags as Flags[Name] extends { default: string } ? Name : never]: ValueOf<Flags[Name]>;
} & {
  [Name in keyof Flags as Flags[Name] extends { default: string } ? never : Named<Name>]?: ValueOf<Flags[Name]>;
};

/** The values that a verb gets of all its groups. */
export type AllFlagsOf<Groups extends readonly FlagGroup[]> = Groups extends readonly [
  infer First extends FlagGroup,
  ...infer Rest extends FlagGroup[],
]
  ? FlagsOf<First> & AllFlagsOf<Rest>
  : unknown;

/** One letter for a flag, whatever the verb, where people know it from hyperfine, k6, ab, helm or curl. */
const letters: Readonly<Record<string, string>> = {
  events: "-n",
  rate: "-r",
  for: "-d",
  set: "-s",
  limit: "-l",
  target: "-t",
  workers: "-w",
  out: "-o",
  yes: "-y",
};

/** All that a flag may be typed as, the longest first. */
export function spellingsOf(key: string, flag: Flag): string[] {
  return [flagName(key, flag), letters[key] ?? []].flat();
}

/** The group's flags as commander takes them. */
export function optionsOf({ title, flags }: FlagGroup): Option[] {
  return Object.entries(flags).map(([key, flag]) => optionOf(key, flag).helpGroup(`${title}:`));
}

/** The flags of a group that were typed, as they were typed, such as `--older-than`. */
export function typedFlags<Key extends string>(flags: { [K in Key]?: unknown }, keys: readonly Key[]): string[] {
  return keys.filter((key) => flags[key] !== undefined).map((key) => flagName(key));
}

/** A flag as it is typed, such as `--older-than` or `--no-wait`. */
export function flagName(key: string, { negates }: Pick<Flag, "negates"> = {}): string {
  return `--${negates ? "no-" : ""}${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function optionOf(key: string, flag: Flag): Option {
  const { takes, read, default: initial, repeats, help } = flag;
  const name = flagName(key, flag);
  const spellings = spellingsOf(key, flag).reverse().join(", ");
  const option = new Option(takes === undefined ? spellings : `${spellings} ${takes}`, help);
  if (read === undefined) return option;
  option.argParser((typed: string, earlier: unknown) => {
    const value = read(typed, name);
    return repeats ? [...((earlier as unknown[] | undefined) ?? []), value] : value;
  });
  return initial === undefined ? option : option.default(read(initial, name), initial);
}
