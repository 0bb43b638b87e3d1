/** Publishes to an SNS topic. */
import { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Publisher } from "../../ports.ts";
import { failuresOf, groupOf } from "./batch.ts";

// The producer retries where its log shows it, so the SDK makes one attempt.
const sns = new SNSClient({ maxAttempts: 1 });

export const topic: Publisher = {
  async publishBatch(sink, entries) {
    const PublishBatchRequestEntries = entries.map((entry) => ({
      Id: entry.id,
      Message: entry.message,
      ...groupOf(entry, sink),
    }));
    const batch = new PublishBatchCommand({ TopicArn: sink.address, PublishBatchRequestEntries });
    return failuresOf((await sns.send(batch)).Failed);
  },
};
