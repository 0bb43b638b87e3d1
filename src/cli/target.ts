/** The only place that picks a target. */
import type { Scenario } from "../model.ts";
import type { RetryListener, Target } from "../targets/target.ts";
import { type ChosenDatabase, noDatabase } from "./database.ts";
import type { TargetChoice } from "./options.ts";

/** Refuses a scenario that the target does not take, before anything is touched. Throws `bad-template`. */
export async function checkScenario(choice: TargetChoice, scenario: Scenario): Promise<void> {
  if (choice.name !== "local") return;
  const { checkTemplate } = await import("../targets/local.ts");
  checkTemplate(scenario);
}

/** The caller closes it; the database is the caller's too. Without one, the target is for what needs no rows. */
export async function openTarget(
  choice: TargetChoice,
  onRetry: RetryListener,
  { url: databaseUrl, functionsUrl: functionsDatabaseUrl, vpc }: ChosenDatabase = noDatabase,
): Promise<Target> {
  switch (choice.name) {
    case "local": {
      const { openLocal } = await import("../targets/local.ts");
      return openLocal({ databaseUrl, platform: choice.platform, seed: choice.seed, onRetry });
    }
    case "aws": {
      const { openAws } = await import("../targets/aws.ts");
      const { openRemoteClock } = await import("../targets/clock.ts");
      const { clockUrl, profile, region, endpointUrl } = choice;
      const clock = clockUrl === undefined ? undefined : await openRemoteClock(clockUrl);
      return openAws({ databaseUrl, functionsDatabaseUrl, vpc, profile, region, endpointUrl, clock, onRetry });
    }
  }
}
