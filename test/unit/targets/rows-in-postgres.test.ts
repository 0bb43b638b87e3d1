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

it("shows to whoever reads all that was inserted before, and the new rows of a look without waiting for the table", async () => {
  const { url, rows } = await aTable();
  await rows.ensureTable();
  const groups = { completed: "g", dead: "d" };
  rows.insert(row(1), url);
  expect(await rows.newSince(groups, null)).toEqual({ completed: [1], dead: [], lastCreatedAt: row(1).createdAt });
  rows.insert(row(2), url);
  expect(await rows.newSince(groups, row(2).createdAt)).toMatchObject({ completed: [2], dead: [] });
  expect((await rows.columns("g")).toRows()).toEqual([row(1), row(2)]);
  rows.insertCall({ runId: "r", id: 1, beganAt: 1, outcome: "accepted" }, url);
  expect(await rows.calls("r")).toHaveLength(1);
});

it("keeps up at once while few rows are left to be sent, and tells of a row that could not be written", async () => {
  const { url, rows, table } = await aTable();
  await rows.ensureTable();
  rows.insert(row(1), url);
  await rows.keepUp();
  expect(await table.count()).toBe(0);
  rows.insert({ ...row(2), groupId: "\0" }, url);
  await expect(rows.columns("g")).rejects.toMatchObject({ code: "database-failed" });
  await expect(rows.keepUp()).rejects.toMatchObject({ code: "database-failed" });
});
