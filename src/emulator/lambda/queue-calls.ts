/** The calls that a function in the emulator makes to the queue that it reads, as its role allows. */
import type { PulledMessage, QueueCalls } from "../../../infra/handlers/ports.ts";
import type { Account, Queue, ReceivedMessage } from "../account.ts";
import { ServiceError } from "../service-error.ts";

/** A receive that finds none waits so long for some, as it does on AWS. */
const waitMs = 1_000;

/** `wait` resolves after so many ms, for which a call is on its way. */
export function queueCallsFor(account: Account, roleArn: string, wait: (ms: number) => Promise<void>): QueueCalls {
  const { constants } = account;
  const allowed = (action: string, queueUrl: string): Queue => {
    const queue = account.sqs.list().find(({ url }) => url === queueUrl);
    if (queue && account.iam.allows(roleArn, `sqs:${action}`, queue.arn)) return queue;
    throw new ServiceError(
      "AccessDenied",
      `User: ${roleArn} is not authorized to perform: sqs:${action.toLowerCase()} on the queue ${queueUrl}`,
      403,
    );
  };
  const receive = (queueUrl: string, maximum: number): PulledMessage[] => {
    let received: ReceivedMessage[] = [];
    allowed("ReceiveMessage", queueUrl).receive({ maximum, waitMs: 0 }, (messages) => {
      received = messages;
    });
    return received.map(({ messageId, receiptHandle, body }) => ({ messageId, receiptHandle, body }));
  };
  return {
    receive: async (queueUrl, maximum) => {
      await wait(constants["sqs.receiveMs"]);
      const received = receive(queueUrl, maximum);
      if (received.length > 0) return received;
      await wait(waitMs);
      return receive(queueUrl, maximum);
    },
    delete: async (queueUrl, receiptHandle) => {
      await wait(constants["sqs.deleteMs"]);
      allowed("DeleteMessage", queueUrl).delete(receiptHandle);
    },
    changeVisibility: async (queueUrl, receiptHandle, seconds) => {
      await wait(constants["sqs.changeVisibilityMs"]);
      allowed("ChangeMessageVisibility", queueUrl).changeVisibility(receiptHandle, seconds * 1_000);
    },
  };
}
