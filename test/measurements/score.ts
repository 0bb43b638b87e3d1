/** Scores the model on what others measured of AWS. */
import { intervalOf } from "../../src/metrics/uncertainty.ts";
import type { Interval } from "../../src/model.ts";
import { experiments, type Measurement } from "./measurements.ts";
import type { Figures } from "./trials.ts";

/** A measured figure beside the model's. */
export interface Score extends Measurement {
  experiment: string;
  source: string;
  /** the median over the seeds; null: the model has none */
  modelled: number | null;
  /** 5-95 %, with numbers drawn from their plausible ranges */
  ranges: [low: number, high: number] | null;
}

export async function scores(): Promise<Score[]> {
  const all: Score[] = [];
  for (const { name, source, measurements, trials, run } of experiments) {
    const byPlatform = await intervalsOver(trials.seeds, (seed) => run({ seed, ranges: false }));
    const byDraws = await intervalsOver(trials.draws, (seed) => run({ seed: 1_000 + seed, ranges: true }));
    for (const measurement of measurements) {
      const drawn = byDraws(measurement.figure);
      all.push({
        ...measurement,
        experiment: name,
        source,
        modelled: byPlatform(measurement.figure)?.median ?? null,
        ranges: drawn && [drawn.low, drawn.high],
      });
    }
  }
  return all;
}

/** Runs as often, and then tells the interval of each figure; null: a run lacks it. */
async function intervalsOver(
  count: number,
  run: (seed: number) => Promise<Figures>,
): Promise<(figure: string) => Interval | null> {
  const runs: Figures[] = [];
  for (let seed = 1; seed <= count; seed++) runs.push(await run(seed));
  return (figure) => intervalOf(runs.map((figures) => figures[figure] ?? null));
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
