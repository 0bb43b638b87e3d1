/** SQS's API: queues and messages. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/ */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { Account, FifoSettings, MessageAttribute, Queue, QueueSettings, ReceivedMessage } from "../account.ts";
import { readAttributes } from "../api/attributes.ts";
import { runBatch } from "../api/batch.ts";
import { integer, list, map, messageAttributes, pageOf, pageToken } from "../api/input.ts";
import { type Api, callbackPromise, type Output, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { given, milliseconds } from "../template/properties.ts";
import { jsonAttributes, queueSettings, settableAttributes } from "./attributes.ts";

const queueUrl = { QueueUrl: z.string() };
const message = {
  MessageBody: z.string(),
  DelaySeconds: integer.optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
  MessageAttributes: messageAttributes.optional(),
};
type MessageInput = z.output<z.ZodObject<typeof message>>;

/** Without MaxResults, those beyond it are not listed: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html */
const mostQueues = 1_000;

const operations: Api["operations"] = {
  CreateQueue: operation(
    z.strictObject({ QueueName: z.string(), Attributes: map(z.string()).optional() }),
    (account, { QueueName, Attributes = {} }) => ({
      QueueUrl: account.sqs.create(QueueName, settingsFrom(Attributes)).url,
    }),
  ),

  DeleteQueue: operation(z.strictObject(queueUrl), (account, { QueueUrl }) => {
    account.sqs.delete(existingQueue(account, QueueUrl).arn);
    return {};
  }),

  GetQueueUrl: operation(z.strictObject({ QueueName: z.string() }), (account, { QueueName }) => ({
    QueueUrl: existingQueue(account, QueueName).url,
  })),

  ListQueues: operation(
    z.strictObject({
      QueueNamePrefix: z.string().optional(),
      MaxResults: integer.optional(),
      NextToken: pageToken.optional(),
    }),
    (account, { QueueNamePrefix = "", MaxResults, NextToken }) => {
      requireBetween("MaxResults", MaxResults, 1, mostQueues);
      const urls = account.sqs
        .list()
        .filter((queue) => queue.name.startsWith(QueueNamePrefix))
        .map(({ url }) => url);
      const { items, next } = pageOf(urls, NextToken, MaxResults ?? mostQueues);
      return { QueueUrls: items, NextToken: MaxResults === undefined ? undefined : next };
    },
  ),

  GetQueueAttributes: operation(
    z.strictObject({ ...queueUrl, AttributeNames: list(z.string()).default([]) }),
    (account, { QueueUrl, AttributeNames }) => {
      const attributes = describeAttributes(existingQueue(account, QueueUrl));
      const known = { All: "", ...attributes, ...settableAttributes };
      const unknown = AttributeNames.find((name) => !Object.hasOwn(known, name));
      if (unknown !== undefined) throw unknownAttribute(unknown);
      const asked = ([name]: [string, string]) => AttributeNames.includes("All") || AttributeNames.includes(name);
      const entries = Object.entries(attributes).filter(asked);
      return entries.length > 0 ? { Attributes: new Map(entries) } : {};
    },
  ),

  SetQueueAttributes: operation(
    z.strictObject({ ...queueUrl, Attributes: map(z.string()) }),
    (account, { QueueUrl, Attributes }) => {
      const queue = existingQueue(account, QueueUrl);
      const { FifoQueue, ...changeable } = Attributes;
      if (FifoQueue !== undefined && FifoQueue !== String(queue.settings.fifo !== null)) {
        throw new ServiceError("InvalidAttributeName", "Unknown Attribute FifoQueue.");
      }
      queue.configure(settingsFrom(changeable, queue.settings.fifo));
      return {};
    },
  ),

  SendMessage: operation(z.strictObject({ ...queueUrl, ...message }), (account, { QueueUrl, ...entry }) => {
    const queue = existingQueue(account, QueueUrl);
    queue.admit("SendMessage");
    return send(account, queue, entry);
  }),

  SendMessageBatch: operation(
    z.strictObject({ ...queueUrl, Entries: list(z.strictObject({ Id: z.string(), ...message })) }),
    (account, { QueueUrl, Entries }) => {
      const queue = existingQueue(account, QueueUrl);
      queue.admit("SendMessage");
      return runBatch(
        Entries,
        batchLimits(account),
        ({ MessageBody }) => MessageBody,
        (entry) => ({ Id: entry.Id, ...send(account, queue, entry) }),
      );
    },
  ),

  ReceiveMessage: operation(
    z.strictObject({
      ...queueUrl,
      MaxNumberOfMessages: integer.default(1),
      VisibilityTimeout: integer.optional(),
      WaitTimeSeconds: integer.optional(),
      AttributeNames: list(z.string()).default([]),
      MessageSystemAttributeNames: list(z.string()).default([]),
      MessageAttributeNames: list(z.string()).default([]),
    }),
    (account, input) => {
      const { constants } = account;
      const { MaxNumberOfMessages, WaitTimeSeconds, VisibilityTimeout } = input;
      requireBetween("MaxNumberOfMessages", MaxNumberOfMessages, 1, constants["sqs.maximumReceiveBatch"]);
      requireBetween("WaitTimeSeconds", WaitTimeSeconds, 0, constants["sqs.maximumReceiveWaitMs"] / 1_000);
      requireVisibilityTimeout(account, VisibilityTimeout);
      const system = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
      const unknown = system.find((name) => name !== "All" && !Object.hasOwn(systemAttributes, name));
      if (unknown !== undefined) throw unknownAttribute(unknown);
      const queue = existingQueue(account, input.QueueUrl);
      queue.admit("ReceiveMessage");
      const request = {
        maximum: MaxNumberOfMessages,
        waitMs: milliseconds(WaitTimeSeconds),
        visibilityTimeoutMs: milliseconds(VisibilityTimeout),
      };
      return callbackPromise<ReceivedMessage[]>(account.kernel, (callback) => queue.receive(request, callback)).then(
        (messages) => {
          const Messages = messages.map((each) => describeMessage(each, system, input.MessageAttributeNames));
          return Messages.length > 0 ? { Messages } : {};
        },
      );
    },
  ),

  DeleteMessage: operation(
    z.strictObject({ ...queueUrl, ReceiptHandle: z.string() }),
    (account, { QueueUrl, ReceiptHandle }) => {
      const queue = existingQueue(account, QueueUrl);
      queue.admit("DeleteMessage");
      queue.delete(ReceiptHandle);
      return {};
    },
  ),

  DeleteMessageBatch: operation(
    z.strictObject({ ...queueUrl, Entries: list(z.strictObject({ Id: z.string(), ReceiptHandle: z.string() })) }),
    (account, { QueueUrl, Entries }) => {
      const queue = existingQueue(account, QueueUrl);
      queue.admit("DeleteMessage");
      return runBatch(
        Entries,
        batchLimits(account),
        () => "",
        ({ Id, ReceiptHandle }) => {
          queue.delete(ReceiptHandle);
          return { Id };
        },
      );
    },
  ),

  ChangeMessageVisibility: operation(
    z.strictObject({ ...queueUrl, ReceiptHandle: z.string(), VisibilityTimeout: integer }),
    (account, { QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      requireVisibilityTimeout(account, VisibilityTimeout);
      existingQueue(account, QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout * 1_000);
      return {};
    },
  ),

  PurgeQueue: operation(z.strictObject(queueUrl), (account, { QueueUrl }) => {
    existingQueue(account, QueueUrl).purge();
    return {};
  }),
};

/** Finds a queue by the last part of its URL, because a client may reach it at another address. @throws ServiceError */
function existingQueue(account: Account, urlOrName: string): Queue {
  const name = urlOrName.split("/").at(-1);
  const queue = account.sqs.list().find((each) => each.name === name);
  if (!queue) throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
  return queue;
}

function batchLimits({ constants }: Account) {
  return {
    entries: constants["sqs.maximumReceiveBatch"],
    idCharacters: constants["sqs.maximumBatchIdCharacters"],
    bytes: constants["sqs.maximumMessageBytes"],
  };
}

function requireBetween(name: string, value: number | undefined, minimum: number, maximum: number): void {
  if (value === undefined || (value >= minimum && value <= maximum)) return;
  throw invalid(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${minimum} and ${maximum}, if provided.`,
  );
}

function requireVisibilityTimeout({ constants }: Account, seconds: number | undefined): void {
  requireBetween("VisibilityTimeout", seconds, 0, constants["sqs.maximumVisibilityTimeoutMs"] / 1_000);
}

function send(account: Account, queue: Queue, entry: MessageInput): Output {
  const { MessageBody, DelaySeconds, MessageAttributes, MessageGroupId, MessageDeduplicationId } = entry;
  const attributes = Object.keys(MessageAttributes ?? {}).length;
  const most = account.constants["sqs.maximumAttributeEntries"];
  if (attributes > most) {
    throw invalid(`Number of message attributes [${attributes}] exceeds the allowed maximum [${most}].`);
  }
  requireBetween("DelaySeconds", DelaySeconds, 0, account.constants["sqs.maximumDelayMs"] / 1_000);
  requireAllowedCharacters(MessageBody);
  const sent = queue.send(
    MessageBody,
    given({
      delayMs: milliseconds(DelaySeconds),
      messageAttributes: MessageAttributes,
      messageGroupId: MessageGroupId,
      messageDeduplicationId: MessageDeduplicationId,
    }),
  );
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: sent.md5OfBody,
    MD5OfMessageAttributes: md5OfAttributes(MessageAttributes ?? {}),
    SequenceNumber: sent.sequenceNumber,
  };
}

/**
 * SQS takes the characters of XML 1.0; half of a surrogate pair is none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const refusedCharacter = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** It looks at what comes by the API. AWS does not say what becomes of such a body that another service sends. */
function requireAllowedCharacters(body: string): void {
  const [refused] = refusedCharacter.exec(body) ?? [];
  if (refused === undefined) return;
  throw new ServiceError(
    "InvalidMessageContents",
    `Invalid binary character '#x${refused.codePointAt(0)!.toString(16).toUpperCase()}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].`,
  );
}

const systemAttributes: Record<string, (message: ReceivedMessage) => string | undefined> = {
  SenderId: () => "AIDAEMULATED",
  SentTimestamp: ({ sentAt }) => String(sentAt),
  ApproximateReceiveCount: ({ receiveCount }) => String(receiveCount),
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAt }) => String(firstReceivedAt),
  MessageGroupId: ({ messageGroupId }) => messageGroupId,
  MessageDeduplicationId: ({ messageDeduplicationId }) => messageDeduplicationId,
  SequenceNumber: ({ sequenceNumber }) => sequenceNumber,
};

function describeMessage(received: ReceivedMessage, system: string[], names: string[]): Output {
  const systemEntries = Object.entries(systemAttributes)
    .filter(([name]) => system.includes("All") || system.includes(name))
    .flatMap(([name, of]): [string, string][] => {
      const value = of(received);
      return value === undefined ? [] : [[name, value]];
    });
  const attributes = Object.entries(received.messageAttributes).filter(([name]) =>
    names.some(
      (asked) => ["All", ".*", name].includes(asked) || (asked.endsWith(".*") && name.startsWith(asked.slice(0, -1))),
    ),
  );
  return {
    MessageId: received.messageId,
    ReceiptHandle: received.receiptHandle,
    MD5OfBody: received.md5OfBody,
    Body: received.body,
    ...(systemEntries.length > 0 ? { Attributes: new Map(systemEntries) } : {}),
    ...(attributes.length > 0
      ? {
          MessageAttributes: new Map(attributes),
          MD5OfMessageAttributes: md5OfAttributes(Object.fromEntries(attributes)),
        }
      : {}),
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation */
export function md5OfAttributes(attributes: Record<string, MessageAttribute>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    const isBinary = DataType.startsWith("Binary");
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([isBinary ? 2 : 1]));
    add(isBinary ? Buffer.from(BinaryValue ?? "", "base64") : Buffer.from(StringValue ?? ""));
  }
  return hash.digest("hex");
}

function settingsFrom(attributes: Record<string, string>, fifo: FifoSettings | null = null): Partial<QueueSettings> {
  return queueSettings(
    readAttributes(attributes, settableAttributes, jsonAttributes, (name, problem) => {
      if (problem === null) return unknownAttribute(name);
      if (name !== "RedrivePolicy" || problem.kind !== "missing") return invalidAttribute(name);
      return invalid(
        "Value for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attributes: deadLetterTargetArn, maxReceiveCount.",
      );
    }),
    fifo,
  );
}

function describeAttributes(queue: Queue): Record<string, string> {
  const { settings } = queue;
  const counts = queue.counts();
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    VisibilityTimeout: String(settings.visibilityTimeoutMs / 1_000),
    DelaySeconds: String(settings.delayMs / 1_000),
    MessageRetentionPeriod: String(settings.retentionMs / 1_000),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitMs / 1_000),
    MaximumMessageSize: String(settings.maximumMessageBytes),
    ...(settings.fifo ? describeFifo(settings.fifo) : {}),
    ...(settings.policy ? { Policy: JSON.stringify(settings.policy) } : {}),
    ...(settings.redrivePolicy ? { RedrivePolicy: JSON.stringify(settings.redrivePolicy) } : {}),
  };
}

function describeFifo({ contentBasedDeduplication, deduplicationScope, throughputLimit }: FifoSettings) {
  return {
    FifoQueue: "true",
    ContentBasedDeduplication: String(contentBasedDeduplication),
    DeduplicationScope: deduplicationScope,
    FifoThroughputLimit: throughputLimit,
  };
}

function unknownAttribute(name: string): ServiceError {
  return new ServiceError("InvalidAttributeName", `The emulator does not model the attribute ${name} of SQS.`);
}

function invalidAttribute(name: string): ServiceError {
  return new ServiceError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
}

function invalid(text: string): ServiceError {
  return new ServiceError("InvalidParameterValue", text);
}

export const sqsApi: Api = {
  name: "SQS",
  signingName: "sqs",
  version: "2012-11-05",
  targetPrefix: "AmazonSQS",
  xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
  queryCodes: {
    QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
    QueueNameExists: "QueueAlreadyExists",
    EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
    TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
    BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
    MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  },
  inputErrors: { missing: "MissingParameter", invalid: "InvalidParameterValue" },
  flattened: (operation) => ({
    Attributes: "Attribute",
    AttributeNames: "AttributeName",
    Entries: `${operation}RequestEntry`,
    Failed: "BatchResultErrorEntry",
    MessageAttributeNames: "MessageAttributeName",
    MessageAttributes: "MessageAttribute",
    MessageSystemAttributeNames: "MessageSystemAttributeName",
    Messages: "Message",
    QueueUrls: "QueueUrl",
    Successful: `${operation}ResultEntry`,
  }),
  operations,
};
