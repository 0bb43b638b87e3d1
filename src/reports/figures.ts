/** How figures are written: units, precision, differences. What could not be had is "missing", never 0. */
import type { Interval } from "../model.ts";

export type Unit = "count" | "seconds" | "rate";

export const missing = "missing";
export const notApplicable = "—";

const suffix: Record<Unit, string> = { count: "", seconds: " s", rate: "" };

/** `1000` · `58.7 s` · `3.759`; seconds have a decimal below 100, rates at most three. */
export function figure(value: number | null, unit: Unit): string {
  return value === null ? missing : `${shown(value, unit)}${suffix[unit]}`;
}

/** `1450 s (24 min 10 s)` from a minute on, `58.7 s` below it. */
export function duration(seconds: number | null): string {
  const short = figure(seconds, "seconds");
  if (seconds === null || seconds < 60) return short;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const words = parts.filter(([amount]) => amount > 0).map(([amount, name]) => `${amount} ${name}`);
  return `${short} (${words.join(" ")})`;
}

/** `101 (62-143)`: median and 5-95% interval. */
export function withInterval({ median, low, high }: Interval, unit: Unit): string {
  return `${figure(median, unit)} (${shown(low, unit)}-${shown(high, unit)})`;
}

/** `850 ms`, and from a second on as `duration` has it, without the brackets. */
export function latency(ms: number): string {
  return Math.abs(ms) < 1000 ? `${ms} ms` : figure(ms / 1000, "seconds");
}

/** `10.5%` */
export function percentage(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** `-189 s (-13.0%)`, of the figures as they are shown, so that a reader's own subtraction agrees. */
export function difference(value: number | null, published: number, unit: Unit): string {
  if (value === null) return notApplicable;
  const base = shown(published, unit);
  const change = Math.round((shown(value, unit) - base) * 1000) / 1000;
  if (change === 0) return "0";
  const sign = change > 0 ? "+" : "";
  const relative = base === 0 ? "" : ` (${sign}${percentage(change / base)})`;
  return `${sign}${change}${suffix[unit]}${relative}`;
}

function shown(value: number, unit: Unit): number {
  const decimals = { count: 0, seconds: Math.abs(value) < 100 ? 1 : 0, rate: 3 }[unit];
  return Number(value.toFixed(decimals));
}
