/** Constants that the rows of the probes show directly, with bootstrap intervals. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { median } from "../metrics/statistics.ts";
import { lognormalPart, quantileOf, trimmedMean } from "./distributions.ts";
import type { BatchObservations, InstanceObservations, TrickleObservations } from "./observations.ts";
import type { ProbeName } from "./probes.ts";

/** A constant as a probe found it. */
export interface Estimate {
  value: number;
  /** 95 % interval */
  low: number;
  high: number;
  /** how many observations, or runs, it rests on */
  n: number;
  probe: ProbeName;
  /** by which figure */
  how: string;
}

export interface Observations {
  batches?: BatchObservations;
  trickle?: TrickleObservations;
  instances?: InstanceObservations;
}

/** Fewer observations say nothing of a spread. */
const fewest = 8;
const resamples = 400;
const level = 0.95;
/** Rows have whole milliseconds. */
const roundingMs = 0.5;
/** Below this, whole milliseconds hide the spread. */
const shortestWithSpreadMs = 8;
/** Of the normal distribution, in standard deviations. */
const interquartile = 1.349;

/** Where each constant comes from; `size` is of the observations that limit it. */
const sources: Record<string, { probe: ProbeName; how: string; size: (observations: Observations) => number }> = {
  "database.insertMedianMs": {
    probe: "batches",
    how: "median step from one event of a batch to the next",
    size: ({ batches }) => batches?.insertMs.length ?? 0,
  },
  "database.sigma": {
    probe: "batches",
    how: "interquartile range of those steps' logarithms",
    size: ({ batches }) => batches?.insertMs.length ?? 0,
  },
  "mapping.overheadMs": {
    probe: "batches",
    how: "mean gap between two invocations of a busy poller",
    size: ({ batches }) => batches?.overheadMs.length ?? 0,
  },
  "sns.publishMs": {
    probe: "batches",
    how: "median step from one call of the publisher to the next",
    size: ({ batches }) => batches?.publishMs.length ?? 0,
  },
  "sns.deliveryMedianMs": {
    probe: "trickle",
    how: "way from event to handler, less publishing and half of the overhead",
    size: ({ trickle }) => trickle?.latencyMs.length ?? 0,
  },
  "sns.deliverySigma": {
    probe: "trickle",
    how: "spread of the way from event to handler beyond the overhead's",
    size: ({ trickle }) => trickle?.latencyMs.length ?? 0,
  },
  "lambda.asyncDispatchMs": {
    probe: "instances",
    how: "median way from event to warm handler, less publishing and delivery",
    size: ({ instances }) => instances?.latencyMs.length ?? 0,
  },
  "lambda.coldStartMedianMs": {
    probe: "instances",
    how: "what the way to a new instance's handler takes beyond that to a warm one",
    size: ({ instances }) => instances?.firstLatencyMs.length ?? 0,
  },
  "lambda.coldStartSigma": {
    probe: "instances",
    how: "spread of the way to a new instance's handler beyond that to a warm one",
    size: ({ instances }) => instances?.firstLatencyMs.length ?? 0,
  },
  "database.connectMs": {
    probe: "instances",
    how: "what an instance's first event takes in the handler beyond the later ones",
    size: ({ instances }) => instances?.firstHandlingMs.length ?? 0,
  },
};

/**
 * By the constant's name; one that too few observations speak of is absent. The intervals are percentiles over resamples of all
 * observations together, so that what one estimate takes from another is in them.
 */
export function estimates(observations: Observations, seed = 1): Record<string, Estimate> {
  const values = constantsIn(observations);
  const generator = xoroshiro128plus(seed);
  const resampled = (sample: readonly number[]) =>
    sample.map(() => sample[uniformInt(generator, 0, sample.length - 1)]!);
  const draws = Array.from({ length: resamples }, () => constantsIn(mapped(observations, resampled)));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { probe, how, size } = sources[name]!;
      const drawn = draws.flatMap((draw) => draw[name] ?? []).sort((a, b) => a - b);
      const margin = name.endsWith("Ms") ? roundingMs : 0;
      const tail = (1 - level) / 2;
      const low = Math.max(0, Math.min(value, quantileOf(drawn, tail)) - margin);
      const high = Math.max(value, quantileOf(drawn, 1 - tail)) + margin;
      return [name, { value, low, high, n: size(observations), probe, how }];
    }),
  );
}

function mapped(observations: Observations, change: (sample: readonly number[]) => number[]): Observations {
  const samplesOf = <Samples extends object>(samples: Samples): Samples =>
    Object.fromEntries(Object.entries(samples).map(([name, sample]) => [name, change(sample)])) as Samples;
  const { batches, trickle, instances } = observations;
  return {
    ...(batches && { batches: samplesOf(batches) }),
    ...(trickle && { trickle: samplesOf(trickle) }),
    ...(instances && { instances: samplesOf(instances) }),
  };
}

function constantsIn({ batches, trickle, instances }: Observations): Record<string, number> {
  const found: Record<string, number> = {};
  if (batches) {
    const { insertMs, overheadMs, publishMs } = batches;
    if (insertMs.length >= fewest) {
      found["database.insertMedianMs"] = median(insertMs);
      if (median(insertMs) >= shortestWithSpreadMs) found["database.sigma"] = spreadOfLogarithms(insertMs);
    }
    if (overheadMs.length >= fewest) found["mapping.overheadMs"] = Math.max(0, trimmedMean(overheadMs, 0.1));
    if (publishMs.length >= fewest) found["sns.publishMs"] = median(publishMs);
  }
  const publishMs = found["sns.publishMs"];
  const overheadMs = found["mapping.overheadMs"];
  if (trickle && trickle.latencyMs.length >= fewest && publishMs !== undefined && overheadMs !== undefined) {
    const delivery = lognormalPart(trickle.latencyMs, [publishMs + overheadMs / 2]);
    found["sns.deliveryMedianMs"] = delivery.median;
    found["sns.deliverySigma"] = delivery.sigma;
  }
  if (instances && instances.latencyMs.length >= fewest) {
    const deliveryMs = found["sns.deliveryMedianMs"];
    if (publishMs !== undefined && deliveryMs !== undefined) {
      found["lambda.asyncDispatchMs"] = Math.max(0, median(instances.latencyMs) - publishMs - deliveryMs);
    }
    if (instances.firstLatencyMs.length >= fewest) {
      const coldStart = lognormalPart(instances.firstLatencyMs, instances.latencyMs);
      found["lambda.coldStartMedianMs"] = coldStart.median;
      found["lambda.coldStartSigma"] = coldStart.sigma;
      found["database.connectMs"] = lognormalPart(instances.firstHandlingMs, instances.handlingMs).median;
    }
  }
  return found;
}

function spreadOfLogarithms(values: readonly number[]): number {
  const logarithms = values.map((value) => Math.log(Math.max(1, value))).sort((a, b) => a - b);
  return (quantileOf(logarithms, 0.75) - quantileOf(logarithms, 0.25)) / interquartile;
}
