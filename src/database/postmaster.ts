/** The server that works on a data directory, as its `postmaster.pid` describes it. */
import { execFile } from "node:child_process";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ignore } from "./system-error.ts";

export interface Postmaster {
  pid: number;
  /** The data directory under the name that the server was started with. */
  data: string;
  port: number;
  /** A server that has not written its status yet is "starting". */
  status: "starting" | "ready" | "stopping" | (string & {});
}

/** Undefined when there is no pid file. A server that stops removes the file last of all; one that is killed leaves it. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(data), "utf8").catch(ignore("ENOENT"));
  return text === undefined ? undefined : parsePostmaster(text);
}

/**
 * Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status.
 * Source: https://www.postgresql.org/docs/18/storage-file-layout.html and the server's own pidfile.h.
 */
export function parsePostmaster(text: string): Postmaster {
  const [pid = "", data = "", , port, , , , status = ""] = text.split("\n");
  return { pid: Number.parseInt(pid, 10), data, port: Number(port), status: status.trim() || "starting" };
}

/** The system's answers about a process; empty: there is none of this number. */
export interface Processes {
  /** The words of its command line, each followed by a NUL, as Linux keeps them. */
  cmdline(pid: number): Promise<string>;
  /** A program's output. */
  output(program: string, args: string[]): Promise<string>;
}

const processesHere: Processes = {
  cmdline: (pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
  output: (program, args) =>
    promisify(execFile)(program, args, { windowsHide: true }).then(
      ({ stdout }) => stdout,
      () => "",
    ),
};

/**
 * Resolves with true if the process of that number is still this server. Numbers are reused, but a server's command line names its
 * directory. Windows tells of another's process its program only.
 */
export async function isRunning(
  { pid, data }: Postmaster,
  platform: NodeJS.Platform = process.platform,
  processes = processesHere,
): Promise<boolean> {
  // The file is made before it is filled.
  if (Number.isNaN(pid)) return true;
  if (platform === "linux") return (await processes.cmdline(pid)).split("\0").includes(data);
  if (platform === "win32") {
    const listed = await processes.output("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
    return /^"postgres\.exe",/im.test(listed);
  }
  const command = await processes.output("ps", ["-ww", "-o", "command=", "-p", String(pid)]);
  return command.includes(` -D ${data} `);
}

/**
 * Removes the pid file of a server that is gone. A new server would trust the file if its number now belongs to another process.
 * The file is moved aside first, so that the one of a server which has started meanwhile can be put back.
 */
export async function discard(data: string, gone: Postmaster): Promise<void> {
  const aside = `${pidFile(data)}.${process.pid}`;
  try {
    await rename(pidFile(data), aside);
    const { pid } = parsePostmaster(await readFile(aside, "utf8"));
    if (pid === gone.pid) await rm(aside);
    else await rename(aside, pidFile(data));
  } catch (error) {
    ignore("ENOENT")(error as NodeJS.ErrnoException);
  }
}

function pidFile(data: string): string {
  return join(data, "postmaster.pid");
}

/** Says whether there is a process of this number, whosever it is. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
