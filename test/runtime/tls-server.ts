/** A way to Postgres that takes TLS connections only, and shows the certificate that RDS would: one of an authority of the region's. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { generate } from "selfsigned";

export interface TlsServer {
  /** The database's URL through it, by this name of the host, with its certificate checked against `authority`. */
  url(hostname: "localhost" | "127.0.0.1", authority: "its own" | "another"): string;
  /** TLS connections so far. */
  readonly made: number;
  cut(): void;
  close(): Promise<void>;
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function authorityNamed(commonName: string) {
  return generate([{ name: "commonName", value: commonName }], {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}

/** Before the Postgres at `databaseUrl`. */
export async function tlsServer(databaseUrl: string): Promise<TlsServer> {
  const directory = await mkdtemp(join(tmpdir(), "throttle-bench-tls-"));
  const [own, other] = await Promise.all(
    ["Amazon RDS us-east-1 Root CA RSA2048 G1", "Amazon RDS eu-west-1 Root CA RSA2048 G1"].map(authorityNamed),
  );
  const host = await generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
    algorithm: "sha256",
    ca: { key: own!.private, cert: own!.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
    ],
  });
  const files = { "its own": join(directory, "own.pem"), another: join(directory, "another.pem") };
  await writeFile(files["its own"], own!.cert);
  await writeFile(files.another, other!.cert);

  const sockets = new Set<Socket>();
  let made = 0;
  const { hostname, port } = new URL(databaseUrl);
  const server = createServer((incoming) => {
    sockets.add(incoming);
    incoming.on("error", () => {}).once("close", () => sockets.delete(incoming));
    incoming.once("data", (first) => {
      // RDS with rds.force_ssl refuses whoever begins without.
      if (!sslRequest.equals(first)) return incoming.destroy();
      incoming.write("S");
      const secure = new TLSSocket(incoming, { isServer: true, key: host.private, cert: host.cert });
      secure.once("secure", () => made++);
      const onward = connect(Number(port), hostname);
      for (const socket of [secure, onward]) {
        socket
          .on("error", () => {})
          .once("close", () => {
            secure.destroy();
            onward.destroy();
          });
      }
      secure.pipe(onward).pipe(secure);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url(name, authority) {
      const url = new URL(databaseUrl);
      url.hostname = name;
      url.port = String((server.address() as AddressInfo).port);
      url.searchParams.set("sslmode", "verify-full");
      url.searchParams.set("sslrootcert", files[authority]);
      return url.href;
    },
    get made() {
      return made;
    },
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
