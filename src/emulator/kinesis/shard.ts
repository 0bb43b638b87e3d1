/** One shard: its records in the order of their arrival, and how many it takes and gives in a second. */
import type { Account, RecordEntry, Shard, ShardIterator, ShardPosition, StreamRecord } from "../account.ts";
import { TokenBucket } from "../kernel/token-bucket.ts";
import { ServiceError } from "../service-error.ts";
import { indexIn, sequenceNumberOf } from "./sequence-number.ts";

/** The stream that a shard is of, as far as the shard needs it. */
interface Owner {
  readonly name: string;
  readonly createdAt: number;
  readonly settings: { readonly retentionMs: number };
}

export class StreamShard implements Shard {
  readonly id: string;
  readonly startingSequenceNumber: string;
  #records: StreamRecord[] = [];
  /** The records before the first one that is kept. */
  #trimmed = 0;
  readonly #written: { records: TokenBucket; bytes: TokenBucket };
  readonly #reads: { calls: TokenBucket; bytes: TokenBucket };

  constructor(
    private readonly account: Account,
    private readonly owner: Owner,
    private readonly index: number,
    readonly firstHashKey: bigint,
    readonly lastHashKey: bigint,
  ) {
    const { kernel, constants } = account;
    // AWS does not publish how a shard counts. Here a second's worth can be had at once, and comes back evenly.
    const secondOf = (perSecond: number) => new TokenBucket(kernel, perSecond, perSecond);
    this.id = `shardId-${String(index).padStart(12, "0")}`;
    this.startingSequenceNumber = this.#sequenceNumber(0, owner.createdAt);
    this.#written = {
      records: secondOf(constants["kinesis.writeRecordsPerSecond"]),
      bytes: secondOf(constants["kinesis.writeBytesPerSecond"]),
    };
    this.#reads = {
      calls: secondOf(constants["kinesis.readsPerSecond"]),
      bytes: secondOf(constants["kinesis.readBytesPerSecond"]),
    };
  }

  /** null: the shard takes no more in this second. */
  put({ partitionKey, data }: RecordEntry): StreamRecord | null {
    const bytes = bytesOf({ partitionKey, data });
    if (!this.#written.records.has(1) || !this.#written.bytes.has(bytes)) return null;
    this.#written.records.spend(1);
    this.#written.bytes.spend(bytes);
    const arrivedAt = this.account.kernel.now;
    const sequenceNumber = this.#sequenceNumber(this.#end + 1, arrivedAt);
    const record = { sequenceNumber, partitionKey, data, arrivedAt };
    this.#records.push(record);
    return record;
  }

  /** @throws ServiceError for a sequence number that is not of the shard. */
  iterator(position: ShardPosition): ShardIterator {
    this.#trim();
    return { shardId: this.id, recordsBefore: Math.max(this.#trimmed, this.#recordsBefore(position)) };
  }

  #recordsBefore(position: ShardPosition): number {
    switch (position.type) {
      case "TRIM_HORIZON":
        return this.#trimmed;
      case "LATEST":
        return this.#end;
      case "AT_TIMESTAMP": {
        const first = this.#records.findIndex(({ arrivedAt }) => arrivedAt >= position.timestamp);
        return first < 0 ? this.#end : this.#trimmed + first;
      }
      case "AT_SEQUENCE_NUMBER":
        return this.#indexOf(position.sequenceNumber);
      case "AFTER_SEQUENCE_NUMBER":
        return this.#indexOf(position.sequenceNumber) + 1;
    }
  }

  /** A shard's own starting number is before its first record. */
  #indexOf(sequenceNumber: string): number {
    if (sequenceNumber === this.startingSequenceNumber) return 0;
    const number = indexIn(sequenceNumber);
    const index = number === null ? -1 : number - 1;
    const isTrimmed = index >= 0 && index < this.#trimmed;
    if (isTrimmed || this.#records[index - this.#trimmed]?.sequenceNumber === sequenceNumber) return index;
    throw new ServiceError(
      "InvalidArgumentException",
      `StartingSequenceNumber ${sequenceNumber} used in GetShardIterator on shard ${this.id} in stream ${this.owner.name} under account ${this.account.accountId} is invalid because it did not come from this stream.`,
    );
  }

  /** @throws ServiceError `ProvisionedThroughputExceededException`. */
  read({ recordsBefore }: ShardIterator, most: number) {
    const { constants } = this.account;
    if (!this.#reads.calls.has(1) || !this.#reads.bytes.has(1)) throw this.throughputExceeded();
    this.#trim();
    const first = Math.max(0, recordsBefore - this.#trimmed);
    const records: StreamRecord[] = [];
    let bytes = 0;
    for (let index = first; index < this.#records.length && records.length < most; index++) {
      const record = this.#records[index]!;
      bytes += bytesOf(record);
      if (records.length > 0 && bytes > constants["kinesis.maximumReadBytes"]) break;
      records.push(record);
    }
    this.#reads.calls.spend(1);
    this.#reads.bytes.spend(bytes);
    const left = this.#records[first + records.length];
    const next = { shardId: this.id, recordsBefore: this.#trimmed + first + records.length };
    // Zero means that nothing is left, so what came in this millisecond counts as one.
    const millisBehindLatest = left ? Math.max(1, this.account.kernel.now - left.arrivedAt) : 0;
    return { records, next, millisBehindLatest };
  }

  throughputExceeded(): ServiceError {
    return new ServiceError(
      "ProvisionedThroughputExceededException",
      `Rate exceeded for shard ${this.id} in stream ${this.owner.name} under account ${this.account.accountId}.`,
    );
  }

  get #end(): number {
    return this.#trimmed + this.#records.length;
  }

  /** Forgets what is older than the stream keeps. */
  #trim(): void {
    const oldest = this.account.kernel.now - this.owner.settings.retentionMs;
    if (this.#records.length === 0 || this.#records[0]!.arrivedAt > oldest) return;
    const kept = this.#records.findIndex(({ arrivedAt }) => arrivedAt > oldest);
    const expired = kept < 0 ? this.#records.length : kept;
    this.#records = this.#records.slice(expired);
    this.#trimmed += expired;
  }

  #sequenceNumber(index: number, arrivedAt: number): string {
    return sequenceNumberOf({ createdAt: this.owner.createdAt, shardIndex: this.index, index, arrivedAt });
  }
}

/** The partition key counts, too: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export function bytesOf({ partitionKey, data }: Pick<RecordEntry, "partitionKey" | "data">): number {
  return Buffer.byteLength(partitionKey) + data.length;
}
