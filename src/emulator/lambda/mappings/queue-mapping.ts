/** Event source mappings from SQS to Lambda: pollers that receive, invoke, hold and retry, and their scaling. */

import { visibilityRefusal } from "../../../template/refusals.ts";
import type {
  Account,
  InvocationOutcome,
  LambdaFunction,
  Metric,
  Queue,
  QueueAction,
  ReceivedMessage,
} from "../../account.ts";
import type { Alarms } from "../../kernel/alarms.ts";
import { Numbered } from "../../kernel/numbered.ts";
import type { Random } from "../../kernel/random.ts";
import type { Timer } from "../../kernel/timers.ts";
import { ServiceError } from "../../service-error.ts";
import { EventSourceMapping } from "./mapping.ts";
import { failedItems } from "./partial-response.ts";
import { PollerScaling, provisionedBounds, type ScalingBounds, standardBounds } from "./poller-scaling.ts";
import { freeSlotMs, throttleBackoffMs } from "./poller-waits.ts";
import { ProvisionedPoller } from "./provisioned-poller.ts";
import { Batch, SqsRecord } from "./queue-batch.ts";
import {
  checkSettings,
  describeQueueSettings,
  type GivenQueueSettings,
  type QueueMappingSettings,
  queueInputs,
  queueSettings,
  withDefaultPollers,
} from "./queue-settings.ts";
import { invalid } from "./settings.ts";
import type { EventSource } from "./source.ts";

/** One poller, or a slot of a provisioned one: receives a batch, invokes the function with it, deletes it, and begins again. */
interface Poller {
  /** Its alarm's. */
  number: number;
  /** The provisioned poller by which it receives; null in the standard mode, where it receives by itself. */
  shared: ProvisionedPoller<Poller> | null;
  /** The next step, which it takes when its alarm rings. */
  next: "receive" | "invoke" | "retry" | "delete" | "poll";
  batch: Batch;
  /** null: it is not waiting for messages. */
  receiving: { cancel(): void } | null;
  /** How long the messages that it is waiting for will be hidden. */
  visibilityTimeoutMs: number;
  /** The messages that it has received beyond a full batch. They begin its next one. */
  surplus: Batch | null;
  /** How often its batch was throttled. */
  throttles: number;
  invokedAt: number;
  /** It has a batch that is not with the function, and is at work for it. */
  isBetween: boolean;
  /** How long its last invocation took. */
  busyMs: number;
  /** The ids of its batch that are not deleted; null: none is. */
  failed: ReadonlySet<string> | null;
  /** Since when it has received nothing; null while it works. */
  idleSince: number | null;
  onMessages(messages: ReceivedMessage[]): void;
  onOutcome(outcome: InvocationOutcome): void;
}

const nothing: ReadonlySet<string> = new Set();

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
class QueueMapping extends EventSourceMapping<QueueMappingSettings> {
  readonly #pollers = new Set<Poller>();
  readonly #numbered = new Numbered<Poller>();
  /** A poller waits for messages, for the function, or for its alarm. */
  readonly #alarms: Alarms;
  readonly #source: { arn: string; region: string };
  /** In the provisioned mode. The last ones are the first to go. */
  readonly #provisioned: ProvisionedPoller<Poller>[] = [];
  #scaling: PollerScaling;
  #scalingTimer: Timer | null = null;
  readonly #random: Random;
  readonly #looks: Random;

  constructor(
    account: Account,
    private readonly queue: Queue,
    fn: LambdaFunction,
    settings: QueueMappingSettings,
  ) {
    super(account, queue.arn, fn, settings);
    this.#random = account.kernel.random("mapping");
    this.#looks = account.kernel.random("mapping.looks");
    this.#alarms = account.kernel.alarms((number) => this.#goOn(this.#numbered.get(number)!));
    this.#source = { arn: queue.arn, region: account.region };
    this.#scaling = this.#startScaling();
  }

  protected check(settings: QueueMappingSettings): void {
    checkSettings(settings, this.eventSourceArn, this.account.constants);
  }

  override configure(settings: GivenQueueSettings): void {
    super.configure(withDefaultPollers(settings, this.account.constants));
  }

  start(): void {
    if (!this.active || this.#scalingTimer) return;
    this.#scaling = this.#startScaling();
    this.#scaleEveryTick();
    this.#fillUp();
  }

  protected stop(): void {
    this.#scalingTimer?.cancel();
    this.#scalingTimer = null;
    for (const poller of this.#pollers) {
      if (!poller.receiving) continue;
      poller.receiving.cancel();
      this.#dismiss(poller);
    }
    for (const shared of this.#provisioned) {
      for (const poller of shared.dropWaiting()) if (this.#pollers.has(poller)) this.#dismiss(poller);
    }
  }

  /** Begins with five batches at a time, or with the least number of provisioned pollers. */
  #startScaling(): PollerScaling {
    const { constants } = this.account;
    return new PollerScaling(constants, Math.max(this.#bounds.least, constants["mapping.initialPollers"]));
  }

  get #bounds(): ScalingBounds {
    const { provisionedPollers, maximumConcurrency } = this.settings;
    const { constants } = this.account;
    return provisionedPollers === null
      ? standardBounds(constants, maximumConcurrency)
      : provisionedBounds(constants, provisionedPollers);
  }

  /** `MaximumConcurrency` keeps the mapping from receiving more than it may invoke with. */
  get #allowedPollers(): number {
    return Math.min(this.#scaling.wantedSlots, this.settings.maximumConcurrency ?? Number.POSITIVE_INFINITY);
  }

  get #allowedProvisioned(): number {
    return Math.floor(this.#scaling.wantedSlots / this.account.constants["mapping.invocationsPerPoller"]);
  }

  #isTooMany({ shared }: Poller): boolean {
    const isProvisioned = this.settings.provisionedPollers !== null;
    if (shared === null) return isProvisioned || this.#pollers.size > this.#allowedPollers;
    return !isProvisioned || shared.place >= this.#allowedProvisioned;
  }

  #fillUp(): void {
    if (this.settings.provisionedPollers === null) {
      while (this.#pollers.size < this.#allowedPollers) this.#begin(null);
      return;
    }
    const { kernel, constants } = this.account;
    while (this.#provisioned.length < this.#allowedProvisioned) {
      this.#provisioned.push(new ProvisionedPoller(this.#provisioned.length, kernel.now, constants));
    }
    for (const shared of this.#provisioned.slice(0, this.#allowedProvisioned)) {
      while (shared.slots < constants["mapping.invocationsPerPoller"]) this.#begin(shared);
    }
    this.#provisionedMetric.add(this.#allowedProvisioned);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  get #provisionedMetric(): Metric {
    const dimensions = { EventSourceMappingUUID: this.uuid };
    return this.account.cloudwatch.metric({ namespace: "AWS/Lambda", name: "ProvisionedPollers", dimensions });
  }

  #begin(shared: ProvisionedPoller<Poller> | null): void {
    const poller: Poller = {
      number: 0,
      shared,
      next: "poll",
      batch: new Batch(),
      receiving: null,
      visibilityTimeoutMs: 0,
      surplus: null,
      throttles: 0,
      invokedAt: 0,
      isBetween: false,
      busyMs: 0,
      failed: null,
      idleSince: null,
      onMessages: (messages) => this.#take(poller, messages),
      onOutcome: (outcome) => {
        if (outcome.kind === "throttled") this.#retryHolding(poller);
        else this.#finish(poller, outcome);
      },
    };
    poller.number = this.#numbered.add(poller);
    this.#pollers.add(poller);
    if (shared !== null) shared.slots++;
    this.#poll(poller);
  }

  #dismiss(poller: Poller): void {
    this.#pollers.delete(poller);
    this.#alarms.cancel(poller.number);
    this.#numbered.take(poller.number);
    if (poller.shared?.leave(poller)) this.#passTurn(poller.shared);
  }

  #goOn(poller: Poller): void {
    if (poller.next === "invoke" || (poller.next === "retry" && this.active)) {
      this.#invoke(poller);
    } else if (poller.next === "delete") {
      if (!this.#isAdmitted("DeleteMessage")) {
        this.#tryLater(poller, "delete");
        return;
      }
      this.#deleteConsumed(poller);
      this.#freeSlot(poller);
    } else if (poller.next === "receive") {
      this.#receive(poller);
    } else {
      this.#poll(poller);
    }
  }

  /** At `MaximumConcurrency` a mapping reads on when it notices that a slot is free, which it does when it looks next. */
  #freeSlot(poller: Poller): void {
    const { maximumConcurrency } = this.settings;
    if (maximumConcurrency === null || poller.surplus !== null || this.#pollers.size < maximumConcurrency) {
      this.#poll(poller);
      return;
    }
    poller.next = "poll";
    this.#alarms.after(
      poller.number,
      freeSlotMs(maximumConcurrency, poller.busyMs, this.account.constants, this.#looks),
    );
  }

  #setBetween(poller: Poller, isBetween: boolean): void {
    if (poller.isBetween === isBetween) return;
    poller.isBetween = isBetween;
    this.fn.countPollers(isBetween ? 1 : -1);
  }

  #poll(poller: Poller): void {
    this.#setBetween(poller, false);
    if (!this.active || this.#isTooMany(poller)) {
      this.#dismiss(poller);
      return;
    }
    const { surplus } = poller;
    poller.surplus = null;
    const held = surplus !== null && surplus.visibleAgainAt > this.account.kernel.now;
    poller.batch = held ? surplus : new Batch();
    this.#gather(poller);
  }

  /**
   * Receives until the batch is full or its window is over; a window opens with the first message. A long poll that has begun goes on
   * until a message comes or it is over, also beyond the window, so that with little traffic a batch may wait for a whole long poll.
   * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
   */
  #gather(poller: Poller): void {
    const { kernel } = this.account;
    const { batchSize, batchingWindowMs } = this.settings;
    const { batch, shared } = poller;
    const begun = batch.records.length > 0;
    const dueAt = batch.receivedAt + batchingWindowMs;
    if (begun && (batch.records.length >= batchSize || poller.surplus !== null || kernel.now >= dueAt)) {
      poller.throttles = 0;
      poller.next = "invoke";
      this.#setBetween(poller, true);
      this.#alarms.after(poller.number, this.#overheadMs() / 2);
      return;
    }
    if (!begun) poller.idleSince ??= kernel.now;
    const mayReceiveAt = shared === null ? kernel.now : shared.askedBy(poller);
    if (mayReceiveAt === null) return;
    if (mayReceiveAt <= kernel.now) {
      this.#receive(poller);
      return;
    }
    poller.next = "receive";
    this.#alarms.at(poller.number, mayReceiveAt);
  }

  #receive(poller: Poller): void {
    const { kernel, constants } = this.account;
    const { batchSize, batchingWindowMs } = this.settings;
    const { batch, shared } = poller;
    if (!this.#isAdmitted("ReceiveMessage")) {
      this.#tryLater(poller, "poll");
      return;
    }
    const longPollMs = constants["mapping.longPollMs"];
    const longestAt = batch.receivedAt + Math.max(batchingWindowMs, longPollMs);
    const waitMs = batch.records.length > 0 ? Math.min(Math.max(1, longestAt - kernel.now), longPollMs) : longPollMs;
    shared?.noteReceiveBegun(kernel.now);
    const maximum = Math.min(constants["sqs.maximumReceiveBatch"], batchSize - batch.records.length);
    const visibilityTimeoutMs = this.#visibilityTimeoutMs;
    poller.visibilityTimeoutMs = visibilityTimeoutMs;
    const receiving = this.queue.receive({ maximum, waitMs, visibilityTimeoutMs }, poller.onMessages);
    // Messages that are delivered at once have made the poller go on already, maybe to its next receive.
    if (receiving !== null) poller.receiving = receiving;
  }

  #take(poller: Poller, messages: ReceivedMessage[]): void {
    const { batch, shared } = poller;
    poller.receiving = null;
    shared?.noteReceived(messages, this.account.kernel.now);
    if (messages.length > 0) poller.idleSince = null;
    const visibleAgainAt = this.account.kernel.now + poller.visibilityTimeoutMs;
    for (const message of messages) this.#add(poller, message, visibleAgainAt);
    if (batch.records.length === 0) this.#poll(poller);
    else this.#gather(poller);
    if (shared !== null) this.#passTurn(shared);
  }

  /** Lets those go on that wait for the turn to receive, until one of them has it. */
  #passTurn(shared: ProvisionedPoller<Poller>): void {
    for (let poller = shared.nextWaiting(); poller !== null; poller = shared.nextWaiting()) {
      if (poller.batch.records.length > 0) this.#gather(poller);
      else this.#poll(poller);
    }
  }

  /** A batch holds no more than Lambda's payload limit: what does not fit begins the poller's next batch. */
  #add(poller: Poller, message: ReceivedMessage, visibleAgainAt: number): void {
    const { kernel, constants } = this.account;
    const record = new SqsRecord(message, this.#source);
    if (poller.surplus === null && !poller.batch.hasRoomFor(record, constants["mapping.maximumBatchBytes"])) {
      poller.surplus = new Batch();
    }
    const target = poller.surplus ?? poller.batch;
    if (target.records.length === 0) {
      target.receivedAt = kernel.now;
      target.visibleAgainAt = visibleAgainAt;
    }
    target.add(record);
  }

  #invoke(poller: Poller): void {
    poller.invokedAt = this.account.kernel.now;
    this.#setBetween(poller, false);
    this.fn.invoke({ Records: poller.batch.records }, poller.onOutcome);
  }

  /**
   * A throttled batch stays in flight and is tried again until its visibility timeout is over; then it is let go, not deleted. By the
   * other policy it is let go after so many tries, and stays in flight until its visibility timeout is over although nobody tries it.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   */
  #retryHolding(poller: Poller): void {
    const { kernel, constants } = this.account;
    const { visibleAgainAt } = poller.batch;
    poller.throttles++;
    this.#scaling.noteThrottle(kernel.now);
    const retryAt = kernel.now + throttleBackoffMs(poller.throttles, constants, this.#random);
    const isLetGo = constants["mapping.throttlePolicy"] === 1 && poller.throttles >= constants["mapping.throttleTries"];
    poller.next = isLetGo || retryAt >= visibleAgainAt ? "poll" : "retry";
    this.#alarms.at(poller.number, Math.min(retryAt, visibleAgainAt));
  }

  /**
   * On an error the messages are left to become visible again: the mapping may not shorten their timeout. It cuts its
   * concurrency then, unless the function reports batch item failures.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   */
  #finish(poller: Poller, outcome: Exclude<InvocationOutcome, { kind: "throttled" }>): void {
    poller.busyMs = this.account.kernel.now - poller.invokedAt;
    this.#setBetween(poller, true);
    this.#scaling.noteEnd(outcome.kind === "error" && !this.settings.reportBatchItemFailures);
    poller.failed = outcome.kind === "error" ? null : this.#failedItems(poller.batch, outcome.payload);
    poller.next = "delete";
    this.#alarms.after(poller.number, this.#overheadMs() / 2);
  }

  #deleteConsumed({ batch, failed }: Poller): void {
    if (failed === null) return;
    for (const record of batch.records) {
      if (failed.size === 0 || !failed.has(record.messageId)) this.#delete(record);
    }
  }

  /** A message of a FIFO queue that came too late is not deleted, and comes again. */
  #delete({ receipt }: SqsRecord): void {
    try {
      this.queue.delete(receipt);
    } catch (refusal) {
      if (!(refusal instanceof ServiceError)) throw refusal;
    }
  }

  /** False: a FIFO queue has had too many calls. */
  #isAdmitted(action: QueueAction): boolean {
    try {
      this.queue.admit(action);
      return true;
    } catch (refusal) {
      if (refusal instanceof ServiceError) return false;
      throw refusal;
    }
  }

  #tryLater(poller: Poller, next: Poller["next"]): void {
    poller.next = next;
    this.#alarms.after(poller.number, throttleBackoffMs(1, this.account.constants, this.#random));
  }

  #failedItems({ records }: Batch, payload: unknown): ReadonlySet<string> | null {
    if (!this.settings.reportBatchItemFailures) return nothing;
    return failedItems(payload, () => records.map(({ messageId }) => messageId));
  }

  /** With a batching window, a queue's visibility timeout that is too short for it is overridden. */
  get #visibilityTimeoutMs(): number {
    const { batchingWindowMs } = this.settings;
    const queueMs = this.queue.settings.visibilityTimeoutMs;
    const neededMs = batchingWindowMs + this.fn.settings.timeoutMs;
    if (batchingWindowMs === 0 || neededMs <= queueMs) return queueMs;
    return neededMs + this.account.constants["mapping.visibilityOverrideMs"];
  }

  #overheadMs(): number {
    const { "mapping.overheadMs": overheadMs, "mapping.overheadSpread": spread } = this.account.constants;
    return overheadMs * this.#random.between(1 - spread, 1 + spread);
  }

  /** The slots of the pollers that have received something lately. */
  get #busySlots(): number {
    const { kernel, constants } = this.account;
    const idleFrom = kernel.now - constants["mapping.idleShrinkMs"];
    let busy = 0;
    if (this.settings.provisionedPollers === null) {
      for (const { idleSince } of this.#pollers) if (idleSince === null || idleSince > idleFrom) busy++;
      return busy;
    }
    for (const { receivedAt } of this.#provisioned) {
      if (receivedAt > idleFrom) busy += constants["mapping.invocationsPerPoller"];
    }
    return busy;
  }

  #scaleEveryTick(): void {
    const { kernel, constants } = this.account;
    this.#scalingTimer = kernel.after(constants["mapping.scalingTickMs"], () => {
      this.#scaling.decide(this.#bounds, {
        now: kernel.now,
        // Messages of blocked groups need no more pollers.
        visibleMessages: this.queue.hasAvailable ? this.queue.counts().visible : 0,
        busySlots: this.#busySlots,
      });
      this.#fillUp();
      this.#scaleEveryTick();
    });
  }
}

/** The calls that a mapping makes by the function's role: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const calls = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];

export const queueSource = {
  service: "sqs",
  noun: "an SQS queue",
  inputs: queueInputs,
  settings: queueSettings,
  describe: describeQueueSettings,

  map(account: Account, queueArn: string, fn: LambdaFunction, settings: GivenQueueSettings): QueueMapping {
    const { sqs, iam, constants } = account;
    const queue = sqs.queue(queueArn);
    if (!queue) {
      throw invalid(
        `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.`,
      );
    }
    for (const call of calls) {
      if (!iam.allows(fn.settings.roleArn, `sqs:${call}`, queueArn)) {
        throw invalid(`The provided execution role does not have permissions to call ${call} on SQS`);
      }
    }
    const refusal = visibilityRefusal(queue.settings.visibilityTimeoutMs / 1_000, fn.settings.timeoutMs / 1_000);
    if (refusal !== null) throw invalid(refusal);
    const wanted: QueueMappingSettings = {
      batchSize: constants["mapping.defaultQueueBatchSize"],
      batchingWindowMs: 0,
      enabled: true,
      maximumConcurrency: null,
      provisionedPollers: null,
      reportBatchItemFailures: false,
      ...withDefaultPollers(settings, constants),
    };
    checkSettings(wanted, queueArn, constants);
    return new QueueMapping(account, queue, fn, wanted);
  },
} satisfies EventSource;
