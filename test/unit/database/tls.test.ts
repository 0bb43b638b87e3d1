/** A Postgres that takes TLS connections only, as the account's own does: by harness and functions, whose certificate is checked. */
import { appendFile, chown, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connect } from "../../../infra/handlers/aws/database.ts";
import { functionAccess } from "../../../src/database/access.ts";
import { capacityOf } from "../../../src/database/capacity.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "../../../src/database/embedded.ts";
import { Invocations } from "../../../src/database/invocations.ts";
import { rdsCertificates } from "../../../src/database/rds-certificates.ts";

let directory: string;
let postgres: EmbeddedPostgres;
/** The authority of the server's own certificate, and that of somebody else's. */
const authorities = { right: "", wrong: "" };

/** A certificate for `localhost`, which is its own authority. */
async function aCertificate(): Promise<{ cert: string; private: string }> {
  return generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
    ],
  });
}

/** The superuser's URL, by another host name and with parameters. */
function urlOf(hostname: string, parameters: Record<string, string>): string {
  const url = new URL(postgres.url);
  url.hostname = hostname;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

const verified = () => urlOf("localhost", { sslmode: "verify-full", sslrootcert: authorities.right });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "throttle-bench-"));
  postgres = await openEmbeddedPostgres({ directory });
  const [server, other] = [await aCertificate(), await aCertificate()];
  authorities.right = join(directory, "right.pem");
  authorities.wrong = join(directory, "wrong.pem");
  await writeFile(authorities.right, server.cert);
  await writeFile(authorities.wrong, other.cert);
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query(
    "select current_setting('data_directory') as data, current_setting('hba_file') as hba",
  );
  const [{ data, hba }] = rows;
  const { uid, gid } = await stat(data);
  for (const [name, text] of Object.entries({ "server.crt": server.cert, "server.key": server.private })) {
    await writeFile(join(data, name), text, { mode: 0o600 });
    await chown(join(data, name), uid, gid);
  }
  await client.query("alter system set ssl = on");
  // As RDS does for rds.force_ssl: there is no line for connections without TLS.
  await writeFile(hba, "hostssl all all 127.0.0.1/32 scram-sha-256\n");
  await appendFile(hba, "hostssl all all ::1/128 scram-sha-256\n");
  await client.query("select pg_reload_conf()");
  await client.end();
  await vi.waitFor(async () => expect((await capacityOf(verified())).tls).toBe(true), { timeout: 10_000 });
  const table = await Invocations.open(verified());
  await table.ensureTable().finally(() => table.close());
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await postgres?.close();
  await rm(directory, { recursive: true, force: true });
});

describe("the harness", () => {
  it("connects when the certificate is the authority's and names the host", async () => {
    const capacity = await capacityOf(verified());
    expect(capacity).toMatchObject({ tls: true, connections: expect.any(Number) });
    expect(capacity.connections).toBeGreaterThan(capacity.inUse);
  });

  it.each([
    ["another authority's certificate", "localhost", () => authorities.wrong, /self-signed certificate|verify/],
    ["a host that the certificate does not name", "127.0.0.1", () => authorities.right, /IP: 127\.0\.0\.1|altnames/],
  ])("refuses %s", async (_what, host, authority, reason) => {
    const opened = Invocations.open(urlOf(host, { sslmode: "verify-full", sslrootcert: authority() }));
    await expect(opened).rejects.toMatchObject({
      code: "database-unreachable",
      message: expect.stringMatching(reason),
    });
  });

  it("is refused without TLS", async () => {
    await expect(Invocations.open(urlOf("127.0.0.1", {}))).rejects.toMatchObject({
      code: "database-unreachable",
      message: expect.stringMatching(/no encryption/),
    });
  });
});

describe("the functions", () => {
  it("connect with the files that come with their code, and are refused with those of another", async () => {
    const { url, files } = await functionAccess(verified(), null);
    const code = await mkdtemp(join(directory, "task-"));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(code, name), bytes);
    vi.stubEnv("DATABASE_URL", url.replace(encodeURIComponent("/var/task"), encodeURIComponent(code)));
    const rows = await connect();
    await rows.insert({ id: 1, sentAt: 1, startedAt: 2, groupId: "tls", batchId: "b", cacheId: "c" });
    const table = await Invocations.open(verified());
    expect((await table.columns("tls").finally(() => table.close())).toRows()).toMatchObject([{ id: 1 }]);

    await writeFile(join(code, "database-ca.pem"), (await aCertificate()).cert);
    await expect(connect()).rejects.toThrow(/self-signed certificate|verify/);
  });
});

describe("the authorities of RDS", () => {
  it("are three for a region, of its own name, and none for a region that is not known", async () => {
    const pem = (await rdsCertificates("eu-west-1")) ?? "";
    expect(pem.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(3);
    expect(pem).not.toBe(await rdsCertificates("us-east-1"));
    expect(await rdsCertificates("xx-nowhere-9")).toBeNull();
  });
});
