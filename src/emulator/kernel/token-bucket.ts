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
    if (!this.has(tokens)) return false;
    this.spend(tokens);
    return true;
  }

  /** Whoever wants more than the bucket holds has to wait until it is full. */
  has(tokens: number): boolean {
    const elapsedMs = this.clock.now - this.#filledAt;
    this.#filledAt = this.clock.now;
    this.#tokens = Math.min(this.capacity, this.#tokens + (elapsedMs * this.refillPerSecond) / 1_000);
    return this.#tokens >= Math.min(tokens, this.capacity);
  }

  /** Takes them also when there are not so many; the others refill before anybody has one. */
  spend(tokens: number): void {
    this.#tokens -= tokens;
  }
}
