/** What a run needs of its Postgres: that it may write there, enough connections, and nearly the same time. */
import type { Check } from "./check.ts";

const connectTimeoutMs = 5_000;
/** More than this, and latencies are not to be believed. Assumed: a tenth of the second that the figures are rounded to. */
const clockToleranceMs = 100;

/** `now`: this machine's clock, milliseconds. Everything that it tries is rolled back. Rejects with pg's error; no message holds the URL. */
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
    // Whoever may not create it can still use the one that is there.
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
