/** AWS's prices in us-east-1, each with its source. Free tiers are left out. */
import type { Price, Prices } from "../model.ts";
import data from "./prices.json" with { type: "json" };

export const shippedPrices = data satisfies Prices;

/** US dollars for so many of the price's unit. */
export function charge({ dollars, per }: Pick<Price, "dollars" | "per">, count: number): number {
  return (count * dollars) / per;
}
