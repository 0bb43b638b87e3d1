/** Event source mappings from a data stream to Lambda: a poller for each shard, and the lanes that it fills. */
import { createHash } from "node:crypto";
import type {
  Account,
  DataStream,
  LambdaFunction,
  Shard,
  ShardIterator,
  ShardPosition,
  StreamRecord,
} from "../../account.ts";
import type { Timer } from "../../kernel/timers.ts";
import { ServiceError } from "../../service-error.ts";
import { EventSourceMapping } from "./mapping.ts";
import { invalid } from "./settings.ts";
import type { EventSource } from "./source.ts";
import { type StreamConsumer, StreamLane } from "./stream-lane.ts";
import {
  checkStreamSettings,
  describeStreamSettings,
  type StreamMappingSettings,
  streamInputs,
  streamSettings,
  wantedStreamSettings,
} from "./stream-settings.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
class StreamMapping extends EventSourceMapping<StreamMappingSettings> {
  readonly #pollers: ShardPoller[];

  constructor(account: Account, stream: DataStream, fn: LambdaFunction, settings: StreamMappingSettings) {
    super(account, stream.arn, fn, settings);
    const mapping = this;
    const consumer: StreamConsumer = {
      account,
      fn,
      get settings() {
        return mapping.settings;
      },
      get active() {
        return mapping.active;
      },
      get retentionMs() {
        return stream.settings.retentionMs;
      },
    };
    this.#pollers = stream.shards.map((shard) => new ShardPoller(consumer, stream, shard));
  }

  protected check(settings: StreamMappingSettings): void {
    checkStreamSettings(settings, this.account.constants);
    for (const fixed of ["startingPosition", "startingPositionTimestamp", "parallelizationFactor"] as const) {
      if (settings[fixed] !== this.settings[fixed]) {
        throw invalid(`The emulator does not model a mapping that changes its ${fixed}.`);
      }
    }
    checkDestination(this.account, this.fn, settings);
  }

  start(): void {
    for (const poller of this.#pollers) poller.start();
  }

  protected stop(): void {
    for (const poller of this.#pollers) poller.stop();
  }
}

/** Reads one shard and shares its records out among its lanes, as many as `ParallelizationFactor` says. */
class ShardPoller {
  readonly #lanes: StreamLane[];
  #iterator: ShardIterator;
  #polledAt = Number.NEGATIVE_INFINITY;
  /** The shard had more records than one call gives. */
  #isBehind = false;
  #timer: Timer | null = null;

  constructor(
    private readonly consumer: StreamConsumer,
    private readonly stream: DataStream,
    { id }: Shard,
  ) {
    const { settings, account } = consumer;
    const source = { streamArn: stream.arn, shardId: id, region: account.region };
    this.#lanes = Array.from(
      { length: settings.parallelizationFactor },
      () => new StreamLane(consumer, source, () => this.#pollLater()),
    );
    this.#iterator = stream.iterator(id, positionOf(settings));
  }

  start(): void {
    for (const lane of this.#lanes) lane.goOn();
    this.#pollLater();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const lane of this.#lanes) lane.stop();
  }

  /** Once a second, and at once for as long as it is behind; a shard takes only so many calls a second. It does not read while all lanes are busy. */
  #pollLater(): void {
    if (this.#timer !== null || !this.consumer.active || !this.#lanes.some(({ isFree }) => isFree)) return;
    const { kernel, constants } = this.consumer.account;
    const { "mapping.streamPollMs": pollMs, "kinesis.readsPerSecond": mostCalls, "kinesis.getMs": getMs } = constants;
    const dueAt = this.#polledAt + (this.#isBehind ? 1_000 / mostCalls : pollMs);
    this.#timer = kernel.at(Math.max(kernel.now, dueAt) + getMs, () => {
      this.#timer = null;
      this.#polledAt = kernel.now - getMs;
      this.#read();
      this.#pollLater();
    });
  }

  #read(): void {
    try {
      const { records, next, millisBehindLatest } = this.stream.read(this.#iterator);
      this.#iterator = next;
      this.#isBehind = millisBehindLatest > 0;
      for (const record of records) this.#laneOf(record).add(record);
      if (records.length > 0) for (const lane of this.#lanes) lane.fill();
    } catch (refusal) {
      // It is asked again at its next time.
      if (!(refusal instanceof ServiceError)) throw refusal;
      this.#isBehind = false;
    }
  }

  #laneOf({ partitionKey }: StreamRecord): StreamLane {
    if (this.#lanes.length === 1) return this.#lanes[0]!;
    return this.#lanes[createHash("md5").update(partitionKey).digest().readUInt32BE(12) % this.#lanes.length]!;
  }
}

function positionOf({ startingPosition, startingPositionTimestamp }: StreamMappingSettings): ShardPosition {
  if (startingPosition !== "AT_TIMESTAMP") return { type: startingPosition };
  return { type: startingPosition, timestamp: startingPositionTimestamp! };
}

/** The calls that a mapping makes by the function's role: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html */
const calls = ["GetRecords", "GetShardIterator", "DescribeStream", "ListShards"];

function checkAccess({ iam }: Account, fn: LambdaFunction, streamArn: string): void {
  if (calls.every((call) => iam.allows(fn.settings.roleArn, `kinesis:${call}`, streamArn))) return;
  throw invalid(
    `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`,
  );
}

function checkDestination(
  { iam, sqs, sns }: Account,
  fn: LambdaFunction,
  { onFailureArn }: StreamMappingSettings,
): void {
  if (onFailureArn === null) return;
  const service = sqs.queue(onFailureArn) ? "sqs" : sns.topic(onFailureArn) ? "sns" : null;
  if (service === null) {
    throw invalid(
      `The destination ${onFailureArn} is no queue or topic that exists, and the emulator models no other destination of a stream's mapping.`,
    );
  }
  const call = service === "sqs" ? "SendMessage" : "Publish";
  if (iam.allows(fn.settings.roleArn, `${service}:${call}`, onFailureArn)) return;
  throw invalid(`The provided execution role does not have permissions to call ${call} on ${service.toUpperCase()}`);
}

export const streamSource = {
  service: "kinesis",
  noun: "a Kinesis data stream",
  inputs: streamInputs,
  settings: streamSettings,
  describe: describeStreamSettings,

  map(
    account: Account,
    streamArn: string,
    fn: LambdaFunction,
    settings: Partial<StreamMappingSettings>,
  ): StreamMapping {
    const stream = account.kinesis.stream(streamArn);
    if (!stream) throw invalid(`Stream not found: ${streamArn}`);
    const wanted = wantedStreamSettings(settings, account.constants);
    checkStreamSettings(wanted, account.constants);
    checkAccess(account, fn, streamArn);
    checkDestination(account, fn, wanted);
    return new StreamMapping(account, stream, fn, wanted);
  },
} satisfies EventSource;
