/** Alarms: the events of one kind, each for a number, such as a message's or an execution environment's. */
import type { EventQueue } from "./event-queue.ts";
import { grown, type RecordRing } from "./records.ts";

/**
 * How alarms are set, which only decides what they cost. `drawn`: for any time. `constant`: nearly always for the same delay.
 * `postponed`: again and again for a later time before they ring, so that one event for each alarm is enough.
 */
export type Habit = "drawn" | "constant" | "postponed";

const none = -1;

export class Alarms {
  readonly #lane: RecordRing | null;
  /** By number: the serial of the event that the alarm is set for. An event of another serial is out of date. */
  #serials = new Float64Array(16).fill(none);
  readonly #postponed: Postponed | null;

  /** @internal Made by `Kernel.alarms`. */
  constructor(
    private readonly clock: { readonly now: number },
    private readonly events: EventQueue,
    private readonly family: number,
    /** @internal */
    readonly ring: (number: number) => void,
    habit: Habit,
  ) {
    this.#lane = habit === "constant" ? events.openLane() : null;
    this.#postponed = habit === "postponed" ? new Postponed() : null;
  }

  /** Sets the alarm to ring in `delayMs`, and no more when it was set for before. */
  after(number: number, delayMs: number): void {
    this.at(number, this.clock.now + delayMs);
  }

  /** Sets the alarm to ring at `time`; a fraction of a millisecond is rounded, the past is now. @throws RangeError when it is no number. */
  at(number: number, time: number): void {
    if (Number.isNaN(time)) throw new RangeError("a timer needs a time");
    const due = Math.max(this.clock.now, Math.round(time));
    const serial = this.events.takeSerial();
    if (number >= this.#serials.length) this.#grow(number);
    this.#serials[number] = serial;
    if (this.#postponed?.isCarried(number, due, serial)) return;
    this.events.push(this.#lane, due, serial, this.family, number);
  }

  cancel(number: number): void {
    if (number < this.#serials.length) this.#serials[number] = none;
  }

  /** @internal True when the alarm is set for this event; it is then set no longer. */
  takes(number: number, serial: number): boolean {
    const expected = this.#serials[number]!;
    if (expected === serial) {
      this.#serials[number] = none;
      this.#postponed?.release(number, serial);
      return true;
    }
    if (this.#postponed?.release(number, serial) && expected !== none) {
      const due = this.#postponed.carry(number, expected);
      this.events.push(null, due, expected, this.family, number);
    }
    return false;
  }

  #grow(number: number): void {
    const length = Math.max(number + 1, 2 * this.#serials.length);
    this.#serials = grown(this.#serials, new Float64Array(length).fill(none));
  }
}

/** For each alarm the one event in the queue that carries it: when that is due too early, it is put off to when the alarm is due. */
class Postponed {
  readonly #dues: number[] = [];
  readonly #carriers: { time: number; serial: number }[] = [];

  /** True when the carrier is due before the alarm, so that no other event is needed. Otherwise the alarm's own event carries it. */
  isCarried(number: number, due: number, serial: number): boolean {
    this.#dues[number] = due;
    const carrier = this.#carriers[number];
    if (!carrier) {
      this.#carriers[number] = { time: due, serial };
      return false;
    }
    if (carrier.time <= due) return true;
    carrier.time = due;
    carrier.serial = serial;
    return false;
  }

  /** True when the event that has come is the carrier; the alarm then has none any more. */
  release(number: number, serial: number): boolean {
    const carrier = this.#carriers[number];
    if (carrier?.serial !== serial) return false;
    carrier.time = Number.POSITIVE_INFINITY;
    carrier.serial = none;
    return true;
  }

  /** Lets the alarm's own event carry it, and says when that is due. */
  carry(number: number, serial: number): number {
    const due = this.#dues[number]!;
    const carrier = this.#carriers[number]!;
    carrier.time = due;
    carrier.serial = serial;
    return due;
  }
}
