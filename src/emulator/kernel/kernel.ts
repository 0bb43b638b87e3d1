/** The discrete-event kernel: a virtual clock, a heap of timed callbacks and seeded randomness. It knows no service. */
import { Heap } from "./heap.ts";
import { type Random, randomStream } from "./random.ts";

/** A scheduled callback. */
export class Timer {
  /** @internal */
  callback: (() => void) | null;

  constructor(
    readonly time: number,
    /** Order of scheduling: what is due at one instant runs first come, first served. */
    readonly serial: number,
    callback: () => void,
  ) {
    this.callback = callback;
  }

  cancel(): void {
    this.callback = null;
  }
}

/**
 * Nothing happens by itself: whoever drives the kernel (`advanceTo`, `advanceUntil`) runs the events that are due, one at a
 * time, in the order of (time, serial). Lambda handlers are asynchronous code that awaits the kernel's promises only; after
 * each event that woke one, the kernel lets the handlers run until all are parked again, and only then the clock may move.
 */
export class Kernel {
  readonly seed: number;
  readonly #timers = new Heap<Timer>((a, b) => a.time < b.time || (a.time === b.time && a.serial < b.serial));
  readonly #streams = new Map<string, Random>();
  #now: number;
  #serial = 0;
  #handlersAwake = false;
  #turn: Promise<unknown> = Promise.resolve();
  #failure: { thrown: unknown } | null = null;

  /** `start`: the virtual epoch, integer milliseconds. */
  constructor(start: number, seed: number) {
    this.#now = start;
    this.seed = seed;
  }

  /** Virtual time, integer milliseconds since the epoch. */
  get now(): number {
    return this.#now;
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

  /** Runs `callback` in `delayMs`; a fraction of a millisecond is rounded, the past is now. */
  after(delayMs: number, callback: () => void): Timer {
    return this.at(this.#now + delayMs, callback);
  }

  /** Runs `callback` at `time`. */
  at(time: number, callback: () => void): Timer {
    if (Number.isNaN(time)) throw new RangeError("a timer needs a time");
    const timer = new Timer(Math.max(this.#now, Math.round(time)), this.#serial++, callback);
    this.#timers.push(timer);
    return timer;
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
      await this.#run(Number.POSITIVE_INFINITY, () => settled);
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

  async #run(limit: number, done: () => boolean): Promise<void> {
    await this.#park();
    while (!done()) {
      const timer = this.#timers.peek();
      if (!timer || timer.time > limit) return;
      this.#timers.pop();
      const { callback } = timer;
      if (!callback) continue;
      this.#now = timer.time;
      callback();
      if (this.#handlersAwake) await this.#park();
    }
  }

  /** Lets every woken handler run to its next port: the event loop's check phase comes after all microtasks. */
  async #park(): Promise<void> {
    while (this.#handlersAwake) {
      this.#handlersAwake = false;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (this.#failure) throw this.#failure.thrown;
  }
}
