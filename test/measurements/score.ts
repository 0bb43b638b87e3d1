/** Scores the model on what others measured of AWS. */
import { median, quantile } from "../../src/metrics/statistics.ts";
import { experiments, type Measurement } from "./measurements.ts";

/** A measured figure beside the model's. */
export interface Score extends Measurement {
  experiment: string;
  source: string;
  /** the median over the seeds; null: the model has none */
  modelled: number | null;
  /** 5-95 %, with numbers drawn from their plausible ranges */
  ranges: [low: number, high: number] | null;
}

/** `only`: the experiments whose name contains it. */
export async function scores(only = "", onScore: (score: Score) => void = () => {}): Promise<Score[]> {
  const all: Score[] = [];
  for (const {
    name,
    source,
    measurements,
    trials: { seeds, draws },
    run,
  } of experiments) {
    if (!name.includes(only)) continue;
    const byPlatform = await valuesOver(seeds, (seed) => run({ seed, ranges: false }));
    const byDraws = await valuesOver(draws, (seed) => run({ seed: 1_000 + seed, ranges: true }));
    for (const measurement of measurements) {
      const modelled = byPlatform(measurement.figure);
      const drawn = byDraws(measurement.figure);
      const score: Score = {
        ...measurement,
        experiment: name,
        source,
        modelled: modelled.length === 0 ? null : median(modelled),
        ranges:
          drawn.length === 0
            ? null
            : [quantile(drawn.toSorted(ascending), 0.05), quantile(drawn.toSorted(ascending), 0.95)],
      };
      onScore(score);
      all.push(score);
    }
  }
  return all;
}

async function valuesOver(
  count: number,
  run: (seed: number) => Promise<Record<string, number | null>>,
): Promise<(figure: string) => number[]> {
  const runs: Record<string, number | null>[] = [];
  for (let seed = 1; seed <= count; seed++) runs.push(await run(seed));
  return (figure) => runs.flatMap((figures) => figures[figure] ?? []);
}

/** By as many digits as were published. */
export function isHeld({ measured, ranges }: Score): boolean {
  if (ranges === null) return false;
  const digits = String(measured).split(".")[1]?.length ?? 0;
  const [low, high] = ranges.map((bound) => Number(bound.toFixed(digits))) as [number, number];
  return low <= measured && measured <= high;
}

/** null where the measured figure is 0 and the model's is not */
export function errorOf({ measured, modelled }: Score): number | null {
  if (modelled === null) return null;
  if (modelled === measured) return 0;
  return measured === 0 ? null : modelled / measured - 1;
}

function ascending(a: number, b: number): number {
  return a - b;
}
