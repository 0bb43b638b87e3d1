/** Who may call a served model: AWS clients by the names that were given, and no page in a browser. */
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { Callers } from "../../../src/targets/callers.ts";

const local = new Callers("127.0.0.1");

describe("a served model", () => {
  it.each(["localhost", "LOCALHOST:4566", "127.0.0.1", "127.0.0.1:4566", "[::1]:4566", "[::1]"])(
    "answers to %s",
    (host) => expect(local.refusal({ host })).toBeNull(),
  );

  it.each([
    "evil.example",
    "evil.example:4566",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.7",
    "[::2]",
    "",
  ])("does not answer to %s, which leads here by somebody else's choice", (host) =>
    expect(local.refusal({ host })).toMatch(/does not answer to the host/),
  );

  it("answers to the address at which it listens, and to names that it was told", () => {
    const remote = new Callers("10.0.0.7", ["Bench"]);
    for (const host of ["10.0.0.7:4566", "bench", "localhost"]) expect(remote.refusal({ host })).toBeNull();
    expect(remote.refusal({ host: "10.0.0.8" })).toMatch(/--allow-host 10\.0\.0\.8/);
  });

  it("answers to every address of the machine, and its name, where it listens at all of them", () => {
    for (const everywhere of ["0.0.0.0", "::"]) {
      const all = new Callers(everywhere);
      for (const host of ["10.0.0.7:4566", "[fe80::1]:4566", hostname()]) expect(all.refusal({ host })).toBeNull();
      expect(all.refusal({ host: "evil.example" })).not.toBeNull();
    }
  });

  it.each([
    ["a script of another page", { origin: "https://evil.example" }],
    ["a script of a page from this machine", { origin: "http://localhost:3000" }],
    ["a sandboxed frame", { origin: "null" }],
    ["a form that posts plain text", { origin: "https://evil.example", "content-type": "text/plain" }],
    ["a preflight", { origin: "https://evil.example", "access-control-request-method": "POST" }],
    ["an image", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["a page of the same site", { "sec-fetch-site": "same-site" }],
    ["a page that was rebound to this address", { "sec-fetch-site": "same-origin" }],
  ])("refuses %s", (_, headers) => {
    expect(local.refusal({ host: "localhost:4566", ...headers })).toMatch(/page in a browser may not call/);
  });

  it("lets a user look at an address that they have typed", () => {
    expect(local.refusal({ host: "localhost:4566", "sec-fetch-site": "none" })).toBeNull();
  });
});
