/** What a shard takes or gives in a second. AWS does not publish how it counts; here a second's worth can be had at once, and comes back evenly. */
import type { Kernel } from "../kernel/kernel.ts";

/** An allowance of so many a second. */
export class Allowance {
  #left: number;
  #countedAt: number;

  constructor(
    private readonly kernel: Pick<Kernel, "now">,
    private readonly perSecond: number,
  ) {
    this.#left = perSecond;
    this.#countedAt = kernel.now;
  }

  /** False: so many are not left. One that exceeds the allowance of a second has to wait for the whole of it. */
  has(count: number): boolean {
    const { now } = this.kernel;
    this.#left = Math.min(this.perSecond, this.#left + ((now - this.#countedAt) * this.perSecond) / 1_000);
    this.#countedAt = now;
    return this.#left >= Math.min(count, this.perSecond);
  }

  take(count: number): void {
    this.#left -= count;
  }
}
