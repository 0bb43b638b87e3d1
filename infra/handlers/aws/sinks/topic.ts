/** Publishes to an SNS topic. */
import { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Publisher } from "../../ports.ts";
import { isFifo } from "../../sink.ts";

// The producer retries where its log shows it, so the SDK makes one attempt.
const sns = new SNSClient({ maxAttempts: 1 });

export const topic: Publisher = {
  async publishBatch(sink, entries) {
    const { Failed = [] } = await sns.send(
      new PublishBatchCommand({
        TopicArn: sink.address,
        PublishBatchRequestEntries: entries.map(({ id, message, messageGroup, deduplicationId }) => ({
          Id: id,
          Message: message,
          MessageGroupId: messageGroup ?? undefined,
          // A standard topic refuses it.
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
