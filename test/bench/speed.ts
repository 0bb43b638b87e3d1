/** `npm run bench` times whole processes, as a user waits for them. The runs of a ratio alternate on one machine. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = join(process.cwd(), "bin/throttle-bench.js");
const directory = mkdtempSync(join(tmpdir(), "throttle-bench-speed-"));

function timed(...args: string[]): { ms: number; stdout: string } {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return { ms, stdout };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function line(what: string, figure: string): void {
  console.log(`${what.padEnd(58)} ${figure}`);
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;

try {
  const first = timed(binary, "run", "scenario-2", "--json");
  line("first run ever: database made, scenario-2", seconds(first.ms));

  const later = Array.from({ length: 5 }, () => timed(binary, "run", "scenario-2", "--json"));
  const wall = median(later.map(({ ms }) => ms));
  const virtual = JSON.parse(later[0]!.stdout)[0].summary.timeTakenSeconds;
  line(`scenario-2 (${Math.round(virtual)} virtual seconds), median of 5`, seconds(wall));
  line("virtual time ÷ wall time", `${Math.round((virtual * 1_000) / wall)} ×`);

  const all = timed(binary, "run", "all", "--json");
  line("all five scenarios", seconds(all.ms));

  const large = timed(binary, "run", "scenario-5", "--events", "100000", "--timeout", "48h", "--json");
  line("scenario-5 with 100,000 events", seconds(large.ms));

  const bare: number[] = [];
  const version: number[] = [];
  for (let pair = 0; pair < 15; pair++) {
    bare.push(timed("-e", "0").ms);
    version.push(timed(binary, "--version").ms);
  }
  line("throttle-bench --version ÷ node -e 0, medians of 15", `${(median(version) / median(bare)).toFixed(2)} ×`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
