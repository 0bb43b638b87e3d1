/** The run second by second: inserts, dead letters and overlapping invocations. */
import type { TimelinePoint } from "../model.ts";
import type { Columns } from "../rows/columns.ts";
import type { Invocations } from "./overlap.ts";

export interface TimelineInput {
  /** the consumer's rows */
  completed: Columns;
  /** the dead-letter recorder's rows */
  dead: Columns;
  /** the consumer's */
  invocations: Invocations;
}

/**
 * Every whole second from the run's first insert to its last, in order, also those without inserts; `[]` without rows.
 * A dead letter's insert counts as one of the run, so a run that begins or ends with dead letters shows them too.
 * `overlap` counts the consumer's invocations, but not those before the first insert.
 */
export function timeline({ completed, dead, invocations }: TimelineInput): TimelinePoint[] {
  let first = Infinity;
  let last = -Infinity;
  for (const { length, createdAt } of [completed, dead]) {
    for (let index = 0; index < length; index++) {
      first = Math.min(first, createdAt[index]!);
      last = Math.max(last, createdAt[index]!);
    }
  }
  if (first === Infinity) return [];

  const secondOf = (at: number) => Math.floor((at - first) / 1000);
  const points = Array.from(
    { length: secondOf(last) + 1 },
    (_, second): TimelinePoint => ({ second, inserts: 0, deadLetters: 0, overlap: 0 }),
  );
  for (let index = 0; index < completed.length; index++) points[secondOf(completed.createdAt[index]!)]!.inserts++;
  for (let index = 0; index < dead.length; index++) points[secondOf(dead.createdAt[index]!)]!.deadLetters++;
  const { starts, ends } = invocations;
  const nextOf = (started: number, ended: number) =>
    started < starts.length ? Math.min(starts[started]!, ends[ended]!) : ends[ended]!;
  // From each instant at which some begin or end to the next, equally many run.
  for (let started = 0, ended = 0; ended < ends.length; ) {
    const from = nextOf(started, ended);
    while (ends[ended] === from) ended++;
    while (starts[started] === from) started++;
    const running = started - ended;
    if (running === 0) continue;
    const until = Math.min(secondOf(nextOf(started, ended) - 1), points.length - 1);
    for (let second = Math.max(0, secondOf(from)); second <= until; second++) {
      const point = points[second]!;
      point.overlap = Math.max(point.overlap, running);
    }
  }
  return points;
}
