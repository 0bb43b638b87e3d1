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
  /** The lane or the heap that has the first event, as `first` has found it. */
  #source: RecordRing | RecordHeap = this.#heap;
  #serial = 0;

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
    if (lane?.accepts(time, serial)) lane.push(time, serial, family, alarm);
    else this.#heap.push(time, serial, family, alarm);
  }

  /** When the first event is due; infinite: there is none. Afterwards `serial`, `family`, `alarm` and `shift` are of that event. */
  first(): number {
    let source: RecordRing | RecordHeap = this.#heap;
    let time = source.firstKey;
    for (const lane of this.#lanes) {
      const laneTime = lane.firstKey;
      if (laneTime > time || lane.size === 0) continue;
      if (laneTime === time && lane.firstSerial > source.firstSerial) continue;
      source = lane;
      time = laneTime;
    }
    this.#source = source;
    return time;
  }

  get serial(): number {
    return this.#source.firstSerial;
  }

  get family(): number {
    return this.#source.firstA;
  }

  get alarm(): number {
    return this.#source.firstB;
  }

  shift(): void {
    this.#source.shift();
  }
}
