/** A directory of its own in which processes are measured, with the database that runs make there. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RunRecord } from "../../src/model.ts";
import type { Usage } from "./timing.ts";

export interface Ended extends Usage {
  /** The most memory that the process had at a time. */
  peakMb: number;
  stdout: string;
}

const binary = resolve("bin/throttle-bench.js");
const exitUsage = resolve("test/bench/exit-usage.cjs");

export class Workplace {
  readonly directory = mkdtempSync(join(tmpdir(), "throttle-bench-speed-"));

  constructor() {
    // As root, the embedded Postgres belongs to another account, which has to be let in.
    chmodSync(this.directory, 0o755);
  }

  /** Runs Node to its end. The usage is that of the process and its threads, without the Postgres that it may start. */
  node(args: string[], timeoutMs?: number): Ended {
    const usageFile = join(this.directory, "usage.json");
    const { DATABASE_URL: _, ...environment } = process.env;
    const start = performance.now();
    const { status, error, stdout, stderr } = spawnSync(process.execPath, ["--require", exitUsage, ...args], {
      cwd: this.directory,
      env: { ...environment, EXIT_USAGE: usageFile },
      encoding: "utf8",
      maxBuffer: 1 << 29,
      timeout: timeoutMs,
    });
    const wallMs = performance.now() - start;
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr.trim().slice(-500)}`);
    const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usageFile, "utf8"));
    return { wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakMb: maxRSS / 1_024, stdout };
  }

  command(args: string[], timeoutMs?: number): Ended {
    return this.node([binary, ...args], timeoutMs);
  }

  /** Runs one scenario by the command line. */
  run(args: string[], timeoutMs?: number): Ended & { record: RunRecord } {
    const ended = this.command(["run", ...args, "--json"], timeoutMs);
    return { ...ended, record: JSON.parse(ended.stdout)[0] };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
