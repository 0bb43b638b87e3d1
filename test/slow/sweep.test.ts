/** A sweep that is killed at any moment goes on with the same command, and comes to the same, byte for byte. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aWorkplace, binary, type Workplace } from "../cli/throttle-bench.ts";

const args = [
  ...["sweep", "scenario-4", "--set", "VisibilityTimeout=10..120:10", "--set", "ReservedConcurrency=1,2,3"],
  ...["--events", "200", "--repeat", "3", "--csv"],
];
const simulations = 12 * 3 * 3;

function linesOf({ directory }: Workplace): number {
  const sweeps = join(directory, ".throttle-bench/sweeps");
  if (!existsSync(sweeps)) return 0;
  return readdirSync(sweeps).reduce(
    (sum, file) => sum + readFileSync(join(sweeps, file), "utf8").split("\n").length - 1,
    0,
  );
}

/** Starts the sweep and ends it by this signal as soon as its journal has so many lines. */
async function endedAt(workplace: Workplace, lines: number, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: workplace.directory,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  let isSent = false;
  const watch = setInterval(() => {
    if (!isSent && linesOf(workplace) >= lines) isSent = child.kill(signal);
  }, 5);
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  return { status, stderr };
}

it("killed three times and interrupted once, it ends as one that nobody disturbed", async () => {
  const undisturbed = await aWorkplace().runBinary({}, ...args);
  const workplace = aWorkplace();
  for (const share of [0.02, 0.3, 0.6]) {
    const { status } = await endedAt(workplace, Math.ceil(share * simulations), "SIGKILL");
    expect(status).toBeNull();
  }
  const interrupted = await endedAt(workplace, Math.ceil(0.8 * simulations), "SIGINT");
  expect(interrupted.status).toBe(130);
  const [, kept] = /The sweep was interrupted: (\d+) of 108 simulations are kept/.exec(interrupted.stderr)!;
  expect(Number(kept)).toBeGreaterThanOrEqual(0.8 * simulations);
  const last = await workplace.runBinary({}, ...args);
  expect(last.stderr).toContain(`Takes ${kept} of ${simulations} from`);
  expect(last.status).toBe(0);
  expect(last.stdout).toBe(undisturbed.stdout);
});
