/** Says whether two records are of the same rows, as far as their figures tell. */
import type { RunRecord } from "../model.ts";

/** CloudWatch may have been read at another time, so that only the rows' figures are compared. */
export function areOfSameRows(one: RunRecord, other: RunRecord): boolean {
  return JSON.stringify(rowFigures(one)) === JSON.stringify(rowFigures(other));
}

function rowFigures({ summary, details, timeline }: RunRecord) {
  const { totalEvents, eventsCompleted, eventsFailed, duplicates, timeTakenSeconds } = summary;
  const { p50, p95, p99, oldest } = details.waitMs ?? { p50: null, p95: null, p99: null, oldest: null };
  const { instancesStarted, batches, backlogMax } = details;
  return [
    [totalEvents, eventsCompleted, eventsFailed, duplicates, timeTakenSeconds],
    [p50, p95, p99, oldest, instancesStarted, batches, backlogMax],
    timeline.map(({ second, inserts, deadLetters, overlap }) => [second, inserts, deadLetters, overlap]),
  ];
}
