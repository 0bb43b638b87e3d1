/** How much the chaos suite tries: `CHAOS=short` before each submission, otherwise the long form whose figures are published. */

export const isLong = process.env.CHAOS !== "short";

/** How many a test tries. */
export function tries(amount: { short: number; long: number }): number {
  return isLong ? amount.long : amount.short;
}

/** All random choices of the suite derive from it: the same seed tries the same. */
export const seed = Number(process.env.CHAOS_SEED ?? 16);
