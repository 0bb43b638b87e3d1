/** Hostile requests of every operation, in this process and at a port: each is answered as AWS could answer it. */
import { request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import type { WireRequest, WireResponse } from "../../../src/emulator/wire/message.ts";
import { clockPath } from "../../../src/targets/model-header.ts";
import { serve } from "../../../src/targets/serve.ts";
import { tell } from "../figures.ts";
import { seed, tries } from "../pace.ts";
import { type Asked, openInProcess } from "./an-account.ts";
import { fuzz } from "./fuzz.ts";
import { region } from "./sdk-requests.ts";

it("answers every mutation of the SDK's requests as AWS could, and goes on", async () => {
  const count = tries({ short: 4_000, long: 50_000 });
  const { fault, tried, held } = await fuzz({ count, seed, open: openInProcess });
  expect(fault).toBeNull();
  tell({ what: "hostile requests of every operation", tried, held });
});

it("answers them at a port, too", async () => {
  const count = tries({ short: 1_000, long: 10_000 });
  const { fault, tried, held } = await fuzz({ count, seed: seed + 1_000_000, open: openServed });
  expect(fault).toBeNull();
  tell({ what: "hostile requests of every operation at the port of `serve`", tried, held });
});

async function openServed(itsSeed: number): Promise<Asked & { close(): Promise<void> }> {
  const place = { host: "127.0.0.1", port: 0 };
  const served = await serve({ databaseUrl: null, platform: "2026", seed: itsSeed, region, speed: "max", ...place });
  const { port } = new URL(served.endpoint);
  const ask = (request: WireRequest) => Promise.race([sent(Number(port), request), served.failed]);
  return {
    ask,
    async sleep(ms) {
      const clock = { method: "POST", path: clockPath, query: { sleep: String(ms) }, headers: {} };
      await ask({ ...clock, body: new Uint8Array() });
    },
    close: served.close,
  };
}

/** The answer to a request over HTTP. */
function sent(port: number, { method, path, query, headers, body }: WireRequest): Promise<WireResponse> {
  const parameters = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((each) => [name, each] as [string, string]),
  );
  const search = new URLSearchParams(parameters).toString();
  const { host: _host, "content-length": _length, ...others } = headers;
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method, path: search === "" ? path : `${path}?${search}` };
    const request = httpRequest({ ...options, headers: { ...others, "content-length": body.length } }, (answer) => {
      const { statusCode = 0, headers: answered } = answer;
      const entries = Object.entries(answered).map(([name, value]) => [name, String(value)]);
      buffer(answer).then(
        (content) => resolve({ statusCode, headers: Object.fromEntries(entries), body: content }),
        reject,
      );
    });
    request.on("error", reject).end(body);
  });
}
