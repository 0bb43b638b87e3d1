/** The order in which events completed, against that in which they were published, within each message group. */
import type { Order } from "../model.ts";
import type { Events } from "./events.ts";

/**
 * An event is out of order when one of the same message group with a higher id completed before it. It is displaced by the places
 * that it completed later than its turn among the group's events that completed. Within one millisecond nobody can tell the order, so
 * the ids are taken to be in it. An event's group is `id mod messageGroups`. Null without events.
 */
export function orderOf({ ids, firstAt }: Events, messageGroups: number): Order | null {
  if (ids.length === 0) return null;
  const outOfOrder = overtaken({ ids, firstAt }, messageGroups);
  const displacement = outOfOrder === 0 ? 0 : worstDisplacement({ ids, firstAt }, messageGroups);
  return { outOfOrder, share: outOfOrder / ids.length, worstDisplacement: displacement };
}

type Completed = Pick<Events, "ids" | "firstAt">;

function overtaken({ ids, firstAt }: Completed, messageGroups: number): number {
  const earliestOfHigher = new Map<number, number>();
  let count = 0;
  for (let event = ids.length - 1; event >= 0; event--) {
    const group = groupOf(ids[event]!, messageGroups);
    const earliest = earliestOfHigher.get(group) ?? Infinity;
    if (firstAt[event]! > earliest) count++;
    else earliestOfHigher.set(group, firstAt[event]!);
  }
  return count;
}

function worstDisplacement({ ids, firstAt }: Completed, messageGroups: number): number {
  const turns = turnsOf(ids, messageGroups);
  const byCompletion = Int32Array.from(ids, (_, event) => event).sort(
    (one, other) => firstAt[one]! - firstAt[other]! || one - other,
  );
  const places = turnsOf(
    byCompletion.map((event) => ids[event]!),
    messageGroups,
  );
  // The event that is out of order with the lowest id is later than its turn, so that the worst is never one that came early.
  return byCompletion.reduce((worst, event, index) => Math.max(worst, places[index]! - turns[event]!), 0);
}

/** Each id's place among those of its group, in the order given. */
function turnsOf(ids: Int32Array, messageGroups: number): Int32Array {
  const next = new Map<number, number>();
  return ids.map((id) => {
    const group = groupOf(id, messageGroups);
    const turn = next.get(group) ?? 0;
    next.set(group, turn + 1);
    return turn;
  });
}

function groupOf(id: number, messageGroups: number): number {
  return id % messageGroups;
}
