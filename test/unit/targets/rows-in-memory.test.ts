/** Rows in memory answer as the same rows in a real Postgres do. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Call, Row } from "../../../src/model.ts";
import { RowsInMemory } from "../../../src/targets/rows-in-memory.ts";
import { type ATable, openTable } from "../steps/a-table.ts";

let table: ATable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

const origin = Date.UTC(2026, 0, 1);
const groups = { completed: "run/consumer", dead: "run/dead-letter" };
const time = fc.integer({ min: 0, max: 50 }).map((ms) => origin + ms);
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.integer({ min: 1, max: 9 }),
  groupId: fc.constantFrom(groups.completed, groups.dead, "another/consumer"),
  createdAt: time,
  sentAt: time,
  startedAt: time,
  batchId: fc.constantFrom("b1", "b2"),
  cacheId: fc.constantFrom("c1", "c2"),
});

it("tells what is new and what there is, of rows that come in the order of their time", async () => {
  // Rows of one group, time and id come in no order from Postgres.
  const rows = fc
    .uniqueArray(row, { selector: ({ groupId, createdAt, id }) => `${groupId} ${createdAt} ${id}` })
    // The model commits a row at its time.
    .map((some) => some.toSorted((one, other) => one.createdAt - other.createdAt));
  await fc.assert(
    fc.asyncProperty(rows, fc.option(time), async (some, since) => {
      await table.admin.query("truncate invocations");
      await table.invocations.insert(some);
      const inMemory = new RowsInMemory();
      for (const each of some) inMemory.insert(each, "");
      const sorted = (ids: number[]) => ids.toSorted((a, b) => a - b);
      const [found, expected] = [
        await inMemory.newSince(groups, since),
        await table.invocations.newSince(groups, since),
      ];
      expect({ ...found, completed: sorted(found.completed), dead: sorted(found.dead) }).toEqual({
        ...expected,
        completed: sorted(expected.completed),
        dead: sorted(expected.dead),
      });
      for (const group of [...Object.values(groups), "nobody's"]) {
        expect((await inMemory.columns(group)).toRows()).toEqual((await table.invocations.columns(group)).toRows());
      }
    }),
  );
});

it("reads back the calls of a run, of calls that come in the order of their time", async () => {
  const call: fc.Arbitrary<Call> = fc.record({
    runId: fc.constantFrom("run", "another"),
    id: fc.integer({ min: 1, max: 9 }),
    beganAt: time,
    outcome: fc.constantFrom("accepted", "failed", "refused"),
  });
  const calls = fc.array(call).map((some) => some.toSorted((one, other) => one.beganAt - other.beganAt));
  await fc.assert(
    fc.asyncProperty(calls, async (some) => {
      await table.admin.query("truncate calls");
      await table.invocations.insertCalls(some);
      const inMemory = new RowsInMemory();
      for (const each of some) inMemory.insertCall(each, "");
      for (const run of ["run", "another", "nobody's"]) {
        expect(JSON.stringify(await inMemory.calls(run))).toBe(JSON.stringify(await table.invocations.calls(run)));
      }
    }),
  );
});
