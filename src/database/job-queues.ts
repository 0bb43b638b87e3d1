/** Queues of jobs in Postgres, which pg-boss keeps in a schema of their own: what is put there is taken once, also when its taker dies. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "pg";
import type PgBoss from "pg-boss";
import { BenchError } from "../errors.ts";
import { connect, reasonOf } from "./connection.ts";

/** Everything that the queues need is in this schema of the database, and nothing else. */
export const queueSchema = "throttle_bench_queue";

/** A job whose taker has died is noticed so soon after its time is up. */
const maintenanceSeconds = 5;
/** Nobody asks for a job that is over. */
const keptSeconds = 60;
/** A database may be away so long, as when it is started again. */
const outageMs = 60_000;
const betweenTriesMs = 1_000;
/** Jobs that are taken out of a queue while it is removed come to so many tries. */
const triesToRemove = 5;

export interface NewJob {
  queue: string;
  id: string;
  data: object;
  /** The waiting job with the highest priority is taken first. By default 0. */
  priority?: number;
  /** Whoever has taken it has so long; then another may. By default 15 minutes. */
  expireInSeconds?: number;
}

export interface Job<Data> {
  id: string;
  data: Data;
}

export interface Queue {
  name: string;
  /** since it was created or renewed, by the database's clock */
  idleMs: number;
}

export interface QueueOptions {
  /** So many takers of a job may die; then it goes to the queue `deadLetter`. */
  retryLimit: number;
  deadLetter: string;
}

/**
 * Each call can be made again, and is, while the database is away. All throw BenchError `database-failed` when it refuses, or stays away
 * for a minute.
 */
export class JobQueues {
  readonly #pool: Pool;
  readonly #boss: PgBoss;
  /** Names the database without its password. */
  readonly where: string;

  private constructor(pool: Pool, boss: PgBoss, where: string) {
    this.#pool = pool;
    this.#boss = boss;
    this.where = where;
  }

  /**
   * Connects, and makes the schema where it is missing.
   * @throws BenchError `bad-usage` for a malformed URL, `database-unreachable` without a connection within 5 s, `database-failed`.
   */
  static async open(url: string): Promise<JobQueues> {
    const { pool, where } = await connect(url);
    const { default: Boss } = await import("pg-boss");
    const boss = new Boss({
      db: { executeSql: (text, values) => pool.query(text, values) },
      schema: queueSchema,
      schedule: false,
      maintenanceIntervalSeconds: maintenanceSeconds,
      archiveCompletedAfterSeconds: keptSeconds,
      deleteAfterSeconds: keptSeconds,
    });
    // Its maintenance comes again; what matters of an outage is told by the calls below.
    boss.on("error", () => {});
    try {
      await boss.start();
    } catch (cause) {
      await pool.end();
      throw new BenchError(
        "database-failed",
        `The database ${where} has no place for a queue (${reasonOf(cause)}): give the URL of a user who may create the schema ${queueSchema}.`,
        { cause },
      );
    }
    return new JobQueues(pool, boss, where);
  }

  /** An id that nobody else has. */
  newId(): string {
    return randomUUID();
  }

  /** Tells that the queue is wanted. Resolves with true when it was not there and has been created. */
  async renew(name: string, options?: QueueOptions): Promise<boolean> {
    return this.#insist(async () => {
      const isThere = (await this.#boss.getQueue(name)) !== null;
      if (isThere) await this.#boss.updateQueue(name);
      else await this.#boss.createQueue(name, { name, ...options });
      return !isThere;
    });
  }

  async queues(): Promise<Queue[]> {
    return this.#insist(async () => {
      const { rows } = await this.#pool.query("select now() as now");
      const queues = await this.#boss.getQueues();
      return queues.map(({ name, updatedOn }) => ({ name, idleMs: rows[0].now.getTime() - updatedOn.getTime() }));
    });
  }

  /** A job whose queue is gone is dropped; one whose id is there already, too. */
  async insert(jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#insist(() => this.#boss.insert(jobs.map(({ queue, ...job }) => ({ name: queue, ...job }))));
  }

  /** Takes so many jobs at most; none when the queue is gone. */
  async fetch<Data>(name: string, most: number): Promise<Job<Data>[]> {
    return this.#insist(async () => {
      // The library keeps the failure of a fetch to itself.
      let failure: unknown = null;
      const executeSql = async (text: string, values: unknown[]) => {
        try {
          return await this.#pool.query(text, values);
        } catch (error) {
          failure = error;
          throw error;
        }
      };
      const jobs = await this.#boss.fetch<Data>(name, { batchSize: most, db: { executeSql } });
      if (failure !== null) throw failure;
      return jobs.map(({ id, data }) => ({ id, data }));
    });
  }

  /** Deletes jobs, whoever has taken them. */
  async delete(name: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#insist(() => this.#boss.deleteJob(name, [...ids]));
  }

  /** Removes a queue with the jobs that wait. Resolves with false while somebody has a job of it. */
  async remove(name: string): Promise<boolean> {
    for (let tries = 0; tries < triesToRemove; tries++) {
      const isRemoved = await this.#insist(async () => {
        await this.#boss.purgeQueue(name);
        return this.#boss.deleteQueue(name).then(() => true, rethrowUnless(isStillReferred));
      });
      if (isRemoved) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
    await this.#pool.end();
  }

  async #insist<Result>(call: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await call();
      } catch (cause) {
        if (isPassing(cause) && tries * betweenTriesMs < outageMs) await pause(betweenTriesMs);
        else throw failed(this.where, cause);
      }
    }
  }
}

/** Drops the schema with every queue and job in it. Resolves with false when there was none. Throws as `JobQueues.open` does. */
export async function dropQueues(url: string): Promise<boolean> {
  const { pool, where } = await connect(url);
  try {
    const { rows } = await pool.query("select 1 from pg_namespace where nspname = $1", [queueSchema]);
    await pool.query(`drop schema if exists ${queueSchema} cascade`);
    return rows.length > 0;
  } catch (cause) {
    throw failed(where, cause);
  } finally {
    await pool.end();
  }
}

/** The server refuses again what it has refused, unless it says that it is short of something, is stopped, or had to choose between two. */
function isPassing(error: unknown): boolean {
  const { severity, code = "" } = error as { severity?: string; code?: string };
  return severity === undefined || /^(08|40|53|57P)/.test(code);
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: restrict_violation, foreign_key_violation */
function isStillReferred(error: unknown): boolean {
  return ["23001", "23503"].includes((error as { code?: string }).code ?? "");
}

function rethrowUnless(isExpected: (error: unknown) => boolean): (error: unknown) => false {
  return (error) => {
    if (isExpected(error)) return false;
    throw error;
  };
}

function failed(where: string, cause: unknown): BenchError {
  return new BenchError(
    "database-failed",
    `The database ${where} failed (${reasonOf(cause)}): check that it is running and that its user owns the schema ${queueSchema}, then run again.`,
    { cause },
  );
}
