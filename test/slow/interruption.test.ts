/** A signal to the real binary in the middle of its runs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { aWorkplace, type Workplace } from "../cli/throttle-bench.ts";

function recordFile({ directory }: Workplace, runId: string): unknown {
  return JSON.parse(readFileSync(join(directory, `.throttle-bench/runs/${runId}.json`), "utf8"));
}

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "cleans up on %s, says so, and keeps what had been measured before",
  async (signal) => {
    const workplace = aWorkplace();
    const runId = `stopped-by-${signal}`;
    const { status, stdout, stderr } = await workplace.interrupt(
      {},
      signal,
      "The record of scenario-1",
      ...["run", "scenario-1", "scenario-2", "--events", "3000", "--timeout", "336h", "--run-id", runId, "--json"],
    );
    expect(stderr).toContain("Interrupted: cleaning up");
    expect(stderr).toMatch(/\nerror: .* interrupted.*\.\nIt leaves nothing but its rows\.\n$/);
    const [first, ...rest] = JSON.parse(stdout) as RunRecord[];
    expect(first).toEqual(recordFile(workplace, `${runId}-scenario-1`));
    for (const record of rest) expect(record).toEqual(recordFile(workplace, record.runId));
    expect(rest.map(({ outcome }) => outcome).filter((outcome) => outcome !== "interrupted")).toEqual([]);
    expect(status).toBe(130);
    expect((await workplace.run("run", "scenario-5", "--events", "60")).status).toBe(0);
  },
);
