/** The embedded Postgres against the real binaries and, as root, real accounts; `test/slow/embedded.test.ts` has other processes that use it. */
import { chmod, chown, mkdir, readFile, rm, rmdir, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { ownPlace } from "../../../src/database/account.ts";
import { openEmbeddedPostgres } from "../../../src/database/embedded.ts";
import { reasonIn } from "../../../src/database/programs.ts";
import { BenchError } from "../../../src/errors.ts";
import { eachInSandbox, isRoot, query } from "./sandbox.ts";

const place = eachInSandbox();
const { use, server, isStopped } = place;

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
    const file = join(place.directory, "postgres", "password");
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

describe("after a kill", () => {
  it("of the server itself, it starts again with every row", async () => {
    const first = await use();
    await query(first.url, "create table kept as select generate_series(1, 1000) as id");
    process.kill((await server())!.pid, "SIGKILL");
    const second = await use();
    expect(await query(second.url, "select count(*)::int as count from kept")).toEqual([{ count: 1000 }]);
    await first.close();
    expect(await query(second.url, "select 1 as alive")).toEqual([{ alive: 1 }]);
  });
});

describe("what goes wrong", () => {
  it("a damaged database is reported with what the server said, how to begin anew, and no password", async () => {
    const { url, close } = await use();
    await close();
    await rm(join(place.directory, "postgres", "data", "global", "pg_control"));
    const error = await openEmbeddedPostgres({ directory: place.directory }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "BenchError", code: "database-failed" });
    expect(error.message).toContain(`move ${join(place.directory, "postgres")} away`);
    expect(error.message).toContain("--database-url");
    expect(error.cause.message).toContain("pg_control");
    expect(inspect(error)).not.toContain(new URL(url).password);
  });

  it("a server that is killed while it is used is named as such, and so is one that is removed", async () => {
    const first = await use();
    const { pid } = (await server())!;
    const failure = new BenchError("database-failed", "connect ECONNREFUSED");
    failure.cleanUp = "It leaves nothing but the rows that were written.";
    expect(await first.explained(failure)).toBe(failure);
    process.kill(pid, "SIGKILL");
    const killed = {
      code: "database-failed",
      message: expect.stringMatching(/ was killed while it was used, .*: run again, all rows it had are kept\.$/),
    };
    await expect(first.lost).rejects.toMatchObject(killed);
    expect(await first.explained(failure)).toMatchObject({ ...killed, cleanUp: failure.cleanUp, cause: failure });
    const other = new BenchError("bad-usage", "nothing about the database");
    expect(await first.explained(other)).toBe(other);
    await first.close();

    const second = await use();
    const { pid: itsPid } = (await server())!;
    await rm(join(place.directory, "postgres"), { recursive: true });
    expect(await second.explained(failure)).toMatchObject({
      message: expect.stringMatching(/ was removed while it was used: run again, and a new one is made\.$/),
    });
    await second.close();
    await vi.waitFor(() => expect(() => process.kill(itsPid, 0)).toThrow("ESRCH"), { timeout: 20_000 });
  });

  it.each([
    [
      'The files belonging to this system are owned by "nobody".\n\n2026-11-27 01:00:00.000 UTC [7] FATAL:  could not write "x": No space left on device\nchild process exited with exit code 1\ninitdb: removing data directory\n',
      'could not write "x": No space left on device',
    ],
    [
      "initdb: error: could not look up effective user ID 12345: user does not exist\n",
      "could not look up effective user ID 12345: user does not exist",
    ],
    ["postgres: cannot execute\n", "postgres: cannot execute"],
    ["", ""],
  ])("a program of PostgreSQL that failed is told by the line that says why: %j", (said, reason) => {
    expect(reasonIn(said)).toBe(reason);
  });

  it("a platform without binaries is told to bring its own database", async () => {
    const arch = Object.getOwnPropertyDescriptor(process, "arch")!;
    Object.defineProperty(process, "arch", { ...arch, value: "vax" });
    try {
      await expect(openEmbeddedPostgres({ directory: place.directory })).rejects.toMatchObject({
        code: "database-failed",
        message: expect.stringMatching(/-vax .*--database-url/),
      });
    } finally {
      Object.defineProperty(process, "arch", arch);
    }
  });

  it("a directory that cannot be made is an error that names it, and says what to do", async () => {
    await rmdir(join(place.root, "project"));
    await writeFile(join(place.root, "project"), "a file");
    await expect(openEmbeddedPostgres({ directory: place.directory })).rejects.toMatchObject({
      code: "database-failed",
      message: expect.stringMatching(
        `${place.directory}.*: move away what is in its place, or give --database-url\\.$`,
      ),
    });
  });
});

it("a link that leads nowhere in the directory's place is told as one", async () => {
  await rm(place.directory, { recursive: true, force: true });
  await mkdir(dirname(place.directory), { recursive: true });
  await symlink(join(place.root, "gone"), place.directory);
  await expect(openEmbeddedPostgres({ directory: place.directory })).rejects.toMatchObject({
    code: "database-failed",
    message: expect.stringMatching(
      /: see that a link in its place leads to what there is, or work in another directory/,
    ),
  });
});

describe.runIf(isRoot)("as root", () => {
  it("lends the server an unprivileged account", async () => {
    await use();
    const { pid } = (await server())!;
    expect((await stat(`/proc/${pid}`)).uid).toBe(place.account!.uid);
  });

  it("takes no temporary directory that someone else has put under its name", async () => {
    vi.stubEnv("TMPDIR", place.root);
    try {
      const planted = join(place.root, "throttle-bench-0");
      await mkdir(planted);
      expect(await ownPlace(place.account)).toBe(planted);
      await chmod(planted, 0o777);
      expect(await ownPlace(place.account)).not.toBe(planted);
      await chmod(planted, 0o755);
      await chown(planted, place.account!.uid, place.account!.gid);
      expect(await ownPlace(place.account)).not.toBe(planted);
    } finally {
      // The directory that it took instead stays, unless it is empty.
      await rmdir(await ownPlace(place.account)).catch(() => {});
      vi.unstubAllEnvs();
    }
  });

  it("uses no database of another account", async () => {
    await mkdir(join(place.directory, "postgres"), { recursive: true });
    await chown(join(place.directory, "postgres"), place.account!.uid, place.account!.gid);
    await expect(openEmbeddedPostgres({ directory: place.directory })).rejects.toMatchObject({
      code: "database-failed",
      message: expect.stringContaining("belongs to another account"),
    });
  });
});
