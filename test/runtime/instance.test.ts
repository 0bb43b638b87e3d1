/** The life of an instance: its start, its next invocations, and what its time-out and its end leave. */
import { expect, it } from "vitest";
import { sqsEvent } from "./envelopes.ts";
import { functions, messageOf, underRuntime } from "./functions.ts";

const each = functions();
const done = { response: null };
const eventOf = (...ids: number[]) => sqsEvent(ids.map((id) => messageOf(id)));

underRuntime("a cold start", () => {
  it("connects to the database at the first event, and not during INIT", async () => {
    const made = each.proxy.connections.made;
    const consumer = await each.start("consumer");
    expect(consumer).toMatchObject({ isRunning: true, initErrors: [], log: "" });
    expect(each.proxy.connections.made).toBe(made);
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
    expect(each.proxy.connections.made).toBe(made + 1);
  });

  it.each([
    ["consumer", { GROUP: "" }, "The environment variable GROUP is missing"],
    ["consumer", { WORK_MS: "soon" }, 'The environment variable WORK_MS is "soon"'],
    ["recorder", { GROUP: "" }, "The environment variable GROUP is missing"],
    ["producer", { PUBLISH_RATE: "0" }, "The environment names no sink"],
    ["adapter", {}, "The environment names no sink"],
  ] as const)(
    "of a %s with %o is an error of its INIT that says what is wrong",
    async (handler, environment, message) => {
      const instance = await each.start(handler, environment);
      expect(instance.isRunning).toBe(false);
      expect(instance.initErrors).toEqual([{ errorType: "Error", errorMessage: expect.stringContaining(message) }]);
    },
  );

  it("without a database's URL is an error of each invocation, and not of the instance", async () => {
    const consumer = await each.start("consumer", { DATABASE_URL: "" });
    for (let time = 0; time < 2; time++) {
      const { error } = (await consumer.invoke(eventOf(1))) as { error: { errorMessage: string } };
      expect(error.errorMessage).toContain("The environment variable DATABASE_URL is missing");
    }
    expect(consumer.isRunning).toBe(true);
  });
});

underRuntime("an instance that is reused", () => {
  it("keeps its one connection and its cache id, and gives each invocation a batch id", async () => {
    const made = each.proxy.connections.made;
    const consumer = await each.start("consumer");
    for (let id = 1; id <= 30; id++) expect(await consumer.invoke(eventOf(id))).toEqual(done);
    expect(each.proxy.connections.made).toBe(made + 1);
    const rows = await each.rows();
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(new Set(rows.map(({ cacheId }) => cacheId)).size).toBe(1);
    expect(new Set(rows.map(({ batchId }) => batchId)).size).toBe(30);
    expect(consumer.log).toBe("");
  });

  it("has a cache id of its own beside another instance", async () => {
    const [one, other] = await Promise.all([each.start("consumer"), each.start("consumer")]);
    await Promise.all([one.invoke(eventOf(1)), other.invoke(eventOf(2))]);
    expect(new Set((await each.rows()).map(({ cacheId }) => cacheId)).size).toBe(2);
  });
});

underRuntime("an invocation whose time is over", () => {
  it("has completed what it had done, and a new instance completes the rest", async () => {
    const consumer = await each.start("consumer", { WORK_MS: "400" });
    expect(await consumer.invoke(eventOf(1, 2, 3, 4, 5, 6, 7, 8, 9), { timeoutMs: 2_000 })).toEqual({ timedOut: true });
    const completed = await each.ids();
    expect(completed.length).toBeGreaterThan(0);
    expect(completed.length).toBeLessThan(9);
    const next = await each.start("consumer");
    expect(await next.invoke(eventOf(1, 2, 3, 4, 5, 6, 7, 8, 9))).toEqual(done);
    expect([...new Set(await each.ids())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("is not met by a limiter's turn after it: that is refused, and slept until when there is time", async () => {
    const consumer = await each.start("consumer", {
      LIMITER: "reservation",
      LIMITER_RATE: "12/m",
      WHEN_REFUSED: "report",
      REPORT_BATCH_ITEM_FAILURES: "true",
    });
    const none = { response: { batchItemFailures: [] } };
    expect(await consumer.invoke(eventOf(1))).toEqual(none);
    const second = eventOf(2);
    const itemIdentifier = second.Records[0]!.messageId;
    const refused = { response: { batchItemFailures: [{ itemIdentifier }] } };
    expect(await consumer.invoke(second, { timeoutMs: 3_000 })).toEqual(refused);
    expect(await consumer.invoke(second, { timeoutMs: 30_000 })).toEqual(none);
    expect(await each.ids()).toEqual([1, 2]);
  });
});
