/** The words in which a search tells of limits, times and shares. */
import { briefDuration } from "../../reports/figures.ts";

/** `18 min`, `1.1 s`, `300 ms` */
export function timeWords(ms: number): string {
  return ms < 1_000 ? `${Number(ms.toPrecision(3))} ms` : briefDuration(ms / 1_000);
}

/** `3.3`, `50`, `0.005` */
export function numberWords(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)));
}

/** `300 ms` or `1 to 1.2 s` */
export function rangeWords({ from, to }: { from: number; to: number }): string {
  if (from === to) return timeWords(from);
  const [low, high] = [timeWords(from), timeWords(to)];
  const unit = / \D+$/.exec(high)![0];
  return `${low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`;
}

/** `3.3 calls/s`, `1 call/s`, and `12 calls/min` below one a second */
export function callsWords(perSecond: number): string {
  const [calls, unit] = perSecond >= 1 ? [numberWords(perSecond), "s"] : [numberWords(perSecond * 60), "min"];
  return `${calls} ${calls === "1" ? "call" : "calls"}/${unit}`;
}

/** `1 call`, `1,000 events` */
export function countWords(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}
