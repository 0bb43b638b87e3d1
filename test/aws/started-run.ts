/** A run of the real binary against the served model, in a directory of its own, that a test stops when it has come so far. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { aWorkplace, binary, type Workplace } from "../cli/throttle-bench.ts";
import { region } from "./serving.ts";

export interface Place {
  workplace: Workplace;
  environment: Record<string, string>;
}

/** `endpoint`: what stands for AWS. */
export function aPlace(endpoint: string, clockUrl: string, databaseUrl: string): Place {
  return {
    workplace: aWorkplace(),
    environment: {
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      THROTTLE_BENCH_CLOCK: clockUrl,
      THROTTLE_BENCH_TARGET: "aws",
      DATABASE_URL: databaseUrl,
    },
  };
}

/** Empty where there is none. */
export function journalIn({ directory }: Workplace, runId: string): string {
  try {
    return readFileSync(`${directory}/.throttle-bench/journals/${runId}.jsonl`, "utf8");
  } catch {
    return "";
  }
}

export interface StartedRun {
  child: ChildProcess;
  /** Its output so far. */
  stderr(): string;
  /** Resolves with its exit status, null for one that was killed. */
  ended: Promise<number | null>;
}

/** `run` with these arguments. */
export function start({ workplace, environment }: Place, ...args: string[]): StartedRun {
  const child = spawn(process.execPath, [binary, "run", ...args], {
    cwd: workplace.directory,
    env: { ...process.env, ...environment },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  child.stdout.resume();
  return { child, stderr: () => stderr, ended: once(child, "close").then(([status]) => status) };
}

/** Resolves when `hasCome`; a run that ends first is an error. */
export async function until({ child, stderr }: StartedRun, hasCome: () => boolean): Promise<void> {
  while (!hasCome()) {
    if (child.exitCode !== null) throw new Error(`the run ended first, with ${child.exitCode}: ${stderr()}`);
    await pause(2);
  }
}
