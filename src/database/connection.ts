/** A connection to the Postgres that somebody named, and what is said of it where there is none. */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Client, Pool, PoolConfig } from "pg";
import { BenchError, messageOf } from "../errors.ts";

export const connectTimeoutMs = 5_000;
/** No statement of ours waits so long for a byte. Without a bound, a server that has stopped answering would hold a run for good. */
const silenceMs = 30_000;

/** `host:port/name` of a database URL, which is all that a message may say of it. Throws BenchError `bad-usage` for a malformed URL. */
export function describeDatabase(url: string): string {
  try {
    const { protocol, hostname, port, pathname, username, password, searchParams } = new URL(url);
    if (!/^postgres(ql)?:$/.test(protocol)) throw new Error(`unknown scheme ${protocol}`);
    decodeURIComponent(password);
    const host = hostname || searchParams.get("host") || "localhost";
    return `${host}:${port || searchParams.get("port") || 5432}/${decodeURIComponent(pathname.slice(1) || username)}`;
  } catch {
    // The cause is left out, because the parser's error holds the URL with its password.
    throw new BenchError(
      "bad-usage",
      "The database URL is malformed: write postgresql://user:password@host:port/name, with %-escapes for special characters in the password.",
    );
  }
}

/**
 * Connects, and tries it. `onConnect` prepares each connection of the pool. A connection on which nothing comes for `silenceAfterMs` ends,
 * and its query fails. `where` is the database as `describeDatabase` names it.
 * @throws BenchError `bad-usage` for a malformed URL, and `database-unreachable` when there is no connection within 5 s.
 */
export async function connect(
  url: string,
  { onConnect, silenceAfterMs = silenceMs }: { onConnect?: PoolConfig["onConnect"]; silenceAfterMs?: number } = {},
): Promise<{ pool: Pool; where: string }> {
  const where = describeDatabase(url);
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    Client: catching(pg.Client),
    max: 4,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    stream: socketThatEnds(silenceAfterMs),
    application_name: "throttle-bench",
    ...(onConnect && { onConnect }),
  });
  // An idle connection may end at any time; the next query opens another or fails with the reason.
  pool.on("error", () => {});
  // The query of one that is in use fails by itself; without a listener the end of its connection would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    await pool.query("select 1");
    return { pool, where };
  } catch (cause) {
    await pool.end();
    throw unreachable(where, cause);
  }
}

/**
 * pg throws on a message that it does not know, such as a demand for Kerberos, while it listens to the connection, where nobody could
 * catch it. Here the connection fails with it.
 */
function catching(Known: typeof Client): typeof Client {
  return class extends Known {
    constructor(options: ConstructorParameters<typeof Client>[0]) {
      super(options);
      const { connection } = this as unknown as { connection: { attachListeners(stream: Duplex): void } };
      const attach = connection.attachListeners.bind(connection);
      connection.attachListeners = (stream) => {
        attach(stream);
        for (const listener of stream.listeners("data") as ((chunk: Buffer) => void)[]) {
          stream.off("data", listener);
          stream.on("data", (chunk) => {
            try {
              listener(chunk);
            } catch (cause) {
              stream.destroy(cause as Error);
            }
          });
        }
      };
    }
  };
}

function socketThatEnds(silenceAfterMs: number): () => Socket {
  return () => {
    const socket = new Socket();
    const silence = Object.assign(new Error(`no answer in ${silenceAfterMs / 1_000} s`), { code: "ETIMEDOUT" });
    return socket.setTimeout(silenceAfterMs, () => socket.destroy(silence));
  };
}

/** `where` is the database as `describeDatabase` names it. */
export function unreachable(where: string, cause: unknown): BenchError {
  return new BenchError(
    "database-unreachable",
    `Cannot connect to the database ${where} (${reasonOf(cause)}): check that it is running, that this machine may reach it, and the user and password of the URL.`,
    { cause },
  );
}

/** The error in its own words. A refused connection to a name with several addresses has a code and no message. */
export function reasonOf(error: unknown): string {
  return messageOf((error instanceof Error && error.message) || (error as { code?: string }).code || error);
}
