/** Publishes to SNS with the SDK that the Node.js runtime brings along. */
import { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Publisher } from "../ports.ts";

// The producer retries where its log shows it, so the SDK makes one attempt.
const sns = new SNSClient({ maxAttempts: 1 });

export const publisher: Publisher = {
  async publishBatch(topicArn, entries) {
    const { Failed = [] } = await sns.send(
      new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: entries.map(({ id, message }) => ({ Id: id, Message: message })),
      }),
    );
    return Failed.map(({ Id = "", Code = "Unknown", SenderFault = false }) => ({
      id: Id,
      code: Code,
      senderFault: SenderFault,
    }));
  },
};
