/** Retries of the harness: what is sent again, when, and what is not. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { BenchError } from "../../../src/errors.ts";
import { send } from "../../../src/targets/send.ts";
import type { Clock } from "../../../src/targets/target.ts";

/** A clock that is where it is told to go, with the sleeps that it was asked for. */
function aClock(): Clock & { sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => sleeps.reduce((sum, ms) => sum + ms, 0),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
    },
  };
}

function refusal(name: string, message = "", further: object = {}): Error {
  return Object.assign(new Error(message), { name, ...further });
}

const failure = "The stack x was refused";

it("waits twice as long after each attempt, up to twenty seconds, and gives up after eight", async () => {
  const clock = aClock();
  const request = () => Promise.reject(refusal("Throttling", "Rate exceeded"));
  await expect(send(request, { clock, failure, code: "deploy-failed" })).rejects.toMatchObject({
    code: "deploy-failed",
    message: "The stack x was refused: Rate exceeded, after 8 attempts",
  });
  expect(clock.sleeps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
});

it.each([
  ["throttling", refusal("ThrottlingException")],
  ["too many requests", refusal("Whatever", "", { $metadata: { httpStatusCode: 429 } })],
  ["AWS's own errors", refusal("InternalFailure", "", { $metadata: { httpStatusCode: 500 } })],
  ["a cut connection", refusal("Error", "socket hang up", { code: "ECONNRESET" })],
  ["a request that takes too long", refusal("TimeoutError")],
  [
    "a function that is being updated",
    refusal("ResourceConflictException", "", { $metadata: { httpStatusCode: 409 } }),
  ],
  ["a lost database", new BenchError("database-failed", "gone")],
])("sends again after %s", async (_what, thrown) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 7 }), async (failures) => {
      const clock = aClock();
      let asked = 0;
      const request = async () => {
        if (asked++ < failures) throw thrown;
        return "the answer";
      };
      expect(await send(request, { clock, failure })).toBe("the answer");
      expect({ asked, slept: clock.sleeps.length }).toEqual({ asked: failures + 1, slept: failures });
    }),
    { numRuns: 8 },
  );
});

it.each([
  ["a refusal", refusal("ValidationError", "no such thing", { $metadata: { httpStatusCode: 400 } }), "no such thing"],
  [
    "a missing permission",
    refusal("AccessDenied", "not authorized"),
    "not authorized; ask for this permission, or use",
  ],
  ["expired credentials", refusal("ExpiredToken", "expired"), "expired; renew the credentials, for example with"],
])("sends once only after %s, and says why", async (_what, thrown, words) => {
  const clock = aClock();
  const error = await send(() => Promise.reject(thrown), { clock, failure }).catch((each) => each);
  expect(error).toBeInstanceOf(BenchError);
  expect(error).toMatchObject({ code: "target-failed", cause: thrown });
  expect(error.message).toContain(`${failure}: ${words}`);
  expect(clock.sleeps).toEqual([]);
});

it("passes on what is a BenchError already", async () => {
  const error = new BenchError("bad-template", "line 3");
  await expect(send(() => Promise.reject(error), { clock: aClock(), failure })).rejects.toBe(error);
});

it("stops for a signal, before it sends and while it waits", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  let asked = 0;
  const request = async () => {
    asked++;
    controller.abort(reason);
    throw refusal("Throttling");
  };
  const sending = { clock: aClock(), failure, signal: controller.signal };
  await expect(send(request, sending)).rejects.toBe(reason);
  await expect(send(request, sending)).rejects.toBe(reason);
  expect(asked).toBe(1);
});
