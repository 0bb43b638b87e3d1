/** The account's data streams, by ARN. */
import type { Account, DataStream, StreamSettings, Streams } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { KinesisStream, notValid } from "./stream.ts";

const hourMs = 3_600_000;

export class KinesisStreams implements Streams {
  readonly #streams = new Map<string, KinesisStream>();

  constructor(private readonly account: Account) {}

  create(name: string, settings: Partial<StreamSettings> = {}): DataStream {
    const { constants } = this.account;
    const most = constants["kinesis.maximumNameCharacters"];
    if (!/^[a-zA-Z0-9_.-]+$/.test(name)) {
      throw notValid("streamName", name, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
    }
    if (name.length > most) throw notValid("streamName", name, `Member must have length less than or equal to ${most}`);
    if (this.list().some((stream) => stream.name === name)) {
      throw new ServiceError(
        "ResourceInUseException",
        `Stream ${name} under account ${this.account.accountId} already exists.`,
      );
    }
    const isOnDemand = settings.mode === "ON_DEMAND";
    const wanted: StreamSettings = {
      mode: "PROVISIONED",
      retentionMs: constants["kinesis.minimumRetentionHours"] * hourMs,
      maximumRecordBytes: constants["kinesis.defaultRecordBytes"],
      shardCount: isOnDemand ? constants["kinesis.onDemandShardsLimit"] : 1,
      ...settings,
    };
    this.#check(wanted);
    const stream = new KinesisStream(this.account, name, wanted);
    this.#streams.set(stream.arn, stream);
    return stream;
  }

  #check({ shardCount, retentionMs }: StreamSettings): void {
    const { constants } = this.account;
    if (!(shardCount >= 1)) {
      throw notValid("shardCount", String(shardCount), "Member must have value greater than or equal to 1");
    }
    const [there, limit] = [
      this.list().reduce((sum, { shards }) => sum + shards.length, 0),
      constants["kinesis.shardsLimit"],
    ];
    if (there + shardCount > limit) {
      const { accountId, region } = this.account;
      throw new ServiceError(
        "LimitExceededException",
        `This request would exceed the shard limit for the account ${accountId} in ${region}. Current shard count for the account: ${there}. Limit: ${limit}. Number of additional shards that would have resulted from this request: ${shardCount}.`,
      );
    }
    const least = constants["kinesis.minimumRetentionHours"];
    const most = constants["kinesis.maximumRetentionHours"];
    const hours = retentionMs / hourMs;
    if (hours < least) {
      throw new ServiceError(
        "InvalidArgumentException",
        `Minimum allowed retention period is ${least} hours. Requested retention period (${hours} hours) is too short.`,
      );
    }
    if (hours > most) {
      throw new ServiceError(
        "InvalidArgumentException",
        `Maximum allowed retention period is ${most} hours. Requested retention period (${hours} hours) is too long.`,
      );
    }
  }

  delete(arn: string): void {
    this.#streams.delete(arn);
  }

  stream(arn: string): DataStream | undefined {
    return this.#streams.get(arn);
  }

  list(): DataStream[] {
    return [...this.#streams.values()];
  }
}
