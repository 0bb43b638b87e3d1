/** Timings: wall and CPU time of things that are measured in turn, so that another load on the machine meets all of them alike. */
import { performance } from "node:perf_hooks";

/** The time of one measurement. CPU time covers all threads, in user and system mode. */
export interface Usage {
  wallMs: number;
  cpuMs: number;
}

/** The measurements of one thing, in the order in which they were made, with their medians. */
export interface Timing {
  wallMs: number;
  cpuMs: number;
  measured: Usage[];
}

/** Measures `work` in this process. */
export async function usageOf(work: () => unknown): Promise<Usage> {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}

/** Measures each of the compared things once, then each of them again, and so on. */
export async function measureInTurn<Name extends string>(
  repetitions: number,
  compared: Record<Name, () => Promise<Usage> | Usage>,
): Promise<Record<Name, Timing>> {
  const names = Object.keys(compared) as Name[];
  const measured = new Map<Name, Usage[]>(names.map((name) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const name of names) {
      const { wallMs, cpuMs } = await compared[name]();
      measured.get(name)!.push({ wallMs, cpuMs });
    }
  }
  return Object.fromEntries(names.map((name) => [name, timingOf(measured.get(name)!)])) as Record<Name, Timing>;
}

function timingOf(measured: Usage[]): Timing {
  const medianOf = (part: keyof Usage) => median(measured.map((usage) => usage[part]));
  return { wallMs: medianOf("wallMs"), cpuMs: medianOf("cpuMs"), measured };
}

/** How many times `one` takes what `other` takes: the median of the ratios of measurements that were made next to each other. */
export function ratio(one: Timing, other: Timing, part: keyof Usage): number {
  return median(one.measured.map((usage, index) => usage[part] / other.measured[index]![part]));
}

export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2;
}
