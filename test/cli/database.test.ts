/** Where the rows of a run go. */
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../postgres/a-database.ts";
import { aWorkplace } from "./throttle-bench.ts";

it("leaves a database alone that only the shell names, and says where the rows go", async () => {
  const workplace = aWorkplace();
  const { url, name, close } = await openDatabase();
  onTestFinished(close);
  const run = ["run", "scenario-5", "--events", "7"];
  const byShell = await workplace.runWith({ DATABASE_URL: url }, ...run);
  expect(byShell).toMatchObject({ status: 0 });
  expect(byShell.stderr).toMatch(/^Rows go to the embedded Postgres under \.throttle-bench\.\n/);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const table = async () => (await client.query("select to_regclass('invocations') as found")).rows[0].found;
  expect(await table()).toBeNull();

  const byFlag = await workplace.run(...run, "--database-url", url);
  expect(byFlag.stderr).toMatch(new RegExp(`^Rows go to the database \\S+/${name}\\.\n`));
  expect(await table()).toBe("invocations");
});
