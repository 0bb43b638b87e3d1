/**
 * A share of the embedded server. Each process that uses the server holds one: a shared advisory lock. The last one to leave gets the
 * lock exclusively and stops the server. A process that comes meanwhile finds the lock taken or the server "stopping", and tries again.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import { type Cluster, superuser } from "./cluster.ts";
import { isRunning, type Postmaster, readPostmaster } from "./postmaster.ts";
import { executable, findPrograms, run } from "./programs.ts";

const database = "postgres";
/** The user's PG* variables, such as PGSSLMODE, are about other servers; without these parameters pg would go by them. */
const given = {
  sslmode: "disable",
  sslnegotiation: "postgres",
  replication: "false",
  client_encoding: "UTF8",
  // An empty text would count as none.
  options: " ",
};
export const patienceMs = 20_000;
const usersLock = 7_468_021;

/** Holds the password, as `ownUrlOf` does: neither is to be printed, unless somebody asks for it. */
export function urlOf(cluster: Cluster, port: number): string {
  return `postgresql://${superuser}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

/** The same for pg in our own processes. */
export function ownUrlOf(cluster: Cluster, port: number): string {
  return `${urlOf(cluster, port)}?${new URLSearchParams(given)}`;
}

/** A connection that holds a share; undefined: the server is being stopped. */
export async function takeShare(cluster: Cluster, { pid, port }: Postmaster): Promise<Client | undefined> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: ownUrlOf(cluster, port),
    connectionTimeoutMillis: 5_000,
    application_name: "throttle-bench",
  });
  // If the server dies, each query of its users fails by itself, and this connection has none.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query("select pg_try_advisory_lock_shared($1) as shared", [usersLock]);
    // A stopping server writes its status before it closes the connection that holds the lock. Once the lock is ours, "ready" is true.
    const now = await readPostmaster(cluster.data);
    if (rows[0].shared && now?.pid === pid && now.status === "ready") return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  await client.end();
  return undefined;
}

/** Gives the share back, and stops the server if it was the last. Resolves with whether it was. */
export async function leave(cluster: Cluster, client: Client, postmaster: Postmaster): Promise<boolean> {
  try {
    const wasLast = await isLast(client);
    if (wasLast) await stop(cluster, postmaster);
    return wasLast;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Gives the shared lock back before it asks for the exclusive one, so that of two processes which leave at once one is the last. */
async function isLast(client: Client): Promise<boolean> {
  try {
    await client.query("select pg_advisory_unlock_shared($1)", [usersLock]);
    const { rows } = await client.query("select pg_try_advisory_lock($1) as last", [usersLock]);
    return rows[0].last;
  } catch {
    // The server that we used is gone already. If there is another now, it is not ours to stop.
    return false;
  }
}

/** pg_ctl sends the signal as the server's account, which may signal no process but the server, whatever the pid file says. */
async function stop(cluster: Cluster, { pid }: Postmaster): Promise<void> {
  const pgCtl = join(await findPrograms(cluster.account), executable("pg_ctl"));
  // A server whose directory was removed is known by its number alone; that it is this one, our connection to it tells.
  const isThere = existsSync(cluster.data);
  const words = isThere
    ? ["stop", `--pgdata=${cluster.data}`, "--mode=fast", "--no-wait"]
    : ["kill", "INT", String(pid)];
  await run(pgCtl, words, cluster.account);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const postmaster = await readPostmaster(cluster.data);
    if (postmaster?.pid !== pid || !(await isRunning(postmaster))) return;
    if (Date.now() > deadline) throw new Error(`no end after ${patienceMs / 1000} s`);
    await pause(4);
  }
}
