/** Counts the requests of a run that had to be sent again, by service. */
import type { RepeatedRequests } from "../model.ts";
import type { Target } from "../targets/target.ts";

/** The target, and the counts of what is sent to it. Its own listener is told, too. */
export function countRepeated(target: Target): { counted: Target; repeated: readonly RepeatedRequests[] } {
  const repeated: RepeatedRequests[] = [];
  const counted: Target = {
    ...target,
    onRetry(retry) {
      const { service, reason } = retry;
      const known = repeated.find((each) => each.service === service);
      if (known === undefined) repeated.push({ service, times: 1, reason });
      else known.times++;
      target.onRetry(retry);
    },
  };
  return { counted, repeated };
}
