/** The pace at which Lambda reads a function's asynchronous events: a throttle slows it down, a success speeds it up again. */
import type { Kernel } from "../kernel/kernel.ts";
import type { Constants } from "../platforms/platforms.ts";

/**
 * Lambda "reduces the rate at which it reads events from the queue" when the queue is long:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html. Neither the rule nor its numbers are published.
 * Assumed is the usual one: the rate falls by a share, and rises by steps, within bounds.
 */
export class ReadingPace<Event> {
  /** Due and unread, the first due first; those before `#first` have been read. */
  #due: Event[] = [];
  #first = 0;
  #perSecond: number;
  #nextReadAt: number;
  #isWaiting = false;

  constructor(
    private readonly kernel: Kernel,
    private readonly constants: Constants,
    private readonly read: (event: Event) => void,
  ) {
    this.#perSecond = constants["lambda.asyncReadsPerSecond"];
    this.#nextReadAt = kernel.now;
  }

  /** The event may be read from now on. It is read at once when its turn has come. */
  add(event: Event): void {
    this.#due.push(event);
    this.#readDue();
  }

  throttled(): void {
    const { "lambda.asyncReadCut": cut, "lambda.asyncReadFloorPerSecond": floor } = this.constants;
    this.#perSecond = Math.max(Math.min(floor, this.#perSecond), this.#perSecond * (1 - cut));
  }

  succeeded(): void {
    const { "lambda.asyncReadGrowthPerSecond": growth, "lambda.asyncReadsPerSecond": most } = this.constants;
    this.#perSecond = Math.min(most, this.#perSecond + growth);
  }

  #readDue(): void {
    if (this.#isWaiting) return;
    while (this.#first < this.#due.length) {
      const { now } = this.kernel;
      // The clock has whole milliseconds.
      if (now < Math.round(this.#nextReadAt)) {
        this.#isWaiting = true;
        this.kernel.at(this.#nextReadAt, () => {
          this.#isWaiting = false;
          this.#readDue();
        });
        return;
      }
      const event = this.#due[this.#first++]!;
      this.read(event);
      // A throttle is known at once, so that it already slows the next read down.
      this.#nextReadAt = Math.max(this.#nextReadAt, now - 1) + 1_000 / this.#perSecond;
    }
    this.#due = [];
    this.#first = 0;
  }
}
