/** Runs side by side never take more than there is room for, all get their turn, and "stop" begins nothing more. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { sideBySide } from "../../../src/cli/running/side-by-side.ts";

interface Job {
  name: number;
  reserved: number;
}

/** Runs the jobs, of which `schedule` decides which ends next. */
async function course(
  jobs: readonly Job[],
  room: { runs: number; reservable: number },
  pick: (running: number) => number,
  stopsAt: number | null = null,
) {
  const running = new Map<Job, () => void>();
  const moments: Job[][] = [];
  const ended: number[] = [];
  const waited: Job[] = [];
  const work = sideBySide(jobs, room, {
    reserved: ({ reserved }) => reserved,
    run: (job) =>
      new Promise<number>((resolve) => {
        running.set(job, () => resolve(job.name));
        moments.push([...running.keys()]);
      }),
    ended: (name) => {
      ended.push(name);
      return name === stopsAt ? "stop" : "go on";
    },
    waits: (job) => waited.push(job),
  });
  while (running.size > 0) {
    const [job, end] = [...running][pick(running.size)]!;
    running.delete(job);
    end();
    // The course goes on when all that follows from an end has been done.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await work;
  return { moments, ended, waited };
}

const jobs = fc
  .array(fc.integer({ min: 0, max: 6 }), { maxLength: 12 })
  .map((reserved) => reserved.map((each, name): Job => ({ name, reserved: each })));
const rooms = fc.record({ runs: fc.integer({ min: 1, max: 5 }), reservable: fc.integer({ min: 0, max: 10 }) });
const picks = fc.infiniteStream(fc.nat());

it("never has more at once than there is room for, unless one alone takes more", async () => {
  await fc.assert(
    fc.asyncProperty(jobs, rooms, picks, async (all, room, next) => {
      const { moments, ended, waited } = await course(all, room, (size) => next.next().value % size);
      for (const moment of moments) {
        expect(moment.length).toBeLessThanOrEqual(room.runs);
        const reserved = moment.reduce((sum, job) => sum + job.reserved, 0);
        if (moment.length > 1) expect(reserved).toBeLessThanOrEqual(room.reservable);
      }
      expect(ended.toSorted((a, b) => a - b)).toEqual(all.map(({ name }) => name));
      expect(new Set(waited).size).toBe(waited.length);
    }),
  );
});

it("begins nothing after a stop, and waits for what runs", async () => {
  const all = [0, 1, 2, 3, 4].map((name) => ({ name, reserved: 1 }));
  expect((await course(all, { runs: 2, reservable: 10 }, () => 0, 1)).ended).toEqual([0, 1, 2]);
});

it("goes one after the other in the given order where there is room for one", async () => {
  const all = [3, 0, 2].map((reserved, name) => ({ name, reserved }));
  const { ended, moments, waited } = await course(all, { runs: 1, reservable: 0 }, () => 0);
  expect([ended, moments.map(({ length }) => length), waited]).toEqual([[0, 1, 2], [1, 1, 1], []]);
});

it("lets one that fits go before one that waits, which is told once", async () => {
  const all = [4, 5, 1].map((reserved, name) => ({ name, reserved }));
  const { moments, waited } = await course(all, { runs: 3, reservable: 5 }, () => 0);
  expect(moments.map((moment) => moment.map(({ name }) => name))).toEqual([[0], [0, 2], [1]]);
  expect(waited.map(({ name }) => name)).toEqual([1]);
});
