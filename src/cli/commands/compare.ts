/** `throttle-bench compare`: says where a candidate is better or worse than a base, and whether that may be chance. */
import { exitStatus } from "../../errors.ts";
import { type CompareOptions, type Comparison, compare, isRegression } from "../../metrics/compare.ts";
import { expectationsNow } from "../../metrics/expectations.ts";
import { shortNames } from "../../metrics/figures.ts";
import { differencesOf, publishedSideOf, type Side, sideOf } from "../../metrics/sides.ts";
import { unknownWay, type WayName, wayNameOf, wayOfSide } from "../../metrics/ways.ts";
import type { RunRecord } from "../../model.ts";
import { RecordStore, requireReadable } from "../../records/store.ts";
import { comparisonFormats } from "../../reports/comparisons/comparisons.ts";
import { compareTable } from "../../reports/comparisons/table.ts";
import { choiceFormats, choiceTable } from "../../reports/comparisons/ways.ts";
import { marksOfSides } from "../../reports/labels.ts";
import { wrap } from "../../reports/text.ts";
import { findScenario, nameInRecords, shippedName } from "../../scenarios/catalogue.ts";
import { runsDirectory } from "../directories.ts";
import { writeFiles } from "../files.ts";
import { compareOptions, comparison } from "../flags/comparison.ts";
import { breaksGiven, expectations, requireWindow } from "../flags/expectations.ts";
import { type AllFlagsOf, typedFlags } from "../flags/flag.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { badUsage } from "../flags/values.ts";
import { outputOptions, print, tell } from "../output.ts";
import { defineVerb } from "../verb.ts";

const published = "published";

const groups = [comparison, expectations, { title: "Formats", flags: formatFlags(comparisonFormats) }] as const;

type CompareFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  operands: [{ name: "<runs...>", help: "what it was and what it is now, or two or more ways to choose from" }],
  flags: groups,
  help: `Each is a run's id, a scenario (all its runs), latest, the path of a record or
of a directory of them, or published.

Two runs of one scenario are what it was and what it is now: a figure that got
worse is a regression, and so is a limit that was kept and is exceeded, and
events lost where none were, whoever gave the limit. A run of the local model
beside one of an account is a prediction beside a measurement. Then only a
broken threshold is a regression, and a measured figure is as predicted when it
lies in the prediction's 5-95% interval (run --repeat 20).

Runs of different scenarios are ways to choose from. Compared are both by the
second one's limit, and it is said which serves it better: which keeps it, then
which loses less, then which drains sooner. Nothing changed between them, so
that neither is a regression of the other, unless a threshold is given. More
than two runs are ranked the same way, each by its own limit or by --limit.

${wrap(`Figures: ${shortNames.join(", ")}.`, 80).join("\n")}
throttle-bench.config.json (or .yaml) holds the same for good:
{ "thresholds": { "timeTaken": "10%", "failed": 0 } }

Examples:
  throttle-bench compare published latest
  throttle-bench compare main.json mine.json --threshold timeTaken=10%
  throttle-bench compare nightly/2026-11-22 nightly/2026-11-23 --markdown
  throttle-bench compare sqs-reserved-1-short fifo-one-group
  throttle-bench compare scenario-3 scenario-4 fifo-one-group --limit 2/s

Exit status: 0 no regression, 1 a regression, or the candidate (of ways that
are ranked any of them) breaks what a flag of the verdict or the configuration
file asks for, 2 bad input.`,
  async run(flags, names: string[]) {
    const { text, files } = chosenFormats(comparisonFormats, flags);
    const options = await compareOptions(flags);
    const [base, candidate] = names;
    if (base === undefined || candidate === undefined) {
      throw badUsage(
        "One run compares with nothing; name two or more, such as `throttle-bench compare published latest`.",
      );
    }
    if (names.filter((name) => name === published).length > 1) {
      throw badUsage("Both sides are the published results; give a run for one of them.");
    }
    if (names.length > 2) {
      if (names.includes(published))
        throw badUsage("The published results compare with one other run; name that one alone.");
      const sides = await Promise.all(names.map(async (name) => sidesOfRecords(await find(name), name)));
      return rank(sides.flat(), flags, options);
    }
    const candidates = await sidesOf(candidate, base);
    const bases = await sidesOf(base, candidate);
    const isShared = candidates.some(({ scenario }) => bases.some((one) => one.scenario === scenario));
    if (!isShared && bases.length + candidates.length > 2) return rank([...bases, ...candidates], flags, options);
    for (const side of candidates) requireWindow(expectationsNow(side, options.given));
    const comparisons = compareSides(bases, candidates, options);
    const output = outputOptions();
    print(text === null ? compareTable(comparisons, output) : text.format.text(comparisons, output, text.choice));
    await writeFiles(comparisons, files);
    const isBad = (one: Comparison) => isRegression(one) || breaksGiven(one.verdicts.candidate, options.given);
    if (comparisons.some(isBad)) process.exitCode = exitStatus.expectation;
  },
});

/** Compares each scenario that both sides have, and names on stderr the others; two different scenarios as two ways. */
function compareSides(bases: Side[], candidates: Side[], options: CompareOptions): Comparison[] {
  const names = (sides: Side[]) => sides.map(({ scenario }) => scenario);
  const shared = candidates.filter(({ scenario }) => names(bases).includes(scenario));
  if (shared.length === 0) return [compare(bases[0]!, candidates[0]!, options, namedWay)];
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

/** Ranks the sides as ways to choose from. */
async function rank(sides: Side[], flags: CompareFlags, options: CompareOptions): Promise<void> {
  const [ofTwo] = typedFlags(flags, ["threshold", "alpha", "minimumEffect", "details"]);
  if (ofTwo !== undefined) {
    throw badUsage(
      `${ofTwo} is about the difference of two runs, and ${sides.length} are ranked; leave it out, or name two.`,
    );
  }
  const marks = marksOfSides(sides);
  const ways = sides.map((side, index) => {
    const expected = expectationsNow(side, options.given);
    requireWindow(expected);
    const apart = marks[index]!;
    return wayOfSide({ ...namedWay(side.scenario), ...(apart.length > 0 && { apart }) }, side, expected);
  });
  const { text, files } = chosenFormats(choiceFormats, flags);
  const output = outputOptions();
  print(text === null ? choiceTable(ways, output) : text.format.text(ways, output, text.choice));
  await writeFiles(ways, files);
  if (ways.some(({ verdict }) => breaksGiven(verdict, options.given))) process.exitCode = exitStatus.expectation;
}

/** The names and texts of a shipped scenario; of another one its name alone. */
function namedWay(scenario: string): WayName {
  return shippedName(scenario) === scenario ? wayNameOf(findScenario(scenario)) : unknownWay(scenario);
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
