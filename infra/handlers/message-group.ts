/** The message group of an event: whose events keep their order, share a shard, or are one tenant's. */
import { optionalInteger, optionalShare } from "./environment.ts";
import { shareOf } from "./hash.ts";

export interface MessageGrouping {
  /** how many message groups there are; 0: none */
  groups: number;
  /** the share of the events, from 0 to 1, that is the noisy tenant's, whose message group is 0 */
  noisyShare: number;
}

/**
 * The number of an event's message group, from 0; null where there are none. An event's number alone decides it. The noisy share of
 * the events is in group 0, whichever those are by a hash; the others go round all groups, 0 among them.
 */
export function messageGroupOf(id: number, { groups, noisyShare }: MessageGrouping): number | null {
  if (groups === 0) return null;
  return noisyShare > 0 && shareOf(id, "noise") < noisyShare ? 0 : id % groups;
}

/** Environment: MESSAGE_GROUPS and NOISY_SHARE, each 0 where it is absent. Throws when one is malformed. */
export function messageGroupingIn(environment: Record<string, string | undefined>): MessageGrouping {
  return {
    groups: optionalInteger(environment, "MESSAGE_GROUPS"),
    noisyShare: optionalShare(environment, "NOISY_SHARE"),
  };
}
