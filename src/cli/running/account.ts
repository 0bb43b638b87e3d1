/** Opens the account that was chosen. */
import { openAws } from "../../targets/aws.ts";
import { openRemoteClock } from "../../targets/clock.ts";
import type { Account, RetryListener } from "../../targets/target.ts";
import type { AwsChoice } from "../flags/place.ts";
import { tellRetry } from "./progress.ts";

/** The caller closes it. Throws `bad-usage` without a region, `target-failed` without credentials. */
export async function openAccount(choice: AwsChoice, onRetry: RetryListener = tellRetry): Promise<Account> {
  const { clockUrl, profile, region, endpointUrl } = choice;
  const clock = clockUrl === undefined ? undefined : await openRemoteClock(clockUrl);
  return openAws({ profile, region, endpointUrl, clock, onRetry });
}
