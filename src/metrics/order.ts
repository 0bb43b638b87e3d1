/** The order in which events completed, against that in which they were published, within each message group. */
import type { Order } from "../model.ts";
import type { GroupedEvents } from "./message-groups.ts";
import { orderOfTimes } from "./sorting.ts";

/** By message group. */
export interface GroupOrders {
  /** events before which one of the group with a higher id completed */
  outOfOrder: Int32Array;
  /** the most places that an event of it completed later than its turn */
  worstDisplacement: Int32Array;
}

/**
 * An event is out of order when one of the same message group with a higher id completed before it. It is displaced by the places
 * that it completed later than its turn among the group's events that completed. Within one millisecond nobody can tell the order, so
 * the ids are taken to be in it.
 */
export function ordersOf(events: GroupedEvents): GroupOrders {
  const outOfOrder = overtaken(events);
  const isInOrder = outOfOrder.every((count) => count === 0);
  return { outOfOrder, worstDisplacement: isInOrder ? new Int32Array(events.groups) : worstDisplacements(events) };
}

/** The orders of all groups together. Null without events. */
export function orderOf({ outOfOrder, worstDisplacement }: GroupOrders, completed: number): Order | null {
  if (completed === 0) return null;
  const sum = outOfOrder.reduce((total, count) => total + count, 0);
  const worst = worstDisplacement.reduce((most, displacement) => Math.max(most, displacement), 0);
  return { outOfOrder: sum, share: sum / completed, worstDisplacement: worst };
}

function overtaken({ ids, firstAt, groupOf, groups }: GroupedEvents): Int32Array {
  const earliestOfHigher = new Float64Array(groups).fill(Infinity);
  const counts = new Int32Array(groups);
  for (let event = ids.length - 1; event >= 0; event--) {
    const group = groupOf[event]!;
    if (firstAt[event]! > earliestOfHigher[group]!) counts[group]!++;
    else earliestOfHigher[group] = firstAt[event]!;
  }
  return counts;
}

function worstDisplacements({ firstAt, groupOf, groups }: GroupedEvents): Int32Array {
  const turns = turnsOf(groupOf, groups);
  const byCompletion = orderOfTimes(firstAt);
  const completed = new Int32Array(groups);
  // A group's event that is out of order with the lowest id is later than its turn, so that the worst is never one that came early.
  const worst = new Int32Array(groups);
  for (let index = 0; index < byCompletion.length; index++) {
    const event = byCompletion[index]!;
    const group = groupOf[event]!;
    worst[group] = Math.max(worst[group]!, completed[group]!++ - turns[event]!);
  }
  return worst;
}

/** The place of each among those of its group, in the order given. */
function turnsOf(groupOf: Int32Array, groups: number): Int32Array {
  const next = new Int32Array(groups);
  return groupOf.map((group) => next[group]!++);
}
