/** The local model that predicts: which limits it follows, whose numbers, and by which chance. */
import type { PlatformName } from "../../model.ts";
import type { FlagGroup } from "./flag.ts";
import { badUsage, oneOf, quoted, type Read, text, wholeNumber } from "./values.ts";

export const platforms = ["2020", "2026"] as const satisfies readonly PlatformName[];
export const defaultPlatform: PlatformName = "2026";
export const defaultSeed = 1;

export const platform = {
  takes: "<year>",
  read: oneOf(platforms),
  help: `AWS limits that the local model follows, 2020 or 2026 (default: ${defaultPlatform})`,
} as const;

export const calibration = {
  takes: "<profile>",
  read: text,
  help: "profile of an account that the local model goes by, as `calibrate` wrote it",
} as const;

export const seed = {
  takes: "<n>",
  read: wholeNumber(0, 2 ** 32 - 1),
  help: `seed of the local model's chance (default: ${defaultSeed})`,
} as const;

/** A number of the model by its name, as it was typed; the platforms know the name and what is possible. */
export interface TypedNumber {
  name: string;
  value: string;
}

const typedNumber: Read<TypedNumber> = (typed, flag) => {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) return { name, value };
  throw badUsage(`${flag} ${quoted(typed)} gives no number; write it as ${flag} database.connectMs=20.`);
};

export const assume = {
  takes: "<name=value>",
  read: typedNumber,
  repeats: true,
  help: "a number of the local model, such as database.connectMs=20; `show model` lists them (also: assume in the configuration file)",
} as const;

/** The numbers that a user gives the model in place of its own. */
export interface GivenNumbers {
  /** By `--assume`; the later of two for one name counts. */
  given: readonly TypedNumber[];
  /** By the configuration file. */
  configured: readonly TypedNumber[];
}

export function givenNumbers(
  flags: { assume?: TypedNumber[] },
  defaults: { assume?: Record<string, string> },
): GivenNumbers {
  const configured = Object.entries(defaults.assume ?? {}).map(([name, value]) => ({ name, value }));
  return { given: flags.assume ?? [], configured };
}

export const model = {
  title: "Local model",
  flags: {
    seed,
    platform,
    calibration,
    assume,
  },
} satisfies FlagGroup;
