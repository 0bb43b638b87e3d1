/** `worker`, and `--workers remote` of the verbs that simulate much. */
import pg from "pg";
import { expect, it } from "vitest";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

it("simulates for a verb that runs elsewhere, which prints what threads would have given it", async () => {
  const database = await onDatabase();
  const compare = ["list", "--compare", "scenario-3", "--events", "20", "--repeat", "3", "--json"];
  const workplace = aWorkplace();
  const working = workplace.runBinary({}, "worker", ...database, "--threads", "1", "--idle-exit", "3s");
  const remote = await workplace.run(...compare, "--workers", "remote", ...database);
  expect(remote).toMatchObject({ status: 0, stdout: (await workplace.run(...compare)).stdout });
  const { status, stdout, stderr } = await working;
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(stderr).toMatch(
    / simulates on one thread for whoever asks in 127\.0\.0\.1:\d+\/test_\S+ \(build \S+\); Ctrl-C ends it\.\nEnded after 3 simulations in 3 batches\.\n$/,
  );
  expect(workplace.files()).toEqual([]);

  const isThere = async () => {
    const client = new pg.Client(database[1]);
    await client.connect();
    const { rows } = await client
      .query("select 1 from pg_namespace where nspname = 'throttle_bench_queue'")
      .finally(() => client.end());
    return rows.length > 0;
  };
  expect((await workplace.run("worker", ...database, "--remove")).stderr).toContain(
    "Nothing was removed; --yes removes.",
  );
  expect(await isThere()).toBe(true);
  expect((await workplace.run("worker", ...database, "--remove", "--yes")).stderr).toMatch(
    /^Dropped the schema throttle_bench_queue from /,
  );
  expect(await isThere()).toBe(false);
  expect((await workplace.run("worker", ...database, "--remove", "--yes")).stderr).toMatch(/^There is no schema /);
});

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
