/** The lines of a run's first screen below its table: the waits, and backlog, throttles and refused calls where there are any; the cost. */
import { type Figure, figures } from "../metrics/figures.ts";
import { shownFigure } from "../metrics/uncertainty.ts";
import type { RunRecord } from "../model.ts";
import { costText } from "./cost.ts";
import { figure, shortDuration } from "./figures.ts";
import { spendingText } from "./spending.ts";

/** The verdict has said already how long the oldest waited. */
const waits: [name: string, of: Figure][] = [
  ["p50", "waitP50Ms"],
  ["p95", "waitP95Ms"],
  ["p99", "waitP99Ms"],
];

/** The readings in the order in which they matter. Of repeated runs they are medians. */
export function readings(record: RunRecord): [term: string, text: string][] {
  const count = (of: Figure) => {
    const { value } = shownFigure(record, of);
    return value === null || value === 0 ? null : figure(value, figures[of].unit);
  };
  const [backlog, throttles, refused] = (["backlogMax", "throttles", "callsRefused"] as const).map(count);
  return (
    [
      ["Wait", waitText(record)],
      ["Backlog", backlog && backlog !== "1" ? `at most ${backlog} events at once` : null],
      ["Throttles", throttles && `${throttles} invocations, for want of concurrency`],
      ["Refused calls", refused && `${refused}, for want of room in the downstream's limit`],
      ["Cost", costText(record)],
      ["Spent", spendingText(record)],
    ] satisfies [string, string | null | undefined][]
  ).filter((reading): reading is [string, string] => typeof reading[1] === "string");
}

/** null: nothing completed, or the record does not tell. */
function waitText(record: RunRecord): string | null {
  const known = waits.flatMap(([name, of]) => {
    const { value } = shownFigure(record, of);
    return value === null ? [] : [`${name} ${shortDuration(value / 1_000)}`];
  });
  return known.length === 0 ? null : known.join(", ");
}
