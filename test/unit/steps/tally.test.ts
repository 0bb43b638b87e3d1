/** The count of a run's events by what is new, held against one query over all rows, on a real Postgres. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Row } from "../../../src/model.ts";
import { Tally } from "../../../src/steps/tally.ts";
import { type ATable, openTable } from "./a-table.ts";

let table: ATable;

beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

const events = 12;
let runs = 0;

const groupsOf = (run: number) => ({ completed: `${run}/consumer`, dead: `${run}/dead-letter` });

/** The counts by one query over all rows, which knows nothing of looks. */
async function truth(run: number): Promise<{ completed: number; dead: number }> {
  const { completed, dead } = groupsOf(run);
  const { rows } = await table.admin.query(
    `select count(*) filter (where completed)::int as completed, count(*) filter (where not completed)::int as dead
     from (select bool_or(group_id = $1) as completed from invocations where group_id in ($1, $2) group by id) as event`,
    [completed, dead],
  );
  return rows[0];
}

/** In the order of commit; `created_at` is when the insert began, up to `lateMs` before. */
function commits(lateMs: number) {
  return fc
    .array(
      fc.record({
        // Some that the burst does not have.
        id: fc.integer({ min: -1, max: events + 2 }),
        isDead: fc.boolean(),
        afterMs: fc.integer({ min: 0, max: 20_000 }),
        lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: lateMs })),
        isLookedAt: fc.boolean(),
      }),
      { minLength: 1, maxLength: 30, size: "max" },
    )
    .map((rows) => {
      let now = Date.UTC(2026, 10, 23);
      return rows.map(({ afterMs, lateMs, ...row }) => {
        now += afterMs;
        return { ...row, createdAt: now - lateMs };
      });
    });
}

function rowOf({ id, isDead, createdAt }: { id: number; isDead: boolean; createdAt: number }, run: number): Row {
  const groupId = isDead ? groupsOf(run).dead : groupsOf(run).completed;
  return { id, sentAt: 0, startedAt: 0, groupId, batchId: "", cacheId: "", createdAt };
}

/** Commits one after the other and looks where it is told; `seen` is called after each look. */
async function follow(
  rows: { id: number; isDead: boolean; createdAt: number; isLookedAt: boolean }[],
  seen: (tally: Tally, run: number) => Promise<void>,
): Promise<{ tally: Tally; run: number }> {
  const run = ++runs;
  const tally = new Tally(events);
  for (const row of rows) {
    await table.invocations.insert([rowOf(row, run)]);
    if (!row.isLookedAt) continue;
    tally.add(await table.invocations.newSince(groupsOf(run), tally.since));
    await seen(tally, run);
  }
  return { tally, run };
}

it("is what all rows say after every look, when no insert takes longer than the overlap", async () => {
  await fc.assert(
    fc.asyncProperty(commits(30_000), async (rows) => {
      await follow(rows, async ({ completed, dead }, run) => expect({ completed, dead }).toEqual(await truth(run)));
    }),
    { numRuns: 60 },
  );
});

it("never says more than there is of a row that is committed later than that, and all when all rows are looked at", async () => {
  await fc.assert(
    fc.asyncProperty(commits(600_000), async (rows) => {
      const { tally, run } = await follow(rows, async ({ completed, dead }, run) => {
        const all = await truth(run);
        expect(completed).toBeLessThanOrEqual(all.completed);
        expect(completed + dead).toBeLessThanOrEqual(all.completed + all.dead);
      });
      tally.add(await table.invocations.newSince(groupsOf(run), null));
      expect({ completed: tally.completed, dead: tally.dead }).toEqual(await truth(run));
    }),
    { numRuns: 60 },
  );
});

it("misses a late commit until then", async () => {
  const at = Date.UTC(2026, 10, 23);
  const late = { isDead: false, isLookedAt: true };
  const { tally, run } = await follow(
    [
      { ...late, id: 1, createdAt: at },
      { ...late, id: 2, createdAt: at - 30_001 },
    ],
    async () => {},
  );
  expect(tally.completed).toBe(1);
  expect(tally.add(await table.invocations.newSince(groupsOf(run), null))).toBe(true);
  expect(tally.completed).toBe(2);
});

it("knows news from what it has seen", () => {
  const tally = new Tally(events);
  const one = { completed: [1], dead: [], lastCreatedAt: 5 };
  expect(tally.add({ completed: [], dead: [], lastCreatedAt: null })).toBe(false);
  expect(tally.add(one)).toBe(true);
  expect(tally.add(one)).toBe(false);
  expect(tally.add({ ...one, lastCreatedAt: 6 })).toBe(true);
  expect(tally.add({ completed: [1], dead: [2], lastCreatedAt: 4 })).toBe(true);
  expect(tally.add({ completed: [2], dead: [2], lastCreatedAt: 4 })).toBe(true);
  expect(tally.add({ completed: [2, 1], dead: [1, 2], lastCreatedAt: 6 })).toBe(false);
  expect(tally).toMatchObject({ completed: 2, dead: 0 });
});
