/** Reading the envelopes of SNS, SQS and Lambda's destinations. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEvent } from "../../../infra/handlers/envelope.ts";
import {
  discardedInvocation,
  epoch,
  kinesisEvent,
  message,
  notification,
  publishedGivenUpRecords,
  snsEvent,
  sqsEvent,
} from "./fake-ports.ts";

const event = (id: number) => ({ id, sentAt: epoch - 1_000 + id, runId: "run" });

describe("parseEvent", () => {
  it("reads the message of each SNS record under its MessageId", () => {
    expect(parseEvent(snsEvent(message(1), message(2)))).toEqual([
      { source: "sns", recordId: "sns-1", event: event(1) },
      { source: "sns", recordId: "sns-2", event: event(2) },
    ]);
  });

  it.each([
    ["the envelope that SNS puts around it", notification(message(7))],
    ["raw delivery", message(7)],
    ["the on-failure record of an SNS invocation", discardedInvocation(snsEvent(message(7)))],
    ["the on-failure record of an SQS invocation", discardedInvocation(sqsEvent(notification(message(7))))],
    ["the bare event in a function's own dead-letter queue", JSON.stringify(snsEvent(message(7)))],
  ])("reads an SQS body that is %s, under the SQS messageId", (_what, body) => {
    expect(parseEvent(sqsEvent(body))).toEqual([{ source: "sqs", recordId: "sqs-1", event: event(7) }]);
  });

  it("gives every message of a discarded invocation the id of the record that carried it", () => {
    expect(parseEvent(sqsEvent(discardedInvocation(snsEvent(message(1), "?", message(3)))))).toEqual([
      { source: "sqs", recordId: "sqs-1", event: event(1) },
      { source: "sqs", recordId: "sqs-1", problem: "the message is not JSON" },
      { source: "sqs", recordId: "sqs-1", event: event(3) },
    ]);
  });

  it("reads the data of each record of a stream under its sequence number", () => {
    expect(parseEvent(kinesisEvent(message(1), "?", JSON.stringify({ ...event(3), runId: "läuft" })))).toEqual([
      { source: "kinesis", recordId: "kinesis-1", event: event(1) },
      { source: "kinesis", recordId: "kinesis-2", problem: "the message is not JSON" },
      { source: "kinesis", recordId: "kinesis-3", event: { ...event(3), runId: "läuft" } },
    ]);
    const { Records } = kinesisEvent(message(1));
    const withoutData = { Records: [{ ...Records[0], kinesis: { sequenceNumber: "kinesis-1" } }] };
    expect(parseEvent(withoutData)).toMatchObject([{ recordId: "kinesis-1", problem: "the message is not JSON" }]);
  });

  it("tells where the records are that Lambda gave up, from the message as AWS publishes it", () => {
    expect(parseEvent(sqsEvent(publishedGivenUpRecords))).toEqual([
      {
        source: "sqs",
        recordId: "sqs-1",
        problem: "the message only says where records of a stream are",
        place: {
          streamArn: "arn:aws:kinesis:us-east-2:123456789012:stream/mystream",
          shardId: "shardId-000000000001",
          startSequenceNumber: "49601189658422359378836298521827638475320189012309704722",
          endSequenceNumber: "49601189658422359378836298522902373528957594348623495186",
        },
      },
    ]);
  });

  it("ignores fields that a later producer may add to a message", () => {
    const [delivery] = parseEvent(sqsEvent(JSON.stringify({ ...event(1), key: "a" })));
    expect(delivery).toEqual({ source: "sqs", recordId: "sqs-1", event: event(1) });
  });

  it.each([
    ["text that is not JSON", "not json", "the message is not JSON"],
    ["an empty body", "", "the message is not JSON"],
    ["a body that is no text", 42, "the message is not JSON"],
    ["JSON that is no object", "null", "the message is not an object"],
    ["an array", "[1]", "the message is not an object"],
    ["an empty object", "{}", "the message's id, sentAt, runId are missing or malformed"],
    ["an id that is text", JSON.stringify({ ...event(1), id: "1" }), "the message's id is missing or malformed"],
    ["an id beyond integer", JSON.stringify({ ...event(1), id: 2 ** 31 }), "the message's id is missing or malformed"],
    ["a fractional id", JSON.stringify({ ...event(1), id: 1.5 }), "the message's id is missing or malformed"],
    ["a date as text", JSON.stringify({ ...event(1), sentAt: "2026" }), "the message's sentAt is missing or malformed"],
    ["a date past 9999", JSON.stringify({ ...event(1), sentAt: 1e15 }), "the message's sentAt is missing or malformed"],
    ["an empty runId", JSON.stringify({ ...event(1), runId: "" }), "the message's runId is missing or malformed"],
    [
      "a runId that Postgres cannot keep",
      JSON.stringify({ ...event(1), runId: "a\0b" }),
      "the message's runId is missing or malformed",
    ],
    [
      "a runId that Postgres cannot index",
      JSON.stringify({ ...event(1), runId: "r".repeat(501) }),
      "the message's runId is missing or malformed",
    ],
    ["an envelope around no JSON", notification("?"), "the message is not JSON"],
    ["an envelope without a Message", notification(undefined), "the message is not JSON"],
    ["a discarded nothing", discardedInvocation(null), "the discarded invocation holds no message"],
    ["a discarded empty event", discardedInvocation({ Records: [] }), "the discarded invocation holds no record"],
  ])("tells what is wrong with %s and reads the record after it", (_what, body, problem) => {
    expect(parseEvent(sqsEvent(body, message(2)))).toEqual([
      { source: "sqs", recordId: "sqs-1", problem },
      { source: "sqs", recordId: "sqs-2", event: event(2) },
    ]);
  });

  it("tells of a record that lacks its body, and does not throw for it", () => {
    expect(parseEvent({ Records: [{ messageId: "sqs-1" }] })).toEqual([
      { source: "sqs", recordId: "sqs-1", problem: "the message is not JSON" },
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["a text", "Records"],
    ["an object without Records", { runId: "run" }],
    ["Records that are no array", { Records: {} }],
    ["records of another service", { Records: [{ eventSource: "aws:s3", s3: {} }] }],
    ["a record without an id to report it by", { Records: [{ eventSource: "aws:sqs", body: message(1) }] }],
  ])("throws for %s", (_what, other) => {
    expect(() => parseEvent(other)).toThrow("none of SNS, SQS, Kinesis, EventBridge or a function URL");
  });

  it("never throws, and answers for every record, whatever the bodies are", () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.anything(),
      fc.anything().map((content) => notification(content)),
      fc.json().map((content) => discardedInvocation(JSON.parse(content))),
      fc.json().map((content) => discardedInvocation(sqsEvent(content))),
      fc
        .record(
          { id: fc.anything(), sentAt: fc.anything(), runId: fc.anything() },
          { requiredKeys: [], noNullPrototype: true },
        )
        .map((content) => JSON.stringify(content, (_key, value) => (typeof value === "bigint" ? 1 : value))),
    );
    fc.assert(
      fc.property(fc.array(body, { maxLength: 5 }), (bodies) => {
        const ids = bodies.map((_body, index) => index + 1);
        const recordIds = (made: object) => [...new Set(parseEvent(made).map(({ recordId }) => recordId))];
        expect(recordIds(sqsEvent(...bodies))).toEqual(ids.map((id) => `sqs-${id}`));
        expect(recordIds(snsEvent(...bodies))).toEqual(ids.map((id) => `sns-${id}`));
      }),
    );
  });

  it("reads back whatever event the producer can make", () => {
    const made = fc.record({
      id: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      sentAt: fc.integer({ min: 0, max: 253_402_300_799_999 }),
      runId: fc.string({ minLength: 1 }),
    });
    fc.assert(
      fc.property(made, (one) => {
        const text = JSON.stringify(one);
        for (const wrapped of [snsEvent(text), sqsEvent(text), sqsEvent(notification(text)), kinesisEvent(text)]) {
          expect(parseEvent(wrapped)).toMatchObject([{ event: one }]);
        }
      }),
    );
  });

  it("reads the plain texts as the schemas read them, whatever is changed in them", () => {
    const plain = fc.record({
      id: fc.integer({ min: -1, max: 2 ** 31 }),
      sentAt: fc.oneof(fc.integer({ min: 0, max: 2 ** 42 }), fc.constant(99_999_999_999_999)),
      runId: fc.string({ unit: fc.constantFrom("a", "Z", "0", "-", "_", ".", "/", '"', "\\", " ", "é") }),
    });
    const layout = fc.constantFrom(undefined, 2, "\t", "\u00a0");
    const change = fc.record({
      at: fc.nat(600),
      remove: fc.nat(2),
      insert: fc.constantFrom("", "", "", '"', "\\", "0", ",", "}", "\n", "\u00a0"),
    });
    const texts = fc
      .tuple(plain, layout, fc.boolean(), change)
      .map(([made, spacing, isRaw, { at, remove, insert }]) => {
        const message = JSON.stringify(made);
        const text = isRaw ? message : JSON.stringify(JSON.parse(notification(message)), null, spacing);
        const place = at % (text.length + 1);
        return insert === "" ? text : text.slice(0, place) + insert + text.slice(place + remove);
      });
    // An unknown field, which the schemas ignore, leaves the text to them.
    const left = (text: string) => text.replace(/^\{/, '{"more":0,');
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseEvent(sqsEvent(text))).toEqual(parseEvent(sqsEvent(left(text))));
        expect(parseEvent(snsEvent(text))).toEqual(parseEvent(snsEvent(left(text))));
        expect(parseEvent(kinesisEvent(text))).toEqual(parseEvent(kinesisEvent(left(text))));
      }),
    );
  });
});
