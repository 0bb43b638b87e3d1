/** Counts the handler invocations that ran at once, by the rows that they left. */
import type { Columns } from "../rows/columns.ts";

/** Starts and ends of invocations, each sorted for itself, because a sweep needs to know how many run, not which. */
export interface Invocations {
  starts: Float64Array;
  ends: Float64Array;
}

/**
 * An invocation is one `batchId`, from its first `startedAt` to its last `createdAt`, half open; it lasts at least the one
 * millisecond that clocks can tell apart. Invocations that wrote no row are not seen, nor is the end of one after its last insert.
 */
export function invocationsOf({ length, batch, batches, startedAt, createdAt }: Columns): Invocations {
  const starts = new Float64Array(batches.size).fill(Infinity);
  const ends = new Float64Array(batches.size).fill(-Infinity);
  for (let index = 0; index < length; index++) {
    const invocation = batch[index]!;
    starts[invocation] = Math.min(starts[invocation]!, startedAt[index]!);
    ends[invocation] = Math.max(ends[invocation]!, createdAt[index]!);
  }
  for (let invocation = 0; invocation < ends.length; invocation++) {
    ends[invocation] = Math.max(ends[invocation]!, starts[invocation]! + 1);
  }
  return { starts: starts.sort(), ends: ends.sort() };
}

/**
 * Walks invocations in time and visits every stretch `[from, to)` in which `running` ≥ 1 of them ran, which is a lower bound of
 * Lambda's own count.
 */
export function sweepInvocations(
  { starts, ends }: Invocations,
  visit: (from: number, to: number, running: number) => void,
): void {
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

/** Most invocations that ran at once; `null` without any. */
export function maxOverlap(invocations: Invocations): number | null {
  let most: number | null = null;
  sweepInvocations(invocations, (_from, _to, running) => {
    most = Math.max(most ?? 0, running);
  });
  return most;
}
