/** `worker`, and `--workers remote` of the verbs that simulate much, where they are refused; `test/slow/workers.test.ts` has both at work. */
import { expect, it } from "vitest";
import { aWorkplace } from "./throttle-bench.ts";

it.each([
  [["worker"], "give it by --database-url"],
  [["worker", "--yes", "--database-url", "postgresql://x"], "--yes goes with --remove"],
  [["worker", "--database-url", "mysql://user:hidden@x/y"], "The database URL is malformed"],
  [["list", "--compare", "--workers", "remote"], "--workers remote needs a Postgres that the workers reach"],
  [["list", "--compare", "--database-url", "postgresql://x"], "--database-url goes with --workers remote"],
  [["list", "--compare", "--workers", "far"], '--workers "far" is out of range'],
])("refuses `%s`", async (args, reason) => {
  const { status, stdout, stderr } = await aWorkplace().run(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(reason);
  expect(stderr).not.toContain("hidden");
});

it.each([["worker"], ["list", "--compare", "scenario-3", "--workers", "remote"]])(
  "says with status 3 that no database is there, and never its password: %s",
  async (...args) => {
    const { status, stderr } = await aWorkplace().run(
      ...args,
      "--database-url",
      "postgresql://user:hidden@127.0.0.1:1/x",
    );
    expect(status).toBe(3);
    expect(stderr).toContain("Cannot connect to the database 127.0.0.1:1/x");
    expect(stderr).not.toContain("hidden");
  },
);
