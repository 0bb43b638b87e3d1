/** Files that are written whole or not at all. */
import { open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BenchError, messageOf } from "../errors.ts";
import { makeOwnDirectory, openOwnFile } from "../files/own-files.ts";
import { renameOver } from "../files/renaming.ts";

/** The names, without the extension, of the directory's files that have it, sorted. Files that are being written are left out. */
export async function namesIn(directory: string, extension: string): Promise<string[]> {
  const files = await readdir(directory);
  return files
    .filter((file) => file.endsWith(extension) && !file.startsWith("."))
    .map((file) => basename(file, extension))
    .sort();
}

/**
 * Writes a value as JSON, and makes the directory for it. Resolves once the file would survive a power cut. `what` and `cure` are parts
 * of the sentence with which it throws `target-failed`.
 */
export async function writeWhole(path: string, value: object, what: string, cure: string): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${process.pid}.tmp`);
  try {
    await makeOwnDirectory(directory);
    await writeSynced(temporary, `${JSON.stringify(value, null, 2)}\n`);
    await renameOver(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const todo = isDiskFull(cause) ? "make room on its disk" : cure;
    throw new BenchError("target-failed", `${what} could not be written to ${path} (${messageOf(cause)}); ${todo}.`, {
      cause,
    });
  }
  await syncDirectory(directory);
}

/** Says whether there was no room left, or the user's share of it was used up. */
export function isDiskFull(cause: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((cause as { code?: string }).code ?? "");
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await openOwnFile(path, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename last through a power cut, where the system can open a directory. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows and some network file systems cannot; the file is in place all the same.
  }
}
