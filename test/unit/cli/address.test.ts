/** A database lets in the flag's address, or the one that AWS sees this machine at. */
import { describe, expect, it } from "vitest";
import { callerAddress, isOnThisMachine } from "../../../src/cli/running/address.ts";

const unasked = () => Promise.reject(new Error("asked"));

describe("the caller's address", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["10.1.0.0/16", "10.1.0.0/16"],
  ])("is the flag's %s, and nobody is asked", async (flag, range) => {
    expect(await callerAddress(flag, unasked)).toBe(range);
  });

  it.each(["", "here", "203.0.113.300", "203.0.113.7/33", "2001:db8::1", "10.0.0.0/15", "0.0.0.0/0"])(
    "is not %j",
    async (flag) => {
      await expect(callerAddress(flag, unasked)).rejects.toMatchObject({ code: "bad-usage" });
    },
  );

  it("is what AWS answers where there is no flag", async () => {
    const asked: string[] = [];
    const range = await callerAddress(undefined, async (url) => {
      asked.push(url);
      return "203.0.113.7\n";
    });
    expect({ range, asked }).toEqual({ range: "203.0.113.7/32", asked: ["https://checkip.amazonaws.com"] });
  });

  it.each([
    ["nobody answers", unasked, /: asked\); give it with --address/],
    ["something else answers", async () => "<html>", /gave no IPv4 address\); give it with --address/],
    ["it is of another kind", async () => "2001:db8::1", /gave no IPv4 address/],
  ])("has to be given when %s", async (_when, ask, message) => {
    await expect(callerAddress(undefined, ask)).rejects.toMatchObject({
      code: "target-failed",
      message: expect.stringMatching(message),
    });
  });
});

it.each([
  ["postgresql://me@localhost/bench", true],
  ["postgresql://me@127.3.2.1:5433/bench", true],
  ["postgresql://me@[::1]/bench", true],
  ["postgresql:///bench?host=/run/postgresql", true],
  ["postgresql://me@db.example/bench", false],
  ["postgresql://me@127.0.0.1.example/bench", false],
])("knows whether %s is on this machine", (url, expected) => {
  expect(isOnThisMachine(url)).toBe(expected);
});
