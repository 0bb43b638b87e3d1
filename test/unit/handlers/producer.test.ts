/** The producer: every event once, in order, no faster than told, through a topic that fails now and then. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createProducer, type ProducerResult } from "../../../infra/handlers/producer.ts";
import { contextWith, epoch, FakePorts } from "./fake-ports.ts";

const topicArn = "arn:aws:sns:eu-west-1:000000000000:topic";
const producerPorts = (rate: number | string) => new FakePorts({ TOPIC_ARN: topicArn, PUBLISH_RATE: String(rate) });
const grouped = (groups: string) => ({
  QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/000000000000/queue.fifo",
  MESSAGE_GROUPS: groups,
  PUBLISH_RATE: "0",
});
const publish = (ports: FakePorts, payload: unknown, remainingMs?: number) =>
  createProducer(ports)(payload, contextWith(remainingMs)) as Promise<ProducerResult>;
const ids = (ports: FakePorts) => ports.taken.map(({ id }) => id);
const range = (first: number, length: number) => Array.from({ length }, (_, index) => first + index);

describe("the producer", () => {
  it("publishes the ids in order, ten to a call, back to back when the rate is 0", async () => {
    const ports = producerPorts(0);
    ports.publishMs = 30;
    const result = await publish(ports, { runId: "run", events: 25 });
    expect(ports.calls.map(({ at, entries }) => [at - epoch, entries.length])).toEqual([
      [0, 10],
      [30, 10],
      [60, 5],
    ]);
    expect(ports.calls[0]?.sink).toEqual({ kind: "topic", address: topicArn });
    expect(ports.calls[0]?.entries[0]).toEqual({
      id: "1",
      message: JSON.stringify({ id: 1, sentAt: epoch, runId: "run" }),
      messageGroup: null,
      deduplicationId: "run:1",
    });
    expect(ids(ports)).toEqual(range(1, 25));
    expect(result).toEqual({ published: 25, failed: 0, firstSentAt: epoch, lastSentAt: epoch + 60 });
  });

  it("starts at firstId", async () => {
    const ports = producerPorts(0);
    await publish(ports, { runId: "run", events: 3, firstId: 501 });
    expect(ids(ports)).toEqual([501, 502, 503]);
  });

  it("publishes every n-th id as one of n lanes, at an n-th of the pace", async () => {
    const ports = producerPorts(90);
    const result = await publish(ports, { runId: "run", events: 13, firstId: 2, stride: 3 });
    expect(ids(ports)).toEqual(range(0, 13).map((index) => 2 + index * 3));
    expect(ports.calls.map(({ at, entries }) => [at - epoch, entries.length])).toEqual([
      [0, 6],
      [200, 6],
      [400, 1],
    ]);
    expect(result).toEqual({ published: 13, failed: 0, firstSentAt: epoch, lastSentAt: epoch + 400 });
  });

  it.each([
    ["waits for a start that is near", 10_000, 10_000],
    ["begins at once when its start is over", -1, 0],
    ["begins at once when its start is too far away to be believed", 20_001, 0],
  ])("%s", async (_what, startIn, begins) => {
    const ports = producerPorts(50);
    await publish(ports, { runId: "run", events: 20, startAt: epoch + startIn });
    expect(ports.calls.map(({ at }) => at - epoch)).toEqual([begins, begins + 200]);
    expect(ports.taken[0]?.sentAt).toBe(epoch + begins);
  });

  it.each([
    [0.5, [0, 2000, 4000], 1],
    [1, [0, 1000, 2000], 1],
    [17, [0, 236, 471], 4],
    [50, [0, 200, 400], 10],
    [200, [0, 50, 100], 10],
  ])("paces %d events per second with calls at %j ms", async (rate, at, size) => {
    const ports = producerPorts(rate);
    await publish(ports, { runId: "run", events: size * 3 });
    expect(ports.calls.map((call) => call.at - epoch)).toEqual(at);
    expect(ports.calls.map(({ entries }) => entries.length)).toEqual([size, size, size]);
  });

  it("makes up for time that was lost, so that the mean pace holds", async () => {
    const ports = producerPorts(50);
    ports.answer = (_entries, call) => (call === 1 ? new Error("timed out") : []);
    ports.publishMs = 210;
    await publish(ports, { runId: "run", events: 40 });
    // 210 ms, 100 ms of back-off and 210 ms again: the second batch, due at 200 ms, starts at 520 ms.
    expect(ports.calls.map(({ at }) => at - epoch)).toEqual([0, 310, 520, 730, 940]);
  });

  it("retries only what failed, with the sentAt it was made with, after a growing wait", async () => {
    const ports = producerPorts(0);
    ports.answer = (entries, call) =>
      call <= 2 ? entries.slice(-2).map(({ id }) => ({ id, code: "InternalError", senderFault: false })) : [];
    const result = await publish(ports, { runId: "run", events: 5 });
    expect(ports.calls.map(({ at, entries }) => [at - epoch, entries.map(({ id }) => id)])).toEqual([
      [0, ["1", "2", "3", "4", "5"]],
      [100, ["4", "5"]],
      [300, ["4", "5"]],
    ]);
    expect(ports.taken.every(({ sentAt }) => sentAt === epoch)).toBe(true);
    expect(result).toEqual({ published: 5, failed: 0, firstSentAt: epoch, lastSentAt: epoch });
  });

  it("does not retry an entry that is at fault itself", async () => {
    const ports = producerPorts(0);
    ports.answer = (entries) =>
      entries.filter(({ id }) => id === "2").map(({ id }) => ({ id, code: "InvalidParameter", senderFault: true }));
    const result = await publish(ports, { runId: "run", events: 12 });
    expect(ports.calls).toHaveLength(2);
    expect(result).toMatchObject({ published: 11, failed: 1 });
    expect(ports.logged).toEqual(["Event 2 was not taken at attempt 1: InvalidParameter."]);
  });

  it("gives an entry up after eight attempts and goes on with the next batch", async () => {
    const ports = producerPorts(0);
    ports.answer = (entries) =>
      entries.filter(({ id }) => id === "2").map(({ id }) => ({ id, code: "InternalError", senderFault: false }));
    const result = await publish(ports, { runId: "run", events: 12 });
    expect(result).toMatchObject({ published: 11, failed: 1 });
    expect(ports.calls.map(({ at }) => at - epoch)).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 11_300, 11_300]);
  });

  it("stops when the topic rejects whole calls for good, and counts the rest as failed", async () => {
    const ports = producerPorts(0);
    ports.answer = (_entries, call) => (call === 1 ? [] : new Error("the topic is gone"));
    const result = await publish(ports, { runId: "run", events: 1000 });
    expect(result).toEqual({ published: 10, failed: 990, firstSentAt: epoch, lastSentAt: epoch });
    expect(ports.calls).toHaveLength(9);
  });

  it("says why when the topic takes nothing at all", async () => {
    const ports = producerPorts(0);
    ports.answer = () => new Error("not authorized to perform sns:Publish");
    await expect(publish(ports, { runId: "run", events: 20 })).rejects.toThrow(
      "The topic takes no events: not authorized to perform sns:Publish",
    );
  });

  it("reports no times when every entry was refused", async () => {
    const ports = producerPorts(0);
    ports.answer = (entries) => entries.map(({ id }) => ({ id, code: "InvalidParameter", senderFault: true }));
    const result = await publish(ports, { runId: "run", events: 2 });
    expect(result).toEqual({ published: 0, failed: 2, firstSentAt: null, lastSentAt: null });
  });

  it("refuses a pace that does not fit into its timeout before it publishes anything", async () => {
    const ports = producerPorts(1);
    await expect(publish(ports, { runId: "run", events: 1000 }, 900_000)).rejects.toThrow(
      "1000 events at 1 per second take 999 s, more than the producer's timeout allows",
    );
    expect(ports.calls).toEqual([]);
  });

  it.each([
    ["nothing", undefined, "has to be an object"],
    ["a text", "run", "has to be an object"],
    ["an empty object", {}, "malformed in runId, events:"],
    ["an empty runId", { runId: "", events: 1 }, "malformed in runId:"],
    ["no events", { runId: "run", events: 0 }, "malformed in events:"],
    ["half an event", { runId: "run", events: 1.5 }, "malformed in events:"],
    ["a count in text", { runId: "run", events: "10" }, "malformed in events:"],
    ["a firstId of 0", { runId: "run", events: 1, firstId: 0 }, "malformed in firstId:"],
    ["ids that leave the integer column", { runId: "run", events: 2, firstId: 2 ** 31 - 1 }, "malformed in firstId:"],
    ["strides that do", { runId: "run", events: 3, stride: 2 ** 30 }, "malformed in firstId:"],
    ["a stride of 0", { runId: "run", events: 3, stride: 0 }, "malformed in stride:"],
    ["a start in text", { runId: "run", events: 3, startAt: "now" }, "malformed in startAt:"],
  ])("refuses a payload that is %s", async (_what, payload, words) => {
    const ports = producerPorts(0);
    await expect(publish(ports, payload)).rejects.toThrow(words);
    expect(ports.calls).toEqual([]);
  });

  it.each(["-1", "NaN", "fast", "", undefined])("is not created with PUBLISH_RATE %j", (text) => {
    expect(() => createProducer(new FakePorts({ TOPIC_ARN: topicArn, PUBLISH_RATE: text }))).toThrow("PUBLISH_RATE");
  });

  it("publishes the share of events again that is drawn, each with its sentAt, and counts it once", async () => {
    const ports = new FakePorts({ TOPIC_ARN: topicArn, PUBLISH_RATE: "0", DUPLICATE_RATE: "0.5" });
    ports.draws.push(0.49, 0.5, 0);
    const result = await publish(ports, { runId: "run", events: 3 });
    expect(ports.taken.map(({ id, sentAt }) => [id, sentAt - epoch])).toEqual([1, 2, 3, 1, 3].map((id) => [id, 0]));
    expect(result).toMatchObject({ published: 3, failed: 0 });
  });

  it.each([
    ["QUEUE_URL", "queue", "https://sqs.eu-west-1.amazonaws.com/000000000000/queue"],
    ["STREAM_NAME", "stream", "stream"],
    ["EVENT_BUS_NAME", "bus", "default"],
  ])(
    "publishes to the sink that %s names, and says its kind when that takes nothing",
    async (variable, kind, address) => {
      const ports = new FakePorts({ [variable]: address, TOPIC_ARN: "", PUBLISH_RATE: "0" });
      await publish(ports, { runId: "run", events: 3 });
      expect(ports.calls.map(({ sink }) => sink)).toEqual([{ kind, address }]);
      ports.answer = () => new Error("refused");
      await expect(publish(ports, { runId: "run", events: 3 })).rejects.toThrow(`The ${kind} takes no events: refused`);
    },
  );

  it("is not created without a sink, nor with two", () => {
    expect(() => createProducer(new FakePorts({ PUBLISH_RATE: "0" }))).toThrow(
      "set one of TOPIC_ARN, QUEUE_URL, STREAM_NAME, EVENT_BUS_NAME",
    );
    const two = { STREAM_NAME: "stream", TOPIC_ARN: topicArn, PUBLISH_RATE: "0" };
    expect(() => createProducer(new FakePorts(two))).toThrow("TOPIC_ARN and STREAM_NAME both name a sink");
  });

  it("names each event's message group, and gives an event's duplicate its deduplication id", async () => {
    const ports = new FakePorts({ ...grouped("3"), DUPLICATE_RATE: "1" });
    ports.draws.push(0, 0, 0, 0);
    await publish(ports, { runId: "run", events: 4 });
    const sent = ports.calls.map(({ entries }) => entries.map((each) => [each.messageGroup, each.deduplicationId]));
    const events = ["1", "2", "0", "1"].map((group, index) => [group, `run:${index + 1}`]);
    expect(sent).toEqual([events, events]);
  });

  it("publishes to a FIFO sink in one message group, where the environment names none", async () => {
    for (const groups of ["", "0", "1"]) {
      const ports = new FakePorts(grouped(groups));
      await publish(ports, { runId: "run", events: 3 });
      expect(ports.calls.flatMap(({ entries }) => entries.map((each) => each.messageGroup))).toEqual(["0", "0", "0"]);
    }
  });

  it("publishes every id exactly once and never ahead of its pace, whatever fails for a while", async () => {
    const run = fc.record({
      rate: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.5, max: 60, noNaN: true })),
      events: fc.integer({ min: 1, max: 120 }),
      firstId: fc.integer({ min: 1, max: 10_000 }),
      stride: fc.integer({ min: 1, max: 20 }),
      publishMs: fc.integer({ min: 0, max: 400 }),
      // At least one of eight attempts in a row is clean: a transient failure.
      faults: fc.array(fc.oneof(fc.constant("none"), fc.constant("reject"), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 7,
      }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ rate, events, firstId, stride, publishMs, faults }) => {
        const ports = producerPorts(rate * stride);
        ports.publishMs = publishMs;
        ports.answer = (entries, call) => {
          const fault = ["none", ...faults][call % (faults.length + 1)];
          if (fault === "reject") return new Error("503");
          if (typeof fault !== "number") return [];
          const failing = entries.filter((_entry, index) => (fault >> (index % 8)) & 1);
          return failing.map(({ id }) => ({ id, code: "Throttled", senderFault: false }));
        };
        const result = await publish(ports, { runId: "run", events, firstId, stride });

        expect(result).toMatchObject({ published: events, failed: 0 });
        expect(ids(ports).toSorted((a, b) => a - b)).toEqual(range(0, events).map((index) => firstId + index * stride));
        const largest = Math.max(...ports.calls.map(({ entries }) => entries.length));
        // A product and its quotient may differ in the last digit, which may be one event more.
        expect(largest).toBeLessThanOrEqual(rate === 0 ? 10 : Math.min(10, Math.ceil((rate + 1e-9) / 5)));
        if (rate === 0) return;
        for (const { id, sentAt } of ports.taken) {
          const before = Math.floor((id - firstId) / stride / largest) * largest;
          expect(sentAt - epoch).toBeGreaterThanOrEqual((before * 1000) / rate - 1e-6);
        }
      }),
      { numRuns: 200 },
    );
  });
});
