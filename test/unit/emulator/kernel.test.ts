/** The kernel by its traces: (time, what) in the order in which it happened. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Kernel } from "../../../src/emulator/kernel/kernel.ts";

const start = 1_000_000;

/** A kernel at `start` with a log of what happened when, counted from the start. */
function traced() {
  const kernel = new Kernel(start, 1);
  const log: [time: number, what: string][] = [];
  const note = (what: string) => log.push([kernel.now - start, what]);
  /** A wait of a handler: it is parked until the kernel wakes it. */
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      kernel.after(ms, () => kernel.wake(resolve));
    });
  /** Runs a handler's asynchronous code from `afterMs` on. */
  const handler = (afterMs: number, code: () => Promise<void>) =>
    kernel.after(afterMs, () => kernel.wake(() => void code().catch((thrown) => kernel.fail(thrown))));
  return { kernel, log, note, sleep, handler };
}

describe("the order of events", () => {
  it("is that of their times, and at one time that of their scheduling", async () => {
    const { kernel, log, note } = traced();
    kernel.after(20, () => note("late"));
    kernel.after(10, () => {
      note("first at 10");
      kernel.after(0, () => note("scheduled at 10 for 10"));
    });
    kernel.after(10, () => note("second at 10"));
    kernel.after(0, () => note("now"));
    await kernel.advanceTo(start + 100);
    expect(log).toEqual([
      [0, "now"],
      [10, "first at 10"],
      [10, "second at 10"],
      [10, "scheduled at 10 for 10"],
      [20, "late"],
    ]);
  });

  it("is (time, serial) for events from outside and from other events, and time never goes back", async () => {
    const delays = fc.array(fc.record({ delay: fc.integer({ min: -5, max: 30 }), next: fc.array(fc.nat(20)) }));
    await fc.assert(
      fc.asyncProperty(delays, async (plan) => {
        const kernel = new Kernel(start, 1);
        const ran: { time: number; serial: number; now: number }[] = [];
        let scheduled = 0;
        const schedule = (delay: number, next: number[]) => {
          const time = Math.max(kernel.now, kernel.now + delay);
          const serial = scheduled++;
          kernel.after(delay, () => {
            ran.push({ time, serial, now: kernel.now });
            for (const later of next) schedule(later, []);
          });
        };
        for (const { delay, next } of plan) schedule(delay, next);
        await kernel.advanceTo(start + 100);

        expect(ran).toHaveLength(plan.reduce((sum, { next }) => sum + 1 + next.length, 0));
        expect(ran).toEqual([...ran].sort((a, b) => a.time - b.time || a.serial - b.serial));
        expect(ran.every(({ time, now }) => now === time && time >= start)).toBe(true);
        expect(kernel.now).toBe(start + 100);
      }),
    );
  });

  it("rounds to whole milliseconds, and takes the past for now", async () => {
    const { kernel, log, note } = traced();
    kernel.after(1.4, () => note("1.4"));
    kernel.after(1.5, () => note("1.5"));
    kernel.at(start - 50, () => note("past"));
    await kernel.advanceTo(start + 10);
    expect(log).toEqual([
      [0, "past"],
      [1, "1.4"],
      [2, "1.5"],
    ]);
    expect(() => kernel.after(Number.NaN, () => {})).toThrow("a timer needs a time");
  });
});

describe("a cancelled timer", () => {
  it("does not fire, even when it is cancelled by an event of the same time", async () => {
    const { kernel, log, note } = traced();
    const early = kernel.after(5, () => note("cancelled before"));
    kernel.after(10, () => {
      note("cancels its neighbour");
      neighbour.cancel();
    });
    const neighbour = kernel.after(10, () => note("cancelled at its time"));
    early.cancel();
    await kernel.advanceTo(start + 20);
    expect(log).toEqual([[10, "cancels its neighbour"]]);
  });

  it("may have fired already: cancelling it changes nothing", async () => {
    const { kernel, log, note } = traced();
    const timer = kernel.after(5, () => note("fired"));
    await kernel.advanceTo(start + 5);
    timer.cancel();
    await kernel.advanceTo(start + 10);
    expect(log).toEqual([[5, "fired"]]);
  });
});

describe("advancing", () => {
  it("runs the events that are due at its limit and none after, and the clock stands at the limit", async () => {
    const { kernel, log, note } = traced();
    for (const at of [9, 10, 11]) kernel.after(at, () => note(`at ${at}`));
    await kernel.advanceTo(start + 10);
    expect([kernel.now - start, log.map(([, what]) => what)]).toEqual([10, ["at 9", "at 10"]]);
    await kernel.advanceTo(start + 20);
    expect([kernel.now - start, log.length]).toEqual([20, 3]);
  });

  it("never turns the clock back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -100, max: 100 })), async (targets) => {
        const kernel = new Kernel(start, 1);
        let latest = start;
        for (const target of targets) {
          await kernel.advanceTo(start + target);
          latest = Math.max(latest, start + target);
          expect(kernel.now).toBe(latest);
        }
      }),
    );
  });

  it("until a promise is settled stops there and leaves later events alone", async () => {
    const { kernel, log, note, sleep } = traced();
    kernel.after(30, () => note("later"));
    const answer = sleep(20).then(() => "answer");
    expect(await kernel.advanceUntil(answer, "the answer")).toBe("answer");
    expect([kernel.now - start, log]).toEqual([20, []]);
  });

  it("until a promise is rejected rejects with its reason", async () => {
    const { kernel, sleep } = traced();
    const refused = sleep(5).then(() => {
      throw new Error("refused");
    });
    await expect(kernel.advanceUntil(refused, "the answer")).rejects.toThrow("refused");
  });

  it("does not move the clock for a promise that needs no event", async () => {
    const { kernel } = traced();
    kernel.after(5, () => {});
    expect(await kernel.advanceUntil(Promise.resolve(7), "seven")).toBe(7);
    expect(kernel.now).toBe(start);
  });

  it("names what it waited for when no event is left", async () => {
    const { kernel, log, note } = traced();
    kernel.after(5, () => note("the last event"));
    await expect(kernel.advanceUntil(new Promise(() => {}), "an answer of consumer")).rejects.toThrow(
      "ran dry while waiting for an answer of consumer",
    );
    expect(log).toEqual([[5, "the last event"]]);
  });
});

describe("a handler", () => {
  it("is parked before the clock moves, however many promises lie between two ports", async () => {
    const { kernel, log, note, sleep, handler } = traced();
    handler(10, async () => {
      note("begins");
      for (let index = 0; index < 100; index++) await Promise.resolve();
      note("has awaited nothing of the kernel");
      await sleep(5);
      for (let index = 0; index < 100; index++) await Promise.resolve();
      note("ends");
    });
    kernel.after(10, () => note("another event at 10"));
    kernel.after(11, () => note("another event at 11"));
    kernel.after(15, () => note("another event at 15"));
    await kernel.advanceTo(start + 20);
    expect(log).toEqual([
      [10, "begins"],
      [10, "has awaited nothing of the kernel"],
      [10, "another event at 10"],
      [11, "another event at 11"],
      [15, "another event at 15"],
      [15, "ends"],
    ]);
  });

  it("may wait for two sleeps at once, and goes on when the longer is over", async () => {
    const { kernel, log, note, sleep, handler } = traced();
    handler(0, async () => {
      await Promise.all([sleep(10).then(() => note("short")), sleep(25).then(() => note("long"))]);
      note("both");
    });
    kernel.after(26, () => note("after both"));
    await kernel.advanceTo(start + 30);
    expect(log).toEqual([
      [10, "short"],
      [25, "long"],
      [25, "both"],
      [26, "after both"],
    ]);
  });

  it("that awaits nothing has run to its end before the next event", async () => {
    const { kernel, log, note, handler } = traced();
    handler(10, async () => void note("the whole handler"));
    kernel.after(10, () => note("next event"));
    await kernel.advanceTo(start + 10);
    expect(log).toEqual([
      [10, "the whole handler"],
      [10, "next event"],
    ]);
  });

  it("that a handler wakes is parked as well", async () => {
    const { kernel, log, note, sleep, handler } = traced();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    handler(0, async () => {
      await gate;
      note("let through");
      await sleep(1);
      note("one later");
    });
    handler(10, async () => kernel.wake(release));
    kernel.after(10, () => note("next event"));
    await kernel.advanceTo(start + 20);
    expect(log).toEqual([
      [10, "let through"],
      [10, "next event"],
      [11, "one later"],
    ]);
  });

  it("makes the same trace every time, with many of them asleep and awake", async () => {
    const trace = async (seed: number) => {
      const kernel = new Kernel(start, seed);
      const log: string[] = [];
      const sleep = (ms: number) => new Promise<void>((go) => kernel.after(ms, () => kernel.wake(go)));
      for (let index = 0; index < 20; index++) {
        kernel.after(index % 3, () =>
          kernel.wake(async () => {
            for (let step = 0; step < 5; step++) {
              await sleep(kernel.random("steps").between(0, 10));
              log.push(`${kernel.now} ${index} ${step}`);
            }
          }),
        );
      }
      await kernel.advanceTo(start + 1_000);
      return log;
    };
    const [one, same, other] = [await trace(1), await trace(1), await trace(2)];
    expect(one).toHaveLength(100);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

describe("drivers", () => {
  it("take turns in the order in which they came, each to its own end", async () => {
    const { kernel, log, note, sleep } = traced();
    for (const at of [5, 15, 25]) kernel.after(at, () => note(`at ${at}`));
    const answer = sleep(20);
    await Promise.all([
      kernel.advanceTo(start + 10).then(() => note("the first has driven")),
      kernel.advanceUntil(answer, "an answer").then(() => note("the second has driven")),
      kernel.advanceTo(start + 30).then(() => note("the third has driven")),
    ]);
    expect(log.filter(([, what]) => what.startsWith("at"))).toEqual([
      [5, "at 5"],
      [15, "at 15"],
      [25, "at 25"],
    ]);
    expect(log.filter(([, what]) => what.startsWith("the")).map(([, what]) => what)).toEqual([
      "the first has driven",
      "the second has driven",
      "the third has driven",
    ]);
  });

  it("go on after one of them has failed", async () => {
    const { kernel } = traced();
    const dry = kernel.advanceUntil(new Promise(() => {}), "nothing");
    const next = kernel.advanceTo(start + 10);
    await expect(dry).rejects.toThrow("ran dry");
    await next;
    expect(kernel.now).toBe(start + 10);
  });
});

describe("a failure that nobody handles", () => {
  it("stops the simulation at its event, and for good", async () => {
    const { kernel, log, note, sleep, handler } = traced();
    handler(10, async () => {
      await sleep(5);
      throw new Error("a fault of the emulator");
    });
    kernel.after(14, () => note("before"));
    kernel.after(16, () => note("after"));
    await expect(kernel.advanceTo(start + 20)).rejects.toThrow("a fault of the emulator");
    expect([kernel.now - start, log]).toEqual([15, [[14, "before"]]]);
    await expect(kernel.advanceTo(start + 20)).rejects.toThrow("a fault of the emulator");
    expect(log).toHaveLength(1);
  });

  it("is the first of several", async () => {
    const { kernel, handler } = traced();
    handler(10, async () => {
      throw new Error("first");
    });
    handler(10, async () => {
      throw new Error("second");
    });
    await expect(kernel.advanceTo(start + 20)).rejects.toThrow("first");
  });

  it("reaches the driver when a callback throws it", async () => {
    const { kernel } = traced();
    kernel.after(10, () => {
      throw new Error("thrown by a callback");
    });
    await expect(kernel.advanceTo(start + 20)).rejects.toThrow("thrown by a callback");
  });
});
