/** The real binary in a directory of its own, for tests that use it as a person does. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const binary = fileURLToPath(new URL("../../bin/throttle-bench.js", import.meta.url));

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Workplace {
  directory: string;
  /** Runs the binary to its end. */
  run(...args: string[]): Promise<Ended>;
  /** Runs it with further environment variables. */
  runWith(environment: Record<string, string>, ...args: string[]): Promise<Ended>;
  /** Runs it in a process of its own, beside this one. */
  runBinary(environment: Record<string, string>, ...args: string[]): Promise<Ended>;
  /** Runs it and sends it a signal as soon as stderr says `cue`. */
  interrupt(signal: NodeJS.Signals, cue: string, ...args: string[]): Promise<Ended>;
  /** As `interrupt`, with further environment variables. */
  interruptWith(
    environment: Record<string, string>,
    signal: NodeJS.Signals,
    cue: string,
    ...args: string[]
  ): Promise<Ended>;
  write(name: string, text: string): string;
  /** Names of what is in the directory. */
  files(): string[];
}

/** `remove` deletes it; `aWorkplace` does so by itself at the end of the test. */
export function openWorkplace(): Workplace & { remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-cli-"));
  // As root, the embedded Postgres belongs to another account, which has to be let in.
  chmodSync(directory, 0o755);
  const { DATABASE_URL: _, FORCE_COLOR: __, ...inherited } = process.env;
  /** `heard` is told all of stderr at each piece of it. */
  const start = (
    environment: Record<string, string>,
    args: string[],
    heard: (stderr: string, child: ChildProcess) => void = () => {},
  ) =>
    new Promise<Ended>((resolve, reject) => {
      const env = { ...inherited, ...environment };
      const child = spawn(process.execPath, [binary, ...args], { cwd: directory, env });
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
  const interruptWith: Workplace["interruptWith"] = (environment, signal, cue, ...args) => {
    let isSent = false;
    return start(environment, args, (stderr, child) => {
      if (!isSent && stderr.includes(cue)) isSent = child.kill(signal);
    });
  };
  return {
    directory,
    runWith: (environment, ...args) => start(environment, args),
    run: (...args) => start({}, args),
    runBinary: (environment, ...args) => start(environment, args),
    interrupt: (signal, cue, ...args) => interruptWith({}, signal, cue, ...args),
    interruptWith,
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
