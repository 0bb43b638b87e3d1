/** A database that goes away and comes back, as the deployed zips meet it: what Lambda sees, and that the next invocation recovers. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { urlAs } from "../postgres/a-database.ts";
import type { Way } from "./database-proxy.ts";
import { sqsEvent } from "./envelopes.ts";
import { functions, messageOf, underRuntime } from "./functions.ts";
import type { Instance } from "./instance.ts";

const each = functions();
const done = { response: null };
const eventOf = (...ids: number[]) => sqsEvent(ids.map((id) => messageOf(id)));

/** Postgres's own error message. https://www.postgresql.org/docs/current/protocol-error-fields.html */
function serverError(code: string, text: string): Uint8Array {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** The error, by which Lambda tries again what it has sent, of an instance that goes on. */
async function failure(instance: Instance, event: object): Promise<string> {
  const outcome = await instance.invoke(event);
  expect(outcome).toHaveProperty("error.errorMessage");
  expect(instance.isRunning).toBe(true);
  return (outcome as { error: { errorMessage: string } }).error.errorMessage;
}

underRuntime("a connection that is lost while the instance is frozen", () => {
  it.each(["reset", "end"] as const)("by a %s is opened again, and no invocation fails for it", async (how) => {
    // An event that comes in the same turn as the end of the connection may still be written to it, unless its work takes a moment.
    const consumer = await each.start("consumer", { WORK_MS: "50" });
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
    for (const id of [2, 3, 4]) {
      await each.proxy.cut(how);
      expect(await consumer.invoke(eventOf(id))).toEqual(done);
    }
    expect(await each.ids()).toEqual([1, 2, 3, 4]);
    expect(consumer.log.match(/connection was lost while idle/g)).toHaveLength(3);
  });

  it("by the server's shutdown is opened again, and no invocation fails for it", async () => {
    const consumer = await each.start("consumer", { DATABASE_URL: urlAs("shutdown", each.proxy.url) });
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
    await each.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'shutdown'");
    await pause(100);
    expect(await consumer.invoke(eventOf(2))).toEqual(done);
    expect(await each.ids()).toEqual([1, 2]);
  });

  it("is lost for the recorder, too, and no dead letter with it", async () => {
    const recorder = await each.start("recorder");
    expect(await recorder.invoke(eventOf(1))).toEqual(done);
    await each.proxy.cut("reset");
    expect(await recorder.invoke(eventOf(2))).toEqual(done);
    expect(await each.ids()).toEqual([1, 2]);
  });
});

underRuntime("a connection that is lost during an invocation", () => {
  it("while the consumer works is opened again for the insert", async () => {
    const consumer = await each.start("consumer", { WORK_MS: "300" });
    const invoked = consumer.invoke(eventOf(1));
    await pause(200);
    await each.proxy.cut("reset");
    expect(await invoked).toEqual(done);
    expect(await each.ids()).toEqual([1]);
  });

  it("while an insert waits is an error, and the next attempt completes the event", async () => {
    const consumer = await each.start("consumer", { DATABASE_URL: urlAs("waits", each.proxy.url) });
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
    await each.query("begin");
    await each.query("lock table invocations in access exclusive mode");
    const invoked = failure(consumer, eventOf(2, 3));
    const isWaiting = "select 1 from pg_stat_activity where application_name = 'waits' and wait_event_type = 'Lock'";
    await expect.poll(async () => (await each.query(isWaiting)).length).toBe(1);
    await each.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'waits'");
    await each.query("rollback");
    expect(await invoked).toMatch(/^1 of the records failed: [-\w]+000000\.$/);
    expect(await consumer.invoke(eventOf(2))).toEqual(done);
    expect(await each.ids()).toEqual([1, 2, 3]);
  });

  it.each([1, 10, 100, 300, 400, 450, 500, 600])("after %d bytes of its beginning is an error", async (bytes) => {
    const consumer = await each.start("consumer");
    each.proxy.resetAfterBytes = bytes;
    expect(await failure(consumer, eventOf(1))).toMatch(/ECONNRESET|terminated/);
    each.proxy.resetAfterBytes = Number.POSITIVE_INFINITY;
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
    expect(await each.ids()).toEqual([1]);
  });
});

underRuntime("a server that cannot be had", () => {
  it.each<[string, Way, RegExp]>([
    ["is down", "refused", /ECONNRESET|ECONNREFUSED/],
    ["is starting", serverError("57P03", "the database system is starting up"), /starting up/],
    ["is shutting down", serverError("57P01", "terminating connection due to administrator command"), /terminating/],
    ["has no connection left", serverError("53300", "sorry, too many clients already"), /too many clients/],
    ["refuses the password", serverError("28P01", "password authentication failed"), /password/],
    ["closes at once", new Uint8Array(), /terminated/],
    ["speaks HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /terminated|invalid/],
    ["sends zeros", Buffer.alloc(1_000), /invalid|terminated/],
    ["wants another way of signing in", Buffer.from([0x52, 0, 0, 0, 10, 0, 0, 0, 10, 0, 0]), /SCRAM-SHA-256/],
  ])("because it %s is an error that says so, at every attempt, until it is there", async (_why, way, said) => {
    for (const handler of ["consumer", "recorder"] as const) {
      const instance = await each.start(handler);
      each.proxy.way = way;
      for (let attempt = 0; attempt < 2; attempt++) expect(await failure(instance, eventOf(1))).toMatch(said);
      each.proxy.way = "through";
      expect(await instance.invoke(eventOf(1))).toEqual(done);
    }
    expect(await each.ids()).toEqual([1, 1]);
  });

  it("although the instance was connected is an error, and the whole batch completes when it is back", async () => {
    const consumer = await each.start("consumer");
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
    each.proxy.way = "refused";
    await each.proxy.cut("reset");
    expect(await failure(consumer, eventOf(2, 3))).toContain("2 of the records failed");
    expect(consumer.log).toMatch(/Record \S+ failed: (read|connect) ECONNRESET/);
    each.proxy.way = "through";
    expect(await consumer.invoke(eventOf(2, 3))).toEqual(done);
    expect(await each.ids()).toEqual([1, 2, 3]);
  });

  it("because it is silent is an error after five seconds", async () => {
    const consumer = await each.start("consumer");
    each.proxy.way = "silent";
    const since = Date.now();
    expect(await failure(consumer, eventOf(1))).toContain("timeout");
    expect(Date.now() - since).toBeGreaterThanOrEqual(4_900);
    each.proxy.way = "through";
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
  });

  it("because it fell silent is the function's time-out, and a new instance completes the event", async () => {
    const consumer = await each.start("consumer");
    expect(await consumer.invoke(eventOf(1))).toEqual(done);
    each.proxy.way = "silent";
    expect(await consumer.invoke(eventOf(2), { timeoutMs: 3_000 })).toEqual({ timedOut: true });
    each.proxy.way = "through";
    const next = await each.start("consumer");
    expect(await next.invoke(eventOf(2))).toEqual(done);
    expect(await each.ids()).toEqual([1, 2]);
  });
});
