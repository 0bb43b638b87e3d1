/** The served model at its port, with its rows in memory: what is sent there by accident or by malice ends no more than its own connection. */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clockPath, modelHeader } from "../../../src/targets/model-header.ts";
import { type Served, serve } from "../../../src/targets/serve.ts";

let served: Served;
let port: number;

beforeAll(async () => {
  const place = { host: "127.0.0.1", port: 0 };
  served = await serve({ databaseUrl: null, platform: "2026", seed: 1, region: "us-east-1", speed: "max", ...place });
  port = Number(new URL(served.endpoint).port);
});
afterAll(() => served.close());

const lambda = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/lambda/aws4_request, Signature=0";

interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

async function ask({ method = "POST", path = "/", headers = {}, body = "" }: Asked) {
  const request = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false });
  request.on("error", () => {});
  request.end(body);
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

/** The answer to bytes that are sent as they are. */
async function send(bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.end(bytes);
  return text(socket);
}

async function answersStill(): Promise<void> {
  const { status } = await ask({ headers: { "x-amz-target": "AmazonSQS.ListQueues" }, body: "{}" });
  expect(status).toBe(200);
}

describe("a page in a browser", () => {
  it("is answered nothing but that it may not call, and no header lets it read even that", async () => {
    const pages: Record<string, string>[] = [
      { origin: "https://evil.example", "content-type": "text/plain" },
      { origin: "null", "access-control-request-method": "POST" },
      { host: "evil.example" },
      { "sec-fetch-site": "cross-site" },
    ];
    for (const headers of pages) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        for (const path of ["/", `${clockPath}?sleep=60000`]) {
          const { status, headers: answered, text } = await ask({ method, path, headers });
          expect(status).toBe(403);
          expect(text).toMatch(/may not call|does not answer to the host/);
          expect(answered).not.toHaveProperty(modelHeader);
          expect(Object.keys(answered).filter((name) => name.startsWith("access-control-"))).toEqual([]);
        }
      }
    }
  });
});

describe("a body", () => {
  it("is refused with 413 as soon as it is too large, whether its length is said or not", async () => {
    const large = new Uint8Array(20_000_000);
    const sqs = { "x-amz-target": "AmazonSQS.ListQueues" };
    for (const headers of [sqs, { ...sqs, "transfer-encoding": "chunked" }]) {
      const { status, text } = await ask({ headers, body: large });
      expect([status, JSON.parse(text).__type]).toEqual([413, "com.amazonaws.sqs#RequestEntityTooLargeException"]);
    }
    const invoke = { path: "/2015-03-31/functions/f/invocations", headers: { authorization: lambda } };
    expect((await ask({ ...invoke, body: large })).status).toBe(413);
    await answersStill();
  });

  it("that never comes, or breaks off, leaves the others alone", async () => {
    const open: Socket[] = [];
    for (let count = 0; count < 20; count++) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonSQS.ListQueues\r\nContent-Length: 100\r\n\r\n{",
      );
      open.push(socket);
    }
    await answersStill();
    for (const socket of open) socket.destroy();
    await answersStill();
  });
});

describe("bytes", () => {
  it.each([
    ["garbage", "\0\x01garbage\r\n\r\n"],
    ["a request of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["chunks that are none", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["no host", "GET / HTTP/1.1\r\n\r\n"],
  ])("that are %s are answered with 400", async (_, bytes) => {
    expect(await send(bytes)).toMatch(/^HTTP\/1\.1 400 /);
    await answersStill();
  });

  it("of a header without an end are answered with 431", async () => {
    expect(await send(`GET / HTTP/1.1\r\nHost: localhost\r\nA: ${"a".repeat(100_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    await answersStill();
  });

  it("that ask for another protocol, or are of another encoding, are answered as AWS answers what it cannot read", async () => {
    const json = { "x-amz-target": "AmazonSQS.ListQueues", "content-type": "application/x-amz-json-1.0" };
    const requests: Asked[] = [
      { headers: { ...json, "content-encoding": "gzip" }, body: Uint8Array.of(31, 139, 8, 0, 1) },
      { headers: { ...json, "content-type": "application/cbor" }, body: Uint8Array.of(0xbf, 0xff, 0xff) },
      { headers: { authorization: lambda, connection: "upgrade", upgrade: "websocket" }, method: "GET" },
      { headers: { authorization: lambda }, method: "GET", path: "/2015-03-31/functions/%zz" },
    ];
    for (const request of requests) expect((await ask(request)).status).toBe(400);
    await answersStill();
  });
});

describe("its clock", () => {
  it.each(["Infinity", "1e400", "-1", "NaN", "abc", "1e15", "%zz"])("does not sleep for %s", async (ms) => {
    const { status, text } = await ask({ path: `${clockPath}?sleep=${ms}` });
    expect([status, text]).toEqual([400, expect.stringContaining("The clock sleeps from 0 to 1209600000 ms")]);
  });

  it("lets others have their turn while it sleeps for a day", async () => {
    const order: string[] = [];
    const sleeping = ask({ path: `${clockPath}?sleep=${86_400_000}` }).then(({ status }) => {
      order.push("slept");
      return status;
    });
    const read = () => ask({ method: "GET", path: clockPath }).then(() => order.push("read"));
    await read();
    expect(await sleeping).toBe(200);
    expect(order).toEqual(["read", "slept"]);
  });
});
