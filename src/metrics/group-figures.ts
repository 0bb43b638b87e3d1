/** The figures of each message group of a run. */
import { type MessageGrouping, messageGroupOf } from "../../infra/handlers/message-group.ts";
import type { MessageGroupFigures, MessageGroups } from "../model.ts";
import type { Columns } from "../rows/columns.ts";
import { indexOf } from "./events.ts";
import type { GroupedEvents } from "./message-groups.ts";
import type { GroupOrders } from "./order.ts";
import { nearestRank } from "./statistics.ts";

/** So many groups are listed one by one. Of more they are those whose oldest event waited longest. */
const mostListed = 100;

/** The figures of each group and of all beside one another. Null: all events are one group, of which the other figures tell. */
export function messageGroupsOf(
  events: GroupedEvents,
  orders: GroupOrders,
  completed: Columns,
  totalEvents: number,
  grouping: MessageGrouping,
): MessageGroups | null {
  const { groups } = events;
  if (groups === 1) return null;
  const published = new Int32Array(groups);
  for (let id = 1; id <= totalEvents; id++) published[messageGroupOf(id, grouping)!]!++;
  const rows = new Int32Array(groups);
  for (let row = 0; row < completed.length; row++) rows[events.groupOf[indexOf(events.ids, completed.id[row]!)]!]!++;
  const waits = waitsOf(events);
  const all: MessageGroupFigures[] = [];
  for (let group = 0; group < groups; group++) {
    const ofGroup = waits[group]!;
    if (published[group] === 0 && ofGroup.length === 0) continue;
    all.push({
      messageGroup: group,
      events: published[group]!,
      completed: ofGroup.length,
      duplicates: rows[group]! - ofGroup.length,
      outOfOrder: orders.outOfOrder[group]!,
      worstDisplacement: orders.worstDisplacement[group]!,
      waitMs:
        ofGroup.length === 0
          ? null
          : { p50: nearestRank(ofGroup, 50), p95: nearestRank(ofGroup, 95), oldest: ofGroup.at(-1)! },
    });
  }
  return {
    count: all.length,
    outOfOrderIn: all.filter(({ outOfOrder }) => outOfOrder > 0).length,
    waitP95Ms: spreadOf(all.flatMap(({ waitMs }) => waitMs?.p95 ?? [])),
    listed: listed(all),
  };
}

/** The waits of each group's events, each ascending. */
function waitsOf({ sentAt, firstAt, groupOf, groups }: GroupedEvents): Float64Array[] {
  const counts = new Int32Array(groups);
  for (const group of groupOf) counts[group]!++;
  const waits = Array.from(counts, (count) => new Float64Array(count));
  const next = new Int32Array(groups);
  groupOf.forEach((group, event) => {
    waits[group]![next[group]!++] = firstAt[event]! - sentAt[event]!;
  });
  for (const one of waits) one.sort();
  return waits;
}

function spreadOf(values: number[]): MessageGroups["waitP95Ms"] {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return { least: sorted[0]!, middle: nearestRank(sorted, 50), most: sorted.at(-1)! };
}

function listed(all: MessageGroupFigures[]): MessageGroupFigures[] {
  if (all.length <= mostListed) return all;
  const oldest = ({ waitMs }: MessageGroupFigures) => waitMs?.oldest ?? -Infinity;
  return all
    .toSorted((one, other) => oldest(other) - oldest(one) || one.messageGroup - other.messageGroup)
    .slice(0, mostListed)
    .sort((one, other) => one.messageGroup - other.messageGroup);
}
