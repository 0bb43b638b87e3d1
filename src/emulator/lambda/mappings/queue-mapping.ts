/** Event source mappings from SQS to Lambda: how many pollers one has, and what Lambda checks before it makes one. */

import { visibilityRefusal } from "../../../template/refusals.ts";
import type { Account, LambdaFunction, Metric, Queue } from "../../account.ts";
import type { Alarms } from "../../kernel/alarms.ts";
import { Numbered } from "../../kernel/numbered.ts";
import type { Random } from "../../kernel/random.ts";
import type { Timer } from "../../kernel/timers.ts";
import { EventSourceMapping } from "./mapping.ts";
import { type Fleet, Poller } from "./poller.ts";
import { PollerScaling, provisionedBounds, type ScalingBounds, standardBounds } from "./poller-scaling.ts";
import { ProvisionedPoller } from "./provisioned-poller.ts";
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

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
class QueueMapping extends EventSourceMapping<QueueMappingSettings> implements Fleet {
  readonly #pollers = new Set<Poller>();
  readonly #numbered = new Numbered<Poller>();
  readonly alarms: Alarms;
  readonly source: { arn: string; region: string };
  /** In the provisioned mode. The last ones are the first to go. */
  readonly #provisioned: ProvisionedPoller<Poller>[] = [];
  scaling: PollerScaling;
  #scalingTimer: Timer | null = null;
  readonly random: Random;
  readonly looks: Random;

  constructor(
    override readonly account: Account,
    readonly queue: Queue,
    override readonly fn: LambdaFunction,
    settings: QueueMappingSettings,
  ) {
    super(account, queue.arn, fn, settings);
    this.random = account.kernel.random("mapping");
    this.looks = account.kernel.random("mapping.looks");
    this.alarms = account.kernel.alarms((number) => this.#numbered.get(number)!.goOn());
    this.source = { arn: queue.arn, region: account.region };
    this.scaling = this.#startScaling();
  }

  protected check(settings: QueueMappingSettings): void {
    checkSettings(settings, this.eventSourceArn, this.account.constants);
  }

  override configure(settings: GivenQueueSettings): void {
    super.configure(withDefaultPollers(settings, this.account.constants));
  }

  start(): void {
    if (!this.active || this.#scalingTimer) return;
    this.scaling = this.#startScaling();
    this.#scaleEveryTick();
    this.#fillUp();
  }

  protected stop(): void {
    this.#scalingTimer?.cancel();
    this.#scalingTimer = null;
    for (const poller of this.#pollers) {
      if (!poller.receiving) continue;
      poller.receiving.cancel();
      this.dismiss(poller);
    }
    for (const shared of this.#provisioned) {
      for (const poller of shared.dropWaiting()) if (this.#pollers.has(poller)) this.dismiss(poller);
    }
  }

  get size(): number {
    return this.#pollers.size;
  }

  get isReading(): boolean {
    return this.active;
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
    return Math.min(this.scaling.wantedSlots, this.settings.maximumConcurrency ?? Number.POSITIVE_INFINITY);
  }

  get #allowedProvisioned(): number {
    return Math.floor(this.scaling.wantedSlots / this.account.constants["mapping.invocationsPerPoller"]);
  }

  isTooMany({ shared }: Poller): boolean {
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
    const poller = new Poller(this, shared);
    poller.number = this.#numbered.add(poller);
    this.#pollers.add(poller);
    if (shared !== null) shared.slots++;
    poller.poll();
  }

  dismiss(poller: Poller): void {
    this.#pollers.delete(poller);
    this.alarms.cancel(poller.number);
    this.#numbered.take(poller.number);
    if (poller.shared?.leave(poller)) poller.shared.passTurn();
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
      this.scaling.decide(this.#bounds, {
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
