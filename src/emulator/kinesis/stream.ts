/** One data stream: records go to shards by the hash of their partition key, and are read from each shard in order. */
import { createHash } from "node:crypto";
import type {
  Account,
  DataStream,
  PutOutcome,
  RecordEntry,
  ShardIterator,
  ShardPosition,
  StreamSettings,
} from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { bytesOf, StreamShard } from "./shard.ts";

/** Keys are hashed to 128 bits. */
const hashKeys = 1n << 128n;

export class KinesisStream implements DataStream {
  readonly arn: string;
  readonly createdAt: number;
  readonly shards: readonly StreamShard[];
  #settings: StreamSettings;
  readonly #metrics: ReturnType<typeof streamMetrics>;
  /** The shards of the keys that have come lately: most streams have few. */
  readonly #shardsByKey = new Map<string, StreamShard>();

  constructor(
    private readonly account: Account,
    readonly name: string,
    settings: StreamSettings,
  ) {
    const { region, accountId, kernel } = account;
    this.arn = `arn:aws:kinesis:${region}:${accountId}:stream/${name}`;
    this.createdAt = kernel.now;
    this.#settings = settings;
    this.#metrics = streamMetrics(account, name);
    const count = BigInt(settings.shardCount);
    this.shards = Array.from({ length: settings.shardCount }, (_, index) => {
      const first = (hashKeys * BigInt(index)) / count;
      const last = (hashKeys * BigInt(index + 1)) / count - 1n;
      return new StreamShard(account, this, index, first, last);
    });
  }

  get settings(): Readonly<StreamSettings> {
    return this.#settings;
  }

  put(entry: RecordEntry): { shardId: string; sequenceNumber: string } {
    this.#check(entry);
    const outcome = this.#take(entry);
    this.#metrics.putSuccess.add("shardId" in outcome ? 1 : 0);
    if ("shardId" in outcome) return outcome;
    throw new ServiceError(outcome.errorCode, outcome.errorMessage);
  }

  putAll(entries: readonly RecordEntry[]): PutOutcome[] {
    const { "kinesis.maximumPutEntries": most, "kinesis.maximumPutBytes": mostBytes } = this.account.constants;
    if (entries.length === 0) throw notValid("records", "[]", "Member must have length greater than or equal to 1");
    if (entries.length > most) {
      throw notValid("records", "[…]", `Member must have length less than or equal to ${most}`);
    }
    for (const entry of entries) this.#check(entry);
    if (entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > mostBytes) {
      throw new ServiceError("InvalidArgumentException", `Records size exceeds ${mostBytes / 1_048_576} MB limit`);
    }
    const outcomes = entries.map((entry) => this.#take(entry));
    const taken = outcomes.filter((outcome) => "shardId" in outcome).length;
    this.#metrics.putAllSuccess.add(taken > 0 ? 1 : 0);
    this.#metrics.putAllTaken.add(taken);
    this.#metrics.putAllThrottled.add(entries.length - taken);
    return outcomes;
  }

  #take(entry: RecordEntry): PutOutcome {
    const shard = this.#shardFor(entry);
    const record = shard.put(entry);
    if (record === null) {
      this.#metrics.refusedWrites.add(1);
      const { code, message } = shard.throughputExceeded();
      return { errorCode: code, errorMessage: message };
    }
    this.#metrics.incomingRecords.add(1);
    this.#metrics.incomingBytes.add(bytesOf(entry));
    this.#metrics.refusedWrites.add(0);
    return { shardId: shard.id, sequenceNumber: record.sequenceNumber };
  }

  iterator(shardId: string, position: ShardPosition): ShardIterator {
    return this.#shard(shardId).iterator(position);
  }

  read(iterator: ShardIterator, most = this.account.constants["kinesis.maximumReadLimit"]) {
    const shard = this.#shard(iterator.shardId);
    try {
      const { records, next, millisBehindLatest } = shard.read(iterator, most);
      this.#metrics.readSuccess.add(1);
      this.#metrics.refusedReads.add(0);
      this.#metrics.readRecords.add(records.length);
      this.#metrics.readBytes.add(records.reduce((sum, record) => sum + bytesOf(record), 0));
      // The metric is of the last record that the call read, and 0 when it has caught up.
      const last = records.at(-1);
      this.#metrics.age.add(millisBehindLatest > 0 && last ? this.account.kernel.now - last.arrivedAt : 0);
      return { records, next, millisBehindLatest };
    } catch (refusal) {
      this.#metrics.readSuccess.add(0);
      this.#metrics.refusedReads.add(1);
      throw refusal;
    }
  }

  /** https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key */
  #shardFor({ partitionKey, explicitHashKey }: RecordEntry): StreamShard {
    if (explicitHashKey !== undefined) return this.#shardOfHash(explicitHashKey);
    if (this.shards.length === 1) return this.shards[0]!;
    let shard = this.#shardsByKey.get(partitionKey);
    if (shard === undefined) {
      shard = this.#shardOfHash(BigInt(`0x${createHash("md5").update(partitionKey).digest("hex")}`));
      if (this.#shardsByKey.size >= mostKeysKept) this.#shardsByKey.clear();
      this.#shardsByKey.set(partitionKey, shard);
    }
    return shard;
  }

  #shardOfHash(hash: bigint): StreamShard {
    return this.shards.find(({ lastHashKey }) => hash <= lastHashKey)!;
  }

  #shard(shardId: string): StreamShard {
    const shard = this.shards.find(({ id }) => id === shardId);
    if (shard) return shard;
    throw new ServiceError(
      "ResourceNotFoundException",
      `Shard ${shardId} in stream ${this.name} under account ${this.account.accountId} does not exist`,
    );
  }

  #check(entry: RecordEntry): void {
    const { partitionKey, explicitHashKey } = entry;
    const most = this.account.constants["kinesis.maximumPartitionKeyCharacters"];
    if (partitionKey.length < 1 || partitionKey.length > most) {
      throw notValid("partitionKey", partitionKey, `Member must have length between 1 and ${most}`);
    }
    if (explicitHashKey !== undefined && (explicitHashKey < 0n || explicitHashKey >= hashKeys)) {
      throw new ServiceError(
        "InvalidArgumentException",
        `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${explicitHashKey}`,
      );
    }
    const { maximumRecordBytes } = this.#settings;
    if (bytesOf(entry) > maximumRecordBytes) {
      throw notValid("data", "…", `Member must have length less than or equal to ${maximumRecordBytes}`);
    }
  }
}

const mostKeysKept = 10_000;

/** In the words of Kinesis's validation. */
export function notValid(member: string, value: string, constraint: string): ServiceError {
  return new ServiceError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html */
function streamMetrics({ cloudwatch }: Account, streamName: string) {
  const dimensions = { StreamName: streamName };
  const metric = (name: string) => cloudwatch.metric({ namespace: "AWS/Kinesis", name, dimensions });
  return {
    incomingRecords: metric("IncomingRecords"),
    incomingBytes: metric("IncomingBytes"),
    putSuccess: metric("PutRecord.Success"),
    putAllSuccess: metric("PutRecords.Success"),
    putAllTaken: metric("PutRecords.SuccessfulRecords"),
    putAllThrottled: metric("PutRecords.ThrottledRecords"),
    refusedWrites: metric("WriteProvisionedThroughputExceeded"),
    readSuccess: metric("GetRecords.Success"),
    readRecords: metric("GetRecords.Records"),
    readBytes: metric("GetRecords.Bytes"),
    age: metric("GetRecords.IteratorAgeMilliseconds"),
    refusedReads: metric("ReadProvisionedThroughputExceeded"),
  };
}
