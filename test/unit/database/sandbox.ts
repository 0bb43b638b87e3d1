/** A directory of its own for each test of a file, in which it uses the embedded Postgres in this process and in others. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BuildOptions, build } from "esbuild";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { serverAccount } from "../../../src/database/account.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "../../../src/database/embedded.ts";
import { isRunning, type Postmaster, readPostmaster } from "../../../src/database/postmaster.ts";

export const isRoot = process.geteuid?.() === 0;

/** A process that uses the server. */
export interface Holder {
  child: ChildProcess;
  /** Rejects with what the process wrote on stderr when it fails. */
  url: Promise<string>;
  leave(): Promise<void>;
}

export interface Sandbox {
  /** Everything of the test is in it. */
  readonly root: string;
  /** The embedded Postgres's directory, which is not there yet. */
  readonly directory: string;
  /** Whom the server runs as; undefined: as we do. */
  readonly account: Awaited<ReturnType<typeof serverAccount>>;
  /** The program that `hold` starts. */
  readonly holder: string;
  /** Uses a database that was made before. */
  use(): Promise<EmbeddedPostgres>;
  /** Uses the server from another process. */
  hold(options?: { script?: string; env?: Record<string, string>; uid?: number; gid?: number }): Holder;
  /** Ends the process at the end of the test. */
  endAfterwards(child: ChildProcess): void;
  server(): Promise<Postmaster | undefined>;
  isStopped(): Promise<boolean>;
}

/** Registers what makes and removes the sandbox of each test. */
export function eachInSandbox(): Sandbox {
  const holder = join(import.meta.dirname, `../../../.build/test/database-holder-${process.pid}.mjs`);
  /** A directory with a database that was used and left, for the tests that are not about making one. */
  let template: string;
  let account: Sandbox["account"];
  let root: string;
  let directory: string;
  let opened: EmbeddedPostgres[];
  let children: ChildProcess[];

  beforeAll(async () => {
    account = await serverAccount();
    await buildHolder(holder, { packages: "external" });
    template = await mkdtemp(join(tmpdir(), "embedded-postgres-template-"));
    await chmod(template, 0o755);
    await (await openEmbeddedPostgres({ directory: template })).close();
  });

  afterAll(async () => {
    await rm(holder, { force: true });
    await rm(template, { recursive: true, force: true });
  });

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "embedded-postgres-")));
    await chmod(root, 0o755);
    await mkdir(join(root, "project"));
    directory = join(root, "project", ".throttle-bench");
    opened = [];
    children = [];
  });

  afterEach(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await Promise.all(opened.map((postgres) => postgres.close().catch(() => {})));
    const left = await server().catch(() => undefined);
    if (left && (await isRunning(left))) process.kill(left.pid, "SIGQUIT");
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  const server = () => readPostmaster(join(directory, "postgres", "data"));
  return {
    get root() {
      return root;
    },
    get directory() {
      return directory;
    },
    get account() {
      return account;
    },
    holder,
    async use() {
      await mkdir(directory, { recursive: true });
      const made = await lstat(join(directory, "postgres")).catch(() => undefined);
      if (!made) await promisify(execFile)("cp", ["-a", join(template, "postgres"), directory]);
      const postgres = await openEmbeddedPostgres({ directory });
      opened.push(postgres);
      return postgres;
    },
    hold({ script = holder, env, ...ids } = {}) {
      const child = spawn(process.execPath, [script, directory], {
        ...ids,
        env: { ...process.env, ...env },
        detached: true,
        stdio: ["pipe", "pipe", "pipe"],
      });
      children.push(child);
      let errors = "";
      child.stderr.setEncoding("utf8").on("data", (text) => {
        errors += text;
      });
      const ended = once(child, "close");
      const url = Promise.race([
        once(child.stdout.setEncoding("utf8"), "data").then(([text]: string[]) => text!.trim()),
        ended.then(() => Promise.reject(new Error(errors))),
      ]);
      url.catch(() => {});
      return {
        child,
        url,
        async leave() {
          child.stdin.end("leave\n");
          const [code] = await ended;
          expect(errors).toBe("");
          expect(code).toBe(0);
        },
      };
    },
    endAfterwards: (child) => children.push(child),
    server,
    async isStopped() {
      const postmaster = await server();
      return postmaster === undefined || !(await isRunning(postmaster));
    },
  };
}

/** The program that uses the server of its argument until it is told to leave. */
export async function buildHolder(outfile: string, options: BuildOptions): Promise<void> {
  const entryPoints = [join(import.meta.dirname, "holder.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", ...options });
}

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
