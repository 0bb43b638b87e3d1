/** Kinesis Data Streams' API: streams, shards, records. https://docs.aws.amazon.com/kinesis/latest/APIReference/ */
import * as z from "zod";
import type { Account, DataStream, RecordEntry, ShardIterator, ShardPosition, StreamRecord } from "../account.ts";
import { blob, integer, noPageToken, pageOf, pageToken, timestamp } from "../api/input.ts";
import { jsonIn } from "../api/json.ts";
import { type Api, type Output, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";

const named = { StreamName: z.string().optional(), StreamARN: z.string().optional() };

const record = {
  Data: blob,
  PartitionKey: z.string(),
  ExplicitHashKey: z
    .string()
    .regex(/^(0|[1-9]\d{0,38})$/)
    .optional(),
};

/** An operation on the stream that `StreamName` or `StreamARN` names; `members`: those that it has besides. */
function onStream<Members extends z.ZodRawShape>(
  members: Members,
  run: (stream: DataStream, input: z.output<z.ZodObject<Members>>, account: Account) => Output,
) {
  return operation(z.strictObject({ ...named, ...members }), (account, input) => {
    const { StreamName, StreamARN, ...others } = input as { StreamName?: string; StreamARN?: string };
    return run(existingStream(account, { StreamName, StreamARN }), others as z.output<z.ZodObject<Members>>, account);
  });
}

/** An answer has no more, whatever is asked for: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html */
const mostStreams = 100;

const operations: Api["operations"] = {
  CreateStream: operation(
    z.strictObject({
      StreamName: z.string(),
      ShardCount: integer.optional(),
      StreamModeDetails: z.strictObject({ StreamMode: z.enum(["PROVISIONED", "ON_DEMAND"]) }).optional(),
    }),
    (account, { StreamName, ShardCount, StreamModeDetails }) => {
      const mode = StreamModeDetails?.StreamMode ?? "PROVISIONED";
      if (mode === "PROVISIONED" && ShardCount === undefined) {
        throw new ServiceError("ValidationException", "ShardCount is required for a stream of the mode PROVISIONED");
      }
      account.kinesis.create(StreamName, { mode, ...(ShardCount !== undefined && { shardCount: ShardCount }) });
      return {};
    },
  ),

  DeleteStream: onStream({}, (stream, _, account) => {
    account.kinesis.delete(stream.arn);
    return {};
  }),

  ListStreams: operation(
    z.strictObject({
      NextToken: pageToken.optional(),
      Limit: integer.pipe(z.int().min(1).max(10_000)).optional(),
      ExclusiveStartStreamName: z.string().optional(),
    }),
    (account, { NextToken, Limit = mostStreams, ExclusiveStartStreamName = "" }) => {
      const streams = account.kinesis
        .list()
        .filter(({ name }) => name > ExclusiveStartStreamName)
        .toSorted((one, other) => (one.name < other.name ? -1 : 1));
      const { items, next } = pageOf(streams, NextToken, Math.min(Limit, mostStreams));
      return {
        StreamNames: items.map(({ name }) => name),
        StreamSummaries: items.map(describeStream),
        HasMoreStreams: next !== undefined,
        NextToken: next,
      };
    },
  ),

  DescribeStreamSummary: onStream({}, (stream) => ({
    StreamDescriptionSummary: {
      ...describeStream(stream),
      ...describeKeeping(stream),
      OpenShardCount: stream.shards.length,
      ConsumerCount: 0,
    },
  })),

  DescribeStream: onStream({}, (stream) => ({
    StreamDescription: {
      ...describeStream(stream),
      ...describeKeeping(stream),
      Shards: describeShards(stream),
      HasMoreShards: false,
    },
  })),

  ListShards: onStream({ NextToken: noPageToken.optional() }, (stream) => ({ Shards: describeShards(stream) })),

  PutRecord: onStream({ ...record, SequenceNumberForOrdering: z.string().optional() }, (stream, input) => {
    const { shardId, sequenceNumber } = stream.put(entryOf(input));
    return { ShardId: shardId, SequenceNumber: sequenceNumber };
  }),

  PutRecords: onStream({ Records: z.array(z.strictObject(record)) }, (stream, { Records }) => {
    const outcomes = stream.putAll(Records.map(entryOf));
    return {
      FailedRecordCount: outcomes.filter((outcome) => "errorCode" in outcome).length,
      Records: outcomes.map((outcome) =>
        "errorCode" in outcome
          ? { ErrorCode: outcome.errorCode, ErrorMessage: outcome.errorMessage }
          : { ShardId: outcome.shardId, SequenceNumber: outcome.sequenceNumber },
      ),
    };
  }),

  GetShardIterator: onStream(
    {
      ShardId: z.string(),
      ShardIteratorType: z.enum([
        "AT_SEQUENCE_NUMBER",
        "AFTER_SEQUENCE_NUMBER",
        "TRIM_HORIZON",
        "LATEST",
        "AT_TIMESTAMP",
      ]),
      StartingSequenceNumber: z.string().optional(),
      Timestamp: timestamp.optional(),
    },
    (stream, input, { kernel }) => ({
      ShardIterator: iteratorText(stream, stream.iterator(input.ShardId, positionOf(input)), kernel.now),
    }),
  ),

  GetRecords: operation(
    z.strictObject({
      ShardIterator: z.string(),
      Limit: integer.optional(),
      StreamARN: z.string().optional(),
    }),
    (account, { ShardIterator, Limit }) => {
      const { kernel, constants } = account;
      const most = constants["kinesis.maximumReadLimit"];
      if (Limit !== undefined && (Limit < 1 || Limit > most)) {
        throw new ServiceError(
          "ValidationException",
          `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and ${most}`,
        );
      }
      const { stream, iterator } = iteratorOf(account, ShardIterator);
      const { records, next, millisBehindLatest } = stream.read(iterator, Limit);
      return {
        Records: records.map(describeRecord),
        NextShardIterator: iteratorText(stream, next, kernel.now),
        MillisBehindLatest: millisBehindLatest,
      };
    },
  ),
};

/** @throws ServiceError `ResourceNotFoundException`. */
function existingStream(account: Account, { StreamName, StreamARN }: { StreamName?: string; StreamARN?: string }) {
  const name = StreamName ?? StreamARN?.split("/")[1];
  if (name === undefined) {
    throw new ServiceError("InvalidArgumentException", "Either StreamARN or StreamName must be provided.");
  }
  const found = account.kinesis.list().find((stream) => stream.name === name);
  if (found) return found;
  throw new ServiceError("ResourceNotFoundException", `Stream ${name} under account ${account.accountId} not found.`);
}

function entryOf({ Data, PartitionKey, ExplicitHashKey }: z.output<z.ZodObject<typeof record>>): RecordEntry {
  const explicitHashKey = ExplicitHashKey === undefined ? undefined : BigInt(ExplicitHashKey);
  return { partitionKey: PartitionKey, data: Data, explicitHashKey };
}

function positionOf({
  ShardIteratorType,
  StartingSequenceNumber,
  Timestamp,
}: {
  ShardIteratorType: ShardPosition["type"];
  StartingSequenceNumber?: string | undefined;
  Timestamp?: number | undefined;
}): ShardPosition {
  switch (ShardIteratorType) {
    case "TRIM_HORIZON":
    case "LATEST":
      return { type: ShardIteratorType };
    case "AT_TIMESTAMP":
      if (Timestamp === undefined) throw missing("Timestamp", ShardIteratorType);
      return { type: ShardIteratorType, timestamp: Timestamp };
    default:
      if (StartingSequenceNumber === undefined) throw missing("StartingSequenceNumber", ShardIteratorType);
      return { type: ShardIteratorType, sequenceNumber: StartingSequenceNumber };
  }
}

function missing(member: string, type: string): ServiceError {
  return new ServiceError("InvalidArgumentException", `Must either specify ${member} for the iterator type ${type}.`);
}

/** An iterator is good for some minutes. Its text holds all that it is, as nobody but Kinesis can read AWS's. */
function iteratorText({ name }: DataStream, { shardId, recordsBefore }: ShardIterator, now: number): string {
  return Buffer.from(JSON.stringify([name, shardId, recordsBefore, now])).toString("base64");
}

/** @throws ServiceError `ExpiredIteratorException`, or for a text that is no iterator. */
function iteratorOf(account: Account, text: string): { stream: DataStream; iterator: ShardIterator } {
  const { kernel, constants } = account;
  const parsed = z
    .tuple([z.string(), z.string(), z.number(), z.number()])
    .safeParse(jsonIn(Buffer.from(text, "base64").toString()));
  if (!parsed.success) throw new ServiceError("InvalidArgumentException", "Invalid ShardIterator.");
  const [StreamName, shardId, recordsBefore, issuedAt] = parsed.data;
  if (kernel.now - issuedAt > constants["kinesis.iteratorLifeMs"]) {
    const [issued, now] = [issuedAt, kernel.now].map((at) => new Date(at).toISOString());
    throw new ServiceError(
      "ExpiredIteratorException",
      `Iterator expired. The iterator was created at time ${issued} while right now it is ${now} which is further in the future than the tolerated delay of ${constants["kinesis.iteratorLifeMs"]} milliseconds.`,
    );
  }
  return { stream: existingStream(account, { StreamName }), iterator: { shardId, recordsBefore } };
}

function describeStream({ name, arn, createdAt, settings }: DataStream): Output {
  return {
    StreamName: name,
    StreamARN: arn,
    StreamStatus: "ACTIVE",
    StreamModeDetails: { StreamMode: settings.mode },
    StreamCreationTimestamp: new Date(createdAt),
  };
}

function describeKeeping({ settings }: DataStream): Output {
  return {
    RetentionPeriodHours: settings.retentionMs / 3_600_000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: "NONE",
  };
}

function describeShards({ shards }: DataStream): Output[] {
  return shards.map(({ id, firstHashKey, lastHashKey, startingSequenceNumber }) => ({
    ShardId: id,
    HashKeyRange: { StartingHashKey: String(firstHashKey), EndingHashKey: String(lastHashKey) },
    SequenceNumberRange: { StartingSequenceNumber: startingSequenceNumber },
  }));
}

function describeRecord({ sequenceNumber, partitionKey, data, arrivedAt }: StreamRecord): Output {
  return {
    SequenceNumber: sequenceNumber,
    PartitionKey: partitionKey,
    Data: data,
    ApproximateArrivalTimestamp: new Date(arrivedAt),
  };
}

export const kinesisApi: Api = {
  name: "Kinesis",
  signingName: "kinesis",
  version: "2013-12-02",
  targetPrefix: "Kinesis_20131202",
  inputErrors: { missing: "ValidationException", invalid: "ValidationException" },
  operations,
};
