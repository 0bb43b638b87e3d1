/** The adapter between a topic and a stream: what it puts there, and what it does when the stream takes no more. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAdapter } from "../../../infra/handlers/adapter.ts";
import { contextWith, epoch, FakePorts, message, snsEvent } from "./fake-ports.ts";

const environment = { STREAM_NAME: "stream" };
const context = contextWith();

describe("the adapter", () => {
  it("puts each event of the topic into the stream, as the producer would, with its id for a key", async () => {
    const ports = new FakePorts(environment);
    await createAdapter(ports)(snsEvent(message(1), message(2)), context);
    expect(ports.calls).toEqual([
      {
        at: epoch,
        sink: { kind: "stream", address: "stream" },
        entries: [1, 2].map((id) => ({
          id: String(id),
          message: message(id),
          messageGroup: null,
          deduplicationId: `run:${id}`,
        })),
      },
    ]);
  });

  it("gives an event the message group that the producer would", async () => {
    const ports = new FakePorts({ ...environment, MESSAGE_GROUPS: "3" });
    await createAdapter(ports)(snsEvent(message(4), message(5)), context);
    expect(ports.calls[0]!.entries.map(({ messageGroup }) => messageGroup)).toEqual(["1", "2"]);
  });

  it("puts what the stream did not take again, and no other event", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), async (refusals) => {
        const ports = new FakePorts(environment);
        ports.answer = (entries, call) =>
          entries.filter(({ id }) => call === 1 && refusals[Number(id) - 1]).map(({ id }) => failureOf(id));
        await createAdapter(ports)(snsEvent(...refusals.map((_, index) => message(index + 1))), context);
        const ids = ports.taken.map(({ id }) => id).sort((one, other) => one - other);
        expect(ids).toEqual(refusals.map((_, index) => index + 1));
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it("throws when the stream does not take an event for so long, so that Lambda tries it again", async () => {
    const ports = new FakePorts(environment);
    ports.answer = (entries) => entries.filter(({ id }) => id === "2").map(({ id }) => failureOf(id));
    await expect(createAdapter(ports)(snsEvent(message(1), message(2)), context)).rejects.toThrow(
      "1 of 2 events were not taken by the stream",
    );
    expect(ports.taken.map(({ id }) => id)).toEqual([1]);
    ports.answer = () => new Error("no route to host");
    await expect(createAdapter(ports)(snsEvent(message(3)), context)).rejects.toThrow("no route to host");
  });

  it("throws for a message that holds no event, and puts nothing", async () => {
    const ports = new FakePorts(environment);
    await expect(createAdapter(ports)(snsEvent("?"), context)).rejects.toThrow("Record sns-1 is no event");
    expect(ports.calls).toEqual([]);
  });

  it("does not begin without a sink", () => {
    expect(() => createAdapter(new FakePorts({}))).toThrow("names no sink");
  });
});

function failureOf(id: string) {
  return { id, code: "ProvisionedThroughputExceededException", senderFault: false };
}
