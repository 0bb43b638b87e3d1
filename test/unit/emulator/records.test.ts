/** The ring and the heap of records against what sorting says. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { RecordHeap, RecordRing } from "../../../src/emulator/kernel/records.ts";

type Entry = [key: number, serial: number, a: number, b: number];

const byOrder = (one: Entry, other: Entry) => one[0] - other[0] || one[1] - other[1];

function take(records: RecordHeap | RecordRing): Entry {
  const { firstKey, firstSerial, firstA, firstB } = records;
  records.shift();
  return [firstKey, firstSerial, firstA, firstB];
}

/** null takes the first record away; a number pushes a record of that key. */
const steps = fc.array(fc.option(fc.nat(20), { freq: 3 }), { maxLength: 400, size: "max" });

it("a heap always has the first of what is in it on top, at one key in the order of the serials", () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const heap = new RecordHeap();
      let sorted: Entry[] = [];
      for (const [index, key] of steps.entries()) {
        if (key !== null) {
          // Serials do not come in order: an alarm that was put off keeps its own.
          const entry: Entry = [key, (index * 7_919) % 1_009, index, 7 - index];
          heap.push(...entry);
          sorted = [...sorted, entry].sort(byOrder);
        } else if (sorted.length > 0) expect(take(heap)).toEqual(sorted.shift());
        expect(heap.size).toBe(sorted.length);
        expect(heap.firstKey).toBe(sorted[0]?.[0] ?? Number.POSITIVE_INFINITY);
      }
      while (sorted.length > 0) expect(take(heap)).toEqual(sorted.shift());
    }),
  );
});

it("a ring gives its records in the order in which they came, however far it has turned and grown", () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const ring = new RecordRing();
      const entries: Entry[] = [];
      for (const [index, step] of steps.entries()) {
        if (step !== null) {
          const entry: Entry = [index, index, index * 2, 7 - index];
          expect(ring.accepts(index, index)).toBe(true);
          ring.push(...entry);
          entries.push(entry);
        } else if (entries.length > 0) expect(take(ring)).toEqual(entries.shift());
        expect(ring.size).toBe(entries.length);
        expect(ring.firstKey).toBe(entries[0]?.[0] ?? Number.POSITIVE_INFINITY);
      }
    }),
  );
});

it("a ring accepts what comes after its last record, and anything when it is empty", () => {
  const ring = new RecordRing();
  ring.push(5, 3, 0, 0);
  expect([ring.accepts(5, 4), ring.accepts(6, 0), ring.accepts(5, 2), ring.accepts(4, 9)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  ring.shift();
  expect(ring.accepts(1, 0)).toBe(true);
});
