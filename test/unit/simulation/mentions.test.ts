/** One event is found in whatever passes between services, and no other is taken for it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Mentions } from "../../../src/simulation/mentions.ts";

const message = (id: number) => `{"id":${id},"sentAt":1767225600000,"runId":"a-run"}`;

/** How services wrap a message: each once more than the one before it. */
const wraps: ((content: unknown) => unknown)[] = [
  (content) => JSON.stringify({ Type: "Notification", Message: content }),
  (content) => ({ Records: [{ body: content }] }),
  (content) => Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
  (content) => ({ kinesis: { data: Buffer.from(JSON.stringify(content)).toString("base64") } }),
  (content) => [content, "another"],
];

describe("an event's mentions", () => {
  it("are found however the message is wrapped, and of this event alone", () => {
    const depths = fc.array(fc.nat({ max: wraps.length - 1 }), { maxLength: 3 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 2_000 }), depths, (event, id, path) => {
        const wrapped = path.reduce<unknown>((content, index) => wraps[index]!(content), message(id));
        // A text of bytes inside a text is no text of the message any more.
        const isReadable = path.every((index, place) => index < 2 || index === 4 || place === path.length - 1);
        fc.pre(isReadable);
        expect(new Mentions(event).isIn(wrapped)).toBe(event === id);
      }),
    );
  });

  it("tell when the event was made", () => {
    const mentions = new Mentions(7);
    expect(mentions.sentAt).toBeNull();
    mentions.isIn({ body: message(7) });
    expect(mentions.sentAt).toBe(1_767_225_600_000);
  });

  it("are rows and calls of the event by its number, and nothing else that has this number", () => {
    const mentions = new Mentions(7);
    expect(mentions.isIn([{ id: 7, groupId: "run/consumer" }])).toBe(true);
    expect(mentions.isIn([{ id: 7, runId: "run" }])).toBe(true);
    expect(mentions.isIn([{ id: 8, runId: "run" }])).toBe(false);
    expect(mentions.isIn([{ id: 7 }, 7, "7"])).toBe(false);
  });

  it("are texts with the id that a message of the event has got", () => {
    const mentions = new Mentions(7);
    expect(mentions.isIn("handle-of-a1b2#1")).toBe(false);
    mentions.isIn([{ messageId: "a1b2", body: message(7) }]);
    expect(mentions.isIn("handle-of-a1b2#1")).toBe(true);
    mentions.isIn([{ messageId: "c3d4", body: message(8) }]);
    expect(mentions.isIn("handle-of-c3d4#1")).toBe(false);
  });
});
