/** Tokens that refill continuously, up to a capacity: a rate at which short bursts are let through. */

export class TokenBucket {
  #tokens: number;
  #filledAt: number;

  constructor(
    private readonly clock: { readonly now: number },
    private readonly capacity: number,
    private readonly refillPerSecond: number,
  ) {
    this.#tokens = capacity;
    this.#filledAt = clock.now;
  }

  /** False, and nothing is taken, when there are not so many. */
  take(tokens = 1): boolean {
    const elapsedMs = this.clock.now - this.#filledAt;
    this.#filledAt = this.clock.now;
    this.#tokens = Math.min(this.capacity, this.#tokens + (elapsedMs * this.refillPerSecond) / 1_000);
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }
}
