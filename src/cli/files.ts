/** Writes the files that formats make, and names each on stderr. */
import { accessSync, constants, type Stats, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, normalize, resolve } from "node:path";
import { BenchError, messageOf } from "../errors.ts";
import { onOneLine } from "../printable.ts";
import type { Chosen } from "./flags/formats.ts";
import { tell } from "./output.ts";

/** Throws `bad-usage` for files that cannot be written, before the work whose result is to go there; a disk may fill up all the same. */
export function requireWritable(path: string, value: "file" | "directory" = "file"): void {
  const found = foundAt(path);
  if (found !== undefined && found.isDirectory() !== (value === "directory")) {
    throw unwritable(path, value === "file" ? "it is a directory" : "it is no directory");
  }
  let existing = resolve(path);
  // A drive of Windows that is not there has nothing above it.
  while (foundAt(existing) === undefined && existing !== dirname(existing)) existing = dirname(existing);
  if (found === undefined && !foundAt(existing)?.isDirectory()) throw unwritable(path, `${existing} is no directory`);
  try {
    accessSync(existing, constants.W_OK);
  } catch (cause) {
    throw unwritable(path, messageOf(cause));
  }
}

/** Undefined: nothing is there. */
function foundAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw unwritable(path, messageOf(error));
  }
}

function unwritable(path: string, why: string): BenchError {
  return new BenchError("bad-usage", `${path} cannot be written (${why}); give another path.`);
}

/** Throws `bad-usage` as `requireWritable` does. */
export function requireWritableFiles<Subject>(chosen: Chosen<Subject>["files"]): void {
  for (const { format, path } of chosen) requireWritable(path, format.value);
}

/** Writes those that can be written, whichever cannot. Throws `target-failed` for the first of these. */
export async function writeFiles<Subject>(
  subjects: readonly Subject[],
  chosen: Chosen<Subject>["files"],
): Promise<void> {
  const failures: unknown[] = [];
  for (const { format, path } of chosen) {
    const writeAll = async () => {
      for (const file of await format.files(subjects, path)) await write(normalize(file.path), file.content);
    };
    await writeAll().catch((failure) => failures.push(failure));
  }
  if (failures.length > 0) throw failures[0];
}

/** With the directories above it. Throws `target-failed`. */
export async function write(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    throw new BenchError("target-failed", `${path} could not be written (${messageOf(cause)}); write it elsewhere.`, {
      cause,
    });
  }
  tell(onOneLine(`Wrote ${path}.`));
}
