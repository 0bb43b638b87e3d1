/** Sends to an SQS queue. */
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Publisher } from "../../ports.ts";
import { isFifo } from "../../sink.ts";

// As for a topic.
const sqs = new SQSClient({ maxAttempts: 1 });

export const queue: Publisher = {
  async publishBatch(sink, entries) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: sink.address,
        Entries: entries.map(({ id, message, messageGroup, deduplicationId }) => ({
          Id: id,
          MessageBody: message,
          MessageGroupId: messageGroup ?? undefined,
          // A standard queue refuses it.
          MessageDeduplicationId: isFifo(sink) ? deduplicationId : undefined,
        })),
      }),
    );
    return Failed.map(({ Id = "", Code = "Unknown", SenderFault = false }) => ({
      id: Id,
      code: Code,
      senderFault: SenderFault,
    }));
  },
};
