/** What a comparison takes for a change, by the flags of every verb that compares. */
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { text } from "./values.ts";

export const comparison = {
  title: "Comparison",
  flags: {
    threshold: {
      takes: "<figure=limit>",
      read: text,
      repeats: true,
      help: "how much worse a figure may be, as 10% or 5; may be repeated",
    },
    details: { help: "also compare the figures beyond the published table" },
    alpha: { takes: "<level>", read: text, help: "chance of a false alarm of a whole comparison (default: 0.05)" },
    minimumEffect: {
      takes: "<share>",
      read: text,
      help: "a change below this share does not count, however certain it is (default: 1%)",
    },
    config: {
      takes: "<file>",
      read: text,
      help: "file with thresholds (default: throttle-bench.config.json or .yaml, if there)",
    },
  },
} satisfies FlagGroup;

export type ComparisonFlags = FlagsOf<typeof comparison>;
