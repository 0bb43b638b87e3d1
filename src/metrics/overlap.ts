/** Counts the handler invocations that ran at once, by the rows that they left. */
import type { Columns } from "../rows/columns.ts";
import { sorted } from "./sorting.ts";

/** Starts and ends of invocations, each sorted for itself, because a sweep needs to know how many run, not which. */
export interface Invocations {
  starts: Float64Array;
  ends: Float64Array;
}

/**
 * An invocation is one `batchId`, from its first `startedAt` to its last `createdAt`, half open; it lasts at least the one
 * millisecond that clocks can tell apart. Invocations that wrote no row are not seen, nor is the end of one after its last insert. One
 * of which no row says when it began is left out.
 */
export function invocationsOf({ length, batch, batches, startedAt, createdAt }: Columns): Invocations {
  const starts = new Float64Array(batches.size).fill(Infinity);
  const ends = new Float64Array(batches.size).fill(-Infinity);
  for (let index = 0; index < length; index++) {
    const invocation = batch[index]!;
    if (startedAt[index]! < starts[invocation]!) starts[invocation] = startedAt[index]!;
    ends[invocation] = Math.max(ends[invocation]!, createdAt[index]!);
  }
  let known = 0;
  for (let invocation = 0; invocation < starts.length; invocation++) {
    const start = starts[invocation]!;
    if (start === Infinity) continue;
    starts[known] = start;
    ends[known] = Math.max(ends[invocation]!, start + 1);
    known++;
  }
  return { starts: sorted(starts.subarray(0, known)), ends: sorted(ends.subarray(0, known)) };
}

/** Most invocations that ran at once, which is a lower bound of Lambda's own count; `null` without any. */
export function maxOverlap({ starts, ends }: Invocations): number | null {
  return starts.length === 0 ? null : mostAtOnce(starts, ends);
}

/** Most that have begun and not ended at any moment, where what ends at a moment is gone before anything begins. Both ascend. */
export function mostAtOnce(begins: Float64Array, ends: Float64Array): number {
  let most = 0;
  let ended = 0;
  for (let begun = 0; begun < begins.length; begun++) {
    while (ends[ended]! <= begins[begun]!) ended++;
    most = Math.max(most, begun + 1 - ended);
  }
  return most;
}
