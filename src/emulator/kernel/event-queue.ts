/** The events to come, in the order of (time, serial). */
import { RecordHeap, RecordRing } from "./records.ts";

/** More lanes than these would make the search for the first event slower than the heap. */
const mostLanes = 32;

/**
 * An event is a record: when it is due, its serial, and the number of an alarm in a family of alarms. Those that are always set for
 * the same delay come in the order in which they are due, so they have a lane of their own, first in, first out; the heap has the rest.
 */
export class EventQueue {
  readonly #heap = new RecordHeap();
  readonly #lanes: RecordRing[] = [];
  /** The lane with the earliest event of all lanes, which is looked for only when one of them has another first event. */
  #earliest = new RecordRing();
  #serial = 0;
  /** The event that `next` has taken. */
  time = 0;
  serial = 0;
  family = 0;
  alarm = 0;

  /** Order of scheduling: what is due at one instant happens first come, first served. */
  takeSerial(): number {
    return this.#serial++;
  }

  /** A lane for events of one delay; null: there are enough. */
  openLane(): RecordRing | null {
    if (this.#lanes.length === mostLanes) return null;
    const lane = new RecordRing();
    this.#lanes.push(lane);
    return lane;
  }

  push(lane: RecordRing | null, time: number, serial: number, family: number, alarm: number): void {
    if (!lane?.accepts(time, serial)) {
      this.#heap.push(time, serial, family, alarm);
      return;
    }
    lane.push(time, serial, family, alarm);
    if (lane.size === 1 && isBefore(lane, this.#earliest)) this.#earliest = lane;
  }

  /** Takes the first event that is due by `limit`, a finite time; false: there is none. */
  next(limit: number): boolean {
    const lane = this.#earliest;
    const heap = this.#heap;
    if (isBefore(lane, heap)) {
      if (lane.firstKey > limit) return false;
      this.#note(lane);
      lane.shift();
      this.#findEarliest();
    } else {
      if (heap.firstKey > limit) return false;
      this.#note(heap);
      heap.shift();
    }
    return true;
  }

  #note(source: RecordRing | RecordHeap): void {
    this.time = source.firstKey;
    this.serial = source.firstSerial;
    this.family = source.firstA;
    this.alarm = source.firstB;
  }

  #findEarliest(): void {
    let earliest = this.#earliest;
    for (const lane of this.#lanes) if (isBefore(lane, earliest)) earliest = lane;
    this.#earliest = earliest;
  }
}

/** False for two that are empty. */
function isBefore(one: RecordRing | RecordHeap, other: RecordRing | RecordHeap): boolean {
  const time = one.firstKey;
  const otherTime = other.firstKey;
  return time < otherTime || (time === otherTime && one.size > 0 && one.firstSerial < other.firstSerial);
}
