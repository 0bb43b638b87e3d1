/** The run second by second: inserts, dead letters and overlapping invocations. */
import type { Row, TimelinePoint } from "../model.ts";
import { sweepInvocations } from "./overlap.ts";

/**
 * Every whole second from the run's first insert to its last, in order, also those without inserts; `[]` without rows.
 * A dead letter's insert counts as one of the run, so a run that begins or ends with dead letters shows them too.
 * `overlap` counts the consumer's invocations, but not those before the first insert.
 */
export function timeline(completed: readonly Row[], dead: readonly Row[]): TimelinePoint[] {
  let first = Infinity;
  let last = -Infinity;
  for (const rows of [completed, dead]) {
    for (const { createdAt } of rows) {
      first = Math.min(first, createdAt);
      last = Math.max(last, createdAt);
    }
  }
  if (first === Infinity) return [];

  const secondOf = (at: number) => Math.floor((at - first) / 1000);
  const points = Array.from(
    { length: secondOf(last) + 1 },
    (_, second): TimelinePoint => ({ second, inserts: 0, deadLetters: 0, overlap: 0 }),
  );
  for (const { createdAt } of completed) points[secondOf(createdAt)]!.inserts++;
  for (const { createdAt } of dead) points[secondOf(createdAt)]!.deadLetters++;
  sweepInvocations(completed, (from, to, running) => {
    const until = Math.min(secondOf(to - 1), points.length - 1);
    for (let second = Math.max(0, secondOf(from)); second <= until; second++) {
      const point = points[second]!;
      point.overlap = Math.max(point.overlap, running);
    }
  });
  return points;
}
