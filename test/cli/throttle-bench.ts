/** The command line in a directory of its own, for tests that use it as a person does. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { openDatabase } from "../postgres/a-database.ts";
import { type Ended, runInProcess } from "./in-process.ts";

export type { Ended };

/** The real binary, for tests of signals, closed pipes and the exit status. */
export const binary = fileURLToPath(new URL("../../bin/throttle-bench.js", import.meta.url));

export interface Workplace {
  directory: string;
  /** Runs the command line to its end, in this process. */
  run(...args: string[]): Promise<Ended>;
  /** Runs it with further environment variables. */
  runWith(environment: Record<string, string>, ...args: string[]): Promise<Ended>;
  /** Runs the real binary with further environment variables, in a process beside this one. */
  runBinary(environment: Record<string, string>, ...args: string[]): Promise<Ended>;
  /** Runs the real binary, as `runBinary` does, and sends it a signal as soon as stderr says `cue`. */
  interrupt(
    environment: Record<string, string>,
    signal: NodeJS.Signals,
    cue: string,
    ...args: string[]
  ): Promise<Ended>;
  /** Writes a file and returns its name. */
  write(name: string, text: string): string;
  /** The names of what is in the directory. */
  files(): string[];
}

/** `remove` deletes it; `aWorkplace` does so by itself at the end of the test. */
export function openWorkplace(): Workplace & { remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-cli-"));
  // As root, the embedded Postgres belongs to another account, which has to be let in.
  chmodSync(directory, 0o755);
  const environmentWith = (environment: Record<string, string>) => {
    const { DATABASE_URL: _, FORCE_COLOR: __, ...inherited } = process.env;
    return { ...inherited, ...environment };
  };
  /** `heard` is told all of stderr at each piece of it. */
  const start = (
    environment: Record<string, string>,
    args: string[],
    heard: (stderr: string, child: ChildProcess) => void = () => {},
  ) =>
    new Promise<Ended>((resolve, reject) => {
      const child = spawn(process.execPath, [binary, ...args], { cwd: directory, env: environmentWith(environment) });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text) => {
        stderr += text;
        heard(stderr, child);
      });
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, stdout, stderr }));
    });
  const runWith: Workplace["runWith"] = (environment, ...args) =>
    runInProcess(directory, environmentWith(environment), args);
  return {
    directory,
    runWith,
    run: (...args) => runWith({}, ...args),
    runBinary: (environment, ...args) => start(environment, args),
    interrupt: (environment, signal, cue, ...args) => {
      let isSent = false;
      return start(environment, args, (stderr, child) => {
        if (!isSent && stderr.includes(cue)) isSent = child.kill(signal);
      });
    },
    write(name, text) {
      writeFileSync(join(directory, name), text);
      return name;
    },
    files: () => readdirSync(directory),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function aWorkplace(): Workplace {
  const workplace = openWorkplace();
  onTestFinished(workplace.remove);
  return workplace;
}

/** The flags by which a test's runs use the Postgres of all tests, in a database of the test's own. */
export async function onDatabase(): Promise<string[]> {
  const { url, close } = await openDatabase();
  onTestFinished(close);
  return ["--database-url", url];
}

/** An environment in which nothing leads to an account, whoever runs the tests. */
export const noAccount = {
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_PROFILE: "",
  AWS_REGION: "us-east-1",
  AWS_CONFIG_FILE: "none",
  AWS_SHARED_CREDENTIALS_FILE: "none",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ENDPOINT_URL: "",
  DATABASE_URL: "",
  THROTTLE_BENCH_TARGET: "",
};
