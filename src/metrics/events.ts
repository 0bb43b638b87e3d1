/** A run's events by the rows that they left: each once, at its first insert. */
import type { Columns } from "../rows/columns.ts";

/** The events of which there is a row, by ascending id; the arrays are parallel. */
export interface Events {
  ids: Int32Array;
  /** milliseconds; of two first inserts in one millisecond that of the event that was sent first */
  sentAt: Float64Array;
  /** when its first row was inserted, milliseconds */
  firstAt: Float64Array;
}

export function eventsOf({ length, id, sentAt, createdAt }: Columns): Events {
  const ids = distinct(id.slice(0, length).sort());
  const events: Events = {
    ids,
    sentAt: new Float64Array(ids.length),
    firstAt: new Float64Array(ids.length).fill(Infinity),
  };
  for (let index = 0; index < length; index++) {
    const event = indexOf(ids, id[index]!);
    const [created, sent, known] = [createdAt[index]!, sentAt[index]!, events.firstAt[event]!];
    if (created > known || (created === known && sent >= events.sentAt[event]!)) continue;
    events.firstAt[event] = created;
    events.sentAt[event] = sent;
  }
  return events;
}

/** The index of an id in ascending ids; −1: it is not there. */
export function indexOf(ids: Int32Array, id: number): number {
  // Most runs have a row of every event, so that the ids have no gaps.
  const guess = id - (ids[0] ?? 0);
  if (ids[guess] === id) return guess;
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ids[middle] === id) return middle;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The indices in `dead` of the events that never completed. */
export function failedOf(completed: Events, dead: Events): number[] {
  const failed: number[] = [];
  for (let event = 0; event < dead.ids.length; event++) {
    if (indexOf(completed.ids, dead.ids[event]!) < 0) failed.push(event);
  }
  return failed;
}

function distinct(sorted: Int32Array): Int32Array {
  let count = 0;
  for (let index = 0; index < sorted.length; index++) {
    if (index === 0 || sorted[index] !== sorted[index - 1]) sorted[count++] = sorted[index]!;
  }
  return sorted.subarray(0, count);
}
