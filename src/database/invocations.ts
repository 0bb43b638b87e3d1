/** The `invocations` table in Postgres. Times are integer milliseconds here and UTC timestamps there. */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import type { Pool, PoolClient, QueryResult } from "pg";
import { BenchError } from "../errors.ts";
import type { Arrivals, Call, Groups, Row } from "../model.ts";
import { Columns } from "../rows/columns.ts";
import { connect, reasonOf } from "./connection.ts";
import { copyOfGroup, takeRows } from "./copied-rows.ts";

const copyRows =
  "copy invocations (id, sent_at, started_at, group_id, batch_id, cache_id, created_at) from stdin with (encoding 'UTF8')";
/** Some 300 kB: few enough bytes to be made while the last ones are on their way, and enough of them to be worth a message. */
const rowsPerText = 2_000;
const schemaLock = 7_468_022;
const insufficientPrivilege = "42501";
const diskFull = "53100";
// Both the source file and the bundle are two levels below the package's root.
const schemaFile = new URL("../../infra/schema.sql", import.meta.url);

/** All methods throw BenchError `database-failed` when the connection fails or the database refuses. */
export class Invocations {
  private constructor(
    private readonly pool: Pool,
    private readonly where: string,
  ) {}

  /** Connects. Throws BenchError `bad-usage` for a malformed URL and `database-unreachable` when there is no connection within 5 s. */
  static async open(url: string, silence: { silenceAfterMs?: number } = {}): Promise<Invocations> {
    const { pool, where } = await connect(url, {
      onConnect: (client) => client.query("set timezone to 'UTC'") as unknown as undefined,
      ...silence,
    });
    return new Invocations(pool, where);
  }

  /** Creates the table and its index if they are missing, and never changes them. */
  async ensureTable(): Promise<void> {
    const schema = await readFile(schemaFile, "utf8");
    try {
      // With `if not exists` alone, two processes that create at once get errors. The lock holds for the one transaction of all statements.
      await this.pool.query(`select pg_advisory_xact_lock(${schemaLock}); ${schema}`);
    } catch (error) {
      // A user who may not create anything can still use a table that is there.
      const refused = (error as { code?: string }).code === insufficientPrivilege;
      const { rows } = await this.query("select to_regclass('invocations') is not null as present");
      if (!refused || !rows[0].present) throw this.failed(error);
    }
  }

  /** Inserts the rows in order and with their `createdAt`, by one COPY: all of them or, when it throws, none. */
  async insert(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const { default: copyStreams } = await import("pg-copy-streams");
    let client: PoolClient | undefined;
    let failure: Error | undefined;
    try {
      client = await this.pool.connect();
      const stream = client.query(copyStreams.from(copyRows));
      const written = finished(stream);
      // It is awaited at the end, and may fail before.
      written.catch(() => {});
      for (const text of copiedTexts(rows))
        if (!stream.write(text)) await Promise.race([once(stream, "drain"), written]);
      stream.end();
      await written;
    } catch (cause) {
      failure = cause as Error;
      throw this.failed(cause);
    } finally {
      client?.release(failure);
    }
  }

  /**
   * Tells this database from all others while its server runs, also where two URLs or a tunnel lead to the same one; null: the server
   * does not say.
   */
  async identity(): Promise<string | null> {
    const asked =
      "select extract(epoch from pg_postmaster_start_time()) || '/' || oid as identity from pg_database where datname = current_database()";
    return this.query(asked).then(
      ({ rows }) => rows[0]?.identity ?? null,
      () => null,
    );
  }

  /** The number of rows of all runs. */
  async count(): Promise<number> {
    const { rows } = await this.query("select count(*)::int as count from invocations");
    return rows[0].count;
  }

  /** The run's rows whose `created_at` is `since` or later; null: all. The index alone finds them, so a look reads no other rows. */
  async newSince({ completed, dead }: Groups, since: number | null): Promise<Arrivals> {
    const { rows } = await this.query(
      `select coalesce(array_agg(id) filter (where group_id = $1), '{}') as completed,
              coalesce(array_agg(id) filter (where group_id = $2), '{}') as dead,
              ${milliseconds("max(created_at)")} as "lastCreatedAt"
       from invocations
       where group_id in ($1, $2)${since === null ? "" : ` and created_at >= ${timestamp("$3::bigint")}`}`,
      [completed, dead, ...(since === null ? [] : [since])],
    );
    return rows[0];
  }

  /** The rows of a group, in no order. */
  async columns(groupId: string): Promise<Columns> {
    const { default: copyStreams } = await import("pg-copy-streams");
    let client: PoolClient | undefined;
    let failure: Error | undefined;
    try {
      client = await this.pool.connect();
      const columns = new Columns(groupId);
      await takeRows(client.query(copyStreams.to(copyOfGroup(client.escapeLiteral(groupId)))), columns);
      return columns;
    } catch (cause) {
      failure = cause as Error;
      throw this.failed(cause);
    } finally {
      client?.release(failure);
    }
  }

  /** Inserts calls with their `beganAt`: all of them or, when it throws, none. */
  async insertCalls(calls: readonly Call[]): Promise<void> {
    await this.query(
      `insert into calls (run, id, began_at, outcome)
       select run, id, ${timestamp("ms")}, outcome
       from unnest($1::text[], $2::int[], $3::bigint[], $4::text[]) as called (run, id, ms, outcome)`,
      [
        calls.map(({ runId }) => runId),
        calls.map(({ id }) => id),
        calls.map(({ beganAt }) => beganAt),
        calls.map(({ outcome }) => outcome),
      ],
    );
  }

  /** The calls of a run by `began_at`, then id; none where there is no table of calls. */
  async calls(runId: string): Promise<Call[]> {
    const { rows: tables } = await this.query("select to_regclass('calls') is not null as present");
    if (!tables[0].present) return [];
    const { rows } = await this.query(
      `select run as "runId", id, ${milliseconds("began_at")} as "beganAt", outcome
       from calls where run = $1 order by 3, id, outcome`,
      [runId],
    );
    return rows;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async query(text: string, values: unknown[] = []): Promise<QueryResult> {
    try {
      return await this.pool.query(text, values);
    } catch (cause) {
      throw this.failed(cause);
    }
  }

  private failed(cause: unknown): BenchError {
    const isFull = (cause as { code?: string }).code === diskFull;
    const cure = isFull
      ? "make room on its disk"
      : "check that it is running and that its user may read and write the table invocations";
    const message = `The database ${this.where} failed (${reasonOf(cause)}): ${cure}, then run again.`;
    return new BenchError("database-failed", message, { cause });
  }
}

/**
 * The rows in the text format of COPY, many in each text.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
function* copiedTexts(rows: readonly Row[]): Generator<string> {
  const sentAt = timestampTexts();
  const startedAt = timestampTexts();
  const createdAt = timestampTexts();
  for (let start = 0; start < rows.length; start += rowsPerText) {
    let text = "";
    for (const row of rows.slice(start, start + rowsPerText)) {
      text += `${row.id}\t${sentAt(row.sentAt)}\t${startedAt(row.startedAt)}\t${escaped(row.groupId)}\t${escaped(row.batchId)}\t${escaped(row.cacheId)}\t${createdAt(row.createdAt)}\n`;
    }
    yield text;
  }
}

/** Writes timestamps out, from whole milliseconds to the year 9999. The rows of a second come together, so its text is kept. */
function timestampTexts(): (ms: number) => string {
  let second = Number.NaN;
  let text = "";
  return (ms) => {
    const its = Math.floor(ms / 1_000);
    if (its !== second) {
      second = its;
      text = new Date(its * 1_000).toISOString().slice(0, 19);
    }
    return `${text}.${String(ms - its * 1_000).padStart(3, "0")}`;
  };
}

const special = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (each) => special[each as keyof typeof special]) : text;
}

/** SQL for a timestamp from whole milliseconds. It is exact, because the product stays below 2^53 microseconds, and needs no time zone. */
function timestamp(column: string): string {
  return `timestamp 'epoch' + ${column} * interval '1 millisecond'`;
}

/** SQL for the milliseconds of a timestamp, without the microseconds of `now()`. It is a float8, because pg reads a bigint as text. */
function milliseconds(expression: string): string {
  return `round(extract(epoch from date_trunc('milliseconds', ${expression})) * 1000)::float8`;
}
