/** Gives messages back to their queue with the SDK that the Node.js runtime brings along. */
import type { Returns } from "../ports.ts";

export const queue: Returns = {
  async changeVisibility(QueueUrl, ReceiptHandle, VisibilityTimeout) {
    // Loaded when it is first used, because it would be a part of every cold start.
    const { ChangeMessageVisibilityCommand, SQSClient } = await import("@aws-sdk/client-sqs");
    await new SQSClient({}).send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  },
};
