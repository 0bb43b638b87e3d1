/** The number of connections that a database still takes. */
import { connectTimeoutMs, describeDatabase, unreachable } from "./connection.ts";

export interface Capacity {
  /** the most connections of users who are no superusers */
  connections: number;
  /** of these, in use by others at the moment */
  inUse: number;
  /** the connection that asked used TLS */
  tls: boolean;
}

/** Throws BenchError `database-unreachable`. */
export async function capacityOf(url: string): Promise<Capacity> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on("error", () => {});
  try {
    await client.connect();
    // reserved_connections came with Postgres 16.
    const { rows } = await client.query(
      `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0) as connections,
              (select count(*)::int from pg_stat_activity
               where backend_type = 'client backend' and pid <> pg_backend_pid()) as "inUse",
              coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls`,
    );
    return rows[0];
  } catch (cause) {
    throw unreachable(describeDatabase(url), cause);
  } finally {
    await client.end().catch(() => {});
  }
}
