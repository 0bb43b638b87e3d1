/** Tells the outcome of a night, scenario by scenario: as text, Markdown for a job's summary, JUnit test cases, or JSON. */
import type { Fault, Night } from "../metrics/night.ts";
import { caveatText } from "./caveats.ts";
import { withoutRuns } from "./comparisons/json.ts";
import { compareMarkdown } from "./comparisons/markdown.ts";
import { compareTable } from "./comparisons/table.ts";
import { conclusionText } from "./comparisons/words.ts";
import type { Options, TextFormat } from "./format.ts";
import { type TestCase, testCase, testSuites } from "./formats/junit.ts";
import { table } from "./formats/table.ts";
import { wrap } from "./text.ts";
import { brokenText } from "./verdict.ts";

const nightJson: TextFormat<Night> = {
  name: "json",
  help: "print runs and comparisons as a JSON array",
  text: (nights) =>
    JSON.stringify(
      nights.map((night) => ({ ...night, remark: remark(night) })),
      withoutRuns,
      2,
    ),
};

const nightJUnit: TextFormat<Night> = {
  name: "junit",
  help: "print JUnit XML: a test case per scenario",
  text: (nights) => testSuites(nights.map(nightCase)),
};

/** The formats of a night that have a flag; without one it is the table. */
export const nightFormats: readonly TextFormat<Night>[] = [nightJson, nightJUnit];

export function nightTable(nights: readonly Night[], options: Options): string {
  const records = nights.flatMap(({ record }) => record ?? []);
  const comparisons = nights.flatMap(({ comparison }) => comparison ?? []);
  return [
    ...(records.length > 0 ? [table(records, options), ""] : []),
    ...(comparisons.length > 0 ? ["", compareTable(comparisons, options), ""] : []),
    ...nights.flatMap((night) => wrap(remark(night), options.columns, "  ")),
  ].join("\n");
}

export function nightMarkdown(nights: readonly Night[], options: Options): string {
  const comparisons = nights.flatMap(({ comparison }) => comparison ?? []);
  return [
    ...(comparisons.length > 0 ? [compareMarkdown.text(comparisons, options, "")] : []),
    ...nights.map(remark),
  ].join("\n\n");
}

function nightCase(night: Night): TestCase {
  const { scenario, record, faults } = night;
  const run = record
    ? testCase(record, scenario)
    : { classname: "throttle-bench", name: scenario, seconds: null, output: [] };
  const [first] = faults;
  const failure = first
    ? { type: first.code, message: faults.map((fault) => faultText(fault, night)).join(" ") }
    : null;
  return { ...run, failure, output: [...run.output, remark(night)] };
}

/** Says how a scenario's night ended, and what its baseline is now. */
function remark(night: Night): string {
  const { scenario, baseline, faults, isBaseline, isAccepted, otherModel } = night;
  if (faults.length > 0) {
    const unchanged = baseline === null ? "" : ` The baseline of ${scenario} stays ${baseline}.`;
    const isWorse = faults.some(({ code }) => code === "regression");
    const cure = isWorse && faults.length === 1 ? " --accept takes a run like tonight's for the next one." : "";
    return `${faults.map((fault) => faultText(fault, night)).join(" ")}${noBaselineText(night)}${unchanged}${cure}`;
  }
  const compared = isAccepted ? `The regression of ${scenario} is accepted. ` : "";
  if (!isBaseline)
    return `${compared}The night was interrupted, so no baseline of ${scenario} is made of tonight's run.`;
  if (baseline !== null) return `${compared}Tonight's run is the next baseline of ${scenario}.`;
  if (otherModel === null) {
    return `There was no baseline of ${scenario}, so nothing was compared; tonight's run is the first.`;
  }
  const { runId, difference } = otherModel;
  return `The earlier run ${runId} of ${scenario} is no baseline, because another model made it (${difference.what} ${difference.base}, tonight ${difference.candidate}), so nothing was compared; tonight's run is the first of this model.`;
}

function noBaselineText({ record, faults }: Night): string {
  return record !== null && faults.some(({ code }) => code !== "regression") ? " Such a night is no baseline." : "";
}

function faultText(fault: Fault, { scenario, comparison, record }: Night): string {
  switch (fault.code) {
    case "failed":
      return `${scenario} failed: ${fault.message}`;
    case "interrupted":
      return `${scenario} was ${record === null ? "not measured" : "interrupted"}: ${fault.message}`;
    case "events-missing":
      return `${scenario} misses events. ${caveatText(fault)}`;
    case "nothing-completed":
      return `Not one event of ${scenario} was completed.`;
    case "expectation-broken":
      return `${scenario} breaks what was asked of it. ${brokenText(record!.verdict!)}`;
    case "regression":
      return conclusionText(comparison!);
  }
}
