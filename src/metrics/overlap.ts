/** Counts the handler invocations that ran at once, by the rows that they left. */
import type { Row } from "../model.ts";

/**
 * Walks the rows' invocations in time and visits every stretch `[from, to)` in which `running` ≥ 1 of them ran.
 * An invocation is one `batchId`, from its first `startedAt` to its last `createdAt`, half open; it lasts at least the
 * one millisecond that clocks can tell apart. Invocations that wrote no row are not seen, nor is the end of one after its last
 * insert, so the count is a lower bound of Lambda's own.
 */
export function sweepInvocations(
  rows: readonly Row[],
  visit: (from: number, to: number, running: number) => void,
): void {
  const { starts, ends } = invocations(rows);
  let started = 0;
  let ended = 0;
  while (ended < ends.length) {
    const at = Math.min(starts[started] ?? Infinity, ends[ended]!);
    while (ends[ended] === at) ended++;
    while (starts[started] === at) started++;
    const running = started - ended;
    if (running > 0) visit(at, Math.min(starts[started] ?? Infinity, ends[ended]!), running);
  }
}

/** Most invocations that ran at once; `null` without rows. */
export function maxOverlap(rows: readonly Row[]): number | null {
  let most: number | null = null;
  sweepInvocations(rows, (_from, _to, running) => {
    most = Math.max(most ?? 0, running);
  });
  return most;
}

/** Starts and ends of the invocations, each sorted for itself, because a sweep needs to know how many run, not which. */
function invocations(rows: readonly Row[]): { starts: Float64Array; ends: Float64Array } {
  const indexOfBatch = new Map<string, number>();
  const starts = new Float64Array(rows.length);
  const ends = new Float64Array(rows.length);
  for (const { batchId, startedAt, createdAt } of rows) {
    const index = indexOfBatch.get(batchId) ?? indexOfBatch.size;
    const isNew = index === indexOfBatch.size;
    if (isNew) indexOfBatch.set(batchId, index);
    starts[index] = isNew ? startedAt : Math.min(starts[index]!, startedAt);
    ends[index] = isNew ? createdAt : Math.max(ends[index]!, createdAt);
  }
  const count = indexOfBatch.size;
  for (let index = 0; index < count; index++) ends[index] = Math.max(ends[index]!, starts[index]! + 1);
  return { starts: starts.subarray(0, count).sort(), ends: ends.subarray(0, count).sort() };
}
