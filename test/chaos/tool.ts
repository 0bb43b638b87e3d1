/** Real processes of the tool in one directory, and what they leave there and beside it. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RunRecord } from "../../src/model.ts";
import { runInProcess } from "../cli/in-process.ts";
import { aWorkplace, binary, type Ended, noAccount } from "../cli/throttle-bench.ts";

export interface Tool {
  directory: string;
  environment: Record<string, string>;
}

/** A directory of its own for runs and for temporary files, without an account. It is removed at the end of the test. */
export function aTool(environment: Record<string, string> = {}): Tool {
  const { directory } = aWorkplace();
  const temporary = join(directory, "temporary");
  mkdirSync(temporary);
  // The embedded Postgres may belong to another account, which has to be let in.
  chmodSync(temporary, 0o1777);
  return { directory, environment: { ...noAccount, NO_COLOR: "1", TMPDIR: temporary, ...environment } };
}

export interface Begun {
  child: ChildProcess;
  /** Its output so far. */
  said: { stdout: string; stderr: string };
  /** `status` is null for one that was killed. */
  ended: Promise<Ended>;
}

export function begin({ directory, environment }: Tool, ...args: string[]): Begun {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.setEncoding("utf8").on("data", (text) => {
      said[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...said }));
  });
  return { child, said, ended };
}

/** Runs the tool to its end. */
export function run(tool: Tool, ...args: string[]): Promise<Ended> {
  return begin(tool, ...args).ended;
}

/** SIGKILL leaves a process no time for anything, and is the most of them. */
export const signals = ["SIGKILL", "SIGKILL", "SIGKILL", "SIGTERM", "SIGINT"] as const;

/** Sends the tool a signal after so long, unless it has ended before. */
export async function endAfter(
  tool: Tool,
  signal: NodeJS.Signals,
  afterMs: number,
  ...args: string[]
): Promise<Ended & { wasSignalled: boolean }> {
  const { child, ended } = begin(tool, ...args);
  const isOver = await Promise.race([ended.then(() => true), pause(afterMs, false)]);
  const wasSent = !isOver && child.kill(signal);
  const its = await ended;
  // A process that has just ended takes a signal, too. One that SIGKILL struck has no status.
  const wasSignalled = wasSent && (signal !== "SIGKILL" || its.status === null);
  return { ...its, wasSignalled };
}

/** Runs a verb that only reads, in this process, which is faster. */
export function read({ directory, environment }: Tool, ...args: string[]): Promise<Ended> {
  return runInProcess(directory, { ...process.env, ...environment }, args);
}

/** The tool's faults in reading the records of a directory: empty when every verb that reads them reads all there are. */
export async function faultsOfRecords(tool: Tool, scenario: string): Promise<string[]> {
  const runs = join(tool.directory, ".throttle-bench/runs");
  const names = existsSync(runs) ? readdirSync(runs) : [];
  if (names.length === 0) return [];
  const reported = await read(tool, "report", "all", "--json");
  const listed = await read(tool, "history", scenario, "--json");
  return [
    ...[reported, listed].flatMap(({ status, stderr }) =>
      status === 0 && stderr === "" ? [] : [`${status} ${stderr}`],
    ),
    ...(recordsIn(reported).length === names.length ? [] : [`report shows not all of ${names.join(", ")}`]),
  ];
}

/** The figures of a run without its names: equal for equal runs, byte for byte. */
export function resultOf({ summary, timeline, flow, calls, metrics, errors, outcome }: RunRecord): string {
  return JSON.stringify({ summary, timeline, flow, calls, metrics, errors, outcome });
}

/** The records that a verb printed by `--json`. */
export function recordsIn({ status, stdout, stderr }: Ended): RunRecord[] {
  try {
    return JSON.parse(stdout) as RunRecord[];
  } catch {
    throw new Error(`No records, status ${status}: ${stdout.slice(0, 1000)}\n${stderr.slice(-3000)}`);
  }
}

/** The processes that work in a directory or name it: the tool's own by where they are, servers by their arguments. Linux only. */
export function processesIn(directory: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const told = [() => readlinkSync(`/proc/${pid}/cwd`), () => commandOf(pid)].map((tell) => {
        try {
          return tell();
        } catch {
          return "";
        }
      });
      return told.some((text) => text.includes(directory)) ? [`${pid}: ${told[1]}`] : [];
    });
}

function commandOf(pid: string): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
}

/** Resolves with the processes that are still in the directory after so long, and at once when there are none. */
export async function processesLeftIn(directory: string, patienceMs = 30_000): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const left = processesIn(directory);
    if (left.length === 0 || Date.now() > deadline) return left;
    await pause(50);
  }
}

/** Temporary files, and drafts of files and of databases that never became whole. */
export function draftsIn({ directory }: Tool): string[] {
  const home = join(directory, ".throttle-bench");
  const drafts = !existsSync(home)
    ? []
    : [
        ...readdirSync(home).filter((name) => /^postgres\./.test(name)),
        ...["runs", "journals", "sweeps", "profiles"].flatMap((folder) =>
          existsSync(join(home, folder))
            ? readdirSync(join(home, folder)).filter((name) => !/^[^.].*\.jsonl?$/.test(name))
            : [],
        ),
      ];
  return [...drafts, ...readdirSync(join(directory, "temporary"))];
}
