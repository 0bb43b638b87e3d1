/** When SNS tries a delivery again. */
import type { Random } from "../kernel/random.ts";
import type { Constants } from "../platforms/platforms.ts";

/**
 * The time that SNS waits before its `retry`-th retry (1 is the first) of an AWS-managed endpoint; null when it gives up.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function retryDelayMs(retry: number, constants: Constants, random: Random): number | null {
  const immediate = constants["sns.immediateRetries"];
  const preBackoff = immediate + constants["sns.preBackoffRetries"];
  const backoff = preBackoff + constants["sns.backoffRetries"];
  const postBackoff = backoff + constants["sns.postBackoffRetries"];
  const base = constants["sns.preBackoffMs"];
  const maximum = constants["sns.backoffMaximumMs"];
  if (retry <= immediate) return 0;
  if (retry > postBackoff) return null;
  const step = (retry - preBackoff - 1) / (constants["sns.backoffRetries"] - 1);
  const delay = retry <= preBackoff ? base : retry > backoff ? maximum : base * (maximum / base) ** step;
  const jitter = constants["sns.retryJitter"];
  return delay * random.between(1 - jitter, 1 + jitter);
}
