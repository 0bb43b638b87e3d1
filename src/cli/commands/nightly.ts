/** `throttle-bench nightly`: runs, compares with the last good night, and tells a CI job what it came to. */

import { nightFormats } from "../../reports/nights.ts";
import { burst } from "../flags/burst.ts";
import { comparison } from "../flags/comparison.ts";
import { readConfiguration } from "../flags/configuration.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import { formatFlags } from "../flags/formats.ts";
import { model } from "../flags/model.ts";
import { account, creation, database, target } from "../flags/place.ts";
import { repeat, runOptions, timeout } from "../flags/run-options.ts";
import { text, wholeNumber } from "../flags/values.ts";
import { defineVerb } from "../verb.ts";

/** Enough for the rank test to find a tenth; an account has no seeds to repeat with. */
const localRepeats = 10;

const groups = [
  {
    title: "Baseline",
    flags: {
      baseline: {
        takes: "<directory>",
        read: text,
        default: "nightly",
        help: "where the records of good nights are kept",
      },
      accept: { help: "make tonight's the baseline, whatever the comparison says" },
      keep: {
        takes: "<n>",
        read: wholeNumber(1, 100_000),
        default: "30",
        help: "good nights of a scenario that stay there",
      },
    },
  },
  comparison,
  burst,
  {
    title: model.title,
    flags: { ...model.flags, repeat: { ...repeat, help: `local runs of each scenario (default: ${localRepeats})` } },
  },
  { title: "Target and database", flags: { target, ...database, timeout } },
  {
    title: "With --target aws",
    flags: { ...account.flags, ...creation },
  },
  { title: "Formats", flags: formatFlags(nightFormats) },
] as const;

export type NightlyFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  operands: [
    { name: "[scenario...]", help: "names as `list` prints them, all, or the path of a template", default: ["all"] },
  ],
  flags: groups,
  help: `Tonight's run of a scenario is compared with its baseline: the newest good night
in the baseline directory that the same version of the model made. A good night
becomes the next baseline. A night with a regression does so only by --accept;
one that misses events, or completes none, never does. Where GITHUB_STEP_SUMMARY
names a file, the outcome is appended to it as Markdown.

Examples:
  throttle-bench nightly
  throttle-bench nightly scenario-5 --repeat 20 --threshold timeTaken=5%
  throttle-bench nightly --target aws --yes --baseline nightly-aws

Exit status: 0 no regression, an accepted one, or no baseline yet;
1 a regression, missing events, or nothing completed; 2 bad input;
3 the target failed; 130 interrupted.`,
  async run(flags, names: string[]) {
    const { run: defaults } = await readConfiguration();
    const run = { ...flags, keep: false };
    const { target } = runOptions(run, process.env, defaults);
    const repeat = flags.repeat ?? (target.name === "local" ? localRepeats : undefined);
    const { nightly } = await import("../nightly.ts");
    await nightly(names, runOptions({ ...run, repeat }, process.env, defaults), flags);
  },
});
