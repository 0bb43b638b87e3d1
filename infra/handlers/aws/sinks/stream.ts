/** Puts records into a Kinesis data stream. */
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { Publisher } from "../../ports.ts";

// As for a topic.
const kinesis = new KinesisClient({ maxAttempts: 1 });

export const stream: Publisher = {
  async publishBatch({ address }, entries) {
    const { Records = [] } = await kinesis.send(
      new PutRecordsCommand({
        StreamName: address,
        Records: entries.map(({ id, message, messageGroup }) => ({
          Data: new TextEncoder().encode(message),
          PartitionKey: messageGroup ?? id,
        })),
      }),
    );
    // A record fails because its shard is too busy, or by a fault of the service: neither is the record's.
    // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html
    return Records.flatMap(({ ErrorCode }, index) =>
      ErrorCode === undefined ? [] : [{ id: entries[index]!.id, code: ErrorCode, senderFault: false }],
    );
  },
};
