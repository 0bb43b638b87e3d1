/** Directories that are made under another name and get their own when they are complete. A process that is killed leaves some behind. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { exists } from "./postmaster.ts";
import { ignore } from "./system-error.ts";

/** Numbers of processes are those of one host, and a directory can be shared by several. */
const host = hostname().replace(/[^\w-]/g, "_");

/** Makes an empty directory beside `place`, which is to be renamed to it. Its name says which process makes it. */
export function makeDraft(place: string): Promise<string> {
  return mkdtemp(`${place}.${host}.${process.pid}.`);
}

/**
 * Removes the drafts of `place` whose process is gone, of this host's. `gone`: the number of a process that is known to be, although its
 * parent may not have noticed it. Resolves with whether any is left, because a program that the process had started still writes to it.
 */
export async function removeLeftDrafts(place: string, gone?: number): Promise<boolean> {
  let isAnyLeft = false;
  for (const name of (await readdir(dirname(place)).catch(ignore("ENOENT"))) ?? []) {
    const [, itsPlace, itsHost, pid] = /^(.+)\.([\w-]+)\.(\d+)\.\w{6}$/.exec(name) ?? [];
    if (itsPlace !== basename(place) || itsHost !== host) continue;
    if (Number(pid) !== gone && exists(Number(pid))) continue;
    await rm(join(dirname(place), name), { recursive: true, force: true }).catch(() => {
      isAnyLeft = true;
    });
  }
  return isAnyLeft;
}
