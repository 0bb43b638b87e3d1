/** A burst of several shards is what one producer would have published: every event once, in order, at its time. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Invocations } from "../../src/database/invocations.ts";
import type { Row, RunRecord } from "../../src/model.ts";
import { openWorkbench, type Workbench } from "./bench.ts";

let workbench: Workbench;
let invocations: Invocations;

beforeAll(async () => {
  workbench = await openWorkbench();
  invocations = await Invocations.open(workbench.databaseUrl);
});
afterAll(async () => {
  await invocations.close();
  await workbench.close();
});

async function fired(set: string[], events: number): Promise<{ record: RunRecord; rows: Row[] }> {
  const record = await workbench.run("scenario-5", { events, set: ["WorkMs=0", "BatchSize=10", ...set] });
  const rows = (await invocations.columns(record.groupId)).toRows();
  expect(record.summary).toMatchObject({ eventsCompleted: events, eventsMissing: 0, duplicates: 0 });
  return { record, rows: rows.toSorted((one, other) => one.id - other.id) };
}

/** When each event was published, ms since the first. */
const publishedAt = (rows: readonly Row[]) => rows.map(({ sentAt }) => sentAt - rows[0]!.sentAt);

it("keeps a slow pace over shards that follow each other, to the millisecond", async () => {
  const { record, rows } = await fired(["PublishRate=1"], 1_250);
  expect(record.burst.shards.map(({ firstId, events, published }) => [firstId, events, published])).toEqual([
    [1, 600, 600],
    [601, 600, 600],
    [1_201, 50, 50],
  ]);
  expect(publishedAt(rows)).toEqual(Array.from({ length: 1_250 }, (_, index) => index * 1_000));
});

it("keeps a fast pace over lanes beside each other, in the order of the ids, and the same each time", async () => {
  const { record, rows } = await fired(["PublishRate=1000"], 2_000);
  expect(record.burst.shards).toHaveLength(7);
  const times = publishedAt(rows);
  // Seven lanes publish ten events each at one time, every 70 ms.
  expect(times).toEqual(Array.from({ length: 2_000 }, (_, index) => Math.floor(index / 70) * 70));
  const { burst } = record;
  expect(burst.lastSentAt! - burst.firstSentAt!).toBe(times.at(-1));

  const again = await fired(["PublishRate=1000"], 2_000);
  const figures = ({ summary, timeline, details, metrics }: RunRecord) => ({ summary, timeline, details, metrics });
  expect(figures(again.record)).toEqual(figures(record));
  expect(again.record.burst).toEqual(burst);
  expect(again.rows.map(({ groupId: _, ...row }) => row)).toEqual(rows.map(({ groupId: _, ...row }) => row));
});
