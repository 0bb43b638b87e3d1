/** The table and the line of what the chaos suite tried, made of the figures of its last long run. */
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

/** The sums of the table, in one line. */
export function chaosLine(figures: readonly Figure[] = publishedFigures()): string {
  const [tried, held, lost, left] = (["tried", "held", "lost", "left"] as const).map((name) =>
    count.format(figures.reduce((sum, figure) => sum + figure[name], 0)),
  );
  return `- **${held} of ${tried}** kills, crowds, faults and hostile inputs held: ${lost} lost, ${left} left ([tried × held](test/chaos/README.md)).`;
}
