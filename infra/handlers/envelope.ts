/** Takes the bench's events out of whatever AWS wraps them in before a consumer or recorder sees them. */
// zod/mini, because the size of the bundle is cold-start time: full zod adds 70 kB to each function.
import * as z from "zod/mini";
import type { StreamPlace } from "./ports.ts";
import { longestRunId, runIdSchema } from "./run-id.ts";

/** The last millisecond that both an ISO date of four-digit years and a Postgres `timestamp` can say. */
const endOfYear9999 = 253_402_300_799_999;

/** The message on the wire, as the producer makes it: the event's number, when it was made (ms since the epoch), its run. */
const benchEvent = z.object({
  id: z.int32(),
  sentAt: z.int().check(z.minimum(0), z.maximum(endOfYear9999)),
  runId: runIdSchema,
});

export type BenchEvent = z.infer<typeof benchEvent>;

/** A message about records of a stream that were given up holds none of them, and says where they are: `place`. */
type Content = { event: BenchEvent } | { problem: string; place?: StreamPlace };

/**
 * The content of one record of a Lambda event. `recordId` is the id of the outermost record (SQS `messageId`, SNS `MessageId`, the
 * sequence number of a stream's record), which a partial batch response names, or the id of EventBridge's event or of the request.
 * Several deliveries share it when one record holds several messages.
 */
export type Delivery = { source: "sns" | "sqs" | "kinesis" | "bus" | "url"; recordId: string } & Content;

/** A batch has up to 10,000 records, and Lambda sends an error's message in a header and in a line of the log. */
const mostNamedIds = 20;

/** The ids of records as an error names them: all of a usual batch, and of a larger one the first. */
export function namesOf(recordIds: ReadonlySet<string>): string {
  const named = [...recordIds].slice(0, mostNamedIds).join(", ");
  const others = recordIds.size - mostNamedIds;
  return others > 0 ? `${named} and ${others} more` : named;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
const snsRecord = z.object({
  Sns: z.object({ MessageId: z.string().check(z.minLength(1)), Message: z.optional(z.unknown()) }),
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const sqsRecord = z.object({ messageId: z.string().check(z.minLength(1)), body: z.optional(z.unknown()) });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
const kinesisRecord = z.object({
  kinesis: z.object({ sequenceNumber: z.string().check(z.minLength(1)), data: z.optional(z.unknown()) }),
});

const kinesisEvent = z.object({ Records: z.array(kinesisRecord) });
const snsEvent = z.object({ Records: z.array(snsRecord) });
const sqsEvent = z.object({ Records: z.array(sqsRecord) });

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
const busEvent = z.object({
  id: z.string().check(z.minLength(1)),
  "detail-type": z.string(),
  source: z.string(),
  detail: z.unknown(),
});

/** Payload format 2.0: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
const urlEvent = z.object({
  version: z.literal("2.0"),
  requestContext: z.object({ requestId: z.string().check(z.minLength(1)) }),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
});

/**
 * The body of a message that SNS put into a queue, or into a subscription's dead-letter queue, without raw delivery:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 */
const snsNotification = z.object({ Type: z.literal("Notification"), Message: z.optional(z.unknown()) });

/** The message that Lambda sends to an on-failure destination: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const invocationRecord = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: z.optional(z.unknown()),
});

/** The message that Lambda sends when it gives up records of a stream: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
const givenUpRecords = z.object({
  KinesisBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: z.string(),
    endSequenceNumber: z.string(),
  }),
});

// Nearly every record holds one of two texts: the producer's message, or SNS's notification around it. An expression over the whole of
// the text reads it in a seventh of the time that parsing and the schemas take. Any other text goes to the schemas, which find every error.
// The other fields have no escapes and the message is there once, so JSON would read the same.
const space = String.raw`[ \t\n\r]*`;
const comma = `${space},${space}`;
const messageWith = (quote: string) => {
  const key = (name: string) => quote + name + quote;
  return String.raw`\{${key("id")}:(0|[1-9]\d{0,8}),${key("sentAt")}:(0|[1-9]\d{0,13}),${key("runId")}:${key(`([\\w.:/-]{1,${longestRunId}})`)}\}`;
};
const field = (name: string, value: string) => `"${name}"${space}:${space}"${value}"`;
const otherNames = "MessageId|TopicArn|Subject|Timestamp|SignatureVersion|Signature|SigningCertURL|UnsubscribeURL";
const otherFields = `(?:${comma}${field(`(?:${otherNames})`, String.raw`[^"\\\u0000-\u001f]*`)})*`;
const messageField = comma + field("Message", messageWith(String.raw`\\"`));

const plainMessage = new RegExp(`^${messageWith('"')}$`);
/** The first letter of the producer's message after brace and quotation mark, where a notification has white space or its type. */
const keyIndex = 2;
const firstOfKey = "i".charCodeAt(0);
const zero = "0".charCodeAt(0);
/** White space stands where AWS writes it, or nowhere. */
const plainNotification = new RegExp(
  String.raw`^\{${space}${field("Type", "Notification")}${otherFields}${messageField}${otherFields}${space}\}$`,
);

/**
 * The deliveries of an SNS, SQS or Kinesis event, in its order, of an event of EventBridge's, or of a request to the function's URL. A
 * record that holds no event of the bench becomes a `problem`, a sentence fragment such as "the message is not JSON"; only an event of
 * none of these shapes throws.
 */
export function parseEvent(event: unknown): Delivery[] {
  const deliveries = deliveriesOf(event);
  if (deliveries) return deliveries;
  throw new Error(
    "The event is none of SNS, SQS, Kinesis, EventBridge or a function URL, and nothing else is understood here.",
  );
}

/**
 * True when the records of an event are of a source that keeps an order: a stream or a FIFO queue, by the suffix of its name. All records
 * of an event are of one source.
 */
export function comesInOrder(event: unknown): boolean {
  const { Records = [] } = event as { Records?: { eventSource?: unknown; eventSourceARN?: unknown }[] };
  const [record] = Records;
  if (record?.eventSource === "aws:kinesis") return true;
  const arn = record?.eventSourceARN;
  return typeof arn === "string" && arn.endsWith(".fifo");
}

function deliveriesOf(event: unknown): Delivery[] | null {
  return plainDeliveries(event) ?? deliveriesBySchema(event);
}

/** The deliveries of records that hold nothing but the plain texts; null: the schemas have to look. */
function plainDeliveries(event: unknown): Delivery[] | null {
  const records = (event as { Records?: unknown } | null | undefined)?.Records;
  if (!Array.isArray(records) || records.length === 0) return null;
  if (records[0]?.kinesis !== undefined) return plainStreamDeliveries(records);
  let deliveries: Delivery[] | null = null;
  const isSqs = records[0]?.Sns === undefined;
  for (const record of records) {
    const recordId = isSqs ? record?.messageId : record?.Sns?.MessageId;
    const text = isSqs ? record?.body : record?.Sns?.Message;
    if (typeof recordId !== "string" || recordId === "" || typeof text !== "string") return null;
    // An expression that does not fit takes nearly as long as one that does.
    const isBare = !isSqs || text.charCodeAt(keyIndex) === firstOfKey;
    const found = (isBare ? plainMessage : plainNotification).exec(text);
    if (found === null) return null;
    const event = { id: numberOf(found[1]!), sentAt: numberOf(found[2]!), runId: found[3]! };
    const delivery: Delivery = { source: isSqs ? "sqs" : "sns", recordId, event };
    // A list that begins with one takes less memory than one that it is added to, and most events have one record.
    if (deliveries === null) deliveries = [delivery];
    else deliveries.push(delivery);
  }
  return deliveries;
}

/** The number that digits stand for: of the fourteen of a time, `Number` takes several times as long to read them. */
function numberOf(digits: string): number {
  let number = 0;
  for (let index = 0; index < digits.length; index++) number = 10 * number + digits.charCodeAt(index) - zero;
  return number;
}

/** As `plainDeliveries`, of the records of a stream. */
function plainStreamDeliveries(
  records: ({ kinesis?: { sequenceNumber?: unknown; data?: unknown } } | null)[],
): Delivery[] | null {
  const deliveries: Delivery[] = [];
  for (const record of records) {
    const { sequenceNumber, data } = record?.kinesis ?? {};
    if (typeof sequenceNumber !== "string" || sequenceNumber === "" || typeof data !== "string") return null;
    const found = plainMessage.exec(textOfBase64(data));
    if (found === null) return null;
    const event = { id: numberOf(found[1]!), sentAt: numberOf(found[2]!), runId: found[3]! };
    deliveries.push({ source: "kinesis", recordId: sequenceNumber, event });
  }
  return deliveries;
}

function deliveriesBySchema(event: unknown): Delivery[] | null {
  const sqs = sqsEvent.safeParse(event);
  if (sqs.success) {
    return sqs.data.Records.flatMap(({ messageId, body }) =>
      contentsOf(body).map((content) => ({ source: "sqs" as const, recordId: messageId, ...content })),
    );
  }
  const sns = snsEvent.safeParse(event);
  if (sns.success) {
    return sns.data.Records.map(({ Sns }) => ({ source: "sns", recordId: Sns.MessageId, ...messageIn(Sns.Message) }));
  }
  const stream = kinesisEvent.safeParse(event);
  if (stream.success) {
    return stream.data.Records.map(({ kinesis }) => ({
      source: "kinesis",
      recordId: kinesis.sequenceNumber,
      ...messageIn(typeof kinesis.data === "string" ? textOfBase64(kinesis.data) : undefined),
    }));
  }
  const bus = busEvent.safeParse(event);
  if (bus.success) return [{ source: "bus", recordId: bus.data.id, ...eventIn(bus.data.detail) }];
  const request = urlEvent.safeParse(event);
  if (request.success) {
    const { requestContext, body = "", isBase64Encoded } = request.data;
    const content = parseJson(isBase64Encoded ? textOfBase64(body) : body);
    const asked = busEvent.safeParse(content);
    return [
      { source: "url", recordId: requestContext.requestId, ...eventIn(asked.success ? asked.data.detail : content) },
    ];
  }
  return null;
}

/** The messages in a queue's message body: one, unless it is an invocation that Lambda gave up. */
function contentsOf(body: unknown): Content[] {
  const content = parseJson(body);
  const notification = snsNotification.safeParse(content);
  if (notification.success) return [messageIn(notification.data.Message)];

  const givenUp = givenUpRecords.safeParse(content);
  if (givenUp.success) {
    return [{ problem: "the message only says where records of a stream are", place: givenUp.data.KinesisBatchInfo }];
  }
  const discarded = invocationRecord.safeParse(content);
  if (!discarded.success) return contentsOfEvent(content) ?? [eventIn(content)];
  return contentsOfEvent(discarded.data.requestPayload) ?? [{ problem: "the discarded invocation holds no message" }];
}

/** The messages of an event that Lambda gave up: bare in a function's own dead-letter queue, in a record at its destination. */
function contentsOfEvent(event: unknown): Content[] | null {
  const deliveries = deliveriesOf(event);
  if (deliveries?.length === 0) return [{ problem: "the discarded invocation holds no record" }];
  return deliveries?.map(({ source: _source, recordId: _recordId, ...content }) => content) ?? null;
}

/** The content of a message's text. */
export function messageIn(text: unknown): Content {
  return eventIn(parseJson(text));
}

function textOfBase64(data: string): string {
  return Buffer.from(data, "base64").toString();
}

function eventIn(content: unknown): Content {
  if (content === notJson) return { problem: "the message is not JSON" };
  const parsed = benchEvent.safeParse(content);
  if (parsed.success) return { event: parsed.data };
  const fields = new Set(parsed.error.issues.map((issue) => issue.path.join(".")));
  return {
    problem: fields.has("")
      ? "the message is not an object"
      : `the message's ${[...fields].join(", ")} ${fields.size === 1 ? "is" : "are"} missing or malformed`,
  };
}

const notJson = Symbol("not JSON");

function parseJson(text: unknown): unknown {
  if (typeof text !== "string") return notJson;
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}
