/** SQS standard queues: at least once, in the order of sending but for hidden partitions, messages that come back often, and noisy tenants. */
import type { Account, LateText, QueueSettings, ReceivedMessage, SendOptions, SentMessage } from "../account.ts";
import type { IdBits } from "../kernel/random.ts";
import { ServiceError } from "../service-error.ts";
import { type Content, nowhere } from "./messages.ts";
import { Partitions } from "./partitions.ts";
import { type DeadLetter, MessageQueue } from "./queue.ts";
import { FairReceived, Received } from "./receipts.ts";
import { Tenants } from "./tenants.ts";

const nothing: ReceivedMessage[] = [];

export class StandardQueue extends MessageQueue {
  readonly #partitions: Partitions;
  /** null: no message had a group, so that the queue need not be fair. */
  #tenants: Tenants | null = null;
  #fairMetrics: ReturnType<typeof fairMetrics> | null = null;

  constructor(account: Account, name: string, settings: QueueSettings) {
    super(account, name, settings);
    this.#partitions = new Partitions(account);
  }

  override send(body: string | LateText, options: SendOptions = {}): SentMessage {
    const { messageGroupId } = options;
    if (messageGroupId !== undefined) this.checkId("MessageGroupId", messageGroupId);
    return super.send(body, options);
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

  protected accept(content: Content, idBits: IdBits, messageGroupId?: string): number {
    const slot = this.add(content, idBits, this.#partitions.ofArrival(this.messages.count("visible")));
    if (messageGroupId !== undefined) this.#tenants ??= new Tenants(this.account, this.messages);
    this.#tenants?.add(slot, messageGroupId);
    return slot;
  }

  protected show(slot: number): void {
    (this.#tenants ?? this.messages).show(slot, this.#isReceivedOften(slot));
  }

  protected override hide(slot: number, state: "inFlight" | "delayed", forMs: number): void {
    this.#tenants?.hide(slot, state);
    super.hide(slot, state, forMs);
  }

  protected override drop(slot: number): void {
    this.#tenants?.remove(slot);
    super.drop(slot);
  }

  protected take(most: number, visibilityTimeoutMs: number): ReceivedMessage[] {
    let taken: ReceivedMessage[] = nothing;
    const partition = this.#partitions.askedFirst();
    while (taken.length < most) {
      const slot = (this.#tenants ?? this.messages).takeFirstVisible(partition);
      if (slot === nowhere) break;
      const received = this.receiveOne(slot, visibilityTimeoutMs);
      if (received === null) continue;
      // A list that begins with a message takes less memory than one that it is added to, and most receives are of one.
      if (taken === nothing) taken = [received];
      else taken.push(received);
    }
    return taken;
  }

  protected received(slot: number): ReceivedMessage {
    const group = this.#tenants?.groupOf(slot);
    return group === undefined ? new Received(this.messages, slot) : new FairReceived(this.messages, slot, group);
  }

  protected override deadLetter(slot: number): DeadLetter {
    const messageGroupId = this.#tenants?.groupOf(slot);
    return { ...super.deadLetter(slot), ...(messageGroupId !== undefined && { messageGroupId }) };
  }

  protected override sample(): void {
    super.sample();
    if (this.#tenants === null) return;
    this.#fairMetrics ??= fairMetrics(this.account, this.name);
    this.#fairMetrics.noisy.add(this.#tenants.noisyGroups);
    this.#fairMetrics.visible.add(this.#tenants.quietCount("visible"));
    this.#fairMetrics.notVisible.add(this.#tenants.quietCount("inFlight"));
    this.#fairMetrics.delayed.add(this.#tenants.quietCount("delayed"));
    this.#fairMetrics.ageOfOldest.add(Math.floor(this.ageOf(this.#oldestQuiet(this.#tenants)) / 1_000));
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

  #oldestQuiet(tenants: Tenants): number {
    let slot = this.oldest;
    while (slot !== nowhere && (this.#isReceivedOften(slot) || !tenants.isQuiet(slot))) {
      slot = this.messages.after(slot);
    }
    return slot;
  }

  #isReceivedOften(slot: number): boolean {
    return this.messages.receiveCount(slot) >= this.account.constants["sqs.receivesUntilBackOfQueue"];
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
function fairMetrics({ cloudwatch }: Account, queueName: string) {
  const metric = (name: string) =>
    cloudwatch.metric({ namespace: "AWS/SQS", name, dimensions: { QueueName: queueName } });
  return {
    noisy: metric("ApproximateNumberOfNoisyGroups"),
    visible: metric("ApproximateNumberOfMessagesVisibleInQuietGroups"),
    notVisible: metric("ApproximateNumberOfMessagesNotVisibleInQuietGroups"),
    delayed: metric("ApproximateNumberOfMessagesDelayedInQuietGroups"),
    ageOfOldest: metric("ApproximateAgeOfOldestMessageInQuietGroups"),
  };
}
