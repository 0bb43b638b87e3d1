/** The publisher that a function in the emulator has: a call to its sink, as its role allows. */
import type { PublishEntry, Publisher, PublishFailure } from "../../../infra/handlers/ports.ts";
import { busEventSource, busEventType, isFifo, type Sink, type SinkKind } from "../../../infra/handlers/sink.ts";
import type { Account, BatchFailure, PublishEntry as TopicEntry } from "../account.ts";
import { runBatch } from "../api/batch.ts";
import { ServiceError } from "../service-error.ts";

/** One call, made by a role. @throws ServiceError when it is refused as a whole */
type Call = (account: Account, roleArn: string, sink: Sink, entries: PublishEntry[]) => PublishFailure[];

/** `wait` resolves after so many ms, for which a call is on its way. */
export function publisherFor(account: Account, roleArn: string, wait: (ms: number) => Promise<void>): Publisher {
  return {
    publishBatch: async (sink, entries) => {
      const known = sinks[sink.kind];
      await wait(account.constants[known.ms]);
      return known.call(account, roleArn, sink, entries);
    },
  };
}

type CallMs = "sns.publishMs" | "sqs.sendMs" | "kinesis.putMs" | "eventbridge.putEventsMs";

const sinks: Record<SinkKind, { ms: CallMs; call: Call }> = {
  topic: { ms: "sns.publishMs", call: publishToTopic },
  queue: { ms: "sqs.sendMs", call: sendToQueue },
  stream: { ms: "kinesis.putMs", call: putIntoStream },
  bus: { ms: "eventbridge.putEventsMs", call: putOnBus },
};

function publishToTopic({ sns, iam }: Account, roleArn: string, sink: Sink, entries: PublishEntry[]): PublishFailure[] {
  const topic = sns.topic(sink.address);
  if (!iam.allows(roleArn, "sns:Publish", sink.address)) {
    throw new ServiceError(
      "AuthorizationError",
      `User: ${roleArn} is not authorized to perform: SNS:Publish on resource: ${sink.address}`,
      403,
    );
  }
  if (!topic) throw new ServiceError("NotFound", "Topic does not exist", 404);
  const fifo = isFifo(sink);
  const { Failed } = topic.publishBatch(
    entries.map(({ id, message, messageGroup, deduplicationId }): TopicEntry => {
      if (messageGroup === null) return { Id: id, Message: message };
      const entry = { Id: id, Message: message, MessageGroupId: messageGroup };
      return fifo ? { ...entry, MessageDeduplicationId: deduplicationId } : entry;
    }),
  );
  return Failed.map(failureOf);
}

function sendToQueue(
  { sqs, iam, constants }: Account,
  roleArn: string,
  sink: Sink,
  entries: PublishEntry[],
): PublishFailure[] {
  const queue = sqs.list().find(({ url }) => url === sink.address);
  if (!queue || !iam.allows(roleArn, "sqs:SendMessage", queue.arn)) {
    throw new ServiceError(
      "AccessDenied",
      `User: ${roleArn} is not authorized to perform: sqs:sendmessage on the queue ${sink.address}`,
      403,
    );
  }
  const fifo = isFifo(sink);
  const limits = {
    entries: constants["sqs.maximumReceiveBatch"],
    idCharacters: constants["sqs.maximumBatchIdCharacters"],
    bytes: constants["sqs.maximumMessageBytes"],
  };
  queue.admit("SendMessage");
  const { Failed } = runBatch(
    entries.map((entry) => ({ ...entry, Id: entry.id })),
    limits,
    ({ message }) => message,
    ({ Id, message, messageGroup, deduplicationId }) => {
      if (messageGroup === null) queue.send(message);
      else if (fifo) queue.send(message, { messageGroupId: messageGroup, messageDeduplicationId: deduplicationId });
      else queue.send(message, { messageGroupId: messageGroup });
      return { Id };
    },
  );
  return Failed.map(failureOf);
}

function putOnBus(
  { eventBuses, iam }: Account,
  roleArn: string,
  sink: Sink,
  entries: PublishEntry[],
): PublishFailure[] {
  const bus = eventBuses.bus(sink.address);
  if (!bus || !iam.allows(roleArn, "events:PutEvents", bus.arn)) {
    throw new ServiceError(
      "AccessDeniedException",
      `User: ${roleArn} is not authorized to perform: events:PutEvents on the bus ${sink.address}`,
      403,
    );
  }
  const { Entries } = eventBuses.putEvents(
    entries.map(({ message }) => ({
      EventBusName: sink.address,
      Source: busEventSource,
      DetailType: busEventType,
      Detail: message,
    })),
  );
  // The model has none of EventBridge's own failures.
  return Entries.flatMap(({ ErrorCode }, index) =>
    ErrorCode === undefined ? [] : [{ id: entries[index]!.id, code: ErrorCode, senderFault: true }],
  );
}

function putIntoStream(
  { kinesis, iam, region, accountId }: Account,
  roleArn: string,
  sink: Sink,
  entries: PublishEntry[],
): PublishFailure[] {
  const streamArn = `arn:aws:kinesis:${region}:${accountId}:stream/${sink.address}`;
  if (!iam.allows(roleArn, "kinesis:PutRecords", streamArn)) {
    throw new ServiceError(
      "AccessDeniedException",
      `User: ${roleArn} is not authorized to perform: kinesis:PutRecords on resource: ${streamArn}`,
    );
  }
  const stream = kinesis.stream(streamArn);
  if (!stream) {
    throw new ServiceError("ResourceNotFoundException", `Stream ${sink.address} under account ${accountId} not found.`);
  }
  const outcomes = stream.putAll(
    entries.map(({ id, message, messageGroup }) => ({ partitionKey: messageGroup ?? id, data: Buffer.from(message) })),
  );
  return outcomes.flatMap((outcome, index) =>
    "errorCode" in outcome ? [{ id: entries[index]!.id, code: outcome.errorCode, senderFault: false }] : [],
  );
}

function failureOf({ Id, Code, SenderFault }: BatchFailure): PublishFailure {
  return { id: Id, code: Code, senderFault: SenderFault };
}
