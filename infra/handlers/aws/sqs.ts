/** Reads a queue, and gives messages back to it, with the SDK that the Node.js runtime brings along. */
import type { QueueCalls } from "../ports.ts";

/** A receive that waits asks all of SQS's servers; one that does not asks some of them. */
const waitSeconds = 1;

// Loaded when it is first used, because it would be a part of every cold start.
let loaded: ReturnType<typeof load> | null = null;
const sqs = () => {
  loaded ??= load();
  return loaded;
};

async function load() {
  const { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } = await import(
    "@aws-sdk/client-sqs"
  );
  return { client: new SQSClient({}), ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand };
}

export const queue: QueueCalls = {
  async receive(QueueUrl, MaxNumberOfMessages) {
    const { client, ReceiveMessageCommand } = await sqs();
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, WaitTimeSeconds: waitSeconds }),
    );
    return Messages.map(({ MessageId = "", ReceiptHandle = "", Body = "" }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
    }));
  },
  async delete(QueueUrl, ReceiptHandle) {
    const { client, DeleteMessageCommand } = await sqs();
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  },
  async changeVisibility(QueueUrl, ReceiptHandle, VisibilityTimeout) {
    const { client, ChangeMessageVisibilityCommand } = await sqs();
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  },
};
