/** Tells of a burst that comes several times: whether the backlog of a spike reaches the next, and a table with a row for each. */
import type { RunRecord, RunVerdict, SpikeFigures } from "../model.ts";
import { columnsOver, type Placed } from "./document.ts";
import { missing, shortDuration } from "./figures.ts";

type SpikesVerdict = NonNullable<RunVerdict["spikes"]>;

/** A longer series is told by its first ones and its last. */
const mostNamed = 3;

/** `the backlog of a spike reaches the next: 412 events still waited when spike 2 began, 824 at spike 3: it grows` */
export function spikesText({ count, waiting, reachedIn, spareMs }: SpikesVerdict): string {
  const one = count === 1;
  if (reachedIn > 0) {
    const reaches = one ? "the backlog would reach the next spike" : "the backlog of a spike reaches the next";
    return `${reaches}: ${waitingText(waiting)}${doesGrow(waiting) ? ": it grows" : ""}`;
  }
  if (spareMs === null)
    return "whether the backlog reaches the next spike is not known, because some events left no row";
  const spare = `${shortDuration(spareMs / 1_000)} to spare`;
  return one ? `drained before the next spike would come, ${spare}` : `each spike is drained before the next, ${spare}`;
}

/** Says so of three points at least, because two differ by chance. */
function doesGrow(waiting: SpikesVerdict["waiting"]): boolean {
  return (
    waiting.length > 2 &&
    waiting.every((count, index) => count !== null && (index === 0 || count > (waiting[index - 1] ?? 0)))
  );
}

function waitingText(waiting: SpikesVerdict["waiting"]): string {
  const points = waiting.flatMap((count, index) =>
    count === null || count === 0 ? [] : [{ count, spike: index + 2 }],
  );
  const named = points.length > mostNamed ? [...points.slice(0, mostNamed - 1), points.at(-1)!] : points;
  const texts = named.map(({ count, spike }, index) => {
    const many = count.toLocaleString("en-GB");
    const isNext = spike <= waiting.length;
    if (index > 0) return isNext ? `${many} at spike ${spike}` : `${many} when another was due`;
    const events = `${many} ${count === 1 ? "event" : "events"} still waited`;
    return isNext ? `${events} when spike ${spike} began` : `${events} when the next was due`;
  });
  if (points.length > mostNamed) texts.splice(-1, 0, "…");
  return texts.join(", ");
}

/** A table of the first run's spikes; none where the burst comes once. */
export function spikeBlocks({ details: { spikes }, uncertainty }: RunRecord): Placed[] {
  if (spikes === null || spikes.each.length === 1) return [];
  const rows = spikes.each.map((spike, index) => ({ ...spike, spike: index + 1 }));
  const column = columnsOver<SpikeFigures & { spike: number }>(rows);
  const [number, began, events, lost, oldest, drained, waiting] = [
    column(uncertainty === null ? "spike" : "spike of the first run", ({ spike }) => String(spike), true),
    column("began", ({ beganMs }) => (beganMs === 0 ? "0 s" : duration(beganMs))),
    column("events", ({ events }) => events.toLocaleString("en-GB")),
    column("lost", ({ lost }) => ({ text: lost.toLocaleString("en-GB"), ...(lost > 0 && { tone: "bad" }) })),
    column("oldest wait", ({ oldestWaitMs }) => duration(oldestWaitMs)),
    column("drained in", ({ drainedMs }) => duration(drainedMs)),
    column("waiting at the next", ({ waitingAtNext }) => waitingAtNext?.toLocaleString("en-GB") ?? missing),
  ] as const;
  return [
    {
      kind: "table",
      name: "Spikes",
      layouts: [
        [number, began, events, lost, oldest, drained, waiting],
        [number, lost, drained, waiting],
      ],
    },
  ];
}

function duration(ms: number | null): string {
  return ms === null ? missing : shortDuration(ms / 1_000);
}
