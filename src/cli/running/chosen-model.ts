/** The model that a verb without a run goes by: flags, then the configuration file, then what everybody gets. */
import type { Model } from "../../model.ts";
import type { RunDefaults } from "../flags/configuration.ts";
import type { FlagsOf } from "../flags/flag.ts";
import { defaultPlatform, defaultSeed, givenNumbers, type model } from "../flags/model.ts";
import { checkedNumbers } from "./assumptions.ts";
import { loadCalibration } from "./calibration.ts";

/** Throws `bad-usage` for numbers and a profile that the model cannot go by. */
export async function chosenModel(
  flags: FlagsOf<typeof model>,
  defaults: RunDefaults,
  ranges: boolean,
): Promise<Model> {
  const platform = flags.platform ?? defaults.platform ?? defaultPlatform;
  const calibration = flags.calibration ?? defaults.calibration ?? null;
  return {
    platform,
    seed: flags.seed ?? defaultSeed,
    profile: calibration === null ? null : await loadCalibration(calibration, platform),
    ranges,
    ...checkedNumbers(givenNumbers(flags, defaults)),
  };
}
