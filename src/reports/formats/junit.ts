/** The runs as JUnit test cases for a CI's test view: one that misses events, or breaks what it was given to keep, has failed. */
import { missingEvents } from "../../metrics/caveats.ts";
import { shownFigure } from "../../metrics/uncertainty.ts";
import type { RunRecord } from "../../model.ts";
import { caveatText } from "../caveats.ts";
import { figuresOf } from "../columns.ts";
import { figure } from "../figures.ts";
import type { TextFormat } from "../format.ts";
import { ignoredLine } from "../ignored.ts";
import { labelsOf } from "../labels.ts";
import { escaped } from "../pictures/markup.ts";
import { brokenText, verdictNote, verdictText } from "../verdict.ts";
import { provenance, runLine, settingsLine } from "../words.ts";

/** Times are the target's seconds, virtual ones for a prediction. */
export const junit: TextFormat<RunRecord> = {
  name: "junit",
  help: "print JUnit XML: a test case per run, failed where events are missing or what was asked of it is broken",
  // A CI follows a test from build to build by its name, which holds no more than tells the runs apart.
  text(records) {
    const labels = labelsOf(records);
    return testSuites(records.map((record, index) => testCase(record, labels[index]!)));
  },
};

export interface TestCase {
  classname: string;
  name: string;
  /** null: not known */
  seconds: number | null;
  /** null: it passed */
  failure: { type: string; message: string } | null;
  output: string[];
}

export function testSuites(cases: readonly TestCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const seconds = cases.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="throttle-bench" ${counts}>`,
    `  <testsuite name="throttle-bench" ${counts}>`,
    ...cases.flatMap(elementOf),
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

/** A run has failed when it misses events, or when one of its repetitions does, and when it breaks what somebody asked of it. */
export function testCase(record: RunRecord, name: string): TestCase {
  const { target, platform } = record;
  return {
    classname: ["throttle-bench", target, platform].filter(Boolean).join("."),
    name,
    seconds: shownFigure(record, "timeTakenSeconds").value,
    failure: failureOf(record),
    output: [
      record.verdict && verdictText(record.verdict),
      record.verdict && verdictNote(record.verdict),
      provenance(record),
      runLine(record),
      settingsLine(record),
      ignoredLine(record.ignored),
      ...figuresOf(record).map(({ name, value, unit }) => `${name}: ${figure(value, unit)}`),
      ...record.caveats.map((caveat) => `! ${caveatText(caveat)}`),
    ].filter((line) => line !== null),
  };
}

function failureOf(record: RunRecord): TestCase["failure"] {
  const [missing] = missingEvents(record);
  if (missing) return { type: missing.code, message: caveatText(missing) };
  const broken = record.verdict?.broken ?? [];
  return broken.length === 0 ? null : { type: broken[0]!, message: brokenText(record.verdict!) };
}

function elementOf({ classname, name, seconds, failure, output }: TestCase): string[] {
  const time = seconds === null ? "" : ` time="${seconds.toFixed(3)}"`;
  return [
    `    <testcase classname="${escaped(classname)}" name="${escaped(name)}"${time}>`,
    ...(failure ? [`      <failure type="${failure.type}" message="${escaped(failure.message)}"/>`] : []),
    `      <system-out>${escaped(output.join("\n"))}</system-out>`,
    "    </testcase>",
  ];
}
