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
});
