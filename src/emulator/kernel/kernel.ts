/** The discrete-event kernel: a virtual clock, a queue of events and seeded randomness. It knows no service. */
import { Alarms, type Habit } from "./alarms.ts";
import { EventQueue } from "./event-queue.ts";
import { afterMicrotasks } from "./parking.ts";
import { type Random, randomStream } from "./random.ts";
import { type Timer, Timers } from "./timers.ts";

/**
 * Nothing happens by itself: whoever drives the kernel (`advanceTo`, `advanceUntil`) runs the events that are due, one at a
 * time, in the order of (time, serial). Lambda handlers are asynchronous code that awaits the kernel's promises only; after
 * each event that woke one, the kernel lets the handlers run until all are parked again, and only then the clock may move.
 */
export class Kernel {
  readonly seed: number;
  readonly #events = new EventQueue();
  readonly #families: Alarms[] = [];
  readonly #timers = new Timers((ring) => this.alarms(ring));
  readonly #streams = new Map<string, Random>();
  #now: number;
  #handlersAwake = false;
  #parks = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #failure: { thrown: unknown } | null = null;
  /** Calls back when every handler is parked. */
  park = afterMicrotasks();

  /** `start`: the virtual epoch, integer milliseconds. */
  constructor(start: number, seed: number) {
    this.#now = start;
    this.seed = seed;
  }

  /** Virtual time, integer milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Counts how often all handlers were parked: one that has not been woken since is not supposed to run now. */
  get parks(): number {
    return this.#parks;
  }

  /** The random stream called `name`. */
  random(name: string): Random {
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = randomStream(this.seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Events of one kind that come often: `ring` is called with the number for which an alarm was set. */
  alarms(ring: (number: number) => void, habit: Habit = "drawn"): Alarms {
    const alarms = new Alarms(this, this.#events, this.#families.length, ring, habit);
    this.#families.push(alarms);
    return alarms;
  }

  /** Runs `callback` in `delayMs`; a fraction of a millisecond is rounded, the past is now. */
  after(delayMs: number, callback: () => void): Timer {
    return this.at(this.#now + delayMs, callback);
  }

  /** Runs `callback` at `time`. */
  at(time: number, callback: () => void): Timer {
    return this.#timers.at(time, callback);
  }

  /**
   * Starts or continues a handler's asynchronous code. `resume` resolves the promise that it is parked at. The code then runs
   * until it is parked again, before the next event.
   */
  wake(resume: () => void): void {
    this.#handlersAwake = true;
    resume();
  }

  /** Stops the simulation with a failure that nobody handles: a fault of the emulator, never silent. */
  fail(thrown: unknown): void {
    this.#failure ??= { thrown };
  }

  /** Runs every event up to and including `time`; the clock is then at `time`. */
  advanceTo(time: number): Promise<void> {
    return this.#exclusively(async () => {
      await this.#run(time, () => false);
      this.#now = Math.max(this.#now, time);
    });
  }

  /**
   * Runs events until `promise` is settled, and returns its outcome.
   * Rejects when no event is left: `waitingFor` says what never came.
   */
  advanceUntil<T>(promise: Promise<T>, waitingFor: string): Promise<T> {
    return this.#exclusively(async () => {
      let settled = false;
      const settle = () => {
        settled = true;
        this.#handlersAwake = true;
      };
      promise.then(settle, settle);
      this.#handlersAwake = true;
      await this.#run(Number.MAX_VALUE, () => settled);
      if (!settled) throw new Error(`the simulation ran dry while waiting for ${waitingFor}`);
      return promise;
    });
  }

  /** One driver at a time: concurrent requests take turns, in the order in which they came. */
  #exclusively<T>(drive: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(drive);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #run(limit: number, isDone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const goOn = () => {
        this.#parks++;
        try {
          if (!this.#handlersAwake) {
            if (this.#failure) throw this.#failure.thrown;
            if (isDone() || !this.#step(limit)) return resolve();
          }
          this.#handlersAwake = false;
          this.park(goOn);
        } catch (thrown) {
          reject(thrown);
        }
      };
      goOn();
    });
  }

  /** Runs events until one has woken a handler, which then has to run, or until none is due by `limit`: false. */
  #step(limit: number): boolean {
    const events = this.#events;
    for (;;) {
      if (!events.next(limit)) return false;
      const { alarm } = events;
      const alarms = this.#families[events.family]!;
      if (!alarms.takes(alarm, events.serial)) continue;
      this.#now = events.time;
      this.happen(alarms, alarm);
      if (this.#handlersAwake) return true;
    }
  }

  /** Whatever happens, happens here, and one thing at a time: tests that watch all of it replace this. */
  happen(alarms: Alarms, number: number): void {
    alarms.ring(number);
  }
}
