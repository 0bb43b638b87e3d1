/** The causes of failures in the lines of a log. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCounts, failureIn, failurePattern } from "../../../src/metrics/errors.ts";
import type { ErrorCause } from "../../../src/model.ts";

const at = "2026-01-01T00:00:00.000Z\t6a0f0a5e-0000-4000-8000-000000000000";
const info = (message: string) => `${at}\tINFO\t${message}\n`;
const thrown = (errorType: string, errorMessage: string) =>
  `${at}\tERROR\tInvoke Error \t${JSON.stringify({ errorType, errorMessage, stack: ["a", "b"] })}\n`;

const lines: [line: string, cause: ErrorCause, message: string][] = [
  [
    "2026-01-01T00:00:00.000Z 6a0f Task timed out after 3.07 seconds\n\n",
    "timed-out",
    "Task timed out after 3.07 seconds",
  ],
  [
    "RequestId: 6a0f Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n",
    "memory",
    "Runtime exited with error: signal: killed",
  ],
  [
    "RequestId: 6a0f Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n",
    "thrown",
    "Runtime exited with error: exit status 1",
  ],
  [thrown("error", "sorry, too many clients already"), "connection", "sorry, too many clients already"],
  [thrown("Error", "timeout exceeded when trying to connect"), "connection", "timeout exceeded when trying to connect"],
  [thrown("Error", "connect ECONNREFUSED 10.0.0.1:5432"), "connection", "connect ECONNREFUSED 10.0.0.1:5432"],
  [
    thrown("error", "remaining connection slots are reserved for roles with the SUPERUSER attribute"),
    "connection",
    "remaining connection slots are reserved for roles with the SUPERUSER attribute",
  ],
  [info("Record a-1 failed: Connection terminated unexpectedly"), "connection", "Connection terminated unexpectedly"],
  [
    info("Record a-1 failed: The downstream refused the call for event 7: its limit has room again in 5 ms."),
    "refused",
    "The downstream refused the call for event 7: its limit has room again in 5 ms.",
  ],
  [
    info("Record a-1 failed: The limiter refused event 7: it may go on in 1400 ms."),
    "limited",
    "The limiter refused event 7: it may go on in 1400 ms.",
  ],
  [
    info("Record a-1 failed: The downstream failed the call for event 7."),
    "failed-call",
    "The downstream failed the call for event 7.",
  ],
  [info("Record a-1 failed: the message is not JSON"), "thrown", "the message is not JSON"],
  [thrown("Runtime.HandlerNotFound", "index.handler is undefined"), "not-loaded", "index.handler is undefined"],
  [thrown("TypeError", "x is {not} a function"), "thrown", "x is {not} a function"],
];

describe("failureIn", () => {
  it.each(lines)("finds the cause of %j", (line, cause, message) => {
    expect(failureIn(line)).toEqual({ cause, message });
  });

  it.each(lines)("is asked for %j by the pattern", (line) => {
    const terms = [...failurePattern.matchAll(/"([^"]+)"/g)].map(([, term]) => term!);
    expect(terms.some((term) => line.includes(term))).toBe(true);
  });

  it.each([
    thrown("Error", "2 of the records failed: a-1, a-2."),
    thrown("Error", "The downstream refused the call for event 7: its limit has room again in 5 ms."),
    thrown("Error", "The limiter refused event 7: it may go on in 1400 ms."),
    info("The database connection was lost while idle: terminating connection"),
    "REPORT RequestId: 6a0f\tDuration: 3000.00 ms\tStatus: timeout\n",
    `${at}\tERROR\tInvoke Error \t{"errorType":`,
    "",
  ])("finds no failure in %j, which another line tells of, or none does", (line) => {
    expect(failureIn(line)).toBeNull();
  });

  it("never throws, whatever was logged", () => {
    fc.assert(fc.property(fc.string(), fc.json(), (text, json) => void failureIn(`${text} ERROR ${json} ${text}`)));
  });
});

describe("ErrorCounts", () => {
  it("counts each cause, the most frequent first, with what was logged first of it", () => {
    const counts = new ErrorCounts();
    counts.add(thrown("Error", "second"), 20);
    counts.add(lines[0]![0], 30);
    counts.add(thrown("Error", "first"), 10);
    counts.add(info("well"), 0);
    expect(counts.all).toEqual([
      { cause: "thrown", count: 2, firstMessage: "first" },
      { cause: "timed-out", count: 1, firstMessage: "Task timed out after 3.07 seconds" },
    ]);
  });

  it("counts on, keeps what came first of two in one millisecond, and orders equally frequent causes by name", () => {
    const counts = new ErrorCounts();
    counts.add(lines[0]![0], 5);
    counts.add(thrown("Error", "one"), 10);
    counts.add(thrown("Error", "two"), 10);
    counts.add(thrown("Error", "three"), 11);
    counts.add(thrown("Error", "The limiter refused "), 9);
    counts.add(thrown("Runtime.ImportModuleError", "no module"), 9);
    expect(counts.all.map(({ cause, count, firstMessage }) => [cause, count, firstMessage])).toEqual([
      ["thrown", 3, "one"],
      ["not-loaded", 1, "no module"],
      ["timed-out", 1, "Task timed out after 3.07 seconds"],
    ]);
    const reversed = new ErrorCounts();
    reversed.add(thrown("Runtime.ImportModuleError", "no module"), 9);
    reversed.add(lines[0]![0], 5);
    reversed.add(thrown("Error", "one"), 10);
    expect(reversed.all.map(({ cause }) => cause)).toEqual(["not-loaded", "thrown", "timed-out"]);
  });

  it("tells a failure by its whole line: names at their places, and ends without white space", () => {
    expect(failureIn("Record a-1 failed: it broke  \n\t")).toEqual({ cause: "thrown", message: "it broke" });
    expect(failureIn(`${thrown("Error", "it broke")}  \n\n`)).toEqual({ cause: "thrown", message: "it broke" });
    expect(failureIn(`${thrown("Error", "it broke").trimEnd()}`)).toEqual({ cause: "thrown", message: "it broke" });
    expect(failureIn(`${thrown("Error", "it broke").trimEnd()} and more`)).toBeNull();
    expect(failureIn(`${at}\tERROR\tInvoke Error \tnull {}`)).toEqual({ cause: "thrown", message: "Error" });
    expect(failureIn(`${at}\tERROR\tInvoke Error \t{"errorType":"TypeError"}`)).toMatchObject({ message: "TypeError" });
    const cause = (type: string, message: string) => failureIn(thrown(type, message))?.cause;
    expect(cause("Error", "In all 12 of the records failed")).toBe("thrown");
    expect(cause("Error", "12 of the records failed: a-1.")).toBeUndefined();
    expect(cause("Error", "Why? The downstream refused")).toBe("thrown");
    expect(cause("My.Runtime.ImportModuleError", "x")).toBe("thrown");
    expect(cause("Runtime.ImportModuleErrors", "x")).toBe("thrown");
    expect(cause("Error", "JavaScript heap out of memory")).toBe("memory");
  });

  it("keeps 300 characters of a message", () => {
    const counts = new ErrorCounts();
    counts.add(thrown("Error", "x".repeat(5_000)), 0);
    expect(counts.all[0]!.firstMessage).toHaveLength(300);
  });
});
