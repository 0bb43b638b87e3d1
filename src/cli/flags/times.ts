/** Times as they are typed: with their unit, and between two ends. */
import { badUsage, quoted, type Read, unitMs } from "./values.ts";

/** Milliseconds of each unit of a time, the longest last. */
const timeUnits: Record<string, number> = { ms: 1, ...unitMs };
/** Lambda runs a function no longer. */
const maxWorkMs = 15 * unitMs.m;

/** The shortest and the longest time that the work for an event takes, ms. */
export interface WorkRange {
  from: number;
  to: number;
}

/** Milliseconds, more than none and at most `mostMs`; `300ms`, `20s`, `1.5m`, `6h` or `7d`. */
export function time(mostMs: number, example: string): Read<number> {
  return (typed, flag) => {
    refuseBareNumber(typed, flag, (amount) => `${amount}s or ${amount}m`);
    const [, amount, unit] = /^(\d{1,11}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(typed) ?? [];
    const ms = Math.round(Number(amount) * timeUnits[unit!]!);
    if (ms > 0 && ms <= mostMs) return ms;
    throw badUsage(`${flag} ${quoted(typed)} is no time; give one such as ${example}, at most ${timeText(mostMs)}.`);
  };
}

const readWork = time(maxWorkMs, "300ms..2s or 1s");

/** `300ms..2s`, or `1s`, which is as long as it is short. */
export const workRange: Read<WorkRange> = (typed, flag) => {
  const ends = typed.split("..");
  if (ends.length > 2) throw badUsage(`${flag} ${quoted(typed)} has more than two ends; write it as 300ms..2s.`);
  const [from, to = from] = ends.map((end) => readWork(end, flag)) as [number, number?];
  if (from <= to) return { from, to };
  throw badUsage(`${flag} ${quoted(typed)} begins with the longer time; write ${ends.reverse().join("..")}.`);
};

export function refuseBareNumber(typed: string, flag: string, examples: (amount: string) => string): void {
  if (/^\d+(\.\d+)?$/.test(typed) && Number(typed) > 0) {
    throw badUsage(`${flag} ${quoted(typed)} has no unit; write ${examples(typed)}.`);
  }
}

/** `15m`, `14d`: in the longest unit that makes a whole number. */
export function timeText(ms: number): string {
  const [unit, size] = Object.entries(timeUnits).findLast(([, size]) => ms % size === 0 && ms >= size)!;
  return `${ms / size}${unit}`;
}

/** `1s`, `300ms..2s` */
export function workText({ from, to }: WorkRange): string {
  return from === to ? timeText(from) : `${timeText(from)}..${timeText(to)}`;
}
