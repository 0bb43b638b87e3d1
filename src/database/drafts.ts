/** Directories that are made under another name and get their own when they are complete. A process that is killed leaves some behind. */
import { existsSync } from "node:fs";
import { lstat, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { exists } from "./postmaster.ts";
import { ignore } from "./system-error.ts";

/** Numbers of processes are those of one host, and a directory can be shared by several. */
const host = hostname().replace(/[^\w-]/g, "_");

/** A number is given anew, so that one of a process that is alive says nothing of a draft that is older; making one takes seconds. */
const longestMakingMs = 3_600_000;

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
    const draft = join(dirname(place), name);
    if (Number(pid) !== gone && exists(Number(pid)) && (await ageMs(draft)) < longestMakingMs) continue;
    await rm(draft, { recursive: true, force: true }).catch(() => {
      isAnyLeft = true;
    });
  }
  return isAnyLeft;
}

async function ageMs(path: string): Promise<number> {
  return Date.now() - ((await lstat(path).catch(ignore("ENOENT")))?.mtimeMs ?? Date.now());
}

/** Gives a draft its name. Where another process was faster it stays a draft: Windows says then that it may not be renamed. */
export async function renameUnlessThere(
  draft: string,
  place: string,
  { move = rename, isThere = existsSync }: { move?: typeof rename; isThere?: (path: string) => boolean } = {},
): Promise<void> {
  await move(draft, place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EPERM" && isThere(place)) return;
    ignore("ENOTEMPTY", "EEXIST")(error);
  });
}
