/** Faults of an invocation, by whether it ran: one that certainly did not is repeated, one that may have is not. */
import { describe, expect, it } from "vitest";
import { BenchError } from "../../../src/errors.ts";
import { ForeignAnswer } from "../../../src/targets/answer.ts";
import { isTransient, mayBeCarriedOut, passesWithTime, reasonOf } from "../../../src/targets/refusal.ts";

function refusal(name: string, status: number, further: object = {}): Error {
  return Object.assign(new Error("no"), {
    name,
    ...(status > 0 && { $metadata: { httpStatusCode: status } }),
    ...further,
  });
}
const cut = (code: string, further: object = {}) => refusal("Error", 0, { code, ...further });

/** documented: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
const throttles = [
  "CallerRateLimitExceeded",
  "ConcurrentInvocationLimitExceeded",
  "ConcurrentSnapshotCreateLimitExceeded",
  "FunctionInvocationRateLimitExceeded",
  "ReservedFunctionConcurrentInvocationLimitExceeded",
  "ReservedFunctionInvocationRateLimitExceeded",
];

describe("an invocation certainly did not run, and is repeated", () => {
  it.each<[what: string, fault: Error]>([
    ...throttles.map((Reason): [string, Error] => [Reason, refusal("TooManyRequestsException", 429, { Reason })]),
    ["a function that is being changed", refusal("ResourceConflictException", 409)],
    ["a network that is not there yet", refusal("ENILimitReachedException", 502)],
    ["a function that is not ready", refusal("ResourceNotReadyException", 502)],
    ["a refused connection", cut("ECONNREFUSED", { syscall: "connect" })],
    ["a connection that times out", cut("ETIMEDOUT", { syscall: "connect" })],
    ["a name that is not resolved", cut("EAI_AGAIN", { syscall: "getaddrinfo" })],
    [
      "no connection in time",
      Object.assign(refusal("TimeoutError", 0), {
        message:
          "the request socket did not establish a connection with the server within the configured timeout of 10000 ms.",
      }),
    ],
    [
      "a reset in TLS's handshake",
      Object.assign(cut("ECONNRESET"), {
        message: "Client network socket disconnected before secure TLS connection was established",
      }),
    ],
    [
      "a clock that was wrong",
      refusal("InvalidSignatureException", 403, { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } }),
    ],
    ["a proxy's throttle", new ForeignAnswer("HTTP 429", 429)],
  ])("after %s", (_what, fault) => {
    expect({ ran: mayBeCarriedOut(fault), again: isTransient(fault) }).toEqual({ ran: false, again: true });
  });
});

describe("an invocation was refused for good", () => {
  it.each(["AccessDeniedException", "ResourceNotFoundException", "ExpiredTokenException"])("by %s", (name) => {
    const fault = refusal(name, 403);
    expect({ ran: mayBeCarriedOut(fault), again: isTransient(fault) }).toEqual({ ran: false, again: false });
  });
});

describe("an invocation may have run", () => {
  it.each([
    ["Lambda's own error", refusal("ServiceException", 500)],
    ["a service that is not available", refusal("ServiceUnavailableException", 503)],
    ["a reset", cut("ECONNRESET")],
    ["a broken pipe", cut("EPIPE")],
    ["no answer in time", refusal("TimeoutError", 0)],
    ["a proxy's page", new ForeignAnswer("HTTP 502", 502)],
    ["a sign-in page", new ForeignAnswer("HTTP 200", 200)],
    ["what nobody knows", new Error("?")],
  ])("after %s", (_what, fault) => {
    expect(mayBeCarriedOut(fault)).toBe(true);
  });
});

it("names Lambda's reason for a throttle", () => {
  const fault = refusal("TooManyRequestsException", 429, { message: "Rate Exceeded.", Reason: throttles[1] });
  expect(reasonOf(fault)).toBe(`Rate Exceeded (${throttles[1]})`);
});

it.each([
  ["a page that asks to sign in", 302, true],
  ["a page in an answer's place", 200, true],
  ["a gateway", 502, true],
  ["a refusal of a proxy", 407, false],
  ["a page that is not there", 404, false],
])("sends again after %s, as the status says", (_what, status, again) => {
  expect(isTransient(new ForeignAnswer("", status))).toBe(again);
});

/** documented: https://www.postgresql.org/docs/current/errcodes-appendix.html */
it.each([
  ["53300", true, "too many connections"],
  ["57014", true, "a statement that takes too long"],
  ["57P01", true, "a server that goes down"],
  ["57P03", true, "a server that is starting"],
  ["08006", true, "a failed connection"],
  ["42501", false, "a missing privilege"],
  ["42P01", false, "a table that is gone"],
  ["ECONNREFUSED", true, "a server that is gone"],
  ["EPIPE", true, "a broken pipe"],
  [undefined, true, "Connection terminated unexpectedly"],
])("waits long for a database with %s: %s (%s)", (code, waits, message) => {
  const cause = Object.assign(new Error(message), { code });
  expect(passesWithTime(new BenchError("database-failed", "gone", { cause }))).toBe(waits);
});
