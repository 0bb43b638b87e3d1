/** Estimates the constants that the rows of the probes show directly, with bootstrap intervals. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { median, quantile } from "../metrics/statistics.ts";
import { lognormalPart, normalRange, shiftBetween, spreadOfLogarithms } from "./distributions.ts";
import type { Observations } from "./observations.ts";
import type { ProbeName } from "./probes.ts";

/** A constant as the probes show it. */
export interface Estimate {
  value: number;
  /** 95 % interval */
  low: number;
  high: number;
  /** how many durations, holds, minutes or throttles it rests on */
  observations: number;
  probe: ProbeName;
  /** the figure that it comes from, in words */
  how: string;
}

export type Estimates = Record<string, Estimate>;

/** A full batch of the probe `batches`. */
const eventsInBatch = 4;
/** Fewer observations say nothing about a spread. */
const fewest = 8;
const resamples = 400;
/** A fixed seed gives the same observations the same intervals. */
const resamplingSeed = 1;
const tail = 0.025;
/** Rows have whole milliseconds. */
const roundingMs = 0.5;
/** Each spread with the median that it belongs to. */
const medianOfSpread: Record<string, string> = {
  "database.sigma": "database.insertMedianMs",
  "sns.deliverySigma": "sns.deliveryMedianMs",
  "lambda.coldStartSigma": "lambda.coldStartMedianMs",
};
/** The spread of shorter times is hidden by whole milliseconds. */
const shortestWithSpreadMs = 8;

interface Source {
  probe: ProbeName;
  how: string;
  /** the number of observations that limit the estimate */
  size(observations: Observations): number;
}

const insertsSeen = ({ batches }: Observations) => batches?.insertMs.length ?? 0;
const deliveriesSeen = ({ trickle }: Observations) => trickle?.latencyMs.length ?? 0;
const coldStartsSeen = ({ instances }: Observations) => instances?.firstLatencyMs.length ?? 0;

const sources: Record<string, Source> = {
  "database.insertMedianMs": {
    probe: "batches",
    how: "median step from one event of a batch to the next",
    size: insertsSeen,
  },
  "database.sigma": {
    probe: "batches",
    how: "spread of those steps' logarithms",
    size: insertsSeen,
  },
  "mapping.overheadMs": {
    probe: "batches",
    how: "time of a busy poller to its next batch, less an insert and the time until it looks at its slot",
    size: ({ batches }) => batches?.gapMs.length ?? 0,
  },
  "sns.publishMs": {
    probe: "batches",
    how: "median step from one call of the publisher to the next",
    size: ({ batches }) => batches?.publishMs.length ?? 0,
  },
  "sns.deliveryMedianMs": {
    probe: "trickle",
    how: "time from event to handler, less publishing and half of the overhead",
    size: deliveriesSeen,
  },
  "sns.deliverySigma": {
    probe: "trickle",
    how: "spread of the time from event to handler, less that of the overhead",
    size: deliveriesSeen,
  },
  "lambda.asyncDispatchMs": {
    probe: "instances",
    how: "median time from event to warm handler, less publishing and delivery",
    size: ({ instances }) => instances?.latencyMs.length ?? 0,
  },
  "lambda.coldStartMedianMs": {
    probe: "instances",
    how: "time to a new instance's handler, less the time to a warm one",
    size: coldStartsSeen,
  },
  "lambda.coldStartSigma": {
    probe: "instances",
    how: "spread of the time to a new instance's handler, less that to a warm one",
    size: coldStartsSeen,
  },
  "database.connectMs": {
    probe: "instances",
    how: "time of an instance's first event in the handler, less that of the later ones",
    size: coldStartsSeen,
  },
};

/** The probe whose rows show a constant; undefined: no rows do. */
export function probeThatShows(constant: string): ProbeName | undefined {
  return sources[constant]?.probe;
}

/**
 * Estimates by the constants' names; a constant with too few observations is absent. The intervals are percentiles over resamples of
 * all observations together, so that they also hold the uncertainty that one estimate takes over from another. The mapping's overhead
 * scatters about its mean by the share `overheadSpread`. No probe shows that share, so the intervals hold its whole plausible range.
 * `freeSlotMs`: how long a slot stays free on average until the mapping looks, after an invocation of so long.
 */
export function estimates(
  observations: Observations,
  overheadSpread: { value: number; range: readonly [low: number, high: number] },
  freeSlotMs: (busyMs: number) => number,
): Estimates {
  const values = constantsIn(observations, overheadSpread.value, freeSlotMs);
  const generator = xoroshiro128plus(resamplingSeed);
  const resampled = (sample: readonly number[]) =>
    sample.map(() => sample[uniformInt(generator, 0, sample.length - 1)]!);
  const [least, most] = overheadSpread.range;
  const draws = Array.from({ length: resamples }, () =>
    constantsIn(mapped(observations, resampled), least + (most - least) * uniformFloat64(generator), freeSlotMs),
  );
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { probe, how, size } = sources[name]!;
      const drawn = Float64Array.from(draws.flatMap((draw) => draw[name] ?? [])).sort();
      const margin = marginOf(name, values);
      const low = Math.max(0, Math.min(value, quantile(drawn, tail)) - margin);
      const high = Math.max(value, quantile(drawn, 1 - tail)) + margin;
      return [name, { value, low, high, observations: size(observations), probe, how }];
    }),
  );
}

/** The uncertainty of whole milliseconds, which no resample shows: once for a time, and at both ends for a spread. */
function marginOf(name: string, values: Record<string, number>): number {
  const median = values[medianOfSpread[name] ?? ""];
  return median === undefined ? roundingMs : (2 * roundingMs) / (median * normalRange);
}

function mapped(observations: Observations, change: (sample: readonly number[]) => number[]): Observations {
  const samplesOf = (samples: object) =>
    Object.fromEntries(Object.entries(samples).map(([name, sample]) => [name, change(sample)]));
  const probes = Object.entries(observations).map(([probe, samples]) => [probe, samplesOf(samples)]);
  return Object.fromEntries(probes) as Observations;
}

function constantsIn(
  { batches, trickle, instances }: Observations,
  overheadSpread: number,
  freeSlotMs: (busyMs: number) => number,
): Record<string, number> {
  const found: Record<string, number> = {};
  if (batches) {
    const { insertMs, gapMs, publishMs } = batches;
    if (insertMs.length >= fewest) {
      found["database.insertMedianMs"] = median(insertMs);
      if (median(insertMs) >= shortestWithSpreadMs) found["database.sigma"] = spreadOfLogarithms(insertMs);
      if (gapMs.length >= fewest) {
        const freeMs = freeSlotMs(eventsInBatch * median(insertMs));
        found["mapping.overheadMs"] = Math.max(0, shiftBetween(gapMs, insertMs) - freeMs);
      }
    }
    if (publishMs.length >= fewest) found["sns.publishMs"] = median(publishMs);
  }
  const publishMs = found["sns.publishMs"];
  const overheadMs = found["mapping.overheadMs"];
  if (trickle && trickle.latencyMs.length >= fewest && publishMs !== undefined && overheadMs !== undefined) {
    const halves = [-1, -0.5, 0, 0.5, 1].map((share) => publishMs + (overheadMs / 2) * (1 + share * overheadSpread));
    const delivery = lognormalPart(trickle.latencyMs, halves);
    found["sns.deliveryMedianMs"] = delivery.median;
    found["sns.deliverySigma"] = delivery.sigma;
  }
  if (instances && instances.latencyMs.length >= fewest) {
    const { firstLatencyMs, latencyMs, firstHandlingMs, handlingMs } = instances;
    const deliveryMs = found["sns.deliveryMedianMs"];
    if (publishMs !== undefined && deliveryMs !== undefined) {
      found["lambda.asyncDispatchMs"] = Math.max(0, median(latencyMs) - publishMs - deliveryMs);
    }
    if (firstLatencyMs.length >= fewest) {
      const coldStart = lognormalPart(firstLatencyMs, latencyMs);
      found["lambda.coldStartMedianMs"] = coldStart.median;
      found["lambda.coldStartSigma"] = coldStart.sigma;
      found["database.connectMs"] = lognormalPart(firstHandlingMs, handlingMs).median;
    }
  }
  return found;
}
