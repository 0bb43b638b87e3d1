/** Clocks outside this process: the system's, and that of a served model, over HTTP. */
import { setTimeout as pause } from "node:timers/promises";
import { BenchError, messageOf } from "../errors.ts";
import type { Clock } from "./target.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    await pause(ms, undefined, { signal }).catch((aborted) => {
      throw signal?.reason ?? aborted;
    });
  },
};

/** The wall clock as ISO text, for records. */
export function wallClock(): string {
  return new Date().toISOString();
}

/** The answer of a clock on HTTP. `speed` is in virtual seconds per second; `max` goes at 1, and at once through each sleep. */
interface Reading {
  now: number;
  speed: number | "max";
}

/** The clock of `throttle-bench serve`, calculated between two readings. Throws BenchError `target-failed`. */
export async function openRemoteClock(url: string): Promise<Clock> {
  let reading: Reading;
  let readAt: number;
  const read = async (path: string, init: RequestInit) => {
    try {
      const response = await fetch(path, init);
      if (!response.ok) throw new Error(`status ${response.status}`);
      reading = (await response.json()) as Reading;
      readAt = Date.now();
    } catch (cause) {
      init.signal?.throwIfAborted();
      throw new BenchError(
        "target-failed",
        `The clock ${url} does not answer (${messageOf(cause)}); start \`throttle-bench serve\`, or unset THROTTLE_BENCH_CLOCK.`,
        { cause },
      );
    }
  };
  await read(url, {});
  return {
    now: () => Math.round(reading.now + (Date.now() - readAt) * (reading.speed === "max" ? 1 : reading.speed)),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await read(`${url}?sleep=${Math.ceil(ms)}`, { method: "POST", signal });
    },
  };
}
