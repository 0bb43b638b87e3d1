/** Checks that a run can use its Postgres: rows can be written, there are enough connections, and the clocks agree. */
import type { Check } from "./check.ts";

const connectTimeoutMs = 5_000;
/** With a larger difference of the clocks, latencies are wrong. Assumed: a tenth of the second to which the figures are rounded. */
const clockToleranceMs = 100;

/** `now` is this machine's clock, in milliseconds. Every change is rolled back. Rejects with pg's error, whose message does not hold the URL. */
export async function checkDatabase(url: string, now: () => number): Promise<Check[]> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const before = now();
    const { rows } = await client.query(
      `select current_setting('max_connections')::int as connections,
              extract(epoch from clock_timestamp()) * 1000 as now,
              coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls`,
    );
    const roundTripMs = now() - before;
    const [{ connections, now: serverNow, tls }] = rows;
    const differenceMs = Math.round(Math.abs(Number(serverNow) - before - roundTripMs / 2));
    const isOff = differenceMs > clockToleranceMs + roundTripMs;
    await client.query("begin");
    const { rows: tables } = await client.query("select to_regclass('invocations') is not null as present");
    // A user who may not create the table can still use one that is there.
    if (!tables[0].present) await client.query("create table invocations (id integer)");
    await client.query("insert into invocations (id) values (0)");
    await client.query("rollback");
    return [
      {
        name: "database",
        status: "ok",
        detail: `reached; rows can be written; ${connections} connections, one for each instance of the functions`,
        remedy: null,
      },
      {
        name: "database TLS",
        status: tls ? "ok" : "not known",
        detail: tls ? "in use" : "not in use",
        remedy: tls
          ? null
          : "Over a network, add sslmode=verify-full to the URL, and sslrootcert=FILE where the server's CA is not a public one.",
      },
      {
        name: "database clock",
        status: isOff ? "not ok" : "ok",
        detail: `${differenceMs} ms from this machine's`,
        remedy: isOff ? "Set both clocks by NTP; times of events and rows are compared." : null,
      },
    ];
  } finally {
    await client.end();
  }
}
