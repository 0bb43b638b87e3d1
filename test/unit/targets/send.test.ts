/** Retries of the harness: what is sent again, when, and what is not. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { BenchError } from "../../../src/errors.ts";
import { send } from "../../../src/targets/send.ts";
import type { Clock, Retry } from "../../../src/targets/target.ts";

/** A target whose clock is where it is told to go, with the sleeps that it was asked for and the retries that it was told of. */
function aTarget() {
  const sleeps: number[] = [];
  const retries: Retry[] = [];
  const clock: Clock = {
    now: () => sleeps.reduce((sum, ms) => sum + ms, 0),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
    },
  };
  return {
    sleeps,
    retries,
    clock,
    onRetry: (retry: Retry) => retries.push(retry),
    renewCredentials: async () => false,
  };
}

function refusal(name: string, message = "", further: object = {}): Error {
  return Object.assign(new Error(message), { name, ...further });
}

const service = "CloudFormation";
const failure = "The stack x was refused";

it("waits twice as long after each attempt, up to twenty seconds, and gives up after eight", async () => {
  const target = aTarget();
  const request = () => Promise.reject(refusal("Throttling", "Rate exceeded"));
  await expect(send(target, request, { service, failure, code: "deploy-failed" })).rejects.toMatchObject({
    code: "deploy-failed",
    message: "The stack x was refused: Rate exceeded, after 8 attempts",
  });
  expect(target.sleeps).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
});

it("goes on as long as it is given patience where only the moment is bad, and no longer elsewhere", async () => {
  const throttled = () => Promise.reject(refusal("Throttling", "Rate exceeded"));
  const patient = aTarget();
  await expect(send(patient, throttled, { service, failure, patienceMs: 900_000 })).rejects.toThrow(
    /after 51 attempts/,
  );
  const waited = patient.clock.now();
  expect(waited).toBeGreaterThanOrEqual(900_000);
  expect(waited).toBeLessThan(920_000);
  const hasty = aTarget();
  const cause = Object.assign(new Error("permission denied for table invocations"), { code: "42501" });
  const denied = () => Promise.reject(new BenchError("database-failed", "no", { cause }));
  await expect(send(hasty, denied, { service, failure, patienceMs: 900_000 })).rejects.toMatchObject({ cause });
  expect(hasty.sleeps).toHaveLength(7);
});

it("sends at once with renewed credentials, and once only", async () => {
  const expired = refusal("ExpiredToken", "expired");
  let renewals = 0;
  const target = { ...aTarget(), renewCredentials: async () => ++renewals === 1 };
  let asked = 0;
  const request = async (attempt: number) => {
    if (asked++ === 0) throw expired;
    return attempt;
  };
  expect(await send(target, request, { service, failure })).toBe(2);
  expect({ asked, sleeps: target.sleeps }).toEqual({ asked: 2, sleeps: [] });
  await expect(send(target, () => Promise.reject(expired), { service, failure })).rejects.toThrow(/renew the cred/);
  expect(renewals).toBe(2);
});

it("tells of each retry who was asked, why it is made, after how long, and which attempt comes", async () => {
  const target = aTarget();
  const refusals = [
    refusal("Throttling", "Rate exceeded"),
    refusal("Error", "", { code: "ECONNREFUSED" }),
    new BenchError("database-failed", "The database failed (gone): check it.", { cause: new Error("gone") }),
  ];
  const request = () => (refusals.length > 0 ? Promise.reject(refusals.shift()) : Promise.resolve("the answer"));
  await send(target, request, { service, failure });
  expect(target.retries).toEqual([
    { service, reason: "Rate exceeded", pauseMs: 500, attempt: 2, attempts: 8 },
    { service, reason: "ECONNREFUSED", pauseMs: 1_000, attempt: 3, attempts: 8 },
    // A modelled service answers through the database.
    { service: "Postgres", reason: "gone", pauseMs: 2_000, attempt: 4, attempts: 8 },
  ]);
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
      const target = aTarget();
      let asked = 0;
      const request = async () => {
        if (asked++ < failures) throw thrown;
        return "the answer";
      };
      expect(await send(target, request, { service, failure })).toBe("the answer");
      const { sleeps, retries } = target;
      expect({ asked, slept: sleeps.length, told: retries.length }).toEqual({
        asked: failures + 1,
        slept: failures,
        told: failures,
      });
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
  const target = aTarget();
  const error: BenchError = await send(target, () => Promise.reject(thrown), { service, failure }).catch(
    (each) => each,
  );
  expect(error).toBeInstanceOf(BenchError);
  expect(error).toMatchObject({ code: "target-failed", cause: thrown });
  expect(error.message).toContain(`${failure}: ${words}`);
  expect({ sleeps: target.sleeps, retries: target.retries }).toEqual({ sleeps: [], retries: [] });
});

it("passes on what is a BenchError already", async () => {
  const error = new BenchError("bad-template", "line 3");
  await expect(send(aTarget(), () => Promise.reject(error), { service, failure })).rejects.toBe(error);
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
  const sending = { service, failure, signal: controller.signal };
  await expect(send(aTarget(), request, sending)).rejects.toBe(reason);
  await expect(send(aTarget(), request, sending)).rejects.toBe(reason);
  expect(asked).toBe(1);
});
