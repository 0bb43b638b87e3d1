/** A poller of a queue's mapping: it receives a batch, invokes the function with it, deletes it, and begins again. */
import type { Account, InvocationOutcome, LambdaFunction, Queue, QueueAction, ReceivedMessage } from "../../account.ts";
import type { Alarms } from "../../kernel/alarms.ts";
import type { Random } from "../../kernel/random.ts";
import { ServiceError } from "../../service-error.ts";
import { failedItems } from "./partial-response.ts";
import type { PollerScaling } from "./poller-scaling.ts";
import { freeSlotMs, throttleBackoffMs } from "./poller-waits.ts";
import type { ProvisionedPoller } from "./provisioned-poller.ts";
import { Batch, SqsRecord } from "./queue-batch.ts";
import type { QueueMappingSettings } from "./queue-settings.ts";

type Step = "receive" | "invoke" | "retry" | "delete" | "poll";

/** The mapping as its pollers know it. */
export interface Fleet {
  readonly account: Account;
  readonly queue: Queue;
  readonly fn: LambdaFunction;
  readonly settings: Readonly<QueueMappingSettings>;
  readonly source: { arn: string; region: string };
  readonly scaling: PollerScaling;
  /** A poller waits for messages, for the function, or for its alarm. */
  readonly alarms: Alarms;
  readonly random: Random;
  readonly looks: Random;
  readonly size: number;
  readonly isReading: boolean;
  /** True when the mapping has enough pollers without this one. */
  isTooMany(poller: Poller): boolean;
  dismiss(poller: Poller): void;
}

const nothing: ReadonlySet<string> = new Set();

export class Poller {
  /** Its alarm's. */
  number = 0;
  batch = new Batch();
  /** null: it is not waiting for messages. */
  receiving: { cancel(): void } | null = null;
  /** Since when it has received nothing; null while it works. */
  idleSince: number | null = null;
  /** The next step, which it takes when its alarm rings. */
  #next: Step = "poll";
  /** How long the messages that it is waiting for will be hidden. */
  #visibilityTimeoutMs = 0;
  /** The messages that it has received beyond a full batch. They begin its next one. */
  #surplus: Batch | null = null;
  /** How often its batch was throttled. */
  #throttles = 0;
  #invokedAt = 0;
  /** It has a batch that is not with the function, and is at work for it. */
  #isBetween = false;
  /** How long its last invocation took. */
  #busyMs = 0;
  /** The ids of its batch that are not deleted; null: none is. */
  #failed: ReadonlySet<string> | null = null;
  readonly #onMessages = (messages: ReceivedMessage[]) => this.#take(messages);
  readonly #onOutcome = (outcome: InvocationOutcome) => {
    if (outcome.kind === "throttled") this.#retryHolding();
    else this.#finish(outcome);
  };

  /** `shared`: the provisioned poller of which it is a slot, and by which it receives; null in the standard mode, where it receives by itself. */
  constructor(
    private readonly fleet: Fleet,
    readonly shared: ProvisionedPoller<Poller> | null,
  ) {}

  /** Takes its next step, now that its alarm rings. */
  goOn(): void {
    if (this.#next === "invoke" || (this.#next === "retry" && this.fleet.isReading)) {
      this.#invoke();
    } else if (this.#next === "delete") {
      if (!this.#isAdmitted("DeleteMessage")) {
        this.#tryLater("delete");
        return;
      }
      this.#deleteConsumed();
      this.#freeSlot();
    } else if (this.#next === "receive") {
      this.#receive();
    } else {
      this.poll();
    }
  }

  /** At `MaximumConcurrency` a mapping reads on when it notices that a slot is free, which it does when it looks next. */
  #freeSlot(): void {
    const { maximumConcurrency } = this.fleet.settings;
    if (maximumConcurrency === null || this.#surplus !== null || this.fleet.size < maximumConcurrency) {
      this.poll();
      return;
    }
    this.#next = "poll";
    this.fleet.alarms.after(
      this.number,
      freeSlotMs(maximumConcurrency, this.#busyMs, this.fleet.account.constants, this.fleet.looks),
    );
  }

  #setBetween(isBetween: boolean): void {
    if (this.#isBetween === isBetween) return;
    this.#isBetween = isBetween;
    this.fleet.fn.countPollers(isBetween ? 1 : -1);
  }

  /** Begins anew, unless the mapping has enough without it. */
  poll(): void {
    this.#setBetween(false);
    if (!this.fleet.isReading || this.fleet.isTooMany(this)) {
      this.fleet.dismiss(this);
      return;
    }
    const surplus = this.#surplus;
    this.#surplus = null;
    const held = surplus !== null && surplus.visibleAgainAt > this.fleet.account.kernel.now;
    this.batch = held ? surplus : new Batch();
    this.gather();
  }

  /**
   * Receives until the batch is full or its window is over; a window opens with the first message. A long poll that has begun goes on
   * until a message comes or it is over, also beyond the window, so that with little traffic a batch may wait for a whole long poll.
   * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
   */
  gather(): void {
    const { kernel } = this.fleet.account;
    const { batchSize, batchingWindowMs } = this.fleet.settings;
    const { batch, shared } = this;
    const begun = batch.records.length > 0;
    const dueAt = batch.receivedAt + batchingWindowMs;
    if (begun && (batch.records.length >= batchSize || this.#surplus !== null || kernel.now >= dueAt)) {
      this.#throttles = 0;
      this.#next = "invoke";
      this.#setBetween(true);
      this.fleet.alarms.after(this.number, this.#overheadMs() / 2);
      return;
    }
    if (!begun) this.idleSince ??= kernel.now;
    const mayReceiveAt = shared === null ? kernel.now : shared.askedBy(this);
    if (mayReceiveAt === null) return;
    if (mayReceiveAt <= kernel.now) {
      this.#receive();
      return;
    }
    this.#next = "receive";
    this.fleet.alarms.at(this.number, mayReceiveAt);
  }

  #receive(): void {
    const { kernel, constants } = this.fleet.account;
    const { batchSize, batchingWindowMs } = this.fleet.settings;
    const { batch, shared } = this;
    if (!this.#isAdmitted("ReceiveMessage")) {
      this.#tryLater("poll");
      return;
    }
    const longPollMs = constants["mapping.longPollMs"];
    const longestAt = batch.receivedAt + Math.max(batchingWindowMs, longPollMs);
    const waitMs = batch.records.length > 0 ? Math.min(Math.max(1, longestAt - kernel.now), longPollMs) : longPollMs;
    shared?.noteReceiveBegun(kernel.now);
    const maximum = Math.min(constants["sqs.maximumReceiveBatch"], batchSize - batch.records.length);
    const visibilityTimeoutMs = this.#neededVisibilityMs;
    this.#visibilityTimeoutMs = visibilityTimeoutMs;
    const receiving = this.fleet.queue.receive({ maximum, waitMs, visibilityTimeoutMs }, this.#onMessages);
    // Messages that are delivered at once have made the poller go on already, maybe to its next receive.
    if (receiving !== null) this.receiving = receiving;
  }

  #take(messages: ReceivedMessage[]): void {
    const { batch, shared } = this;
    this.receiving = null;
    shared?.noteReceived(messages, this.fleet.account.kernel.now);
    if (messages.length > 0) this.idleSince = null;
    const visibleAgainAt = this.fleet.account.kernel.now + this.#visibilityTimeoutMs;
    for (const message of messages) this.#add(message, visibleAgainAt);
    if (batch.records.length === 0) this.poll();
    else this.gather();
    if (shared !== null) shared.passTurn();
  }

  /** A batch holds no more than Lambda's payload limit: what does not fit begins the poller's next batch. */
  #add(message: ReceivedMessage, visibleAgainAt: number): void {
    const { kernel, constants } = this.fleet.account;
    const record = new SqsRecord(message, this.fleet.source);
    if (this.#surplus === null && !this.batch.hasRoomFor(record, constants["mapping.maximumBatchBytes"])) {
      this.#surplus = new Batch();
    }
    const target = this.#surplus ?? this.batch;
    if (target.records.length === 0) {
      target.receivedAt = kernel.now;
      target.visibleAgainAt = visibleAgainAt;
    }
    target.add(record);
  }

  #invoke(): void {
    this.#invokedAt = this.fleet.account.kernel.now;
    this.#setBetween(false);
    this.fleet.fn.invoke({ Records: this.batch.records }, this.#onOutcome);
  }

  /**
   * A throttled batch stays in flight and is tried again until its visibility timeout is over; then it is let go, not deleted. By the
   * other policy it is let go after so many tries, and stays in flight until its visibility timeout is over although nobody tries it.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   */
  #retryHolding(): void {
    const { kernel, constants } = this.fleet.account;
    const { visibleAgainAt } = this.batch;
    this.#throttles++;
    this.fleet.scaling.noteThrottle(kernel.now);
    const retryAt = kernel.now + throttleBackoffMs(this.#throttles, constants, this.fleet.random);
    const isLetGo = constants["mapping.throttlePolicy"] === 1 && this.#throttles >= constants["mapping.throttleTries"];
    this.#next = isLetGo || retryAt >= visibleAgainAt ? "poll" : "retry";
    this.fleet.alarms.at(this.number, Math.min(retryAt, visibleAgainAt));
  }

  /**
   * On an error the messages are left to become visible again: the mapping may not shorten their timeout. It cuts its
   * concurrency then, unless the function reports batch item failures.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   */
  #finish(outcome: Exclude<InvocationOutcome, { kind: "throttled" }>): void {
    this.#busyMs = this.fleet.account.kernel.now - this.#invokedAt;
    this.#setBetween(true);
    this.fleet.scaling.noteEnd(outcome.kind === "error" && !this.fleet.settings.reportBatchItemFailures);
    this.#failed = outcome.kind === "error" ? null : this.#failedItems(this.batch, outcome.payload);
    this.#next = "delete";
    this.fleet.alarms.after(this.number, this.#overheadMs() / 2);
  }

  #deleteConsumed(): void {
    const { batch } = this;
    const failed = this.#failed;
    if (failed === null) return;
    for (const record of batch.records) {
      if (failed.size === 0 || !failed.has(record.messageId)) this.#delete(record);
    }
  }

  /** A message of a FIFO queue that came too late is not deleted, and comes again. */
  #delete({ receipt }: SqsRecord): void {
    try {
      this.fleet.queue.delete(receipt);
    } catch (refusal) {
      if (!(refusal instanceof ServiceError)) throw refusal;
    }
  }

  /** False: a FIFO queue has had too many calls. */
  #isAdmitted(action: QueueAction): boolean {
    try {
      this.fleet.queue.admit(action);
      return true;
    } catch (refusal) {
      if (refusal instanceof ServiceError) return false;
      throw refusal;
    }
  }

  #tryLater(next: Step): void {
    this.#next = next;
    this.fleet.alarms.after(this.number, throttleBackoffMs(1, this.fleet.account.constants, this.fleet.random));
  }

  #failedItems({ records }: Batch, payload: unknown): ReadonlySet<string> | null {
    if (!this.fleet.settings.reportBatchItemFailures) return nothing;
    return failedItems(payload, () => records.map(({ messageId }) => messageId));
  }

  /** With a batching window, a queue's visibility timeout that is too short for it is overridden. */
  get #neededVisibilityMs(): number {
    const { batchingWindowMs } = this.fleet.settings;
    const queueMs = this.fleet.queue.settings.visibilityTimeoutMs;
    const neededMs = batchingWindowMs + this.fleet.fn.settings.timeoutMs;
    if (batchingWindowMs === 0 || neededMs <= queueMs) return queueMs;
    return neededMs + this.fleet.account.constants["mapping.visibilityOverrideMs"];
  }

  #overheadMs(): number {
    const { "mapping.overheadMs": overheadMs, "mapping.overheadSpread": spread } = this.fleet.account.constants;
    return overheadMs * this.fleet.random.between(1 - spread, 1 + spread);
  }
}
