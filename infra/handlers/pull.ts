/** A pull: a schedule invokes the consumer, which takes so many messages from its queue, one after the other. */
import { nonNegativeInteger, requiredText } from "./environment.ts";
import type { Ports } from "./ports.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const mostPerReceive = 10;

/** The event that a rule with a schedule makes. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html */
export function isScheduled(event: unknown): boolean {
  return (event as { "detail-type"?: unknown } | null | undefined)?.["detail-type"] === "Scheduled Event";
}

/** An SQS event of one message. */
export interface PulledEvent {
  Records: [{ messageId: string; receiptHandle: string; body: string }];
}

/**
 * Environment: QUEUE_URL, PULL_COUNT (messages of one pull). `work` rejects when an event failed; its message is then left in the queue,
 * and comes back when its visibility timeout ends. Resolves when so many messages are worked, or when the queue gives none.
 */
export async function pull(
  ports: Pick<Ports, "queue" | "environment" | "log">,
  work: (event: PulledEvent) => Promise<unknown>,
): Promise<void> {
  const { queue, environment } = ports;
  const queueUrl = requiredText(environment, "QUEUE_URL");
  const most = nonNegativeInteger(environment, "PULL_COUNT");
  for (let left = most; left > 0; ) {
    const messages = await queue.receive(queueUrl, Math.min(mostPerReceive, left));
    if (messages.length === 0) return;
    left -= messages.length;
    for (const message of messages) {
      try {
        await work({ Records: [message] });
        await queue.delete(queueUrl, message.receiptHandle);
      } catch (error) {
        ports.log(
          `Message ${message.messageId} stays in the queue: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
}
