/** How far apart single runs are that differ in their seed alone: the noise that a comparison of two of them has to allow for. */
import type { Figure } from "./figures.ts";
import data from "./known-spread.json" with { type: "json" };
import type { Side } from "./sides.ts";

/** Of one figure over the runs: its median, and the highest less the lowest; both in the figure's unit. */
export interface Spread {
  median: number;
  range: number;
}

/** Where the spread comes from: runs of the local model, one for each seed. */
export const provenance: { runs: number; events: number; version: string } = data.provenance;

const spreads: Record<string, Record<string, Partial<Record<Figure, Spread>>>> = data.spreads;

/** Of a shipped scenario on its platform, today's where the side names none; null: not known for these. */
export function knownSpread({ scenario, platform, totalEvents }: Side): Partial<Record<Figure, Spread>> | null {
  if (totalEvents !== provenance.events) return null;
  return spreads[platform ?? "2026"]?.[scenario] ?? null;
}
