/** A limit of the downstream as a person writes it: `1/s`, `30/m`, `0.5/s`. The consumer and the bench read it by the same rules. */

/** At most `calls` calls in any window of `perMs` milliseconds; both are whole numbers from 1. */
export interface Limit {
  calls: number;
  perMs: number;
}

/** The texts that `parseLimit` takes. It is the AllowedPattern of templates, so it is written without lookahead. */
export const limitPattern = String.raw`^(0|([1-9][0-9]{0,5}(\.[0-9]{1,3})?|0\.0{0,2}[1-9][0-9]{0,2})/(s|m))$`;

const unitMs = { s: 1_000, m: 60_000 };

/**
 * Reads a limit: calls per second (`s`) or minute (`m`); `0` is none, which is null. A fraction is a longer window with whole calls,
 * the shortest there is: `0.5/s` is 1 in 2 s, `2.5/s` is 5 in 2 s. Throws a RangeError of one sentence on any other text.
 */
export function parseLimit(text: string): Limit | null {
  if (!new RegExp(limitPattern).test(text)) {
    throw new RangeError(
      `"${text}" is no limit: give calls per second or per minute, such as 1/s, 30/m or 0.5/s, or 0 for none.`,
    );
  }
  if (text === "0") return null;
  const [rate, unit] = text.split("/") as [string, keyof typeof unitMs];
  const [whole, decimals = ""] = rate.split(".") as [string, string?];
  const denominator = 10 ** decimals.length;
  const numerator = Number(whole + decimals);
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { calls: numerator / divisor, perMs: (denominator / divisor) * unitMs[unit] };
}

/** Calls arrive with jitter, so that a limit's window is shorter by this. */
export const defaultToleranceMs = 100;

/** A limit is exceeded when more than its calls begin within less than this; ms. */
export function limitWindowMs({ perMs }: Limit): number {
  return perMs - defaultToleranceMs;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
