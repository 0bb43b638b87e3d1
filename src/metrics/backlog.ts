/** The backlog: events sent less events completed or dead-lettered, by the rows. */
import { type Events, indexOf } from "./events.ts";

/**
 * Most events that waited at any moment; null without rows. An event leaves with its first row, whichever function wrote it. An event
 * that left no row is not counted, because nothing tells when it was sent.
 */
export function backlogMax(completed: Events, dead: Events): number | null {
  const sent: number[] = [];
  const left: number[] = [];
  const leave = ({ sentAt, firstAt }: Events, event: number, other: number) => {
    sent.push(sentAt[event]!);
    left.push(Math.min(firstAt[event]!, other));
  };
  completed.ids.forEach((id, event) => {
    leave(completed, event, dead.firstAt[indexOf(dead.ids, id)] ?? Infinity);
  });
  dead.ids.forEach((id, event) => {
    if (indexOf(completed.ids, id) < 0) leave(dead, event, Infinity);
  });
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
