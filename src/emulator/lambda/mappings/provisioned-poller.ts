/** The event pollers of a mapping's provisioned mode: ten slots share one poller's receives. */
import type { ReceivedMessage } from "../../account.ts";
import type { Constants } from "../../platforms/platforms.ts";

interface SlotOfPoller {
  readonly batch: { readonly records: readonly unknown[] };
  /** Goes on with the batch that it has begun. */
  gather(): void;
  /** Begins anew. */
  poll(): void;
}

/**
 * One event poller. One of its slots receives at a time, a slot that goes on with its batch before the others. It begins no more receives a
 * second than it may, and none before what it received last is through at its rate of bytes.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export class ProvisionedPoller<Slot extends SlotOfPoller> {
  /** The longest waiting first. */
  readonly #waiting: Slot[] = [];
  #turn: Slot | null = null;
  #nextReceiveAt = Number.NEGATIVE_INFINITY;
  #receivedAt: number;
  slots = 0;

  /** `place`: among the mapping's pollers, of which the last ones are the first to go. */
  constructor(
    readonly place: number,
    now: number,
    private readonly constants: Pick<Constants, "mapping.pollerReceivesPerSecond" | "mapping.pollerBytesPerSecond">,
  ) {
    this.#receivedAt = now;
  }

  /** When it received something for the last time, or was made. */
  get receivedAt(): number {
    return this.#receivedAt;
  }

  /** When the slot may receive; null: it has to wait for its turn. */
  askedBy(slot: Slot): number | null {
    this.#turn ??= slot;
    if (this.#turn === slot) return this.#nextReceiveAt;
    this.#waiting.push(slot);
    return null;
  }

  noteReceiveBegun(now: number): void {
    this.#nextReceiveAt = now + 1_000 / this.constants["mapping.pollerReceivesPerSecond"];
  }

  /** Ends the turn of the slot that has received these. */
  noteReceived(messages: readonly ReceivedMessage[], now: number): void {
    this.#turn = null;
    if (messages.length === 0) return;
    this.#receivedAt = now;
    const bytes = messages.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
    const throughAt = now + (1_000 * bytes) / this.constants["mapping.pollerBytesPerSecond"];
    this.#nextReceiveAt = Math.max(this.#nextReceiveAt, throughAt);
  }

  /** Lets those go on that wait for the turn to receive, until one of them has it. */
  passTurn(): void {
    while (this.#turn === null) {
      const slot = this.#waiting.shift();
      if (slot === undefined) return;
      if (slot.batch.records.length > 0) slot.gather();
      else slot.poll();
    }
  }

  /** The slot is no more. True: it had the turn. */
  leave(slot: Slot): boolean {
    this.slots--;
    if (this.#turn !== slot) return false;
    this.#turn = null;
    return true;
  }

  /** Nobody waits any more and nobody has the turn; the slots that did. */
  dropWaiting(): Slot[] {
    const dropped = this.#waiting.splice(0);
    if (this.#turn !== null) dropped.push(this.#turn);
    this.#turn = null;
    return dropped;
  }
}
