/** Samples for the tests of estimators: seeded, so that what a test finds it finds again. */
import { randomStream } from "../../../src/emulator/kernel/random.ts";

export interface Samples {
  normal(mean: number, deviation: number, size: number): number[];
  lognormal(median: number, sigma: number, size: number): number[];
  fraction(): number;
}

export function samplesOf(seed: number): Samples {
  const random = randomStream(seed, "samples");
  const many = (size: number, draw: () => number) => Array.from({ length: size }, draw);
  return {
    normal: (mean, deviation, size) => many(size, () => mean + deviation * random.normal()),
    lognormal: (median, sigma, size) => many(size, () => random.lognormal(median, sigma)),
    fraction: () => random.fraction(),
  };
}
