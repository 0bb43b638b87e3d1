/** Callbacks at a time, for everything that does not happen often enough to need alarms. */
import type { Alarms } from "./alarms.ts";
import { Numbered } from "./numbered.ts";

/** A scheduled callback. */
export interface Timer {
  /** Does nothing when the callback has run already. */
  cancel(): void;
}

export class Timers {
  readonly #scheduled = new Numbered<Scheduled>();
  readonly #alarms: Alarms;

  constructor(alarmsFor: (ring: (number: number) => void) => Alarms) {
    this.#alarms = alarmsFor((number) => this.#scheduled.take(number).run());
  }

  at(time: number, callback: () => void): Timer {
    const scheduled = new Scheduled(callback, this);
    scheduled.number = this.#scheduled.add(scheduled);
    this.#alarms.at(scheduled.number, time);
    return scheduled;
  }

  cancel(number: number): void {
    this.#alarms.cancel(number);
    this.#scheduled.take(number);
  }
}

class Scheduled implements Timer {
  number = 0;
  #isPending = true;

  constructor(
    private readonly callback: () => void,
    private readonly timers: Timers,
  ) {}

  run(): void {
    this.#isPending = false;
    this.callback();
  }

  cancel(): void {
    if (!this.#isPending) return;
    this.#isPending = false;
    this.timers.cancel(this.number);
  }
}
