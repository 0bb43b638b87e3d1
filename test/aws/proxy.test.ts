/** An account that only a company's proxy leads to: a run by way of it, and what a proxy refuses. */
import { readFileSync } from "node:fs";
import { createServer as createWebServer, type IncomingMessage, request } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { aWorkplace, type Workplace } from "../cli/throttle-bench.ts";
import { eachServed } from "./each-served.ts";
import { faultsBefore } from "./faults.ts";
import { region } from "./serving.ts";

const each = eachServed();

/** No name server knows it. */
const host = "aws.bench.invalid";

/** Speaks TLS as that host, and passes all requests on. */
async function secured(endpoint: string): Promise<{ port: number; certificate: string }> {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
  const server = createSecureServer({ key, cert }, (incoming, reply) => {
    const { method, headers, url } = incoming;
    const passed = request(`${endpoint}${url}`, { method, headers }, (answer) => {
      reply.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(reply);
    });
    incoming.pipe(passed);
  });
  const port = await listening(server);
  return { port, certificate: cert };
}

async function listening(server: ReturnType<typeof createWebServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that lets in who has the password, and leads to the port whatever host is asked for. */
async function proxyTo(port: number) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createWebServer((_incoming, reply) => void reply.writeHead(500).end());
  server.on("connect", ({ url, headers }: IncomingMessage, client: Socket) => {
    asked.push(url!);
    sockets.add(client);
    client.on("error", () => {});
    const [, credentials = ""] = headers["proxy-authorization"]?.split(" ") ?? [];
    if (Buffer.from(credentials, "base64").toString() !== "me:p@ss") {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
  });
  const ownPort = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { asked, port: ownPort };
}

describe("by way of a proxy", { timeout: 60_000 }, () => {
  let workplace: Workplace;
  let environment: Record<string, string>;
  let proxy: Awaited<ReturnType<typeof proxyTo>>;
  const run = ["run", "scenario-1", "--events", "5", "--target", "aws", "--no-wait"];

  beforeEach(async () => {
    workplace = aWorkplace();
    // As an account, it does not say that it is a model.
    const anonymous = await faultsBefore(each.served.endpoint, { isAnonymous: true });
    onTestFinished(() => anonymous.close());
    const { port, certificate } = await secured(anonymous.endpoint);
    workplace.write("ca.pem", certificate);
    proxy = await proxyTo(port);
    environment = {
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: region,
      AWS_ENDPOINT_URL: `https://${host}`,
      DATABASE_URL: each.database.url,
      // A host that is not this machine, because the endpoint is not either.
      FUNCTIONS_DATABASE_URL: each.database.url.replace(/@[^/]*/, "@database.bench.invalid"),
      THROTTLE_BENCH_CLOCK: each.served.clockUrl,
      NODE_EXTRA_CA_CERTS: join(workplace.directory, "ca.pem"),
    };
  });

  it.each(["HTTPS_PROXY", "https_proxy"])("runs where %s names it, on connections that are kept", async (variable) => {
    const given = { ...environment, [variable]: `http://me:p%40ss@127.0.0.1:${proxy.port}` };
    const { status, stdout, stderr } = await workplace.runBinary(given, ...run);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("No event lost");
    expect(new Set(proxy.asked)).toEqual(new Set([`${host}:443`]));
    // One for each service, and some more where one is busy.
    expect(proxy.asked.length).toBeLessThan(12);
    expect(`${stdout}${stderr}`).not.toMatch(/p%40ss|p@ss/);
    for (const file of workplace.files().filter((name) => name.endsWith(".json"))) {
      expect(readFileSync(join(workplace.directory, file), "utf8")).not.toMatch(/p%40ss|p@ss/);
    }
  });

  it("says of a proxy that asks for a password what to do", async () => {
    const given = { ...environment, HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const { status, stderr } = await workplace.runBinary(given, ...run);
    expect(status).toBe(3);
    expect(stderr).toContain(
      `the proxy 127.0.0.1:${proxy.port} refuses the connection (status 407): give HTTPS_PROXY with its user and password`,
    );
  });

  it.each(["*", ".bench.invalid", "bench.invalid", `${host}:443`, "other, *.bench.invalid"])(
    "reaches without it what NO_PROXY names as %s",
    async (exempt) => {
      const given = { ...environment, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: exempt };
      expect((await workplace.runBinary(given, ...run)).status).toBe(3);
      expect(proxy.asked).toEqual([]);
    },
  );

  it("refuses what is no proxy of HTTP, and does not repeat it", async () => {
    const given = { ...environment, HTTPS_PROXY: "socks5://me:secret@127.0.0.1:1" };
    const { status, stderr } = await workplace.runBinary(given, ...run);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        "error: HTTPS_PROXY is no proxy of HTTP; write http://host:port, with user:password@ where it asks for them, or unset it.\n",
    });
  });
});
