/** A published message in the forms in which a topic's subscribers get it. */
import type { LateText, MessageAttribute, Subscription } from "../account.ts";

export class Notification {
  constructor(
    readonly messageId: string,
    readonly message: string,
    readonly subject: string | null,
    readonly messageAttributes: Record<string, MessageAttribute>,
    readonly publishedAt: number,
  ) {}
}

/**
 * The body of an SQS message, which is made when somebody reads it; most messages wait longer as a notification than as a text.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notificationBody(notification: Notification, topicArn: string): string | LateText {
  const { message, subject, messageAttributes } = notification;
  const messageBytes = subject === null && !hasAny(messageAttributes) ? plainJsonBytes(message) : null;
  return messageBytes === null ? anyBody(notification, topicArn) : new PlainBody(notification, topicArn, messageBytes);
}

/** With neither subject nor attributes, and in a message of ASCII: its size is known before its text is made. */
class PlainBody implements LateText {
  readonly byteLength: number;

  constructor(
    private readonly notification: Notification,
    private readonly topicArn: string,
    messageBytes: number,
  ) {
    this.byteLength = frameLength + topicArn.length + messageBytes;
  }

  toString(): string {
    const { messageId, message, publishedAt } = this.notification;
    return plainBody(messageId, this.topicArn, JSON.stringify(message), timestamp(publishedAt));
  }
}

/** `anyBody` of the same. An ARN has nothing that JSON would escape. */
function plainBody(messageId: string, topicArn: string, messageJson: string, publishedAt: string): string {
  return `{"Type":"Notification","MessageId":"${messageId}","TopicArn":"${topicArn}","Message":${messageJson},"Timestamp":"${publishedAt}","SignatureVersion":"1","Signature":"not-signed","SigningCertURL":"","UnsubscribeURL":""}`;
}

const anId = "00000000-0000-4000-8000-000000000000";
const anInstant = "2026-01-01T00:00:00.000Z";
/** The length of all but the ARN and the message. */
const frameLength = plainBody(anId, "", "", anInstant).length;

/** HTTP's spelling of the URLs, no subject when there is none. */
function anyBody(notification: Notification, topicArn: string): string {
  const { SigningCertUrl, UnsubscribeUrl, Subject, ...rest } = envelope(notification, topicArn);
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
          ...envelope(notification, subscription.topicArn),
          MessageAttributes: attributesOf(notification.messageAttributes).MessageAttributes ?? {},
        },
      },
    ],
  };
}

function envelope(notification: Notification, topicArn: string) {
  return {
    Type: "Notification",
    MessageId: notification.messageId,
    TopicArn: topicArn,
    Subject: notification.subject,
    Message: notification.message,
    Timestamp: timestamp(notification.publishedAt),
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

let second = Number.NaN;
let untilSecond = "";

/** As `Date.toISOString`, of which all but the milliseconds is made once a second. */
function timestamp(ms: number): string {
  const milliseconds = ms % 1_000;
  if (ms - milliseconds !== second) {
    second = ms - milliseconds;
    untilSecond = new Date(second).toISOString().slice(0, -"000Z".length);
  }
  return `${untilSecond}${String(milliseconds).padStart(3, "0")}Z`;
}
