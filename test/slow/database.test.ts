/** `database url` for any client of Postgres, while a run writes to it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import { expect, it } from "vitest";
import { aWorkplace, binary } from "../cli/throttle-bench.ts";

it("prints a URL alone that answers, shares the database with a run, and ends at Ctrl-C", {
  timeout: 60_000,
}, async () => {
  const workplace = aWorkplace();
  const child = spawn(process.execPath, [binary, "database", "url"], { cwd: workplace.directory });
  const closed = once(child, "close");
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  await once(child.stdout, "data");
  const url = stdout.trim();
  expect(stdout).toMatch(/^postgresql:\/\/\S+@127\.0\.0\.1:\d+\/postgres\n$/);
  const count = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("select count(*)::int as rows from invocations");
    await client.end();
    return rows[0].rows as number;
  };
  expect(await count()).toBe(0);
  const run = await workplace.runBinary({}, "run", "scenario-5", "--events", "7", "--json");
  expect(run.status).toBe(0);
  expect(await count()).toBe(7);
  child.kill("SIGINT");
  expect(await closed).toEqual([0, null]);
  await expect(count()).rejects.toThrow(/ECONNREFUSED/);
});
