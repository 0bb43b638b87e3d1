/** The words of a run's message groups: which are out of order, how long each waits, and the slowest events. */

import { shownFigure } from "../metrics/uncertainty.ts";
import type { MessageGroupFigures, RunRecord } from "../model.ts";
import { columnsOver, type Placed } from "./document.ts";
import { figure, missing } from "./figures.ts";

/** One line where a run has several message groups; null: it has one. */
export function messageGroupsLine(record: RunRecord): string | null {
  const { messageGroups } = record.details;
  if (messageGroups === null) return null;
  const { value: outOfOrder } = shownFigure(record, "messageGroupsOutOfOrder");
  const order = outOfOrder === 0 ? "each in order" : `${figure(outOfOrder, "count")} out of order`;
  const [middle, worst] = (["waitP95MiddleGroupMs", "waitP95WorstGroupMs"] as const).map((one) =>
    figure(shownFigure(record, one).value, "milliseconds"),
  );
  return `${messageGroups.count} message groups, ${order}; wait p95 ${middle} in the middle one, ${worst} in the worst.`;
}

/** A row per message group; none where a run has one. */
export function messageGroupBlocks({ details: { messageGroups } }: RunRecord): Placed[] {
  if (messageGroups === null || messageGroups.listed.length === 0) return [];
  const { count, listed } = messageGroups;
  const column = columnsOver(listed);
  const waits = ({ waitMs }: MessageGroupFigures) =>
    waitMs === null
      ? missing
      : [waitMs.p50, waitMs.p95, waitMs.oldest].map((ms) => figure(ms, "milliseconds")).join("·");
  const name = column("message group", ({ messageGroup }) => String(messageGroup), true);
  const completed = column("completed", ({ completed, events }) => `${completed} of ${events}`);
  const duplicates = column("duplicates", (one) => String(one.duplicates));
  const outOfOrder = column("out of order", (one) => String(one.outOfOrder));
  const displacement = column("most\nplaces late", (one) => String(one.worstDisplacement));
  const wait = column("wait\np50·p95·oldest", waits);
  return [
    {
      kind: "table",
      name:
        listed.length === count
          ? "Message groups"
          : `The ${listed.length} of ${count} message groups whose oldest event waited longest`,
      layouts: [
        [name, completed, duplicates, outOfOrder, displacement, wait],
        [name, completed, outOfOrder, wait],
      ],
    },
  ];
}

/** Says what the order is of, where it is not that of one producer in one message group; null: it is. */
export function orderLine({ burst: { shards }, details: { messageGroups }, settings }: RunRecord): string | null {
  const lanes = Math.max(1, ...shards.map(({ stride }) => stride));
  const streamShards = Number(settings.ShardCount ?? 1);
  if (lanes > 1) {
    return `Order is that of the ids: ${lanes} producers published side by side, so that an event may have been sent after one with a higher id.`;
  }
  if (messageGroups === null && streamShards > 1) {
    return `Order is that of all events, as one message group: a stream keeps it within each of its ${streamShards} shards alone.`;
  }
  return null;
}

/** null: no event completed. */
export function slowestLine({ details: { slowest, messageGroups } }: RunRecord): string | null {
  if (slowest.length === 0) return null;
  const events = slowest.map(({ id, messageGroup, waitMs }) => {
    const group = messageGroups === null || messageGroup === null ? "" : `message group ${messageGroup}, `;
    return `${id} (${group}${figure(waitMs, "milliseconds")})`;
  });
  return `Slowest events: ${events.join(", ")}`;
}
