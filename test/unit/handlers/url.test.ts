/** The consumer behind its public URL: who is let in, and what EventBridge is answered. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createConsumer } from "../../../infra/handlers/consumer.ts";
import { createRecorder } from "../../../infra/handlers/recorder.ts";
import { hasKey, urlKeyHeader } from "../../../infra/handlers/url.ts";
import { contextWith, epoch, FakePorts, message, sqsEvent } from "./fake-ports.ts";

const key = "a-key-of-this-run";
const environment = { WORK_MS: "100", GROUP: "consumer", URL_KEY: key };
const context = contextWith();

function busEvent(id: number) {
  return { id: `event-${id}`, "detail-type": "Event", source: "throttle-bench", detail: JSON.parse(message(id)) };
}

function request(body: unknown, headers: Record<string, string> = { [urlKeyHeader]: key }) {
  return {
    version: "2.0",
    headers,
    requestContext: { requestId: "request", http: { method: "POST" } },
    body: typeof body === "string" ? body : JSON.stringify(body),
    isBase64Encoded: false,
  };
}

describe("a request to the consumer's URL", () => {
  it.each([
    ["no key", {}],
    ["another key", { [urlKeyHeader]: "another" }],
    ["an empty key", { [urlKeyHeader]: "" }],
    ["the key and more", { [urlKeyHeader]: `${key}x` }],
    ["the key in another header", { authorization: key }],
  ])("with %s is answered 403, without a connection, a call or a row", async (_, headers) => {
    const ports = new FakePorts({ ...environment, HOLD_MS: "1000" });
    expect(await createConsumer(ports)(request(busEvent(1), headers as Record<string, string>), context)).toMatchObject(
      {
        statusCode: 403,
      },
    );
    expect([ports.connects, ports.called.length, ports.rows.length, ports.clock.now()]).toEqual([0, 0, 0, epoch]);
  });

  it("is read as UTF-8 where its body is base64, and answered 400 where that is none", async () => {
    const ports = new FakePorts(environment);
    const body = Buffer.from(message(1, "läuft")).toString("base64");
    const consumer = createConsumer(ports);
    expect(await consumer({ ...request(body), isBase64Encoded: true }, context)).toMatchObject({ statusCode: 200 });
    expect(await consumer({ ...request("%%%"), isBase64Encoded: true }, context)).toMatchObject({ statusCode: 400 });
    expect(ports.rows.map(({ groupId }) => groupId)).toEqual(["läuft/consumer"]);
  });

  it("is refused where the function has no key, whatever it sends", async () => {
    const ports = new FakePorts({ ...environment, URL_KEY: undefined });
    for (const sent of ["", "undefined"]) {
      const answer = await createConsumer(ports)(request(busEvent(1), { [urlKeyHeader]: sent }), context);
      expect(answer).toMatchObject({ statusCode: 403 });
    }
    expect(ports.rows).toEqual([]);
  });

  it("has the key with just the one text", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (right, sent) => {
        expect(hasKey({ headers: { [urlKeyHeader]: sent } }, right)).toBe(sent === right);
      }),
      { seed: 1 },
    );
  });

  it("with the key is answered 200, and the event has its row", async () => {
    const ports = new FakePorts(environment);
    expect(await createConsumer(ports)(request(busEvent(7)), context)).toMatchObject({ statusCode: 200 });
    expect(ports.rows.map(({ id, groupId }) => [id, groupId])).toEqual([[7, "run/consumer"]]);
  });

  it("may hold the event alone, as a target's input makes it", async () => {
    const ports = new FakePorts(environment);
    expect(await createConsumer(ports)(request(message(8)), context)).toMatchObject({ statusCode: 200 });
    expect(ports.rows.map(({ id }) => id)).toEqual([8]);
  });

  it("is answered 500 when the event failed, so that it comes again", async () => {
    const ports = new FakePorts({ ...environment, FAILURE_RATE: "1" });
    expect(await createConsumer(ports)(request(busEvent(1)), context)).toMatchObject({ statusCode: 500 });
    expect(ports.rows).toEqual([]);
  });

  it("is answered 429 with the time until the limit has room, however a refusal is answered elsewhere", async () => {
    for (const WHEN_REFUSED of ["throw", "report", "return"]) {
      const ports = new FakePorts({ ...environment, DOWNSTREAM_LIMIT: "1/s", WHEN_REFUSED });
      ports.refuse = () => 1_200;
      expect(await createConsumer(ports)(request(busEvent(1)), context)).toMatchObject({
        statusCode: 429,
        headers: { "Retry-After": "2" },
      });
    }
  });

  it("is answered 400 when it holds no event of the bench, which no retry would change", async () => {
    const ports = new FakePorts(environment);
    for (const body of ["not JSON", "{}", ""]) {
      expect(await createConsumer(ports)(request(body), context)).toMatchObject({ statusCode: 400 });
    }
  });

  it("never has the key in the log", async () => {
    const ports = new FakePorts({ ...environment, FAILURE_RATE: "1" });
    const handler = createConsumer(ports);
    for (const event of [request(busEvent(1)), request("x"), request(busEvent(1), {})]) await handler(event, context);
    expect(ports.logged.length).toBeGreaterThan(0);
    expect(ports.logged.join("\n")).not.toContain(key);
  });
});

describe("an event of EventBridge's", () => {
  it("has its row when a rule invokes the consumer with it", async () => {
    const ports = new FakePorts(environment);
    await createConsumer(ports)(busEvent(3), context);
    expect(ports.rows.map(({ id }) => id)).toEqual([3]);
  });

  it("fails the invocation when it failed, so that Lambda tries it again", async () => {
    const ports = new FakePorts({ ...environment, FAILURE_RATE: "1", REPORT_BATCH_ITEM_FAILURES: "true" });
    await expect(createConsumer(ports)(busEvent(3), context)).rejects.toThrow("1 of the records failed");
  });

  it("is recorded from the dead-letter queue of its target", async () => {
    const ports = new FakePorts({ GROUP: "dead-letter" });
    await createRecorder(ports)(sqsEvent(JSON.stringify(busEvent(5))), context);
    expect(ports.rows.map(({ id, groupId }) => [id, groupId])).toEqual([[5, "run/dead-letter"]]);
  });
});

describe("a pull", () => {
  const scheduled = { id: "x", "detail-type": "Scheduled Event", source: "aws.events", detail: {} };
  const pulling = { WORK_MS: "100", GROUP: "consumer", QUEUE_URL: "queue", PULL_COUNT: "15" };
  const waiting = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      messageId: `m-${index + 1}`,
      receiptHandle: `r-${index + 1}`,
      body: message(index + 1),
    }));

  it("takes PULL_COUNT messages one after the other, and deletes each after its work", async () => {
    const ports = new FakePorts(pulling);
    ports.waiting = waiting(20);
    await createConsumer(ports)(scheduled, context);
    expect(ports.rows.map(({ id, createdAt }) => [id, createdAt - epoch])).toEqual(
      Array.from({ length: 15 }, (_, index) => [index + 1, 100 * (index + 1)]),
    );
    expect(ports.deleted).toEqual(waiting(15).map(({ receiptHandle }) => receiptHandle));
    expect(ports.waiting.length).toBe(5);
    expect(new Set(ports.rows.map(({ batchId }) => batchId)).size).toBe(1);
  });

  it("ends when the queue gives none", async () => {
    const ports = new FakePorts(pulling);
    ports.waiting = waiting(3);
    await createConsumer(ports)(scheduled, context);
    expect(ports.rows.length).toBe(3);
  });

  it("leaves a message whose event failed in the queue, and goes on with the next", async () => {
    const ports = new FakePorts(pulling);
    ports.waiting = waiting(3);
    ports.unwritable.add(2);
    await createConsumer(ports)(scheduled, context);
    expect(ports.deleted).toEqual(["r-1", "r-3"]);
  });

  it("gives back a message that the limit refused, with WHEN_REFUSED=return", async () => {
    const ports = new FakePorts({ ...pulling, DOWNSTREAM_LIMIT: "1/s", WHEN_REFUSED: "return" });
    ports.waiting = waiting(2);
    ports.refuse = ({ id }) => (id === 2 ? 700 : 0);
    await createConsumer(ports)(scheduled, context);
    expect(ports.returned).toEqual([{ queueUrl: "queue", receiptHandle: "r-2", seconds: 1 }]);
    expect(ports.deleted).toEqual(["r-1"]);
  });
});
