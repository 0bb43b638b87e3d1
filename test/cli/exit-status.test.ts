/** The exit status of the real binary, as a shell sees it. `test/slow/interruption.test.ts` has that of an interruption. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aSummary } from "../unit/metrics/a-side.ts";
import { aRecord } from "../unit/records/a-record.ts";
import { aWorkplace, binary, type Workplace } from "./throttle-bench.ts";

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

it("is 2 for bad usage", async () => {
  const ended = await aWorkplace().runBinary({}, "rnu");
  expect(ended).toEqual({ status: 2, stdout: "", stderr: "error: unknown command 'rnu'; did you mean run?\n" });
});

it("is 3 when the target failed", async () => {
  const ended = await aWorkplace().runBinary({}, "run", "scenario-5", "--database-url", "postgres://me@127.0.0.1:1/db");
  expect(ended).toMatchObject({ status: 3, stdout: "", stderr: expect.stringMatching(/^error: Cannot connect/) });
});

it.skipIf(process.platform === "win32")("is 3 where too few files may be open, which is said in one line", () => {
  const limited = ["-c", 'ulimit -n 40; exec "$@"', "sh", process.execPath, binary, "run", "scenario-5"];
  const { status, stdout, stderr } = spawnSync("/bin/sh", limited, { cwd: aWorkplace().directory, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
  expect(stderr).toMatch(/^error: .*(EMFILE: too many open files|file descriptors).*ulimit -n.*\.\n$/);
});

it("is 70 for a bug, which asks to be reported with its stack", async () => {
  const workplace = aWorkplace();
  const bug = 'process.stdout.write = () => { throw new TypeError("planted"); };';
  const environment = { NODE_OPTIONS: `--import=./${workplace.write("bug.mjs", bug)}` };
  const { status, stderr } = await workplace.runBinary(environment, "list");
  expect(stderr).toMatch(/^error: This is a bug in throttle-bench; please report it .*\nTypeError: planted\n {4}at /);
  expect(status).toBe(70);
});
