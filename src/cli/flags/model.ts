/** The local model that predicts: which limits it follows, whose numbers, and by which chance. */
import type { PlatformName } from "../../model.ts";
import type { FlagGroup } from "./flag.ts";
import { oneOf, text, wholeNumber } from "./values.ts";

export const platforms = ["2020", "2026"] as const satisfies readonly PlatformName[];
export const defaultPlatform: PlatformName = "2026";
export const defaultSeed = 1;

export const platform = {
  takes: "<year>",
  read: oneOf(platforms),
  help: `AWS limits that the local model follows, 2020 or 2026 (default: ${defaultPlatform})`,
} as const;

export const seed = {
  takes: "<n>",
  read: wholeNumber(0, 2 ** 32 - 1),
  help: `seed of the local model's chance (default: ${defaultSeed})`,
} as const;

export const model = {
  title: "Local model",
  flags: {
    seed,
    platform,
    calibration: {
      takes: "<profile>",
      read: text,
      help: "profile of an account that the local model goes by, as `calibrate` wrote it",
    },
  },
} satisfies FlagGroup;
