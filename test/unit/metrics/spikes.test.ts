/** The figures of spikes equal what one finds who counts the rows one by one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spikeFigures } from "../../../src/metrics/spikes.ts";
import { row, runRowsOf } from "./rows.ts";

const minute = 60_000;
const spikes = { count: 3, everyMs: 10 * minute };

/** `waits`: of events 1, 2, …, a minute between them within a spike; null: it left no row; negative: it was dead-lettered after so long. */
function figuresOf(waits: readonly (number | null)[], { count, everyMs } = spikes) {
  const each = waits.length / count;
  const sentAt = (index: number) => Math.floor(index / each) * everyMs + (index % each) * minute;
  const rowOf = (wait: number | null, index: number) =>
    wait === null ? [] : [row(index + 1, sentAt(index) + Math.abs(wait), { sentAt: sentAt(index) })];
  const completed = waits.flatMap((wait, index) => (wait !== null && wait < 0 ? [] : rowOf(wait, index)));
  const dead = waits.flatMap((wait, index) => (wait !== null && wait < 0 ? rowOf(wait, index) : []));
  const { events, deadEvents } = runRowsOf(completed, dead);
  return spikeFigures(events, deadEvents, waits.length, { count, everyMs })!.each;
}

describe("the figures of spikes", () => {
  it("tell of each what it lost, how long its oldest waited, and when it was drained", () => {
    const [first, second, third] = figuresOf([minute, 2 * minute, 12 * minute, minute, minute, -3 * minute]);
    expect(first).toEqual({
      beganMs: 0,
      events: 2,
      lost: 0,
      oldestWaitMs: 2 * minute,
      drainedMs: 3 * minute,
      waitingAtNext: 0,
      spareMs: 7 * minute,
    });
    expect(second).toMatchObject({ beganMs: 10 * minute, drainedMs: 12 * minute, waitingAtNext: 1, spareMs: null });
    expect(third).toMatchObject({ lost: 1, oldestWaitMs: minute, drainedMs: 4 * minute, waitingAtNext: 0 });
  });

  it("count a backlog of an earlier spike until it is gone, and call nothing spare before that", () => {
    const figures = figuresOf([25 * minute, 0, 0]);
    expect(figures.map(({ waitingAtNext }) => waitingAtNext)).toEqual([1, 1, 0]);
    expect(figures.map(({ spareMs }) => spareMs)).toEqual([null, null, 5 * minute]);
  });

  it("count an event that leaves at the moment when the next spike begins as gone", () => {
    expect(figuresOf([10 * minute, 0, 0])[0]).toMatchObject({ drainedMs: 10 * minute, waitingAtNext: 0, spareMs: 0 });
    expect(figuresOf([10 * minute + 1, 0, 0])[0]).toMatchObject({ waitingAtNext: 1, spareMs: null });
  });

  it("leave out events that nobody asked for", () => {
    const { events, deadEvents } = runRowsOf(
      [row(1, minute), row(2, 11 * minute, { sentAt: 10 * minute }), row(3, 90 * minute)],
      [row(4, 95 * minute)],
    );
    const { each } = spikeFigures(events, deadEvents, 2, { count: 2, everyMs: 10 * minute })!;
    expect(each.map(({ drainedMs, lost, oldestWaitMs }) => [drainedMs, lost, oldestWaitMs])).toEqual([
      [minute, 0, minute],
      [minute, 0, minute],
    ]);
  });

  it("take a dead letter of an event that completed later for the moment when it left", () => {
    const { events, deadEvents } = runRowsOf([row(1, 12 * minute)], [row(1, 3 * minute)]);
    const { each } = spikeFigures(events, deadEvents, 1, { count: 1, everyMs: 10 * minute })!;
    expect(each).toMatchObject([
      { lost: 0, oldestWaitMs: 12 * minute, drainedMs: 3 * minute, waitingAtNext: 0, spareMs: 7 * minute },
    ]);
  });

  it("say what is not known where an event left no row", () => {
    const figures = figuresOf([0, null, 0]);
    expect(figures[0]).toMatchObject({ waitingAtNext: null, spareMs: null, drainedMs: 0 });
    expect(figures[1]).toMatchObject({ beganMs: null, lost: 1, oldestWaitMs: null, drainedMs: null });
    expect(figures[2]).toMatchObject({ beganMs: 20 * minute, waitingAtNext: 0, spareMs: null });
  });

  it("tell of a single burst how many would wait when it came again", () => {
    const figures = figuresOf([9 * minute, 9 * minute, 9 * minute], { count: 1, everyMs: 10 * minute });
    expect(figures.map(({ waitingAtNext, spareMs }) => [waitingAtNext, spareMs])).toEqual([[1, null]]);
  });

  it("count the same as one who asks of every event whether it waits, whatever the waits are", () => {
    const waits = fc.array(fc.option(fc.integer({ min: -40, max: 40 }).map((minutes) => minutes * minute)), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(waits, (some) => {
        const figures = figuresOf(some);
        const isBegun = (spike: number) => some.slice(spike * 4, spike * 4 + 4).some((wait) => wait !== null);
        for (const [spike, { lost, waitingAtNext }] of figures.entries()) {
          const own = some.slice(spike * 4, spike * 4 + 4);
          expect(lost).toBe(own.filter((wait) => wait === null || wait < 0).length);
          if (waitingAtNext === null) {
            expect(isBegun(spike) && isBegun(spike + 1)).toBe(false);
            continue;
          }
          const first = (from: number) =>
            some.slice(from * 4, from * 4 + 4).findIndex((wait) => wait !== null) * minute;
          const next = spike < 2 ? (spike + 1) * spikes.everyMs + first(spike + 1) : 3 * spikes.everyMs + first(2);
          const sent = (index: number) => Math.floor(index / 4) * spikes.everyMs + (index % 4) * minute;
          const waiting = some.filter(
            (wait, index) => wait !== null && sent(index) < next && sent(index) + Math.abs(wait) > next,
          );
          expect(waitingAtNext).toBe(waiting.length);
        }
      }),
    );
  });
});
