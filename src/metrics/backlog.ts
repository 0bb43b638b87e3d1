/** The backlog: events sent less events completed or dead-lettered, by the rows. */
import { type Events, indexOf } from "./events.ts";

/** An event from the moment when it was sent to that of its first row, whichever function wrote it. */
interface Stay {
  id: number;
  sentAt: number;
  leftAt: number;
}

/** The stay of each event that left a row; of the others nothing tells when they were sent. */
export function* staysOf(completed: Events, dead: Events): Iterable<Stay> {
  for (const [event, id] of completed.ids.entries()) {
    const leftAt = Math.min(completed.firstAt[event]!, dead.firstAt[indexOf(dead.ids, id)] ?? Infinity);
    yield { id, sentAt: completed.sentAt[event]!, leftAt };
  }
  for (const [event, id] of dead.ids.entries()) {
    if (indexOf(completed.ids, id) < 0) yield { id, sentAt: dead.sentAt[event]!, leftAt: dead.firstAt[event]! };
  }
}

/** Most events that waited at any moment; null without rows. An event that left no row is not counted. */
export function backlogMax(completed: Events, dead: Events): number | null {
  const sent: number[] = [];
  const left: number[] = [];
  for (const { sentAt, leftAt } of staysOf(completed, dead)) {
    sent.push(sentAt);
    left.push(leftAt);
  }
  return sent.length === 0 ? null : mostBetween(Float64Array.from(sent).sort(), Float64Array.from(left).sort());
}

/** Most that have begun and not ended at any moment, where what ends at a moment is gone before anything begins. Both ascend. */
function mostBetween(begins: Float64Array, ends: Float64Array): number {
  let most = 0;
  let ended = 0;
  for (let begun = 0; begun < begins.length; begun++) {
    while (ends[ended]! <= begins[begun]!) ended++;
    most = Math.max(most, begun + 1 - ended);
  }
  return most;
}
