/** A notification's body: its text and its size are what JSON makes of it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { uuidBits } from "../../../src/emulator/kernel/random.ts";
import { Notification } from "../../../src/emulator/sns/notification.ts";

const topicArn = "arn:aws:sns:us-east-1:123456789012:topic";
const message = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.record({ id: fc.nat(), runId: fc.string() }).map((event) => JSON.stringify(event)),
  fc.constantFrom("\ud800", "é", "\u007f", "\u2028", '"\\"', "\n"),
);

it("has the fields in their order, and the size of its text in UTF-8", () => {
  fc.assert(
    fc.property(
      fc.uuid({ version: 4 }),
      message,
      fc.option(fc.string()),
      fc.boolean(),
      fc.integer({ min: 0, max: 4_102_444_800_000 }),
      (id, message, subject, hasAttributes, publishedAt) => {
        const attributes: Notification["messageAttributes"] = hasAttributes
          ? { kind: { DataType: "String", StringValue: "order" } }
          : {};
        const timestamp = new Date(publishedAt).toISOString();
        const body = new Notification(uuidBits(id), { topicArn, timestamp }, message, subject, attributes);
        const expected = JSON.stringify({
          Type: "Notification",
          MessageId: id,
          TopicArn: topicArn,
          Message: message,
          Timestamp: timestamp,
          SignatureVersion: "1",
          Signature: "not-signed",
          ...(subject === null ? {} : { Subject: subject }),
          SigningCertURL: "",
          UnsubscribeURL: "",
          ...(hasAttributes && { MessageAttributes: { kind: { Type: "String", Value: "order" } } }),
        });
        expect(String(body)).toBe(expected);
        expect(body.byteLength).toBe(Buffer.byteLength(expected));
      },
    ),
    { numRuns: 500 },
  );
});
