/** The only place that picks a target. */
import { BenchError } from "../../errors.ts";
import type { AccountProfile, Scenario } from "../../model.ts";
import type { Account, RetryListener, Target } from "../../targets/target.ts";
import { profilesDirectory } from "../directories.ts";
import type { AwsChoice, LocalChoice, TargetChoice } from "../flags/run-options.ts";
import type { ChosenDatabase } from "./chosen-database.ts";

/** Refuses what the target does not take, before anything is touched. Throws `bad-template`, `bad-usage`. */
export async function checkScenario(choice: TargetChoice, scenario: Scenario): Promise<void> {
  if (choice.name !== "local") return;
  const { checkTemplate } = await import("../../targets/local.ts");
  checkTemplate(scenario);
  await calibrationOf(choice);
}

/** The account's profile that the local model is to go by. Throws `bad-usage` for one that it cannot. */
export async function calibrationOf({ calibration, platform }: LocalChoice): Promise<AccountProfile | null> {
  if (calibration === null) return null;
  const { loadProfile } = await import("../../records/profile.ts");
  const profile = await loadProfile(calibration, profilesDirectory);
  if (profile.platform !== platform) {
    throw new BenchError(
      "bad-usage",
      `The profile ${profile.name} holds numbers beside AWS's limits of ${profile.platform}, not of ${platform}; give --platform ${profile.platform}, or calibrate with --platform ${platform}.`,
    );
  }
  const { unpublishedConstants } = await import("../../targets/local.ts");
  const known = unpublishedConstants(platform);
  const unknown = Object.keys(profile.constants).find((name) => !(name in known));
  if (unknown === undefined) return profile;
  throw new BenchError(
    "bad-usage",
    `The profile ${profile.name} has a number ${unknown}, which this version's model does not know or AWS publishes; calibrate again with this version.`,
  );
}

/** The caller closes it. */
export async function openAccount(choice: AwsChoice, onRetry: RetryListener): Promise<Account> {
  const { openAws } = await import("../../targets/aws.ts");
  const { openRemoteClock } = await import("../../targets/clock.ts");
  const { clockUrl, profile, region, endpointUrl } = choice;
  const clock = clockUrl === undefined ? undefined : await openRemoteClock(clockUrl);
  return openAws({ profile, region, endpointUrl, clock, onRetry });
}

/** The caller closes it; the database is the caller's, too. */
export async function openTarget(
  choice: TargetChoice,
  onRetry: RetryListener,
  database: ChosenDatabase,
): Promise<Target> {
  switch (choice.name) {
    case "local": {
      const { openLocal } = await import("../../targets/local.ts");
      const { platform, seed } = choice;
      return openLocal({ databaseUrl: database.url, platform, seed, profile: await calibrationOf(choice), onRetry });
    }
    case "aws": {
      const { attachDatabase } = await import("../../targets/aws.ts");
      const account = await openAccount(choice, onRetry);
      const target = await attachDatabase(account, database);
      return { ...target, close: () => target.close().finally(account.close) };
    }
  }
}
