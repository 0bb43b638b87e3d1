/** The exit status of the real binary, as a shell sees it, where it is asked for wrongly or fails; `test/slow/exit-status.test.ts` has the others. */
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { aWorkplace, binary } from "./throttle-bench.ts";

it("is 2 for bad usage", async () => {
  const ended = await aWorkplace().runBinary({}, "rnu");
  expect(ended).toEqual({ status: 2, stdout: "", stderr: "error: unknown command 'rnu'; did you mean run?\n" });
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
