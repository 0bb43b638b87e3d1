/** Puts events on an EventBridge bus. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Publisher } from "../../ports.ts";
import { busEventSource, busEventType } from "../../sink.ts";

// As for a topic.
const eventBridge = new EventBridgeClient({ maxAttempts: 1 });

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const retryable = ["InternalFailure", "ThrottlingException"];

export const bus: Publisher = {
  async publishBatch({ address }, entries) {
    const { Entries = [] } = await eventBridge.send(
      new PutEventsCommand({
        Entries: entries.map(({ message }) => ({
          EventBusName: address,
          Source: busEventSource,
          DetailType: busEventType,
          Detail: message,
        })),
      }),
    );
    return Entries.flatMap(({ ErrorCode }, index) =>
      ErrorCode === undefined
        ? []
        : [{ id: entries[index]!.id, code: ErrorCode, senderFault: !retryable.includes(ErrorCode) }],
    );
  },
};
