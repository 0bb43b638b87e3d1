/** The profile of an account, as `--calibration` names it. */
import { BenchError } from "../../errors.ts";
import type { AccountProfile, PlatformName } from "../../model.ts";
import { loadProfile } from "../../records/profile.ts";
import { unpublishedConstants } from "../../targets/local.ts";
import { profilesDirectory } from "../directories.ts";

/** The account's profile that the model is to go by. Throws `bad-usage` for one that it cannot. */
export async function loadCalibration(calibration: string, platform: PlatformName): Promise<AccountProfile> {
  const profile = await loadProfile(calibration, profilesDirectory);
  if (profile.platform !== platform) {
    throw new BenchError(
      "bad-usage",
      `The profile ${profile.name} was calibrated against AWS's limits of ${profile.platform}, not of ${platform}; give --platform ${profile.platform}, or calibrate with --platform ${platform}.`,
    );
  }
  const known = unpublishedConstants(platform);
  const unknown = Object.keys(profile.constants).find((name) => !(name in known));
  if (unknown === undefined) return profile;
  throw new BenchError(
    "bad-usage",
    `The profile ${profile.name} has a number ${unknown}, which this version's model does not know or AWS publishes; calibrate again with this version.`,
  );
}
