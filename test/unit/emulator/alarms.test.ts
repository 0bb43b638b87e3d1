/** Alarms of every habit against callbacks that are cancelled and scheduled anew. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Habit } from "../../../src/emulator/kernel/alarms.ts";
import { Kernel } from "../../../src/emulator/kernel/kernel.ts";
import type { Timer } from "../../../src/emulator/kernel/timers.ts";

const start = 1_000_000;
const habits: Habit[] = ["drawn", "constant", "postponed"];

/** Sets or cancels an alarm at a time; what rings may set itself again. */
const step = fc.record({
  at: fc.nat(60),
  number: fc.nat(4),
  habit: fc.nat(habits.length - 1),
  delay: fc.option(fc.oneof(fc.constant(20), fc.nat(40)), { freq: 5 }),
  again: fc.option(fc.nat(30)),
});

it("rings exactly as timers do that are cancelled and set anew, in the same order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const trace = async (
        arm: (kernel: Kernel, ring: (habit: number, number: number) => void) => Arm,
      ): Promise<string[]> => {
        const kernel = new Kernel(start, 1);
        const log: string[] = [];
        const again = new Map<string, number | null>();
        const alarms = arm(kernel, (habit, number) => {
          log.push(`${kernel.now - start}: ${habits[habit]} ${number}`);
          const delay = again.get(`${habit} ${number}`) ?? null;
          again.delete(`${habit} ${number}`);
          if (delay !== null) alarms.set(habit, number, delay);
        });
        for (const { at, habit, number, delay, again: later } of steps) {
          kernel.at(start + at, () => {
            again.set(`${habit} ${number}`, later);
            if (delay === null) alarms.cancel(habit, number);
            else alarms.set(habit, number, delay);
          });
        }
        await kernel.advanceTo(start + 1_000);
        return log;
      };
      expect(await trace(withAlarms)).toEqual(await trace(withTimers));
    }),
    { numRuns: 300 },
  );
});

interface Arm {
  set(habit: number, number: number, delay: number): void;
  cancel(habit: number, number: number): void;
}

function withAlarms(kernel: Kernel, ring: (habit: number, number: number) => void): Arm {
  const families = habits.map((habit, index) => kernel.alarms((number) => ring(index, number), habit));
  return {
    set: (habit, number, delay) => families[habit]!.after(number, delay),
    cancel: (habit, number) => families[habit]!.cancel(number),
  };
}

function withTimers(kernel: Kernel, ring: (habit: number, number: number) => void): Arm {
  const timers = new Map<string, Timer>();
  const cancel = (habit: number, number: number) => timers.get(`${habit} ${number}`)?.cancel();
  return {
    cancel,
    set(habit, number, delay) {
      cancel(habit, number);
      timers.set(
        `${habit} ${number}`,
        kernel.after(delay, () => ring(habit, number)),
      );
    },
  };
}

it.each(habits)("does not move the clock for an alarm that was cancelled or put off (%s)", async (habit) => {
  const kernel = new Kernel(start, 1);
  const alarms = kernel.alarms(() => {}, habit);
  alarms.after(0, 10);
  alarms.after(1, 20);
  alarms.cancel(0);
  alarms.after(1, 5);
  await expect(kernel.advanceUntil(new Promise(() => {}), "nothing")).rejects.toThrow("ran dry");
  expect(kernel.now).toBe(start + 5);
});

it("keeps one event for an alarm that is postponed again and again, and a lane's order when a delay shrinks", async () => {
  const kernel = new Kernel(start, 1);
  const log: [at: number, number: number][] = [];
  const note = (number: number) => log.push([kernel.now - start, number]);
  const postponed = kernel.alarms((number) => note(number), "postponed");
  const constant = kernel.alarms((number) => note(10 + number), "constant");
  for (let at = 0; at < 100; at++) kernel.at(start + at, () => postponed.after(0, 50));
  constant.after(0, 30);
  constant.after(1, 10);
  constant.after(2, 30);
  await kernel.advanceTo(start + 1_000);
  expect(log).toEqual([
    [10, 11],
    [30, 10],
    [30, 12],
    [149, 0],
  ]);
});

it("refuses a time that is no number", () => {
  const kernel = new Kernel(start, 1);
  expect(() => kernel.alarms(() => {}).after(0, Number.NaN)).toThrow("a timer needs a time");
});
