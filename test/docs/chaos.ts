/** The table of what the chaos suite tried, made of the figures of its last long run. */
import { type Figure, publishedFigures } from "../chaos/published.ts";
import { table } from "./table.ts";

const count = new Intl.NumberFormat("en-US");

export function chaosTable(figures: readonly Figure[] = publishedFigures()): string {
  const rows = figures.map(({ what, tried, held, lost, left, seconds, seed, version, date }) => [
    what,
    ...[tried, held, lost, left].map((value) => count.format(value)),
    `${seconds} s`,
    `${date}, ${version}, seed ${seed}`,
  ]);
  return table(["tried", "times", "held", "lost", "left", "took", "when"], rows);
}
