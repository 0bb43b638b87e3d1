/** Writes the files that formats make, and names each on stderr. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, normalize } from "node:path";
import { BenchError, messageOf } from "../errors.ts";
import { onOneLine } from "../printable.ts";
import type { Chosen } from "./flags/formats.ts";
import { tell } from "./output.ts";

/** Throws `target-failed`. */
export async function writeFiles<Subject>(
  subjects: readonly Subject[],
  chosen: Chosen<Subject>["files"],
): Promise<void> {
  for (const { format, path } of chosen) {
    for (const file of await format.files(subjects, path)) await write(normalize(file.path), file.content);
  }
}

/** With the directories above it. Throws `target-failed`. */
export async function write(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    throw new BenchError("target-failed", `${path} could not be written (${messageOf(cause)}).`, { cause });
  }
  tell(onOneLine(`Wrote ${path}.`));
}
