/** A published message in the forms in which a topic's subscribers get it. */
import type { LateText, MessageAttribute, Subscription } from "../account.ts";
import { type IdBits, uuidText } from "../kernel/random.ts";

/** The messages that a topic takes at one instant have this in common. */
export interface Origin {
  readonly topicArn: string;
  /** When they were published, ISO 8601. */
  readonly timestamp: string;
}

/** Few messages have these. */
interface Extras {
  readonly subject: string | null;
  readonly messageAttributes: Record<string, MessageAttribute>;
}

/**
 * As a text it is the body of an SQS message, which is made when somebody reads it: most messages wait longer than they are read.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export class Notification implements LateText {
  // A million may wait, so each keeps the draws of its id, and what it shares or lacks costs it one field.
  private readonly first: number;
  private readonly second: number;
  private readonly third: number;
  private readonly fourth: number;
  private readonly extras: Extras | null;

  constructor(
    [first, second, third, fourth]: IdBits,
    private readonly origin: Origin,
    readonly message: string,
    subject: string | null,
    messageAttributes: Record<string, MessageAttribute>,
  ) {
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
    this.extras = subject === null && !hasAny(messageAttributes) ? null : { subject, messageAttributes };
  }

  get messageId(): string {
    return uuidText(this.first, this.second, this.third, this.fourth);
  }

  get topicArn(): string {
    return this.origin.topicArn;
  }

  get timestamp(): string {
    return this.origin.timestamp;
  }

  get subject(): string | null {
    return this.extras?.subject ?? null;
  }

  get messageAttributes(): Record<string, MessageAttribute> {
    return this.extras?.messageAttributes ?? none;
  }

  get byteLength(): number {
    const messageBytes = this.extras === null ? plainJsonBytes(this.message) : null;
    if (messageBytes === null) return Buffer.byteLength(this.toString());
    return frameLength + this.topicArn.length + messageBytes;
  }

  toString(): string {
    if (this.extras !== null) return anyBody(this);
    return plainBody(this.messageId, this.topicArn, JSON.stringify(this.message), this.timestamp);
  }
}

const none: Record<string, MessageAttribute> = {};

/** `anyBody` without subject and attributes. An ARN has nothing that JSON would escape. The fewer the pieces, the faster it is read. */
function plainBody(messageId: string, topicArn: string, messageJson: string, timestamp: string): string {
  return `{"Type":"Notification","MessageId":"${messageId}${topicPart(topicArn)}${messageJson}${timePart(timestamp)}`;
}

/** Most messages are of the topic and of the instant of the one before. */
const topicPart = ofLatest((topicArn: string) => `","TopicArn":"${topicArn}","Message":`);
const timePart = ofLatest(
  (timestamp: string) =>
    `,"Timestamp":"${timestamp}","SignatureVersion":"1","Signature":"not-signed","SigningCertURL":"","UnsubscribeURL":""}`,
);

/** The same function, which keeps its latest result. */
function ofLatest<Given, Result>(make: (given: Given) => Result): (given: Given) => Result {
  let latest: { given: Given; result: Result } | null = null;
  return (given) => {
    if (latest === null || latest.given !== given) latest = { given, result: make(given) };
    return latest.result;
  };
}

const anId = "00000000-0000-4000-8000-000000000000";
const anInstant = "2026-01-01T00:00:00.000Z";
/** The length of all but the ARN and the message. */
const frameLength = plainBody(anId, "", "", anInstant).length;

/** HTTP's spelling of the URLs, no subject when there is none. */
function anyBody(notification: Notification): string {
  const { SigningCertUrl, UnsubscribeUrl, Subject, ...rest } = envelope(notification);
  return JSON.stringify({
    ...rest,
    ...(Subject === null ? {} : { Subject }),
    SigningCertURL: SigningCertUrl,
    UnsubscribeURL: UnsubscribeUrl,
    ...attributesOf(notification.messageAttributes),
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function lambdaEvent(notification: Notification, subscription: Subscription) {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: subscription.arn,
        Sns: {
          ...envelope(notification),
          MessageAttributes: attributesOf(notification.messageAttributes).MessageAttributes ?? {},
        },
      },
    ],
  };
}

function envelope(notification: Notification) {
  return {
    Type: "Notification",
    MessageId: notification.messageId,
    TopicArn: notification.topicArn,
    Subject: notification.subject,
    Message: notification.message,
    Timestamp: notification.timestamp,
    SignatureVersion: "1",
    Signature: "not-signed",
    SigningCertUrl: "",
    UnsubscribeUrl: "",
  };
}

function attributesOf(attributes: Record<string, MessageAttribute>) {
  if (!hasAny(attributes)) return {};
  return {
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { Type: DataType, Value: StringValue ?? BinaryValue },
      ]),
    ),
  };
}

function hasAny(attributes: Record<string, MessageAttribute>): boolean {
  for (const _ in attributes) return true;
  return false;
}

/** The size of the text as JSON, when it is of printable ASCII; null: it is not. */
function plainJsonBytes(text: string): number | null {
  let bytes = text.length + 2;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return null;
    if (code === quote || code === backslash) bytes++;
  }
  return bytes;
}

const quote = 0x22;
const backslash = 0x5c;
