/** The labels of axes: their places and their texts. Each function stands alone, because its source goes into the HTML report. */

/** Times at round distances from 0 on, at most `most` of them up to `seconds`. */
export function timeTicks(seconds: number, most: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
  const step = steps.find((one) => seconds / one < most) ?? 86_400 * Math.ceil(seconds / 86_400 / most);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

/** `24:10`, and `3:24:10` from an hour on. */
export function clockTime(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(Math.floor(seconds % 60))}`;
}

/** Whole numbers at round distances, from 0 to the first that is not below `peak`; about `intervals` distances. */
export function valueTicks(peak: number, intervals: number): number[] {
  const rough = Math.max(1, peak / intervals);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.max(1, Math.ceil(peak / step)) + 1 }, (_, index) => index * step);
}

/** `950` · `20k` · `1.5M` */
export function shortNumber(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(2))}M`;
  return value >= 10_000 ? `${Number((value / 1_000).toFixed(1))}k` : String(value);
}
