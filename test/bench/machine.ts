/** The machine and the code that were measured: figures of two machines, or of a busy one, say little about each other. */
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { versionsHere } from "../../src/cli/version.ts";

export interface Machine {
  throttleBench: string;
  node: string;
  /** Null: not in a clone. */
  commit: string | null;
  processor: string | null;
  cores: number;
  memoryMb: number;
  /** Processes that wanted to run in the last minute, on average, when the benchmark began. */
  load: number;
}

export function thisMachine(): Machine {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" });
  return {
    ...versionsHere(),
    commit: status === 0 ? stdout.trim() : null,
    processor: cpus()[0]?.model ?? null,
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    load: loadavg()[0]!,
  };
}
