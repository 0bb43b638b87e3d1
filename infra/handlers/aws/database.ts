/** The table `invocations` of the Postgres at DATABASE_URL, reached with pg. */
import { Pool } from "pg";
import { requiredText } from "../environment.ts";
import type { Rows } from "../ports.ts";

const connectTimeoutMs = 5_000;

/**
 * Opens the instance's one connection, over TLS when the URL says so (`sslmode`). Rejects when it cannot be had.
 *
 * It is a pool of one for the sake of instances that Lambda freezes for minutes: a connection that was cut meanwhile is opened
 * again for the next insert, where a bare client would stay broken for as long as the instance lives.
 */
export async function connect(): Promise<Rows> {
  const pool = new Pool({
    connectionString: requiredText(process.env, "DATABASE_URL"),
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectTimeoutMs,
    // created_at is a `timestamp` that defaults to now(), which is local to the session's zone.
    onConnect: async (client) => {
      await client.query("set time zone 'UTC'");
    },
  });
  pool.on("error", (error) => console.log(`The database connection was lost while idle: ${error.message}`));
  (await pool.connect()).release();

  return {
    async insert({ id, sentAt, startedAt, groupId, batchId, cacheId }) {
      await pool.query(
        "insert into invocations (id, sent_at, started_at, group_id, batch_id, cache_id) values ($1, $2, $3, $4, $5, $6)",
        [id, utc(sentAt), utc(startedAt), groupId, batchId, cacheId],
      );
    },
  };
}

/** The time as text, because pg would write a Date in the process's zone, and a `timestamp` column keeps no zone. */
function utc(ms: number): string {
  return new Date(ms).toISOString();
}
