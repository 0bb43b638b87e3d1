/** Lambda events as the handlers get them, with hostile parts: each is read, or refused as a whole, the quick way and by the schemas alike. */
import { comesInOrder, parseEvent } from "../../../infra/handlers/envelope.ts";
import { hasKey, isUrlRequest } from "../../../infra/handlers/url.ts";
import { hostile, type Json, mutated, mutatedText } from "./mutations.ts";
import { noOutcome, type Outcome, tryInput } from "./outcome.ts";
import { Random } from "./random.ts";

const message = (id: number) => JSON.stringify({ id, sentAt: 1_700_000_000_000 + id, runId: "a-run" });

function notification(text: string): string {
  return JSON.stringify({
    Type: "Notification",
    MessageId: "m",
    TopicArn: "arn:aws:sns:us-east-1:123456789012:t",
    Message: text,
    Timestamp: "2026-01-01T00:00:00.000Z",
    SignatureVersion: "1",
  });
}

const queueArn = "arn:aws:sqs:us-east-1:123456789012:jobs";
const ofQueue = (...bodies: string[]): Json => ({
  Records: bodies.map((body, index) => ({
    messageId: `m-${index}`,
    body,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
  })),
});
const ofTopic = (...texts: string[]): Json => ({
  Records: texts.map((Message, index) => ({ EventSource: "aws:sns", Sns: { MessageId: `m-${index}`, Message } })),
});
const ofStream = (...texts: string[]): Json => ({
  Records: texts.map((text, index) => ({
    eventSource: "aws:kinesis",
    kinesis: { sequenceNumber: `${index}`, data: Buffer.from(text).toString("base64") },
  })),
});
const discarded = (event: Json): string =>
  JSON.stringify({ requestContext: { condition: "RetriesExhausted" }, requestPayload: event });

const givenUp = JSON.stringify({
  KinesisBatchInfo: { streamArn: "a", shardId: "s", startSequenceNumber: "1", endSequenceNumber: "2" },
});

const seeds: readonly ((text: string) => Json)[] = [
  (text) => ofQueue(text),
  (text) => ofQueue(message(1), notification(text), text),
  (text) => ofQueue(discarded(ofQueue(notification(text)))),
  (text) => ofQueue(discarded(ofTopic(text)), givenUp),
  (text) => ofTopic(text, message(3)),
  (text) => ofStream(text, message(4)),
  (text) => ({ id: "e", "detail-type": "x", source: "bench", detail: JSON.parse(message(5)) as Json, version: text }),
  (text) => ({
    version: "2.0",
    requestContext: { requestId: "r" },
    headers: { "x-throttle-bench-key": "k" },
    body: text,
    isBase64Encoded: false,
  }),
  (text) => ({
    version: "2.0",
    requestContext: { requestId: "r" },
    body: Buffer.from(text).toString("base64"),
    isBase64Encoded: true,
  }),
];

/** Texts that the quick way may take for what they are not. */
function textOf(random: Random): string {
  const text = random.isOneIn(3) ? notification(message(random.below(9))) : message(random.below(9));
  if (random.isOneIn(3)) return text;
  if (random.isOneIn(3)) return mutatedText(text, random);
  if (random.isOneIn(4)) return JSON.stringify(hostile(random));
  const parsed = JSON.parse(text) as Json;
  return JSON.stringify(mutated(parsed, random), null, random.of([0, 0, 1]));
}

const refusal =
  "The event is none of SNS, SQS, Kinesis, EventBridge or a function URL, and nothing else is understood here.";

/** As an event of many records, of which the last is for the schemas alone. */
function bySchema(event: Json): Json | null {
  const { Records } = (event ?? {}) as { Records?: Json };
  if (!Array.isArray(Records) || Records.length === 0) return null;
  const [first] = Records as { Sns?: Json; kinesis?: Json }[];
  const last: Json =
    first?.kinesis !== undefined
      ? { kinesis: { sequenceNumber: "last", data: "" } }
      : first?.Sns !== undefined
        ? { Sns: { MessageId: "last", Message: "" } }
        : { messageId: "last", body: "" };
  return { Records: [...Records, last] };
}

function read(event: Json): void {
  try {
    if (isUrlRequest(event)) hasKey(event, "key");
    const deliveries = parseEvent(event);
    comesInOrder(event);
    for (const delivery of deliveries) {
      if (typeof delivery.recordId !== "string" || delivery.recordId === "") throw new Error("a record has no id");
      if ("event" in delivery && !Number.isInteger(delivery.event.id)) throw new Error("an event has no number");
    }
    const other = bySchema(event);
    if (other === null) return;
    const expected = JSON.stringify(parseEvent(other).slice(0, -1));
    if (JSON.stringify(deliveries) !== expected)
      throw new Error(`the schemas read ${expected}, and the quick way ${JSON.stringify(deliveries)}`);
  } catch (error) {
    if ((error as Error).message !== refusal) throw error;
  }
}

export async function fuzzEnvelopes(count: number, seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const outcome = noOutcome();
  for (let number = 0; number < count; number++) {
    const plain = random.of(seeds)(textOf(random));
    const event = random.isOneIn(3) ? plain : random.isOneIn(20) ? hostile(random) : mutated(plain, random);
    await tryInput(outcome, "an envelope", JSON.stringify(event), () => read(event));
  }
  return outcome;
}
