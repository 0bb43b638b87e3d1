/** The rules of message groups and deduplication that FIFO queues and FIFO topics share. */
import { createHash } from "node:crypto";

/** A FIFO queue or topic remembers what it has taken, by its deduplication id, for an interval. */
export class Deduplication<Taken> {
  /** In the order in which they were taken. */
  readonly #taken = new Map<string, { what: Taken; at: number }>();

  constructor(
    private readonly clock: { readonly now: number },
    private readonly intervalMs: number,
  ) {}

  /** The one that was taken with this key within the interval; null: none was. */
  find(key: string): Taken | null {
    const known = this.#taken.get(key);
    return known === undefined || this.#isOver(known.at) ? null : known.what;
  }

  note(key: string, what: Taken): void {
    for (const [oldest, { at }] of this.#taken) {
      if (!this.#isOver(at)) break;
      this.#taken.delete(oldest);
    }
    this.#taken.set(key, { what, at: this.clock.now });
  }

  #isOver(at: number): boolean {
    return this.clock.now - at >= this.intervalMs;
  }
}

/** The key of a deduplication id; `group`: the group in which it holds, null where it holds for all. */
export function deduplicationKey(deduplicationId: string, group: string | null): string {
  return group === null ? deduplicationId : `${group} ${deduplicationId}`;
}

/** The deduplication id that a message has by its content. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html */
export function contentDeduplicationId(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** A group's or a deduplication's id is of letters, digits and punctuation. */
export function isFifoId(id: string, maximumCharacters: number): boolean {
  return fifoId.test(id) && id.length <= maximumCharacters;
}

const fifoId = /^[!-~]+$/;
