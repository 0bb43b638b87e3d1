/** Writes figures: units, precision, differences. A figure that could not be had is "missing", never 0. */
import { toThreeDecimals, type Unit } from "../metrics/figures.ts";
import type { Interval } from "../model.ts";

export const missing = "missing";
export const notApplicable = "—";

/** For each unit a factor, the digits after the point, and the text behind the number. */
const written: Record<Unit, { factor: number; decimals(value: number): number; suffix: string }> = {
  events: { factor: 1, decimals: () => 0, suffix: "" },
  count: { factor: 1, decimals: () => 0, suffix: "" },
  seconds: { factor: 1, decimals: (value) => (Math.abs(value) < 100 ? 1 : 0), suffix: " s" },
  milliseconds: { factor: 1, decimals: () => 0, suffix: " ms" },
  rate: { factor: 1, decimals: () => 3, suffix: "" },
  dollars: { factor: 1, decimals: decimalsOfDollars, suffix: " USD" },
  share: { factor: 100, decimals: () => 1, suffix: "%" },
};

/** `1000` · `58.7 s` · `3.759` · `10.5%` · `850 ms`, from a second on `1.3 s`. */
export function figure(value: number | null, unit: Unit): string {
  if (value === null) return missing;
  if (unit === "share") return percentage(value);
  const [readable, readableUnit] = inReadableUnit(value, unit);
  return `${rounded(readable, readableUnit)}${written[readableUnit].suffix}`;
}

/** `1450 s (24 min 10 s)` from a minute on, `58.7 s` below it. */
export function duration(seconds: number | null): string {
  const short = figure(seconds, "seconds");
  return seconds === null || seconds < 60 ? short : `${short} (${inMinutes(seconds)})`;
}

/** `24 min 10 s` from a minute on, `58.7 s` and `850 ms` below it. */
export function shortDuration(seconds: number): string {
  return seconds < 60 ? figure(seconds * 1_000, "milliseconds") : inMinutes(seconds);
}

/** `18 min`, `4.3 min`, `58 s`, `1.6 h`, `0.8 s`: two or three figures, for a table in which others stand beside it. */
export function briefDuration(seconds: number): string {
  const [value, unit] =
    seconds < 90 ? [seconds, "s"] : seconds < 5_400 ? [seconds / 60, "min"] : [seconds / 3_600, "h"];
  return `${Number(value.toFixed(value < 9.95 ? 1 : 0))} ${unit}`;
}

function inMinutes(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const words = parts.filter(([amount]) => amount > 0).map(([amount, name]) => `${amount} ${name}`);
  return words.join(" ");
}

/** `101 (62-143)`: median and 5-95% interval, in the median's unit. */
export function withInterval({ median, low, high }: Interval, unit: Unit): string {
  const [readable, readableUnit] = inReadableUnit(median, unit);
  const scale = median === 0 ? 1 : readable / median;
  const [from, to] = [low, high].map((value) => rounded(value * scale, readableUnit));
  return `${figure(median, unit)} (${from}-${to})`;
}

/** `10.5%` */
export function percentage(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** `-189 s (-13.0%)`. It subtracts the figures as they are shown, so that a reader's own subtraction agrees. */
export function difference(value: number | null, published: number, unit: Unit): string {
  if (value === null) return notApplicable;
  const base = rounded(published, unit);
  const change = toThreeDecimals(rounded(value, unit) - base);
  if (change === 0) return "0";
  const relative = base === 0 ? "" : ` (${signedPercentage(change / base)})`;
  return `${sign(change)}${change}${written[unit].suffix}${relative}`;
}

/**
 * `+26 s`, `-0.05`, and `+1.2 points` between two shares. It has three decimals, because a small difference can be certain. `beside`: what
 * stands beside it, in whose unit it is.
 */
export function signed(difference: number, unit: Unit, beside = difference): string {
  const [readable, readableUnit] = inReadableUnit(beside, unit);
  const scale = beside === 0 ? 1 : readable / beside;
  const amount = toThreeDecimals(difference * scale * written[readableUnit].factor);
  return `${sign(amount)}${amount}${unit === "share" ? " points" : written[readableUnit].suffix}`;
}

/** `+10.5%` */
export function signedPercentage(share: number): string {
  return `${sign(share)}${percentage(share)}`;
}

function sign(value: number): string {
  return value > 0 ? "+" : "";
}

/** From a second on, milliseconds are hard to read. */
function inReadableUnit(value: number, unit: Unit): [value: number, unit: Unit] {
  return unit === "milliseconds" && Math.abs(value) >= 1000 ? [value / 1000, "seconds"] : [value, unit];
}

/** Two significant ones, where a bill is of fractions of a cent. */
function decimalsOfDollars(value: number): number {
  const amount = Math.abs(value);
  if (amount >= 1 || amount === 0) return 2;
  return Math.min(12, Math.max(3, 1 - Math.floor(Math.log10(amount))));
}

function rounded(value: number, unit: Unit): number {
  const { factor, decimals } = written[unit];
  return Number((value * factor).toFixed(decimals(value)));
}
