/** Sends to an SQS queue. */
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Publisher } from "../../ports.ts";
import { failuresOf, groupOf } from "./batch.ts";

// As for a topic.
const sqs = new SQSClient({ maxAttempts: 1 });

export const queue: Publisher = {
  async publishBatch(sink, entries) {
    const Entries = entries.map((entry) => ({ Id: entry.id, MessageBody: entry.message, ...groupOf(entry, sink) }));
    return failuresOf((await sqs.send(new SendMessageBatchCommand({ QueueUrl: sink.address, Entries }))).Failed);
  },
};
