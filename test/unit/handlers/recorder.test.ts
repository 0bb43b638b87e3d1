/** The dead-letter recorder: one row per dead letter, under a group of its own. */
import { describe, expect, it } from "vitest";
import { createRecorder } from "../../../infra/handlers/recorder.ts";
import {
  contextWith,
  discardedInvocation,
  epoch,
  FakePorts,
  message,
  notification,
  publishedGivenUpRecords,
  snsEvent,
  sqsEvent,
} from "./fake-ports.ts";

const environment = { GROUP: "dead-letter" };
const context = contextWith();

describe("the recorder", () => {
  it("records each dead letter with its original id and sentAt, whichever way it died", async () => {
    const ports = new FakePorts(environment);
    const letters = sqsEvent(notification(message(1)), message(2), discardedInvocation(snsEvent(message(3))));
    await createRecorder(ports)(letters, context);
    const row = { startedAt: epoch, groupId: "run/dead-letter", batchId: "id-2", cacheId: "id-1", createdAt: epoch };
    expect(ports.rows).toEqual([1, 2, 3].map((id) => ({ id, sentAt: epoch - 1_000 + id, ...row })));
  });

  it("logs and acknowledges a dead letter that cannot be read, and records the others", async () => {
    const ports = new FakePorts(environment);
    await expect(createRecorder(ports)(sqsEvent("?", message(2)), context)).resolves.toBeUndefined();
    expect(ports.rows.map(({ id }) => id)).toEqual([2]);
    expect(ports.logged).toEqual(["Dead letter sqs-1 is dropped: the message is not JSON."]);
  });

  it("throws after the last letter when an insert failed, so that the letters come back", async () => {
    const ports = new FakePorts(environment);
    ports.unwritable.add(1);
    const letters = sqsEvent(message(1), message(2));
    await expect(createRecorder(ports)(letters, context)).rejects.toThrow("1 dead letters were not recorded: sqs-1.");
    expect(ports.rows.map(({ id }) => id)).toEqual([2]);
  });

  it("connects once per instance and tries again after a failure", async () => {
    const ports = new FakePorts(environment);
    ports.connectErrors = [new Error("no route to host")];
    const handler = createRecorder(ports);
    await expect(handler(sqsEvent(message(1)), context)).rejects.toThrow("no route to host");
    await handler(sqsEvent(message(1)), context);
    await handler(sqsEvent(message(2)), context);
    expect(ports.connects).toBe(2);
    expect(ports.rows.map(({ id }) => id)).toEqual([1, 2]);
  });

  it("records the events of a stream's records that a letter points to, beside the other letters", async () => {
    const ports = new FakePorts(environment);
    const places: string[] = [];
    ports.recordsAt = ({ shardId, startSequenceNumber }) => {
      places.push(shardId, startSequenceNumber);
      return [message(1), "?", message(2)];
    };
    await createRecorder(ports)(sqsEvent(publishedGivenUpRecords, message(3)), context);
    expect(ports.rows.map(({ id, groupId }) => [id, groupId])).toEqual([1, 2, 3].map((id) => [id, "run/dead-letter"]));
    expect(places).toEqual(["shardId-000000000001", "49601189658422359378836298521827638475320189012309704722"]);
    expect(ports.logged).toEqual(["Dead letter sqs-1 is dropped: the message is not JSON."]);
  });

  it("acknowledges a letter whose records the stream no longer has", async () => {
    const ports = new FakePorts(environment);
    await createRecorder(ports)(sqsEvent(publishedGivenUpRecords), context);
    expect(ports.logged).toEqual(["Dead letter sqs-1 is dropped: the stream no longer has its records."]);
  });

  it("reads a stream again that was too busy, and lets the letter come back when it stays so", async () => {
    const ports = new FakePorts(environment);
    let calls = 0;
    ports.recordsAt = () => (++calls < 3 ? new Error("Rate exceeded") : [message(1)]);
    await createRecorder(ports)(sqsEvent(publishedGivenUpRecords), context);
    expect(ports.rows).toMatchObject([{ id: 1, createdAt: epoch + 750 }]);

    ports.recordsAt = () => new Error("Rate exceeded");
    const failing = createRecorder(ports)(sqsEvent(publishedGivenUpRecords, message(2)), context);
    await expect(failing).rejects.toThrow("1 dead letters were not recorded: sqs-1.");
    expect(ports.rows.map(({ id }) => id)).toEqual([1, 2]);
    expect(ports.clock.now() - epoch).toBeLessThan(30_000);
  });
});
