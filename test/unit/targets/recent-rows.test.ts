/** The rows that this process has inserted lately, against all of them. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Row } from "../../../src/model.ts";
import { RecentRows } from "../../../src/targets/recent-rows.ts";

const groups = { completed: "run/consumer", dead: "run/dead-letter" };

function rowAt(id: number, groupId: string, createdAt: number): Row {
  return { id, groupId, createdAt, sentAt: createdAt, startedAt: createdAt, batchId: "b", cacheId: "c" };
}

it("shows the run's rows since a time, or says that some may not be here any more", () => {
  const step = fc.record({
    afterMs: fc.constantFrom(0, 0, 10, 1_000, 61_000),
    groupId: fc.constantFrom(groups.completed, groups.completed, groups.dead, "other/consumer"),
    backMs: fc.option(fc.constantFrom(0, 30_000, 90_000, 400_000)),
    rows: fc.constantFrom(1, 1, 700),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
      const recent = new RecentRows();
      const all: Row[] = [];
      let now = 1_000_000;
      for (const { afterMs, groupId, backMs, rows } of steps) {
        now += afterMs;
        for (let count = 0; count < rows; count++) {
          all.push(rowAt(all.length + 1, groupId, now));
          recent.add(all.at(-1)!);
        }
        if (backMs === null) continue;
        const since = now - backMs;
        const found = recent.newSince(groups, since);
        // The steps ask for no older rows.
        if (backMs <= 90_000) expect(found).not.toBeNull();
        if (found === null) continue;
        const its = all.filter(({ createdAt }) => createdAt >= since);
        const idsOf = (group: string) => its.filter(({ groupId }) => groupId === group).map(({ id }) => id);
        const times = its.filter(({ groupId }) => groupId.startsWith("run/")).map(({ createdAt }) => createdAt);
        expect(found).toEqual({
          completed: idsOf(groups.completed),
          dead: idsOf(groups.dead),
          lastCreatedAt: times.at(-1) ?? null,
        });
      }
    }),
  );
});

it("keeps no more than the rows of some minutes, so that an account may stay open for days", () => {
  const recent = new RecentRows();
  for (let id = 1; id <= 100_000; id++) recent.add(rowAt(id, groups.completed, id * 1_000));
  expect(recent.newSince(groups, 97_000_000)).toBeNull();
  expect(recent.newSince(groups, 99_990_000)!.completed).toHaveLength(11);
});
