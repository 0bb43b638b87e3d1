/** Payloads that the functions must refuse: by an error that Lambda tries again or shows, never by an end of the instance, never in silence. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { busEvent, kinesisEvent, notification, snsEvent, sqsEvent, urlRequest } from "./envelopes.ts";
import { functions, messageOf, underRuntime } from "./functions.ts";
import type { Instance } from "./instance.ts";

const each = functions();
const sink = {
  TOPIC_ARN: "arn:aws:sns:us-east-1:123456789012:topic",
  PUBLISH_RATE: "0",
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
};
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

/** JSON texts, because Lambda lets none but those through. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const noEvents = {
  nothing: "null",
  "a number": "1e400",
  "a text": '"Records"',
  "a list": "[]",
  "an empty object": "{}",
  "records that are no list": '{"Records":{}}',
  "records that are none": '{"Records":[null,5,"x"]}',
  "records of another service": '{"Records":[{"eventSource":"aws:s3","s3":{}}]}',
  "records without an id": JSON.stringify({ Records: [{ body: messageOf(1) }] }),
  "lists in lists": nested(100_000),
  "a schedule's name alone": '{"detail-type":"Scheduled"}',
  "keys of JavaScript's own": '{"__proto__":{"Records":[]},"constructor":{"Records":1},"toString":null}',
  "almost 6 MB": JSON.stringify({ Records: "x".repeat(5_900_000) }),
};

/** Bodies of a message that hold no event. */
const noMessages = [
  "",
  "?",
  "null",
  "[]",
  nested(100_000),
  JSON.stringify({ id: "1", sentAt: 1, runId: "run" }),
  JSON.stringify({ id: 2 ** 31, sentAt: 1, runId: "run" }),
  JSON.stringify({ id: 1, sentAt: -1, runId: "run" }),
  JSON.stringify({ id: 1, sentAt: 1e15, runId: "run" }),
  // Neither could ever be inserted, so that a letter with one would come back for two weeks.
  JSON.stringify({ id: 1, sentAt: 1, runId: "NUL\0" }),
  JSON.stringify({ id: 1, sentAt: 1, runId: Array.from({ length: 9_000 }, (_, index) => index).join() }),
  "x".repeat(250_000),
  notification("?"),
  "%s%d%o%j",
];

/** It answers the next event, in the same process. */
async function expectGoesOn(instance: Instance, event: object, response: unknown): Promise<void> {
  expect(instance.isRunning).toBe(true);
  expect(await instance.invoke(event)).toEqual({ response });
}

underRuntime("what is no event", () => {
  it.each(["consumer", "recorder", "adapter", "producer"] as const)(
    "is an error of the %s, which goes on",
    async (handler) => {
      const instance = await each.start(handler, sink);
      for (const [what, payload] of Object.entries(noEvents)) {
        const outcome = await instance.invoke(payload);
        expect(outcome, what).toHaveProperty("error.errorType", "Error");
        const said = /^(The event is none of SNS, SQS, |The producer's payload (has to be|is malformed in) )/;
        expect(outcome, what).toHaveProperty("error.errorMessage", expect.stringMatching(said));
      }
      expect(instance.isRunning).toBe(true);
      if (handler === "consumer" || handler === "recorder")
        await expectGoesOn(instance, sqsEvent([messageOf(1)]), null);
    },
  );
});

underRuntime("a message that is no event", () => {
  it("fails alone in the consumer, and is named", async () => {
    const consumer = await each.start("consumer", { REPORT_BATCH_ITEM_FAILURES: "true" });
    for (const [index, body] of noMessages.entries()) {
      const event = sqsEvent([messageOf(2 * index), body, messageOf(2 * index + 1)]);
      const batchItemFailures = [{ itemIdentifier: event.Records[1]!.messageId }];
      expect(await consumer.invoke(event), body.slice(0, 50)).toEqual({ response: { batchItemFailures } });
    }
    expect(await each.ids()).toEqual(noMessages.flatMap((_, index) => [2 * index, 2 * index + 1]));
  });

  it("is dropped by the recorder, which says so, and writes the letters beside it", async () => {
    const recorder = await each.start("recorder");
    for (const [index, body] of noMessages.entries()) {
      const event = sqsEvent([body, messageOf(index)]);
      expect(await recorder.invoke(event), body.slice(0, 50)).toEqual({ response: null });
    }
    expect(await each.ids()).toEqual(noMessages.map((_, index) => index));
    expect(recorder.log.match(/Dead letter \S+ is dropped: /g)).toHaveLength(noMessages.length);
  });
});

underRuntime("a payload that somebody drew", () => {
  it("is answered or refused by an instance that goes on", async () => {
    const consumer = await each.start("consumer", { URL_KEY: "key" });
    const recorder = await each.start("recorder");
    const message = fc.oneof(fc.constant(messageOf(1)), fc.json(), fc.string({ unit: "binary" }));
    const envelope = fc.oneof(
      fc.json().map((text) => JSON.parse(text) as unknown),
      fc.array(message).map((bodies) => sqsEvent(bodies)),
      fc.array(message).map((bodies) => kinesisEvent(bodies)),
      message.map((text) => snsEvent(text)),
      message.map((text) => sqsEvent([notification(text)])),
      fc.json().map((text) => busEvent(text)),
      fc
        .tuple(message, fc.boolean())
        .map(([text, isBase64Encoded]) => urlRequest(text, { key: "key", isBase64Encoded })),
    );
    /** One value in it is another one. */
    const bent = fc.tuple(envelope, fc.nat(), fc.jsonValue()).map(([event, place, value]) => {
      let count = 0;
      const text = JSON.stringify(event, (_key, each: unknown) => (count++ === place % 40 ? value : each));
      return text ?? "null";
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(bent, async (payload) => {
        for (const instance of [consumer, recorder]) {
          const outcome = await instance.invoke(payload);
          if ("error" in outcome) refused++;
          else expect(outcome).toHaveProperty("response");
          expect(instance.isRunning).toBe(true);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
    await expectGoesOn(consumer, sqsEvent([messageOf(7)]), null);
  });
});
