/** The embedded Postgres, for runs to which no database was given: one server per directory, shared by all processes that use it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "pg";
import { BenchError, type ErrorCode, messageOf, systemCure } from "../errors.ts";
import { openOwnFile } from "../files/own-files.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { explainStart } from "./glibc.ts";
import { startKeeper } from "./keeping.ts";
import { discard, isRunning, type Postmaster, readPostmaster } from "./postmaster.ts";
import { executable, findPrograms, reasonIn, spawnOptions } from "./programs.ts";
import { leave, ownUrlOf, patienceMs, takeShare, urlOf } from "./share.ts";

export interface EmbeddedPostgres {
  /** For pg in this process. Holds the password: never to be printed. */
  url: string;
  /** For any other program, with the password, too. */
  urlForOthers: string;
  /** Rejects with `database-failed` when the server ends before it is left: it was killed, or its files were removed. */
  lost: Promise<never>;
  /** The failure of work on the server; if the server is lost, that is the failure. */
  explained(failure: unknown): Promise<unknown>;
  /** Leaves the server, and stops it when nobody else uses it. */
  close(): Promise<void>;
}

/** A start fails once or twice if its port was taken meanwhile, or after a server that was killed. More failures have another cause. */
const startsBeforeGivingUp = 5;
const ofDatabase: ReadonlySet<ErrorCode> = new Set(["database-failed", "database-unreachable"]);
const logLimitBytes = 1_000_000;

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "50",
  shared_buffers: "32MB",
  // Rows that a power cut loses can be predicted again. synchronous_commit stays on, so that a killed server has every row;
  // without fsync it costs no time that can be measured.
  fsync: "off",
  full_page_writes: "off",
  // This makes fewer processes, so the start is faster.
  io_method: "sync",
  // Containers and sandboxes may have no /dev/shm, or a full one.
  ...(process.platform !== "win32" && { dynamic_shared_memory_type: "mmap" }),
  max_logical_replication_workers: "0",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  log_min_error_statement: "panic",
};

/**
 * Uses the server of `<directory>/postgres`, and makes or starts it if need be. The caller closes it. `meanwhile` is called while a
 * server starts.
 * Throws BenchError `database-failed`.
 */
export async function openEmbeddedPostgres(options: {
  directory: string;
  meanwhile?: () => Promise<unknown>;
}): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const keeper = startKeeper(directory);
  try {
    const cluster = await openCluster(directory);
    const { client, postmaster } = await enter(cluster, options.meanwhile);
    let isLeft = false;
    const depart = async () => {
      isLeft = true;
      await leaveShare(cluster, client, postmaster).catch((cause) => {
        keeper.takeOver();
        throw cause;
      });
      keeper.dismiss();
    };
    const lost = new Promise<never>((_, reject) => {
      client.once("end", () => {
        if (!isLeft) reject(lossOf(cluster));
      });
    });
    // Nobody may be listening.
    lost.catch(() => {});
    let left: Promise<void> | undefined;
    return {
      lost,
      explained: (failure) => explained(failure, cluster, postmaster),
      url: ownUrlOf(cluster, postmaster.port),
      urlForOthers: urlOf(cluster, postmaster.port),
      close: () => (left ??= depart()),
    };
  } catch (cause) {
    keeper.takeOver();
    if (cause instanceof BenchError) throw cause;
    throw new BenchError(
      "database-failed",
      `The embedded Postgres in ${directory} could not be set up (${firstLine(cause)}): ${cureOf(messageOf(cause)) ?? "see --verbose for what it said"}, or give --database-url.`,
      { cause },
    );
  }
}

async function explained(failure: unknown, cluster: Cluster, { pid }: Postmaster): Promise<unknown> {
  if (!(failure instanceof BenchError) || !ofDatabase.has(failure.code)) return failure;
  const now = await readPostmaster(cluster.data).catch(() => undefined);
  if (now?.pid === pid && (await isRunning(now))) return failure;
  return Object.assign(lossOf(cluster, failure), { cleanUp: failure.cleanUp });
}

function lossOf({ place, data, log }: Cluster, cause?: unknown): BenchError {
  const sentence = existsSync(data)
    ? `The embedded Postgres in ${place} was killed while it was used, by somebody or for want of memory (its log is ${log}): run again, all rows it had are kept.`
    : `The embedded Postgres in ${place} was removed while it was used: run again, and a new one is made.`;
  return new BenchError("database-failed", sentence, { cause });
}

async function leaveShare(cluster: Cluster, client: Client, postmaster: Postmaster): Promise<void> {
  try {
    await leave(cluster, client, postmaster);
  } catch (cause) {
    throw new BenchError(
      "database-failed",
      `The embedded Postgres in ${cluster.place} did not stop (${firstLine(cause)}): it is asked again in the background, else by the next run.`,
      { cause },
    );
  }
}

/** A connection that holds a share of the server. */
async function enter(
  cluster: Cluster,
  meanwhile: (() => Promise<unknown>) | undefined,
): Promise<{ client: Client; postmaster: Postmaster }> {
  const deadline = Date.now() + patienceMs;
  let started: Start | undefined;
  let failures = 0;
  let refusal: unknown;
  for (let pauseMs = 4; Date.now() < deadline; pauseMs = Math.min(pauseMs * 1.2, 100)) {
    const postmaster = await readPostmaster(cluster.data);
    if (postmaster && (await isRunning(postmaster))) {
      if (postmaster.status === "ready") {
        const client = await takeShare(cluster, postmaster).catch((error) => {
          refusal = error;
        });
        if (client) return { client, postmaster };
      }
    } else if (!started || started.hasEnded()) {
      if (started && ++failures === startsBeforeGivingUp) throw await failedStart(cluster, await started.said());
      await pause(50 * failures);
      if (postmaster) await discard(cluster.data, postmaster);
      started = await start(cluster);
      // These take about as long as the server does to start.
      await import("pg");
      await meanwhile?.();
    }
    await pause(pauseMs);
  }
  throw await failedStart(
    cluster,
    refusal ? messageOf(refusal) : ((await started?.said()) ?? "its pid file is unreadable"),
  );
}

/** A server that this process has started. Another process may have started one before it. */
interface Start {
  hasEnded(): boolean;
  /** The text that it has written to the log. */
  said(): Promise<string>;
}

async function start(cluster: Cluster): Promise<Start> {
  const programs = await findPrograms(cluster.account);
  const port = await freePort();
  const log = await openOwnFile(cluster.log, "a");
  try {
    if ((await log.stat()).size > logLimitBytes) await log.truncate();
    const { size } = await log.stat();
    const program = join(programs, executable("postgres"));
    const child = spawn(
      program,
      [
        "-D",
        cluster.data,
        "-p",
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      { ...spawnOptions(cluster.account), stdio: ["ignore", log.fd, log.fd] },
    );
    await once(child, "spawn").catch((cause) => {
      throw explainStart(program, cause);
    });
    child.unref();
    return {
      hasEnded: () => child.exitCode !== null || child.signalCode !== null,
      said: async () => (await readFile(cluster.log)).subarray(size).toString("utf8").slice(-2000),
    };
  } finally {
    await log.close();
  }
}

async function failedStart(cluster: Cluster, said: string): Promise<BenchError> {
  const anew = `move ${cluster.place} away to begin with an empty database and keep its rows`;
  return new BenchError(
    "database-failed",
    `The embedded Postgres did not start (${reasonIn(said)}), see ${cluster.log}: ${cureOf(said) ?? anew}, or give --database-url.`,
    { cause: new Error(said.trim()) },
  );
}

function cureOf(said: string): string | null {
  // Its directory is made with those above it, so that only a link that leads nowhere is in the way.
  if (/^(ENOENT|ELOOP):/.test(said))
    return "see that a link in its place leads to what there is, or work in another directory";
  // https://www.postgresql.org/docs/18/install-windows.html
  if (/administrative permissions/i.test(said)) return "use a terminal of Windows that is not elevated";
  if (/look up (effective|local) user/.test(said))
    return "run as an account that has a name, with an entry in /etc/passwd";
  return systemCure(said);
}

/** PostgreSQL takes no port 0, so the system is asked for one first. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split("\n")[0]!.trim();
}
