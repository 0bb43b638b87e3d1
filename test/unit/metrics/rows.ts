/** Rows for tests: one from what matters, and arbitrary ones of a run. */
import fc from "fast-check";
import { type RunRows, runRows } from "../../../src/metrics/run-rows.ts";
import type { Row } from "../../../src/model.ts";
import { Columns } from "../../../src/rows/columns.ts";

export const start = Date.UTC(2026, 10, 23);

/** Times are milliseconds since `start`; an invocation and an instance of its own unless told. */
export function row(id: number, createdAt: number, rest: Partial<Row> = {}): Row {
  return {
    id,
    groupId: "run/consumer",
    batchId: `batch-${id}`,
    cacheId: `instance-${id}`,
    ...rest,
    sentAt: start + (rest.sentAt ?? 0),
    startedAt: start + (rest.startedAt ?? createdAt),
    createdAt: start + createdAt,
  };
}

/** Rows of up to a minute, with duplicate ids, shared batches and times that coincide. */
export const rows: fc.Arbitrary<Row[]> = fc.array(
  fc
    .record({
      id: fc.integer({ min: 1, max: 40 }),
      sentAt: fc.integer({ min: 0, max: 3_000 }),
      waitedMs: fc.integer({ min: 0, max: 50_000 }),
      workedMs: fc.integer({ min: 0, max: 9_000 }),
      batch: fc.integer({ min: 1, max: 30 }),
      cache: fc.integer({ min: 1, max: 5 }),
    })
    .map(({ id, sentAt, waitedMs, workedMs, batch, cache }) =>
      row(id, sentAt + waitedMs + workedMs, {
        sentAt,
        startedAt: sentAt + waitedMs,
        batchId: `batch-${batch}`,
        cacheId: `instance-${cache}`,
      }),
    ),
  { maxLength: 60, size: "max" },
);

/** An order of the rows that is not the given one, as the database may return them. */
export function shuffled(given: readonly Row[], salt: number): Row[] {
  return given
    .map((one, index) => ({ one, key: ((index + 1) * 2_654_435_761 + salt * 40_503) % 4_294_967_296 }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

export function columnsOf(some: readonly Row[]): Columns {
  const columns = new Columns("run/consumer");
  for (const one of some) columns.addRow(one);
  return columns;
}

export function runRowsOf(completed: readonly Row[], dead: readonly Row[]): RunRows {
  return runRows(columnsOf(completed), columnsOf(dead));
}
