/** Rows that are written behind the model, into a real Postgres. */
import { expect, it, onTestFinished, vi } from "vitest";
import { Invocations } from "../../../src/database/invocations.ts";
import type { Row } from "../../../src/model.ts";
import { RowsInPostgres } from "../../../src/targets/rows-in-postgres.ts";
import { openDatabase } from "../../postgres/a-database.ts";

async function aTable() {
  const database = await openDatabase();
  const rows = await RowsInPostgres.open(database.url);
  const table = await Invocations.open(database.url);
  onTestFinished(async () => {
    await table.close();
    await rows.close().catch(() => {});
    await database.close();
  });
  return { url: database.url, rows, table };
}

function row(id: number): Row {
  const createdAt = Date.UTC(2026, 0, 1) + id;
  return { id, sentAt: createdAt, startedAt: createdAt, groupId: "g", batchId: "b", cacheId: "c", createdAt };
}

it("sends many rows while nobody waits for them, and each of them once and in order", async () => {
  const { url, rows, table } = await aTable();
  await rows.ensureTable();
  const all = Array.from({ length: 20_500 }, (_, index) => row(index + 1));
  for (const each of all.slice(0, 20_000)) rows.insert(each, url);
  await vi.waitFor(async () => expect(await table.count()).toBeGreaterThanOrEqual(5_000));
  for (const each of all.slice(20_000)) rows.insert(each, url);
  await rows.write();
  expect((await table.columns("g")).toRows()).toEqual(all);
});

it("tells of a table that takes no rows when somebody waits, not before", async () => {
  const { url, rows } = await aTable();
  for (let id = 1; id <= 6_000; id++) rows.insert(row(id), url);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(rows.write()).rejects.toMatchObject({ code: "database-failed" });
});
