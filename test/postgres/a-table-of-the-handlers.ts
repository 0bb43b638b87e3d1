/** A table of a test file's own that the handlers of AWS write to, in a database whose sessions are as an account may have set them. */
import pg from "pg";
import { afterAll, beforeAll, vi } from "vitest";
import { Invocations } from "../../src/database/invocations.ts";
import { openDatabase, type TestDatabase } from "./a-database.ts";

/** The table is there while the file's tests run; `settings`: of every session, such as `timezone to 'Asia/Tokyo'`. */
export function aTableOfTheHandlers(...settings: string[]): { readonly table: Invocations } {
  let database: TestDatabase;
  let table: Invocations;
  beforeAll(async () => {
    database = await openDatabase();
    const client = new pg.Client(database.url);
    await client.connect();
    for (const setting of settings) await client.query(`alter database ${database.name} set ${setting}`);
    await client.end();
    table = await Invocations.open(database.url);
    await table.ensureTable();
    vi.stubEnv("DATABASE_URL", database.url);
    // The handlers log that their connections end with the database.
    vi.spyOn(console, "log").mockImplementation(() => {});
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await table?.close();
    await database?.close();
  });
  return {
    get table() {
      return table;
    },
  };
}
