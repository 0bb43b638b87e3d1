/** SQS standard queues: at least once, in the order of sending but for hidden partitions and messages that come back often. */
import type { Account, QueueSettings, ReceivedMessage } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { type Content, type IdBits, nowhere } from "./messages.ts";
import { Partitions } from "./partitions.ts";
import { MessageQueue } from "./queue.ts";
import { Received } from "./receipts.ts";

export class StandardQueue extends MessageQueue {
  readonly #partitions: Partitions;

  constructor(account: Account, name: string, settings: QueueSettings) {
    super(account, name, settings);
    this.#partitions = new Partitions(account);
  }

  /** A standard queue takes any number of calls. */
  admit(): void {}

  get hasAvailable(): boolean {
    return this.messages.count("visible") > 0;
  }

  protected get inFlightLimit(): number {
    return this.account.constants["sqs.inFlightLimit"];
  }

  protected checkInFlight(): void {
    if (this.messages.count("inFlight") < this.inFlightLimit) return;
    throw new ServiceError("OverLimit", "Too many messages in flight.", 403);
  }

  protected accept(content: Content, idBits: IdBits): number {
    return this.add(content, idBits, this.#partitions.ofArrival(this.messages.count("visible")));
  }

  protected show(slot: number): void {
    this.messages.show(slot, this.#isReceivedOften(slot));
  }

  protected take(most: number, visibilityTimeoutMs: number): ReceivedMessage[] {
    const taken: ReceivedMessage[] = [];
    const partition = this.#partitions.askedFirst();
    while (taken.length < most) {
      const slot = this.messages.takeFirstVisible(partition);
      if (slot === nowhere) break;
      const received = this.receiveOne(slot, visibilityTimeoutMs);
      if (received !== null) taken.push(received);
    }
    return taken;
  }

  protected received(slot: number): ReceivedMessage {
    return new Received(this.messages, slot);
  }

  /**
   * A message that has been received three times is at the back of the queue and no longer the oldest one.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  protected override get oldest(): number {
    let slot = this.messages.oldest;
    while (slot !== nowhere && this.#isReceivedOften(slot)) slot = this.messages.after(slot);
    return slot;
  }

  #isReceivedOften(slot: number): boolean {
    return this.messages.receiveCount(slot) >= this.account.constants["sqs.receivesUntilBackOfQueue"];
  }
}
