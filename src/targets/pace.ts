/** Drives the kernel of a served model by the wall clock. Nothing else drives it, and its only real timers are here. */
import { setTimeout as pause } from "node:timers/promises";
import type { Kernel } from "../emulator/kernel/kernel.ts";

/** Virtual seconds per second of the wall clock. `max` goes at 1, but skips the time that a client waits for. */
export type Speed = number | "max";

const tickMs = 5;
/** The most virtual time that is driven at once, so that requests are answered in between. */
const longestSliceMs = 60_000;

export class Pace {
  /** Rejects when the kernel has failed, by a fault of the emulator or because the database no longer takes the rows. */
  readonly failed: Promise<never>;
  #fail!: (thrown: unknown) => void;
  #stopped = false;
  #wallOrigin = Date.now();
  #virtualOrigin: number;
  readonly #loop: Promise<void>;

  /** `writeRows` is called after each step, so that others see the rows as time passes. */
  constructor(
    private readonly kernel: Kernel,
    readonly speed: Speed,
    private readonly writeRows: () => Promise<void>,
  ) {
    this.#virtualOrigin = kernel.now;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
    this.#loop = this.#run().catch(this.#fail);
  }

  /** Waits for a promise that takes virtual time. `waitingFor` names it in the error if it never comes. */
  async wait<T>(promise: Promise<T>, waitingFor: string): Promise<T> {
    if (this.speed !== "max") return Promise.race([promise, this.failed]);
    try {
      return await this.kernel.advanceUntil(promise, waitingFor);
    } finally {
      this.#skipped();
    }
  }

  /** Resolves when `ms` of virtual time have passed, and lets others have their turn after each slice of it. */
  async sleep(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !this.#stopped; left -= longestSliceMs) {
      const sliceMs = Math.min(left, longestSliceMs);
      const passed = new Promise<void>((resolve) => this.kernel.after(sliceMs, () => this.kernel.wake(resolve)));
      await this.wait(passed, "the end of a sleep");
      await this.writeRows();
      await pause(0);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const due = this.#due();
      const behind = due - this.kernel.now > longestSliceMs;
      await this.kernel.advanceTo(behind ? this.kernel.now + longestSliceMs : due);
      await this.writeRows();
      await pause(behind ? 0 : tickMs);
    }
  }

  /** The virtual time by the wall clock. */
  #due(): number {
    const rate = this.speed === "max" ? 1 : this.speed;
    return Math.round(this.#virtualOrigin + (Date.now() - this.#wallOrigin) * rate);
  }

  /** After a skip, the wall clock goes on from the virtual time that was reached. */
  #skipped(): void {
    if (this.kernel.now <= this.#due()) return;
    this.#virtualOrigin = this.kernel.now;
    this.#wallOrigin = Date.now();
  }
}
