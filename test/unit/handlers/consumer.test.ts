/** The consumer: one row per event after its work, and what it answers when some of them fail. */
import { describe, expect, it } from "vitest";
import { createConsumer } from "../../../infra/handlers/consumer.ts";
import { contextWith, epoch, FakePorts, message, notification, snsEvent, sqsEvent } from "./fake-ports.ts";

const environment = { WORK_MS: "1150", GROUP: "consumer", REPORT_BATCH_ITEM_FAILURES: "false" };
const context = contextWith();

describe("the consumer", () => {
  it("works for WORK_MS and then inserts one row that says when it took the event up", async () => {
    const ports = new FakePorts(environment);
    await createConsumer(ports)(sqsEvent(notification(message(3, "run-a"))), context);
    expect(ports.rows).toEqual([
      {
        id: 3,
        sentAt: epoch - 997,
        startedAt: epoch,
        groupId: "run-a/consumer",
        batchId: "id-2",
        cacheId: "id-1",
        createdAt: epoch + 1150,
      },
    ]);
  });

  it("takes the messages of a batch one after the other, in order", async () => {
    const ports = new FakePorts(environment);
    await createConsumer(ports)(sqsEvent(message(5), message(4), message(6)), context);
    expect(ports.rows.map(({ id, startedAt, createdAt }) => [id, startedAt - epoch, createdAt - epoch])).toEqual([
      [5, 0, 1150],
      [4, 1150, 2300],
      [6, 2300, 3450],
    ]);
  });

  it("has one cache id per instance and a new batch id per invocation", async () => {
    const ports = new FakePorts(environment);
    const handler = createConsumer(ports);
    await handler(sqsEvent(message(1), message(2)), context);
    await handler(snsEvent(message(3)), context);
    await createConsumer(ports)(snsEvent(message(4)), context);
    const [first, second, third, fourth] = ports.rows;
    expect(second?.batchId).toBe(first?.batchId);
    expect(third?.batchId).not.toBe(first?.batchId);
    expect([second?.cacheId, third?.cacheId]).toEqual([first?.cacheId, first?.cacheId]);
    expect(fourth?.cacheId).not.toBe(first?.cacheId);
  });

  it("connects once per instance, and counts the wait for it as time in the handler", async () => {
    const ports = new FakePorts(environment);
    ports.connectMs = 80;
    const handler = createConsumer(ports);
    expect(ports.connects).toBe(0);
    await handler(snsEvent(message(1)), context);
    await handler(snsEvent(message(2)), context);
    expect(ports.connects).toBe(1);
    expect(ports.rows.map(({ startedAt, createdAt }) => createdAt - startedAt)).toEqual([1230, 1150]);
  });

  it("fails the invocation when it cannot connect, and tries again at the next", async () => {
    const ports = new FakePorts({ ...environment, REPORT_BATCH_ITEM_FAILURES: "true" });
    ports.connectErrors = [new Error("too many clients")];
    const handler = createConsumer(ports);
    await expect(handler(sqsEvent(message(1)), context)).rejects.toThrow("too many clients");
    await expect(handler(sqsEvent(message(1)), context)).resolves.toEqual({ batchItemFailures: [] });
    expect(ports.rows.map(({ id }) => id)).toEqual([1]);
    expect(ports.connects).toBe(2);
  });

  it("does the rest of a batch before it throws for the messages that failed, and names their records", async () => {
    const ports = new FakePorts(environment);
    ports.unwritable.add(2);
    const batch = sqsEvent(message(1), message(2), "?", message(4));
    await expect(createConsumer(ports)(batch, context)).rejects.toThrow("2 of the records failed: sqs-2, sqs-3.");
    expect(ports.rows.map(({ id }) => id)).toEqual([1, 4]);
    expect(ports.logged).toEqual([
      "Record sqs-2 failed: row 2 is refused",
      "Record sqs-3 failed: the message is not JSON",
    ]);
  });

  it("does not work for a message that it cannot read", async () => {
    const ports = new FakePorts(environment);
    await expect(createConsumer(ports)(snsEvent("?"), context)).rejects.toThrow("sns-1");
    expect(ports.clock.now()).toBe(epoch);
  });

  it("answers which messages failed when the mapping asks for it", async () => {
    const ports = new FakePorts({ ...environment, REPORT_BATCH_ITEM_FAILURES: "true" });
    ports.unwritable.add(2);
    const answer = await createConsumer(ports)(sqsEvent(message(1), message(2), "?", message(4)), context);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "sqs-2" }, { itemIdentifier: "sqs-3" }] });
  });

  it("throws for an SNS event even so, because nobody reads an answer there", async () => {
    const ports = new FakePorts({ ...environment, REPORT_BATCH_ITEM_FAILURES: "true" });
    await expect(createConsumer(ports)(snsEvent("?"), context)).rejects.toThrow("sns-1");
  });

  it("throws for an event of another kind", async () => {
    await expect(createConsumer(new FakePorts(environment))({}, context)).rejects.toThrow("neither an SNS nor an SQS");
  });

  it.each(["-1", "NaN", "soon", "", " ", "1.5", "Infinity", undefined])("is not created with WORK_MS %j", (text) => {
    expect(() => createConsumer(new FakePorts({ ...environment, WORK_MS: text }))).toThrow("WORK_MS");
  });

  it("is not created without a GROUP", () => {
    expect(() => createConsumer(new FakePorts({ WORK_MS: "0" }))).toThrow("GROUP");
  });
});
