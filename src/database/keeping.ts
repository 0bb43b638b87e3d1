/** Has somebody wait beside each process that uses the embedded Postgres, who puts in order what it leaves if it is killed. */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { spawnOptions } from "./programs.ts";

export interface Keeper {
  /** Everything is in order: the keeper goes. */
  dismiss(): void;
  /** The keeper does now what it would do after a kill. */
  takeOver(): void;
}

// Both the source file and the bundle are two levels below the package's root.
const program = fileURLToPath(new URL("../../.build/cli/database-keeper.js", import.meta.url));

/** A shell waits in a fraction of the memory and time of Node.js, and becomes the program only when it is needed. */
const waitInShell = 'read -r line || exec "$@"';

/**
 * Starts a keeper for this process. The system closes the pipe to it when the process ends, whatever ends it: a line in the pipe says
 * that all is well, and its end without a line that the process is gone.
 */
export function startKeeper(directory: string): Keeper {
  const node = [process.execPath, program, directory, String(process.pid)];
  const [command, ...args] = process.platform === "win32" ? node : ["/bin/sh", "-c", waitInShell, "sh", ...node];
  const options = spawnOptions(undefined);
  // The place of PostgreSQL's programs may hang on these.
  const { TMPDIR, TEMP, TMP } = process.env;
  const env = { ...options.env, TMPDIR, TEMP, TMP };
  const child = spawn(command!, args, { ...options, env, stdio: ["pipe", "ignore", "ignore"] });
  // Without a keeper, what is left waits for the next run.
  child.on("error", () => {});
  child.unref();
  // A process that may open no more files gets none.
  const pipe = child.stdin as Socket | undefined;
  pipe?.on("error", () => {});
  pipe?.unref();
  return { dismiss: () => pipe?.end("\n"), takeOver: () => pipe?.end() };
}
