/** The order of completions within message groups. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsOf } from "../../../src/metrics/events.ts";
import { grouped } from "../../../src/metrics/message-groups.ts";
import { orderOf, ordersOf } from "../../../src/metrics/order.ts";
import type { Row } from "../../../src/model.ts";
import { columnsOf, row, rows } from "./rows.ts";

const order = (some: Row[], groups = 0) => {
  const events = grouped(eventsOf(columnsOf(some)), { groups, noisyShare: 0 });
  return orderOf(ordersOf(events), events.ids.length);
};
const completing = (...ids: number[]) => ids.map((id, place) => row(id, 100 * (place + 1)));

describe("orderOf", () => {
  it("counts an event that one with a higher id has overtaken, and tells by how many places the worst is late", () => {
    expect(order(completing(2, 3, 4, 1))).toEqual({ outOfOrder: 1, share: 0.25, worstDisplacement: 3 });
    expect(order(completing(4, 1, 2, 3))).toEqual({ outOfOrder: 3, share: 0.75, worstDisplacement: 1 });
    expect(order(completing(3, 2, 1))).toEqual({ outOfOrder: 2, share: 2 / 3, worstDisplacement: 2 });
  });

  it("knows order within a message group alone", () => {
    expect(order(completing(2, 1, 4, 3), 2)).toEqual({ outOfOrder: 0, share: 0, worstDisplacement: 0 });
    expect(order(completing(3, 2, 1, 4), 2)).toEqual({ outOfOrder: 1, share: 0.25, worstDisplacement: 1 });
  });

  it("does not count events of the same millisecond as out of order", () => {
    expect(order([row(2, 100), row(1, 100)])).toEqual({ outOfOrder: 0, share: 0, worstDisplacement: 0 });
  });

  it("takes an event at its first completion", () => {
    expect(order([...completing(1, 2), row(1, 900)])).toMatchObject({ outOfOrder: 0 });
  });

  it("agrees with plain counting over all pairs", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 4 }), (some, messageGroups) => {
        const first = new Map<number, number>();
        for (const { id, createdAt } of some) first.set(id, Math.min(first.get(id) ?? Infinity, createdAt));
        const events = [...first].map(([id, at]) => ({ id, at })).sort((a, b) => a.id - b.id);
        const group = (id: number) => events.filter((other) => other.id % messageGroups === id % messageGroups);
        const isLate = ({ id, at }: { id: number; at: number }) =>
          group(id).some((other) => other.id > id && other.at < at);
        const lateBy = ({ id, at }: { id: number; at: number }) =>
          group(id).filter((other) => other.at < at || (other.at === at && other.id < id)).length -
          group(id).filter((other) => other.id < id).length;
        const late = events.filter(isLate);
        expect(order(some, messageGroups)).toEqual(
          events.length === 0
            ? null
            : {
                outOfOrder: late.length,
                share: late.length / events.length,
                worstDisplacement: Math.max(0, ...late.map(lateBy)),
              },
        );
      }),
    );
  });
});
