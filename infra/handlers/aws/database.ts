/** The tables `invocations` and `calls`, and the limiters, of the Postgres at DATABASE_URL, reached with pg. */
import { escapeLiteral, Pool } from "pg";
import { requiredText } from "../environment.ts";
import { limitWindowMs } from "../limit.ts";
import type { CallRequest, Downstream, Grant } from "../ports.ts";
import { grantStatement } from "./limiter.ts";

const connectTimeoutMs = 5_000;
const callsLock = 7_468_023;

/**
 * Opens the instance's one connection, over TLS when the URL says so (`sslmode`). Rejects when it cannot be had.
 *
 * It is a pool of one for the sake of instances that Lambda freezes for minutes: a connection that was cut meanwhile is opened
 * again for the next insert, where a bare client would stay broken for as long as the instance lives.
 */
export async function connect(): Promise<Downstream> {
  const pool = new Pool({
    connectionString: requiredText(process.env, "DATABASE_URL"),
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectTimeoutMs,
    // created_at is a `timestamp` that defaults to now(), which is local to the session's zone.
    onConnect: async (client) => {
      await client.query("set time zone 'UTC'; set default_transaction_isolation to 'read committed'");
    },
  });
  pool.on("error", (error) => console.log(`The database connection was lost while idle: ${error.message}`));
  (await pool.connect()).release();

  return {
    async call(request) {
      // pg answers a query of several statements by a list, which its types do not know.
      const [, answer] = (await pool.query(callStatements(request))) as unknown as { rows: [CallRow] }[];
      const { outcome, wait_ms: waitMs } = answer!.rows[0];
      return outcome === "refused" ? { refused: true, retryAfterMs: waitMs } : { refused: false, retryAfterMs: 0 };
    },
    async take(request) {
      return (await pool.query<Grant>(grantStatement(request))).rows[0]!;
    },
    async insert({ id, sentAt, startedAt, groupId, batchId, cacheId }) {
      await pool.query(
        "insert into invocations (id, sent_at, started_at, group_id, batch_id, cache_id) values ($1, $2, $3, $4, $5, $6)",
        [id, utc(sentAt), utc(startedAt), groupId, batchId, cacheId],
      );
    },
  };
}

interface CallRow {
  outcome: "accepted" | "failed" | "refused";
  wait_ms: number;
}

/**
 * One message of two statements, which are one transaction: a lock that the calls of a run take one after the other, and the call. A
 * statement sees what was committed when it began, so that the call is a statement of its own, begun under the lock. For the same
 * reason it asks for the clock's time, and not for the transaction's. Without parameters, because a message that has any holds one
 * statement. https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED
 */
function callStatements({ runId, id, fails, limit, countsRefused }: CallRequest): string {
  const run = escapeLiteral(runId);
  const lock = limit === null ? "select 1" : `select pg_advisory_xact_lock(hashtextextended(${run}, ${callsLock}))`;
  const taken =
    limit === null
      ? "null::timestamp"
      : `(select began_at from calls where run = ${run}${countsRefused ? "" : " and outcome <> 'refused'"}
          order by began_at desc limit 1 offset ${limit.calls - 1}) + interval '${limitWindowMs(limit)} milliseconds'`;
  return `${lock};
    with moment as materialized (select clock_timestamp() at time zone 'UTC' as at),
         free as materialized (select ${taken} as at),
         called as (
           insert into calls (run, id, began_at, outcome)
           select ${run}, ${id}, moment.at, case when moment.at < free.at then 'refused' else '${fails ? "failed" : "accepted"}' end
           from moment, free
           returning outcome
         )
    select outcome, ceil(extract(epoch from free.at - moment.at) * 1000)::int as wait_ms from called, moment, free`;
}

/** The time as text, because pg would write a Date in the process's zone, and a `timestamp` column keeps no zone. */
function utc(ms: number): string {
  return new Date(ms).toISOString();
}
