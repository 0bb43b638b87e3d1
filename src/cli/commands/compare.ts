/** `throttle-bench compare`: says where a candidate is better or worse than a base, and whether that may be chance. */
import { exitStatus } from "../../errors.ts";
import { type CompareOptions, type Comparison, compare, isRegression } from "../../metrics/compare.ts";
import { expectationsNow } from "../../metrics/expectations.ts";
import { shortNames } from "../../metrics/figures.ts";
import { differencesOf, publishedSideOf, type Side, sideOf } from "../../metrics/sides.ts";
import type { RunRecord } from "../../model.ts";
import { RecordStore, requireReadable } from "../../records/store.ts";
import { comparisonFormats } from "../../reports/comparisons/comparisons.ts";
import { compareTable } from "../../reports/comparisons/table.ts";
import { wrap } from "../../reports/text.ts";
import { nameInRecords } from "../../scenarios/catalogue.ts";
import { runsDirectory } from "../directories.ts";
import { writeFiles } from "../files.ts";
import { compareOptions, comparison } from "../flags/comparison.ts";
import { breaksGiven, expectations, requireWindow } from "../flags/expectations.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { badUsage } from "../flags/values.ts";
import { outputOptions, print, tell } from "../output.ts";
import { defineVerb } from "../verb.ts";

const published = "published";

export const verb = defineVerb({
  operands: [
    { name: "<base>", help: "what it was" },
    { name: "<candidate>", help: "what it is now" },
  ],
  flags: [comparison, expectations, { title: "Formats", flags: formatFlags(comparisonFormats) }],
  help: `Each side is a run's id, a scenario (all its runs), latest, the path of a record
or of a directory of them, or published. A run of the local model beside one of
an account is a prediction beside a measurement. Then only a broken threshold is
a regression, and a measured figure is as predicted when it lies in the
prediction's 5-95% interval (run --repeat 20).

${wrap(`Figures: ${shortNames.join(", ")}.`, 80).join("\n")}
throttle-bench.config.json (or .yaml) holds the same for good:
{ "thresholds": { "timeTaken": "10%", "failed": 0 } }

Examples:
  throttle-bench compare published latest
  throttle-bench compare main.json mine.json --threshold timeTaken=10%
  throttle-bench compare nightly/2026-11-22 nightly/2026-11-23 --markdown

A limit that was kept and is exceeded, and events lost where none were, are
regressions, too, whoever gave the limit.

Exit status: 0 no regression, 1 a regression, or the candidate breaks what a
flag of the verdict or the configuration file asks for, 2 bad input, such as
runs of different scenarios.`,
  async run(flags, base: string, candidate: string) {
    const { text, files } = chosenFormats(comparisonFormats, flags);
    const options = await compareOptions(flags);
    if (base === published && candidate === published) {
      throw badUsage("Both sides are the published results; give a run for one of them.");
    }
    const candidates = await sidesOf(candidate, base);
    for (const side of candidates) requireWindow(expectationsNow(side, options.given));
    const comparisons = compareSides(await sidesOf(base, candidate), candidates, options);
    await writeFiles(comparisons, files);
    const output = outputOptions();
    print(text === null ? compareTable(comparisons, output) : text.format.text(comparisons, output, text.choice));
    const isBad = (one: Comparison) => isRegression(one) || breaksGiven(one.verdicts.candidate, options.given);
    if (comparisons.some(isBad)) process.exitCode = exitStatus.expectation;
  },
});

/** Compares each scenario that both sides have, and names on stderr the others. Throws `bad-usage` when they share none. */
function compareSides(bases: Side[], candidates: Side[], options: CompareOptions): Comparison[] {
  const names = (sides: Side[]) => sides.map(({ scenario }) => scenario);
  const shared = candidates.filter(({ scenario }) => names(bases).includes(scenario));
  if (shared.length === 0) {
    throw badUsage(
      `The base is of ${names(bases).join(", ")}, the candidate of ${names(candidates).join(", ")}: different scenarios do not compare; give runs of the same one.`,
    );
  }
  for (const [sides, others, side] of [
    [bases, candidates, "base"],
    [candidates, bases, "candidate"],
  ] as const) {
    for (const name of names(sides).filter((name) => !names(others).includes(name))) {
      tell(`${name} is on the ${side}'s side only and is not compared.`);
    }
  }
  return shared.map((candidate) =>
    compare(bases.find(({ scenario }) => scenario === candidate.scenario)!, candidate, options),
  );
}

/** A side for each scenario that `what` names: a file, an id, a scenario, a directory, `latest`, or what was published for `other`. */
async function sidesOf(what: string, other: string): Promise<Side[]> {
  if (what !== published) return sidesOfRecords(await find(what), what);
  const sides = (await find(other)).map(publishedSideOf).filter((side) => side !== null);
  if (sides.length > 0)
    return sides.filter(({ scenario }, index) => sides.findIndex((one) => one.scenario === scenario) === index);
  throw badUsage(`Nothing is published for ${other}; give another run to compare it with.`);
}

/** Throws `bad-usage` when records of one scenario are unlike, and so no repeats of each other. */
function sidesOfRecords(records: RunRecord[], where: string): Side[] {
  const scenarios = [...new Set(records.map(({ scenario }) => scenario))];
  return scenarios.map((scenario) => {
    const [first, ...others] = records.filter((record) => record.scenario === scenario) as [RunRecord, ...RunRecord[]];
    for (const other of others) {
      const [unlike] = differencesOf(sideOf([first]), sideOf([other]));
      if (unlike) {
        throw badUsage(
          `The records of ${scenario} in ${where} are no repeats of each other: ${unlike.what} is ${unlike.base} in ${first.runId} and ${unlike.candidate} in ${other.runId}; name the run that you mean.`,
        );
      }
    }
    return sideOf([first, ...others]);
  });
}

async function find(what: string): Promise<RunRecord[]> {
  const listing = await new RecordStore(runsDirectory).find(nameInRecords(what));
  requireReadable(listing);
  return listing.records;
}
