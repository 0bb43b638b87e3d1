/** The exit status of the real binary, as a shell sees it. `interruption.test.ts` has that of an interruption. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aWorkplace, type Workplace } from "../cli/throttle-bench.ts";
import { aSummary } from "../unit/metrics/a-side.ts";
import { aRecord } from "../unit/records/a-record.ts";

/** Records by their run ids, with the seconds that each run took. */
function workplaceWith(runs: Record<string, number>): Workplace {
  const workplace = aWorkplace();
  mkdirSync(join(workplace.directory, ".throttle-bench/runs"), { recursive: true });
  for (const [runId, seconds] of Object.entries(runs)) {
    const record = aRecord({ runId, summary: aSummary(seconds) });
    workplace.write(`.throttle-bench/runs/${runId}.json`, JSON.stringify(record));
  }
  return workplace;
}

it("is 0 when all went well", async () => {
  expect(await aWorkplace().runBinary({}, "list")).toMatchObject({ status: 0, stderr: "" });
});

it("is 1 at a regression", async () => {
  const workplace = workplaceWith({ base: 260, slower: 286 });
  expect(await workplace.runBinary({}, "compare", "base", "slower")).toMatchObject({ status: 1, stderr: "" });
});

it("is 3 when the target failed", async () => {
  const ended = await aWorkplace().runBinary({}, "run", "scenario-5", "--database-url", "postgres://me@127.0.0.1:1/db");
  expect(ended).toMatchObject({ status: 3, stdout: "", stderr: expect.stringMatching(/^error: Cannot connect/) });
});
