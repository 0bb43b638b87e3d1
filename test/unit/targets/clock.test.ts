/** The system's clock and the one on HTTP. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openRemoteClock, systemClock } from "../../../src/targets/clock.ts";

/** A clock on HTTP; returns its URL and what was slept. */
async function aClockServer(speed: number | "max") {
  const sleeps: number[] = [];
  let now = 1_000_000;
  const server = createServer((request, reply) => {
    const ms = Number(new URL(request.url!, "http://x").searchParams.get("sleep") ?? 0);
    if (request.method === "POST") sleeps.push(ms);
    // One that never ends, as long as somebody waits.
    if (ms === 99) return;
    now += ms;
    reply.end(JSON.stringify({ now, speed }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/clock`, sleeps };
}

it("sleeps on the system's clock as long as it was asked to", async () => {
  const before = systemClock.now();
  await systemClock.sleep(60);
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(55);
});

it.each(["system", "remote"])("rejects a sleep on the %s clock with the signal's own reason", async (name) => {
  const clock = name === "system" ? systemClock : await openRemoteClock((await aClockServer(1)).url);
  const controller = new AbortController();
  const sleeping = clock.sleep(99, controller.signal);
  const reason = new Error("stop");
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(clock.sleep(99, controller.signal)).rejects.toBe(reason);
});

it("is where the clock on HTTP says, and goes on at its speed", async () => {
  const { url, sleeps } = await aClockServer(1_000);
  const clock = await openRemoteClock(url);
  await clock.sleep(5_000);
  expect(sleeps).toEqual([5_000]);
  expect(clock.now()).toBeGreaterThanOrEqual(1_005_000);
  await systemClock.sleep(50);
  expect(clock.now()).toBeGreaterThanOrEqual(1_005_000 + 40_000);
});

it("names a clock that does not answer, and what to do", async () => {
  await expect(openRemoteClock("http://127.0.0.1:1/clock")).rejects.toMatchObject({
    code: "target-failed",
    message: expect.stringMatching(/127\.0\.0\.1:1\/clock does not answer .* unset THROTTLE_BENCH_CLOCK/),
  });
});
