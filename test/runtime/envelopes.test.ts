/** Every shape of event that Lambda gives the functions, given to the deployed zips as Lambda does. */
import { expect, it } from "vitest";
import {
  busEvent,
  invocationRecord,
  kinesisEvent,
  notification,
  sequenceNumberOf,
  snsEvent,
  sqsEvent,
  urlRequest,
} from "./envelopes.ts";
import { functions, messageOf, underRuntime } from "./functions.ts";

const each = functions();
const done = { response: null };
const reports = { REPORT_BATCH_ITEM_FAILURES: "true" };
const idsOf = (event: { Records: { messageId: string }[] }, ...indexes: number[]) => ({
  response: { batchItemFailures: indexes.map((index) => ({ itemIdentifier: event.Records[index]!.messageId })) },
});

underRuntime("an event", () => {
  it.each([
    ["of a topic", snsEvent(messageOf(1)), [1]],
    ["of a queue", sqsEvent([messageOf(1), messageOf(2)]), [1, 2]],
    ["of a queue behind a topic", sqsEvent([messageOf(1), messageOf(2)].map(notification)), [1, 2]],
    ["of a queue with raw delivery and without", sqsEvent([messageOf(1), notification(messageOf(2))]), [1, 2]],
    ["of a FIFO queue", sqsEvent([messageOf(1), messageOf(2)], "queue.fifo"), [1, 2]],
    ["of a stream", kinesisEvent([messageOf(1), messageOf(2)]), [1, 2]],
    ["of a bus", busEvent(messageOf(1)), [1]],
    ["with a run's name beyond ASCII", kinesisEvent([messageOf(1, "läuft")]), [1]],
  ])("%s completes its events", async (_what, event, ids) => {
    const consumer = await each.start("consumer");
    expect(await consumer.invoke(event)).toEqual(done);
    const rows = await each.rows();
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(new Set(rows.map(({ batchId }) => batchId)).size).toBe(1);
    expect(rows[0]!.groupId).toMatch(/^(run|läuft)\/consumer$/);
    expect(consumer.log).toBe("");
  });

  it.each([
    ["at an on-failure destination, of a topic's", invocationRecord(snsEvent(messageOf(1))), [1]],
    ["at an on-failure destination, of a bus's", invocationRecord(busEvent(messageOf(1))), [1]],
    ["in a function's own dead-letter queue", JSON.stringify(snsEvent(messageOf(1))), [1]],
    ["in a queue's dead-letter queue", notification(messageOf(1)), [1]],
    ["of a rule's, as the bus gave it up", JSON.stringify(busEvent(messageOf(1))), [1]],
    ["that holds a whole batch", invocationRecord(sqsEvent([messageOf(1), messageOf(2)])), [1, 2]],
  ])("that was given up, %s, is written down", async (_what, body, ids) => {
    const recorder = await each.start("recorder");
    expect(await recorder.invoke(sqsEvent([body]))).toEqual(done);
    expect(await each.ids()).toEqual(ids);
    expect((await each.rows())[0]!.groupId).toBe("run/recorder");
    expect(recorder.log).toBe("");
  });
});

underRuntime("a request to the function's URL", () => {
  const key = "k".repeat(43);

  it("is answered by HTTP: 200, 400 without an event, 403 without the key, 500 when it fails", async () => {
    const consumer = await each.start("consumer", { URL_KEY: key, FAILURE_RATE: "0" });
    const asked = async (body: string, given: { key?: string; isBase64Encoded?: boolean }) => {
      const outcome = await consumer.invoke(urlRequest(body, given));
      return "response" in outcome ? (outcome.response as { statusCode: number }).statusCode : outcome;
    };
    expect(await asked(messageOf(1), { key })).toBe(200);
    expect(await asked(messageOf(2, "läuft"), { key, isBase64Encoded: true })).toBe(200);
    expect(await asked(JSON.stringify(busEvent(messageOf(3))), { key })).toBe(200);
    expect(await asked("?", { key })).toBe(400);
    expect(await asked("", { key })).toBe(400);
    expect(await asked(messageOf(4), {})).toBe(403);
    expect(await asked(messageOf(4), { key: "K".repeat(43) })).toBe(403);
    each.proxy.way = "refused";
    await each.proxy.cut("reset");
    expect(await asked(messageOf(5), { key })).toBe(500);
    expect((await each.rows()).map(({ id, groupId }) => [id, groupId])).toEqual([
      [1, "run/consumer"],
      [2, "läuft/consumer"],
      [3, "run/consumer"],
    ]);
  });

  it("with a body that is no base64 is answered with 400, because another attempt could not work it either", async () => {
    const consumer = await each.start("consumer", { URL_KEY: key });
    const request = { ...urlRequest("", { key }), body: "%%%", isBase64Encoded: true };
    expect(await consumer.invoke(request)).toMatchObject({ response: { statusCode: 400 } });
  });
});

underRuntime("a batch of which some fail", () => {
  const mixed = [messageOf(1), "?", messageOf(3), JSON.stringify({ id: 4 }), messageOf(5)];

  it("names those in a partial batch response, and completes the others", async () => {
    const consumer = await each.start("consumer", reports);
    const event = sqsEvent(mixed);
    expect(await consumer.invoke(event)).toEqual(idsOf(event, 1, 3));
    expect(await each.ids()).toEqual([1, 3, 5]);
  });

  it("is an error without such responses, which names them, and completes the others", async () => {
    const consumer = await each.start("consumer");
    const event = sqsEvent(mixed);
    const failed = [1, 3].map((index) => event.Records[index]!.messageId).join(", ");
    const errorMessage = `2 of the records failed: ${failed}.`;
    expect(await consumer.invoke(event)).toEqual({ error: { errorType: "Error", errorMessage } });
    expect(await each.ids()).toEqual([1, 3, 5]);
  });

  it("of a FIFO queue is given back from the first that fails", async () => {
    const consumer = await each.start("consumer", reports);
    const event = sqsEvent(mixed, "queue.fifo");
    expect(await consumer.invoke(event)).toEqual(idsOf(event, 1, 2, 3, 4));
    expect(await each.ids()).toEqual([1]);
  });

  it("of a stream is given back from the first that fails, by its sequence number", async () => {
    const consumer = await each.start("consumer", reports);
    const failures = [1, 2, 3, 4].map((index) => ({ itemIdentifier: sequenceNumberOf(index) }));
    expect(await consumer.invoke(kinesisEvent(mixed))).toEqual({ response: { batchItemFailures: failures } });
    expect(await each.ids()).toEqual([1]);
  });

  it("is an answer that Lambda takes, and an error that it takes, when all of the largest batch fail", async () => {
    const event = sqsEvent(Array.from({ length: 10_000 }, () => "?"));
    const reporting = await each.start("consumer", reports);
    const outcome = await reporting.invoke(event);
    expect(outcome).toHaveProperty("response.batchItemFailures.length", 10_000);
    const throwing = await each.start("consumer");
    const { error } = (await throwing.invoke(event)) as { error: { errorMessage: string } };
    expect(error.errorMessage).toMatch(
      /^10000 of the records failed: (059f36b4[-\w]+, ){19}059f36b4[-\w]+ and 9980 more\.$/,
    );
    expect(throwing.isRunning).toBe(true);
  });
});
