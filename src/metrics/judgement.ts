/** Tells a difference of two sides from chance, by whatever is known of their runs. */
import type { Interval } from "../model.ts";
import type { Figure } from "./figures.ts";
import { knownSpread, type Spread } from "./known-spread.ts";
import { areTwoWays, type Difference, type Side } from "./sides.ts";
import { holm, mannWhitney, median, medianDifferenceInterval, smallestP } from "./statistics.ts";
import { intervalOf } from "./uncertainty.ts";

/**
 * How chance is told from change. `exact`: the sides are the same seeds of one model, so that every difference is a change of the model.
 * `rank-test`: both sides have repeats. `known-spread`: a difference counts when it is larger than those between runs that differed by
 * their seed alone. `none`: the spread of such single runs is not known, and only thresholds decide. `prediction`: one side predicts what
 * the other measured, so that nothing changed between them; a figure is as predicted, or it is not.
 */
export type Method = "exact" | "rank-test" | "known-spread" | "none" | "prediction";

/** Fewer runs on a side reach no significance once several figures are tested together. */
export const fewestRepeats = 5;

const resamples = 2_000;
/** A fixed seed gives the same records the same interval. */
const resamplingSeed = 1;

export interface Sample {
  figure: Figure;
  base: number[] | null;
  candidate: number[] | null;
}

/** `isCertain`: the difference is not chance; null: nobody can tell. */
export interface Judgement {
  isCertain: boolean | null;
  p?: number;
  interval?: { low: number; high: number };
  noise?: number;
  predicted?: Interval | null;
}

export function methodOf(base: Side, candidate: Side, differences: Difference[]): Method {
  if (!areTwoWays(base, candidate) && predictionOf(base, candidate) !== null) return "prediction";
  const isOneModel = differences.every(({ what }) => what === "version") && base.origin === "local";
  if (isOneModel && String(base.seeds) === String(candidate.seeds)) return "exact";
  if (Math.min(base.runs.length, candidate.runs.length) >= fewestRepeats) return "rank-test";
  return spreadsOf(base, candidate) ? "known-spread" : "none";
}

/** The side that predicts what the other one measured, as a published result was; null: they are no such two. */
function predictionOf(base: Side, candidate: Side): "base" | "candidate" | null {
  if (base.kind === candidate.kind) return null;
  return base.kind === "prediction" ? "base" : "candidate";
}

type KnownSpread = Partial<Record<Figure, Spread>>;

/**
 * The spread of the model of the candidate's year, by the base's median; of two ways that of each, by its own. An account's own spread
 * is not known, so it stands for that one, too. null: it is not known.
 */
function spreadsOf(base: Side, candidate: Side): { base: KnownSpread; candidate: KnownSpread | null } | null {
  if (base.totalEvents !== candidate.totalEvents) return null;
  const own = knownSpread(candidate);
  if (!areTwoWays(base, candidate)) return own && { base: own, candidate: null };
  const other = knownSpread(base);
  return own && other && { base: other, candidate: own };
}

/** Differences up to it are noise; null: nobody knows. */
function noiseAround(value: number, known: Spread | undefined): number | null {
  if (!known) return null;
  return known.range * (known.median === 0 ? 1 : Math.max(1, Math.abs(value / known.median)));
}

type Judge = (samples: Sample[], base: Side, candidate: Side, alpha: number) => Judgement[];

export const judge: Record<Method, Judge> = {
  exact: (samples) => samples.map(() => ({ isCertain: true })),

  none: (samples) => samples.map(() => ({ isCertain: null })),

  prediction: (samples, base, candidate) => {
    const side = predictionOf(base, candidate)!;
    return samples.map((sample) => {
      const runs = sample[side];
      return { isCertain: null, predicted: runs && runs.length >= fewestRepeats ? intervalOf(runs) : null };
    });
  },

  "known-spread": (samples, base, candidate) => {
    const spreads = spreadsOf(base, candidate)!;
    return samples.map(({ figure, base, candidate }) => {
      if (!base || !candidate) return { isCertain: null };
      const [before, after] = [median(base), median(candidate)];
      const around = [
        noiseAround(before, spreads.base[figure]),
        ...(spreads.candidate ? [noiseAround(after, spreads.candidate[figure])] : []),
      ].filter((one) => one !== null);
      if (around.length < (spreads.candidate ? 2 : 1)) return { isCertain: null };
      const noise = Math.max(...around);
      return { isCertain: Math.abs(after - before) > noise, noise };
    });
  },

  "rank-test": (samples, _, __, alpha) => {
    const tested = varyingOf(samples);
    const ps = holm(tested.map(({ base, candidate }) => mannWhitney(base, candidate).p));
    const judgements = new Map(
      tested.map(({ figure, base, candidate }, index): [Figure, Judgement] => {
        const interval = medianDifferenceInterval(base, candidate, {
          level: 1 - alpha,
          resamples,
          seed: resamplingSeed,
        });
        return [figure, { isCertain: ps[index]! <= alpha, p: ps[index]!, interval }];
      }),
    );
    return samples.map(({ figure }) => judgements.get(figure) ?? { isCertain: true });
  },
};

/** The figures that vary. Leaving the others out is honest, because which figures vary does not depend on which run is on which side. */
function varyingOf(samples: Sample[]): (Sample & { base: number[]; candidate: number[] })[] {
  return samples.flatMap(({ figure, base, candidate }) =>
    base && candidate && new Set([...base, ...candidate]).size > 1 ? [{ figure, base, candidate }] : [],
  );
}

/** The smallest corrected p that any figure could have had. */
export function leastP(samples: Sample[], base: Side, candidate: Side): number {
  return smallestP(base.runs.length, candidate.runs.length) * varyingOf(samples).length;
}
