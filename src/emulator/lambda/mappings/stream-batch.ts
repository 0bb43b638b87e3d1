/** A batch of a stream's records as a function gets it, and what Lambda tells of one that it gives up. */
import type { LambdaFunction, StreamRecord } from "../../account.ts";

/** The shard that records are of. */
export interface ShardSource {
  streamArn: string;
  shardId: string;
  region: string;
}

/** Records of one shard that are with the function together, or are going to be. */
export interface StreamBatch {
  readonly records: readonly StreamRecord[];
  /** How often the function has failed it, without the attempts that were throttled. */
  failures: number;
  throttles: number;
  /** How the function failed it the last time: by an error, or by naming items. */
  lastFailure: "error" | "items" | null;
}

export function batchOf(records: readonly StreamRecord[]): StreamBatch {
  return { records, failures: 0, throttles: 0, lastFailure: null };
}

/** One of an event's `Records`: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-event-example */
export function kinesisRecord(
  { sequenceNumber, partitionKey, data, arrivedAt }: StreamRecord,
  { streamArn, shardId, region }: ShardSource,
  roleArn: string,
) {
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey,
      sequenceNumber,
      data: Buffer.from(data).toString("base64"),
      approximateArrivalTimestamp: arrivedAt / 1_000,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: roleArn,
    awsRegion: region,
    eventSourceARN: streamArn,
  };
}

/** No less than a record's size as JSON: base64 has four characters for three bytes, and all but the data is some 500. */
export function mostJsonBytes({ partitionKey, data }: StreamRecord): number {
  return Math.ceil(data.length / 3) * 4 + 6 * partitionKey.length + 1_000;
}

/** Why records are given up, in the words of the message about them. */
export type StreamCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/**
 * The message to an on-failure destination. It says where the records are, and holds none of them.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function givenUp(
  { records, failures, lastFailure }: StreamBatch,
  { streamArn, shardId }: ShardSource,
  { arn }: Pick<LambdaFunction, "arn">,
  { condition, requestId, at }: { condition: StreamCondition; requestId: string; at: number },
) {
  const [first, last] = [records[0]!, records.at(-1)!];
  return {
    requestContext: { requestId, functionArn: arn, condition, approximateInvokeCount: failures },
    ...(lastFailure !== null && {
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        functionError: lastFailure === "error" ? "Unhandled" : null,
      },
    }),
    version: "1.0",
    timestamp: new Date(at).toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
      batchSize: records.length,
      streamArn,
    },
  };
}
