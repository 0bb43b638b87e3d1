/** The journal of a sweep: the figures of each simulation that is done. A sweep whose process ended goes on from it. */
import { createReadStream } from "node:fs";
import { type FileHandle, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BenchError, messageOf } from "../errors.ts";
import { makeOwnDirectory, openOwnFile } from "../files/own-files.ts";
import type { Figures } from "../model.ts";

/** How a simulation ended. `refusal`: the model of AWS would not make its stack; a sentence. */
export type Ending = { figures: Omit<Figures, "assumptions"> } | { refusal: string };

export interface SweepJournal {
  path: string;
  /** by the key of the simulation */
  known: ReadonlyMap<string, Ending>;
  /** Resolves once the system has the line, so that the end of this process loses nothing of it. Throws `target-failed`. */
  append(key: string, ending: Ending): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the journal `<directory>/<name>.jsonl`, and makes it where there is none. `isFresh`: what it holds is dropped. A line that is
 * not whole, because the process that wrote it was killed, counts as not written. Throws `target-failed`.
 */
export async function openSweepJournal(directory: string, name: string, isFresh: boolean): Promise<SweepJournal> {
  const path = join(directory, `${name}.jsonl`);
  try {
    await makeOwnDirectory(directory);
    if (isFresh) await rm(path, { force: true });
    const file = await openOwnFile(path, "a+");
    if (!(await file.stat()).isFile()) throw new Error("it is no file");
    const known = await endingsIn(path);
    // Whatever the last process left of a line ends here.
    if (!(await endsWithLine(file))) await file.appendFile("\n");
    return {
      path,
      known,
      append: async (key, ending) => {
        await file.appendFile(`${JSON.stringify({ key, ...ending })}\n`).catch((cause) => {
          throw unwritable(path, cause);
        });
      },
      close: () => file.close(),
    };
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

async function endingsIn(path: string): Promise<Map<string, Ending>> {
  const known = new Map<string, Ending>();
  for await (const line of createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const entry = entryIn(line);
    if (entry !== null) known.set(entry.key, entry.ending);
  }
  return known;
}

/** null: the line is none of a journal. */
function entryIn(line: string): { key: string; ending: Ending } | null {
  try {
    const { key, figures, refusal } = JSON.parse(line);
    if (typeof key !== "string") return null;
    if (typeof refusal === "string") return { key, ending: { refusal } };
    return typeof figures?.summary === "object" ? { key, ending: { figures } } : null;
  } catch {
    return null;
  }
}

async function endsWithLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === "\n";
}

function unwritable(path: string, cause: unknown): BenchError {
  return new BenchError(
    "target-failed",
    `The sweep's journal ${path} cannot be used (${messageOf(cause)}); make its directory writable, or remove it, and run again.`,
    { cause },
  );
}
