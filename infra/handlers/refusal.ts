/** An event that cannot go on yet, and how its message is given back until it can. */
import type { Ports } from "./ports.ts";

export class Refused extends Error {
  constructor(
    message: string,
    /** whole, after which its message should be visible again */
    readonly returnSeconds: number,
  ) {
    super(message);
  }
}

/** Makes the message of a record visible again when it can go on. A failure changes nothing but when it comes back. */
export async function giveBack(
  recordId: string,
  { returnSeconds }: Refused,
  event: unknown,
  { queue, environment, log }: Pick<Ports, "queue" | "environment" | "log">,
): Promise<void> {
  const { Records = [] } = event as { Records?: { messageId?: string; receiptHandle?: string }[] };
  const receiptHandle = Records.find(({ messageId }) => messageId === recordId)?.receiptHandle;
  if (!environment.QUEUE_URL || receiptHandle === undefined) return;
  try {
    await queue.changeVisibility(environment.QUEUE_URL, receiptHandle, returnSeconds);
  } catch (error) {
    log(`Record ${recordId} was not given back: ${error instanceof Error ? error.message : String(error)}`);
  }
}
