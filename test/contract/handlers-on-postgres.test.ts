/** The handlers' database port on a real Postgres, in a session and a process that are not in UTC. */
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connect } from "../../infra/handlers/aws/database.ts";
import { Invocations } from "../../src/database/invocations.ts";
import { openDatabase, type TestDatabase, urlAs } from "../postgres/a-database.ts";

let database: TestDatabase;
let table: Invocations;
let observer: Client;

beforeAll(async () => {
  database = await openDatabase();
  observer = new Client({ connectionString: database.url });
  await observer.connect();
  await observer.query(`alter database ${database.name} set timezone to 'Asia/Tokyo'`);
  table = await Invocations.open(database.url);
  await table.ensureTable();
  vi.stubEnv("TZ", "America/St_Johns");
  vi.stubEnv("DATABASE_URL", database.url);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await table?.close();
  await observer?.end();
  await database?.close();
});

const row = (id: number) => ({
  id,
  sentAt: 1_700_000_000_123,
  startedAt: 1_700_000_001_456,
  batchId: "b",
  cacheId: "c",
});

describe("the database port", () => {
  it("stores every time as UTC, whatever the zone of the database and of the process", async () => {
    const rows = await connect();
    const before = Date.now();
    await rows.insert({ ...row(1), groupId: "utc" });
    const [stored] = (await table.columns("utc")).toRows();
    expect(stored).toMatchObject({ ...row(1), groupId: "utc" });
    expect(stored?.createdAt).toBeGreaterThanOrEqual(before - 1);
    expect(stored?.createdAt).toBeLessThanOrEqual(Date.now() + 1);
    const { rows: texts } = await observer.query("select sent_at::text from invocations where group_id = 'utc'");
    expect(texts).toEqual([{ sent_at: "2023-11-14 22:13:20.123" }]);
  });

  it("opens its connection again when it was cut between two invocations, and keeps to one", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    vi.stubEnv("DATABASE_URL", urlAs("cut", database.url));
    const sessions = "from pg_stat_activity where application_name = 'cut'";
    const rows = await connect();
    await rows.insert({ ...row(1), groupId: "cut" });
    await observer.query(`select pg_terminate_backend(pid) ${sessions}`);
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith(expect.stringContaining("connection was lost while idle")));
    await rows.insert({ ...row(2), groupId: "cut" });
    expect((await table.columns("cut")).toRows().map(({ id }) => id)).toEqual([1, 2]);
    const { rows: counts } = await observer.query(`select count(*)::int as count ${sessions}`);
    expect(counts).toEqual([{ count: 1 }]);
  });

  it("rejects when the database is not there", async () => {
    vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing");
    await expect(connect()).rejects.toThrow("ECONNREFUSED");
  });
});
