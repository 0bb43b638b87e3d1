/** The spread of single runs that differ in their seed alone: a comparison of two such runs has to allow for that much noise. */
import type { Figure } from "./figures.ts";
import data from "./known-spread.json" with { type: "json" };
import type { Side } from "./sides.ts";

/** The median of one figure over the runs, and the highest less the lowest, both in the figure's unit. */
export interface Spread {
  median: number;
  range: number;
}

/** The spread comes from runs of the local model, one for each seed. */
export const provenance: { runs: number; events: number; version: string } = data.provenance;

const spreads: Record<string, Record<string, Partial<Record<Figure, Spread>>>> = data.spreads;

/** The spread of a shipped scenario on the side's platform, or on today's where the side names none; null: it is not known. */
export function knownSpread({ scenario, platform, totalEvents }: Side): Partial<Record<Figure, Spread>> | null {
  if (totalEvents !== provenance.events) return null;
  return spreads[platform ?? "2026"]?.[scenario] ?? null;
}
