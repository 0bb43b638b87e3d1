/** The backlog: events sent less events completed or dead-lettered, by the rows. */
import { type Events, failedOf, indexOf } from "./events.ts";
import { mostAtOnce } from "./overlap.ts";
import { sorted } from "./sorting.ts";

/** Events from the moment when each was sent to that of its first row, whichever function wrote it; the arrays are parallel. */
export interface Stays {
  ids: Int32Array;
  sentAt: Float64Array;
  leftAt: Float64Array;
}

/** The stay of each event that left a row, those that completed first; of the others nothing tells when they were sent. */
export function staysOf(completed: Events, dead: Events): Stays {
  const failed = failedOf(completed, dead);
  const count = completed.ids.length;
  const stays: Stays = {
    ids: new Int32Array(count + failed.length),
    sentAt: new Float64Array(count + failed.length),
    leftAt: new Float64Array(count + failed.length),
  };
  stays.ids.set(completed.ids);
  stays.sentAt.set(completed.sentAt);
  stays.leftAt.set(completed.firstAt);
  for (let event = 0; event < dead.ids.length; event++) {
    const found = indexOf(completed.ids, dead.ids[event]!);
    if (found >= 0) stays.leftAt[found] = Math.min(stays.leftAt[found]!, dead.firstAt[event]!);
  }
  failed.forEach((event, index) => {
    stays.ids[count + index] = dead.ids[event]!;
    stays.sentAt[count + index] = dead.sentAt[event]!;
    stays.leftAt[count + index] = dead.firstAt[event]!;
  });
  return stays;
}

/** Most events that waited at any moment; null without rows. An event that left no row is not counted. */
export function backlogMax(completed: Events, dead: Events): number | null {
  const { sentAt, leftAt } = staysOf(completed, dead);
  return sentAt.length === 0 ? null : mostAtOnce(sorted(sentAt), sorted(leftAt));
}
