/** The hidden partitions of a standard queue: where a message lands, and where a receive asks first. */
import type { Account } from "../account.ts";
import type { Random } from "../kernel/random.ts";

/**
 * A queue has one partition, and so the order of sending, until a long backlog has lasted for a while; most queues then open others,
 * which have no backlog. Messages land evenly in all, and a receive asks one first.
 */
export class Partitions {
  #count = 1;
  /** Since when the backlog is so long; infinite: it is not, or there are others already. */
  #longSince = Number.POSITIVE_INFINITY;
  #staysOne = false;
  readonly #random: Random;

  constructor(private readonly account: Account) {
    this.#random = account.kernel.random("sqs.partitions");
  }

  /** The partition in which a message lands when so many others are visible. */
  ofArrival(visibleMessages: number): number {
    if (this.#count === 1) this.#watch(visibleMessages);
    return this.#count === 1 ? 0 : this.#random.below(this.#count);
  }

  /** The partition that a receive asks first. */
  askedFirst(): number {
    if (this.#count === 1) return 0;
    const asksNewer = this.#random.fraction() < this.account.constants["sqs.newerPartitionsShare"];
    return asksNewer ? 1 + this.#random.below(this.#count - 1) : 0;
  }

  #watch(visibleMessages: number): void {
    const { kernel, constants } = this.account;
    if (visibleMessages <= constants["sqs.onePartitionLimit"] || this.#staysOne) {
      this.#longSince = Number.POSITIVE_INFINITY;
    } else if (this.#longSince === Number.POSITIVE_INFINITY) {
      this.#longSince = kernel.now;
    } else if (kernel.now - this.#longSince >= constants["sqs.partitioningMs"]) {
      this.#staysOne = this.#random.fraction() >= constants["sqs.partitionedShare"];
      if (!this.#staysOne) this.#count = constants["sqs.hiddenPartitions"];
    }
  }
}
