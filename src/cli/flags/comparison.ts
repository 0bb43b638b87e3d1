/** The flags of every verb that compares: what counts as a change, and how large it may be. */
import { type CompareOptions, defaultOptions, type Threshold } from "../../metrics/compare.ts";
import type { Figure } from "../../metrics/figures.ts";
import { readConfiguration } from "./configuration.ts";
import { type expectations, givenExpectations } from "./expectations.ts";
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { badUsage, figure, limit, quoted, share, text } from "./values.ts";

export const comparison = {
  title: "Comparison",
  flags: {
    threshold: {
      takes: "<figure=limit>",
      read: threshold,
      repeats: true,
      help: "how much worse a figure may be, as 10% or 5; may be repeated",
    },
    details: { help: "also compare the figures beyond the published table" },
    alpha: { takes: "<level>", read: share, help: "chance of a false alarm of a whole comparison (default: 0.05)" },
    minimumEffect: {
      takes: "<share>",
      read: share,
      help: "a change below this share does not count, however certain it is (default: 1%)",
    },
    config: {
      takes: "<file>",
      read: text,
      help: "file with thresholds (default: throttle-bench.config.json or .yaml, if there)",
    },
  },
} satisfies FlagGroup;

/** A flag goes before the file, and that before the default. Throws `bad-usage` that names the file and the place in it. */
export async function compareOptions({
  threshold: thresholds = [],
  config,
  details = false,
  ...flags
}: FlagsOf<typeof comparison> & FlagsOf<typeof expectations>): Promise<CompareOptions> {
  const { comparison: file, run } = await readConfiguration(config);
  return {
    ...defaultOptions,
    ...file,
    ...(flags.alpha !== undefined && { alpha: flags.alpha }),
    ...(flags.minimumEffect !== undefined && { minimumEffect: flags.minimumEffect }),
    thresholds: { ...file.thresholds, ...Object.fromEntries(thresholds) },
    details,
    given: givenExpectations(flags, run.expected),
  };
}

function threshold(typed: string, flag: string): [Figure, Threshold] {
  const [name, value, ...more] = typed.split("=");
  if (value === undefined || more.length > 0) {
    throw badUsage(`${flag} ${quoted(typed)} is no threshold; give one such as timeTaken=10% or failed=0.`);
  }
  return [figure(name!, flag), limit(value, `${flag} ${name}`)];
}
