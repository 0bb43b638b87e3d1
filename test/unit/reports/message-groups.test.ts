/** The words of message groups in reports and comparisons. */
import { describe, expect, it } from "vitest";
import { compare, defaultOptions } from "../../../src/metrics/compare.ts";
import { figures } from "../../../src/metrics/figures.ts";
import { recordOfAll } from "../../../src/metrics/repetitions.ts";
import { sideOf } from "../../../src/metrics/sides.ts";
import type { RunRecord } from "../../../src/model.ts";
import { pageOf } from "../../../src/reports/formats/html.ts";
import { markdown } from "../../../src/reports/formats/markdown.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { row } from "../metrics/rows.ts";
import { aRecord, recordOf } from "../records/a-record.ts";

const grouping = { groups: 3, noisyShare: 0 };
/** Event 1 is overtaken by 4, of its group; 3 and 6 wait long. */
const completed = [row(4, 100), row(1, 200), row(2, 250), row(5, 300), row(3, 60_000), row(6, 90_000)];
const record = recordOf(completed, [], { grouping });

const text = (one: RunRecord, details: boolean) => table([one], { columns: 100, colour: false, details });

describe("a run of several message groups", () => {
  it("says in a line whether they kept their order, and how far their waits are apart", () => {
    const line = "3 message groups, 1 out of order; wait p95 300 ms in the middle one, 90 s in the worst.";
    expect(text(record, false)).toContain(line);
    expect(markdown.text([record], { columns: 80, colour: false, details: false }, "")).toContain(line);
    expect(pageOf([record])).toContain(line);
    const inOrder = recordOf(
      completed.filter(({ id }) => id !== 1),
      [],
      { grouping },
    );
    expect(text(inOrder, false)).toContain("3 message groups, each in order; wait p95 ");
  });

  it("has a row for each with details", () => {
    expect(text(record, true)).toMatch(/│ 1 +│ +2 of 2 │ +0 │ +1 │ +1 │ 100 ms·200 ms·200 ms │/);
    expect(text(record, true)).toMatch(/Wait p95, worst message group +│ +90 s/);
    expect(text(record, true)).toContain("Slowest events: 6 (message group 0, 90 s), 3 (message group 0, 60 s)");
  });

  it("keeps of each repetition the figures of the groups together alone", () => {
    const all = recordOfAll([record, { ...record, seed: 2, details: record.details, cost: null } as never], false);
    expect(all.details.messageGroups!.listed).toHaveLength(3);
    expect(all.uncertainty!.runs[0]!.details!.messageGroups).toMatchObject({ count: 3, listed: [] });
    expect(all.uncertainty!.intervals.waitP95WorstGroupMs).toEqual({ median: 90_000, low: 90_000, high: 90_000 });
  });

  it("is compared by the figures of its groups, which runs of one group do not have", () => {
    const groups = (one: RunRecord) =>
      compare(sideOf([one]), sideOf([one]), { ...defaultOptions, details: true })
        .figures.map(({ figure }) => figure)
        .filter((figure) => figures[figure].place === "groups");
    expect(groups(record)).toEqual(["messageGroupsOutOfOrder", "waitP95MiddleGroupMs", "waitP95WorstGroupMs"]);
    expect(groups(aRecord())).toEqual([]);
  });
});

it("says nothing of message groups where there is one", () => {
  expect(text(aRecord(), true)).not.toContain("essage group");
});

it("says that order is that of the ids where several producers publish side by side", () => {
  const { burst } = record;
  const shards = [0, 1].map((lane) => ({ ...burst.shards[0]!, firstId: lane + 1, stride: 2 }));
  expect(text({ ...record, burst: { ...burst, shards } }, true).replace(/\s+/g, " ")).toContain(
    "Order is that of the ids: 2 producers published side by side",
  );
  expect(text(record, true)).not.toContain("Order is that of");
});

it("says that a stream keeps order in each shard alone where its events are no message groups", () => {
  expect(text(aRecord({ settings: { ShardCount: "2" } }), true).replace(/\s+/g, " ")).toContain(
    "within each of its 2 shards alone",
  );
});
