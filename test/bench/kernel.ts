/** The kernel by itself: it counts what a model asks of the kernel, and asks for the same of a kernel whose events do nothing. */
import type { Alarms, Habit } from "../../src/emulator/kernel/alarms.ts";
import { Kernel } from "../../src/emulator/kernel/kernel.ts";

/** The events and wake-ups that a model has asked of its kernel. */
export interface Load {
  /** Events that happened, by the habit of their alarms. */
  events: Record<Habit, number>;
  /** How often a handler was woken. */
  wakes: number;
}

export function eventsIn({ events }: Load): number {
  return events.constant + events.drawn + events.postponed;
}

/** Counts what `work` asks of all kernels that are made meanwhile. */
export async function loadOf(work: () => Promise<unknown>): Promise<Load> {
  const load: Load = { events: { constant: 0, drawn: 0, postponed: 0 }, wakes: 0 };
  const habits = new WeakMap<Alarms, Habit>();
  const { alarms, happen, wake } = Kernel.prototype;
  Kernel.prototype.alarms = function (ring, habit = "drawn") {
    const made = alarms.call(this, ring, habit);
    habits.set(made, habit);
    return made;
  };
  Kernel.prototype.happen = function (family, number) {
    load.events[habits.get(family) ?? "drawn"]++;
    happen.call(this, family, number);
  };
  Kernel.prototype.wake = function (resume) {
    load.wakes++;
    wake.call(this, resume);
  };
  try {
    await work();
  } finally {
    Object.assign(Kernel.prototype, { alarms, happen, wake });
  }
  return load;
}

/** Alarms of a family that are set at a time. */
const pending = 100;
const longestMs = 2_000;

/** As many events of each habit as the load has, which do nothing but set their alarm again, and as many wake-ups of nobody. */
export async function emptyEvents({ events, wakes }: Load): Promise<void> {
  const kernel = new Kernel(0, 1);
  const random = kernel.random("speed");
  const delays = Float64Array.from({ length: 1_024 }, () => 1 + random.below(longestMs));
  const total = events.constant + events.drawn + events.postponed;
  let happened = 0;
  let woken = 0;
  for (const [habit, count] of Object.entries(events) as [Habit, number][]) {
    let left = count;
    const delay = (habit === "constant" ? () => longestMs / 2 : () => delays[left & 1_023]!) as () => number;
    const alarms = kernel.alarms((number) => {
      if ((++happened * wakes) / total >= woken + 1) {
        woken++;
        kernel.wake(() => {});
      }
      if (left > 0) {
        left--;
        alarms.after(number, delay());
      }
    }, habit);
    for (let number = 0; number < pending && left > 0; number++, left--) alarms.after(number, delay());
  }
  await kernel.advanceTo(longestMs * (1 + total));
  if (happened !== total) throw new Error(`${happened} of ${total} events have happened.`);
}
