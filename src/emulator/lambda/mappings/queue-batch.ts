/** A batch of SQS messages as a function gets it, within Lambda's payload limit. */
import type { MessageAttribute, ReceivedMessage } from "../../account.ts";

const none: SqsRecord[] = [];

/** One batch on its way through a poller. */
export class Batch {
  records: SqsRecord[] = none;
  /** When the first of its messages was received, and when that one becomes visible again. */
  receivedAt = 0;
  visibleAgainAt = 0;
  /** Its records as JSON are no larger. */
  #mostBytes = 0;
  #bytes = 0;
  #measured = 0;

  /** True when its records and this one are at most `mostBytes` as JSON. A single record always fits. */
  hasRoomFor(record: SqsRecord, mostBytes: number): boolean {
    if (this.records.length === 0 || this.#mostBytes + record.mostBytes <= mostBytes) return true;
    for (; this.#measured < this.records.length; this.#measured++) this.#bytes += this.records[this.#measured]!.bytes;
    return this.#bytes + record.bytes <= mostBytes;
  }

  add(record: SqsRecord): void {
    // A list that begins with a record takes less memory than one that it is added to, and most batches are of one.
    if (this.records === none) this.records = [record];
    else this.records.push(record);
    this.#mostBytes += record.mostBytes;
  }
}

/**
 * One of an event's `Records`: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html. The fields that the shipped
 * handlers do not read are made when they are read, or when the record is written as JSON.
 */
export class SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly #message: ReceivedMessage;
  readonly #source: { arn: string; region: string };

  constructor(message: ReceivedMessage, source: { arn: string; region: string }) {
    this.messageId = message.messageId;
    this.body = message.body;
    this.#message = message;
    this.#source = source;
  }

  /** The queue deletes the message by it. */
  get receipt(): ReceivedMessage {
    return this.#message;
  }

  get receiptHandle(): string {
    return this.#message.receiptHandle;
  }

  get attributes() {
    const { receiveCount, sentAt, firstReceivedAt } = this.#message;
    const { sequenceNumber, messageGroupId, messageDeduplicationId } = this.#message;
    return {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
      ...(messageGroupId !== undefined && { MessageGroupId: messageGroupId }),
      SenderId: "AIDAEMULATED",
      ...(messageDeduplicationId !== undefined && { MessageDeduplicationId: messageDeduplicationId }),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    };
  }

  get messageAttributes(): Record<string, MessageAttribute> {
    return this.#message.messageAttributes;
  }

  get md5OfBody(): string {
    return this.#message.md5OfBody;
  }

  get eventSource(): string {
    return "aws:sqs";
  }

  get eventSourceARN(): string {
    return this.#source.arn;
  }

  get awsRegion(): string {
    return this.#source.region;
  }

  toJSON() {
    const { messageId, receiptHandle, body, attributes, messageAttributes, md5OfBody } = this;
    const { eventSource, eventSourceARN, awsRegion } = this;
    return {
      messageId,
      receiptHandle,
      body,
      attributes,
      messageAttributes,
      md5OfBody,
      eventSource,
      eventSourceARN,
      awsRegion,
    };
  }

  /** Its size as JSON. */
  get bytes(): number {
    return Buffer.byteLength(JSON.stringify(this));
  }

  /** No less than that, and much faster: JSON writes no character in more than six bytes, and all but the texts is some 500. */
  get mostBytes(): number {
    for (const _ in this.messageAttributes) return this.bytes;
    return 6 * this.body.length + 1_000;
  }
}
