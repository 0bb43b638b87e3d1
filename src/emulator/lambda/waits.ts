/** The promises that handlers wait for at their ports, each resolved by an alarm. */
import type { Alarms } from "../kernel/alarms.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Numbered } from "../kernel/numbered.ts";

/** Whoever waits: it is woken with what goes on with it, and knows whether it still may. */
interface Waiter {
  wake(resume: () => void): void;
}

interface Wait {
  readonly waiter: Waiter;
  readonly resume: () => void;
}

let resumeOfNext: () => void;
const noteResume = (resume: () => void) => {
  resumeOfNext = resume;
};

export class Waits {
  readonly #waits = new Numbered<Wait>();
  readonly #sleeps: Alarms;
  readonly #answers: Alarms;

  constructor(kernel: Kernel) {
    const end = (number: number) => {
      const { waiter, resume } = this.#waits.take(number);
      waiter.wake(resume);
    };
    // Nearly all sleeps are of one length, the consumer's work.
    this.#sleeps = kernel.alarms(end, "constant");
    this.#answers = kernel.alarms(end);
  }

  sleep(waiter: Waiter, ms: number): Promise<void> {
    return this.#wait(this.#sleeps, waiter, ms);
  }

  /** Until the world answers. */
  answer(waiter: Waiter, ms: number): Promise<void> {
    return this.#wait(this.#answers, waiter, ms);
  }

  #wait(alarms: Alarms, waiter: Waiter, ms: number): Promise<void> {
    // One function for all promises, because a function for each would cost more than all the rest.
    const promise = new Promise<void>(noteResume);
    alarms.after(this.#waits.add({ waiter, resume: resumeOfNext }), ms);
    return promise;
  }
}
