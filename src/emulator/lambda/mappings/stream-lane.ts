/** One line of batches of a shard: one batch at a time is with the function, and the next only when it is done with. */
import type { Account, InvocationOutcome, LambdaFunction, StreamRecord } from "../../account.ts";
import type { Random } from "../../kernel/random.ts";
import type { Timer } from "../../kernel/timers.ts";
import { sendTo } from "../destination.ts";
import { failedItems } from "./partial-response.ts";
import { backoffMs } from "./poller-waits.ts";
import {
  batchOf,
  givenUp,
  kinesisRecord,
  mostJsonBytes,
  type ShardSource,
  type StreamBatch,
  type StreamCondition,
} from "./stream-batch.ts";
import type { StreamMappingSettings } from "./stream-settings.ts";

/** The mapping, as far as its lanes need it. */
export interface StreamConsumer {
  readonly account: Account;
  readonly fn: LambdaFunction;
  readonly settings: Readonly<StreamMappingSettings>;
  /** False: no batch is begun, and none is tried again. */
  readonly active: boolean;
  readonly retentionMs: number;
}

/** Records of one partition key are all in one lane, so that they keep their order. */
export class StreamLane {
  /** The records that were read and wait, and how many of them were taken. */
  #waiting: StreamRecord[] = [];
  #taken = 0;
  /** When the oldest of them was read. */
  #waitingSince = 0;
  /** The batch that is with the function or is going to be; behind it the halves that were split off it. */
  readonly #batches: StreamBatch[] = [];
  #isInvoking = false;
  #timer: Timer | null = null;
  readonly #random: Random;

  constructor(
    private readonly consumer: StreamConsumer,
    private readonly source: ShardSource,
    /** Is told when the lane may take more records than it has. */
    private readonly onFree: () => void,
  ) {
    this.#random = consumer.account.kernel.random("mapping.stream");
  }

  /** It has no batch, and not enough records for one. */
  get isFree(): boolean {
    return this.#batches.length === 0;
  }

  add(record: StreamRecord): void {
    if (this.#taken === this.#waiting.length) this.#waitingSince = this.consumer.account.kernel.now;
    this.#waiting.push(record);
  }

  /** Begins a batch if there is one to begin, or goes on with the one that it has. */
  goOn(): void {
    if (!this.consumer.active || this.#isInvoking || this.#timer !== null) return;
    if (this.#batches.length > 0) this.#attempt();
    else this.#begin();
  }

  /** A batch that is with the function is finished, and no other is begun. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /**
   * A batch is full by its records or its bytes, or its window is over.
   * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
   */
  #begin(): void {
    const { account, settings } = this.consumer;
    const { kernel, constants } = account;
    const available = this.#waiting.length - this.#taken;
    if (available === 0) return;
    const most = Math.min(available, settings.batchSize);
    let count = 0;
    let bytes = 0;
    for (; count < most; count++) {
      bytes += mostJsonBytes(this.#waiting[this.#taken + count]!);
      if (count > 0 && bytes > constants["mapping.maximumBatchBytes"]) break;
    }
    const isFull = count < available || count === settings.batchSize;
    const dueAt = this.#waitingSince + settings.batchingWindowMs;
    if (!isFull && kernel.now < dueAt) {
      this.#wait(dueAt - kernel.now);
      // More records may fill the batch before its window is over.
      this.onFree();
      return;
    }
    this.#batches.push(batchOf(this.#waiting.slice(this.#taken, this.#taken + count)));
    this.#taken += count;
    this.#waitingSince = kernel.now;
    if (this.#taken > 1_000 || this.#taken === this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    this.#wait(constants["mapping.streamOverheadMs"]);
  }

  #wait(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.consumer.account.kernel.after(ms, () => {
      this.#timer = null;
      this.goOn();
    });
  }

  /** A window is over sooner when more records have come. */
  fill(): void {
    if (this.#batches.length > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
    this.goOn();
  }

  #attempt(): void {
    const { account, fn } = this.consumer;
    const { kernel, cloudwatch } = account;
    this.#dropExpired();
    const [batch] = this.#batches;
    if (batch === undefined) {
      this.#next();
      return;
    }
    const { records } = batch;
    const { roleArn } = fn.settings;
    cloudwatch.record(
      { namespace: "AWS/Lambda", name: "IteratorAge", dimensions: { FunctionName: fn.name } },
      kernel.now - records.at(-1)!.arrivedAt,
    );
    this.#isInvoking = true;
    fn.invoke({ Records: records.map((record) => kinesisRecord(record, this.source, roleArn)) }, (outcome) =>
      this.#end(batch, outcome),
    );
  }

  /** A record that is too old, or that the stream no longer has, is not tried again. */
  #dropExpired(): void {
    const { account, settings, retentionMs } = this.consumer;
    const batch = this.#batches[0]!;
    const oldest = account.kernel.now - Math.min(settings.maximumRecordAgeMs ?? retentionMs, retentionMs);
    const firstYoung = batch.records.findIndex(({ arrivedAt }) => arrivedAt > oldest);
    if (firstYoung === 0) return;
    const expired = firstYoung < 0 ? batch.records.length : firstYoung;
    this.#giveUp({ ...batch, records: batch.records.slice(0, expired) }, "RecordAgeExceeded");
    this.#batches.shift();
    if (firstYoung > 0) this.#batches.unshift({ ...batch, records: batch.records.slice(firstYoung) });
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
  #end(batch: StreamBatch, outcome: InvocationOutcome): void {
    this.#isInvoking = false;
    if (outcome.kind === "throttled") {
      batch.throttles++;
      this.#retryAfter(batch.throttles);
      return;
    }
    batch.throttles = 0;
    const failedFrom = outcome.kind === "error" ? 0 : this.#firstFailed(batch, outcome.payload);
    if (failedFrom === null) {
      this.#batches.shift();
      this.#next();
      return;
    }
    batch.lastFailure = outcome.kind === "error" ? "error" : "items";
    this.#batches.shift();
    if (failedFrom > 0) {
      // The checkpoint is the first record that failed: what begins there has failed once.
      const records = batch.records.slice(failedFrom);
      this.#fail({ ...batch, records, failures: 1 });
    } else if (
      outcome.kind === "error" &&
      this.consumer.settings.bisectBatchOnFunctionError &&
      batch.records.length > 1
    ) {
      const middle = Math.ceil(batch.records.length / 2);
      const halves = [batch.records.slice(0, middle), batch.records.slice(middle)];
      this.#batches.unshift(...halves.map((records) => ({ ...batchOf(records), lastFailure: batch.lastFailure })));
      this.#retryAfter(1);
    } else {
      batch.failures++;
      this.#fail(batch);
    }
  }

  /** Tries a batch again, or gives it up. */
  #fail(batch: StreamBatch): void {
    const { maximumRetryAttempts } = this.consumer.settings;
    if (maximumRetryAttempts !== null && batch.failures > maximumRetryAttempts) {
      this.#giveUp(batch, "RetryAttemptsExhausted");
      this.#next();
      return;
    }
    this.#batches.unshift(batch);
    this.#retryAfter(batch.failures);
  }

  /** The index of the first record that failed; null: none has. */
  #firstFailed({ records }: StreamBatch, payload: unknown): number | null {
    if (!this.consumer.settings.reportBatchItemFailures) return null;
    const failed = failedItems(payload, () => records.map(({ sequenceNumber }) => sequenceNumber));
    if (failed === null) return 0;
    if (failed.size === 0) return null;
    return records.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
  }

  #next(): void {
    this.goOn();
    this.onFree();
  }

  #retryAfter(failures: number): void {
    if (!this.consumer.active) return;
    const { constants } = this.consumer.account;
    const backoff = {
      baseMs: constants["mapping.streamBackoffBaseMs"],
      capMs: constants["mapping.streamBackoffCapMs"],
      jitter: constants["mapping.streamBackoffJitter"],
    };
    this.#wait(backoffMs(failures, backoff, this.#random));
  }

  #giveUp(batch: StreamBatch, condition: StreamCondition): void {
    const { account, fn, settings } = this.consumer;
    if (settings.onFailureArn === null) return;
    const about = { condition, requestId: this.#random.uuid(), at: account.kernel.now };
    const message = givenUp(batch, this.source, fn, about);
    if (sendTo(account, fn.settings.roleArn, settings.onFailureArn, message)) return;
    const dimensions = { FunctionName: fn.name };
    account.cloudwatch.record({ namespace: "AWS/Lambda", name: "DestinationDeliveryFailures", dimensions }, 1);
  }
}
