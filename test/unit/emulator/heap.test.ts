/** The heap against what sorting says. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Heap } from "../../../src/emulator/kernel/heap.ts";

const ascending = (a: number, b: number) => a < b;

function drain<T>(heap: Heap<T>): T[] {
  const items: T[] = [];
  while (heap.size > 0) items.push(heap.pop()!);
  return items;
}

it("gives its items in their order, however they came in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (items) => {
      const heap = new Heap(ascending);
      for (const item of items) heap.push(item);
      expect(drain(heap)).toEqual([...items].sort((a, b) => a - b));
    }),
  );
});

it("always has its first item on top, while items come and go", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { freq: 3 })), (steps) => {
      const heap = new Heap(ascending);
      let sorted: number[] = [];
      for (const step of steps) {
        if (step === null) {
          expect(heap.pop()).toBe(sorted.shift());
        } else {
          heap.push(step);
          sorted = [...sorted, step].sort((a, b) => a - b);
        }
        expect(heap.peek()).toBe(sorted[0]);
        expect(heap.size).toBe(sorted.length);
      }
    }),
  );
});

it("keeps first come, first served when the order breaks ties by a serial number", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3)), (times) => {
      type Item = { time: number; serial: number };
      const heap = new Heap<Item>((a, b) => a.time < b.time || (a.time === b.time && a.serial < b.serial));
      const items = times.map((time, serial) => ({ time, serial }));
      for (const item of items) heap.push(item);
      expect(drain(heap)).toEqual([...items].sort((a, b) => a.time - b.time)); // Array.sort is stable
    }),
  );
});

it("gives nothing when it is empty or cleared", () => {
  const heap = new Heap(ascending);
  expect([heap.peek(), heap.pop(), heap.size]).toEqual([undefined, undefined, 0]);
  heap.push(1);
  heap.push(2);
  heap.clear();
  expect([heap.peek(), heap.pop(), heap.size]).toEqual([undefined, undefined, 0]);
});
