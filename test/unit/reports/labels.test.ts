/** Runs shown together are told apart by what was set, in every format, and never by more than that. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/model.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { history } from "../../../src/reports/history.ts";
import { labelsOf, settingsApart } from "../../../src/reports/labels.ts";
import { benchmark, html, junit, markdown, svg } from "../../../src/reports/reports.ts";
import { anAssumption, aRecord, records } from "../records/a-record.ts";

const settings = (rest: object) => ({ WorkMs: "1150", VisibilityTimeout: "120", ...rest });
const short = aRecord({ runId: "short", settings: settings({ VisibilityTimeout: "30" }) });
const long = aRecord({ runId: "long", settings: settings({ VisibilityTimeout: "120" }) });
const other = aRecord({ runId: "other", scenario: "scenario-5", settings: settings({ WorkMs: "800" }) });

describe("the label of a run among others", () => {
  it("is the scenario where that is enough, whatever its settings are", () => {
    expect(labelsOf([short, other])).toEqual(["scenario-4", "scenario-5"]);
  });

  it("names only the settings that differ among the runs of its scenario", () => {
    expect(labelsOf([short, other, long])).toEqual([
      "scenario-4 (VisibilityTimeout=30)",
      "scenario-5",
      "scenario-4 (VisibilityTimeout=120)",
    ]);
  });

  it.each<[string, Partial<RunRecord>, [string, string]]>([
    ["a seed", { seed: 7 }, ["scenario-4 (seed 1)", "scenario-4 (seed 7)"]],
    ["a platform", { platform: "2020" }, ["scenario-4 (platform 2026)", "scenario-4 (platform 2020)"]],
    [
      "fewer events",
      { summary: { ...long.summary, totalEvents: 200 } },
      ["scenario-4 (12 events)", "scenario-4 (200 events)"],
    ],
    [
      "another limit",
      { expected: { ...long.expected!, limit: { limit: "5/s", toleranceMs: 100, origin: "flag" } } },
      ["scenario-4 (limit 1/s)", "scenario-4 (limit 5/s)"],
    ],
    [
      "a number of the model",
      { assumptions: [anAssumption({ value: 40, origin: "given" })] },
      ["scenario-4 (database.connectMs the platform's)", "scenario-4 (database.connectMs=40)"],
    ],
    [
      "an account",
      { target: "aws", kind: "measurement", platform: null, seed: null },
      ["scenario-4 (local, platform 2026, seed 1)", "scenario-4 (aws)"],
    ],
    [
      "another template alone",
      { templateHash: "f".repeat(64) },
      ["scenario-4 (template 0123456789ab)", `scenario-4 (template ${"f".repeat(12)})`],
    ],
    ["nothing", {}, ["scenario-4 (long)", "scenario-4 (again)"]],
  ])("tells of %s", (_, rest, labels) => {
    expect(labelsOf([long, aRecord({ ...rest, runId: "again", settings: long.settings })])).toEqual(labels);
  });

  it("adds the run's id to those alone that are alike in everything", () => {
    expect(labelsOf([long, short, { ...long, runId: "again" }])).toEqual([
      "scenario-4 (VisibilityTimeout=120, long)",
      "scenario-4 (VisibilityTimeout=30)",
      "scenario-4 (VisibilityTimeout=120, again)",
    ]);
  });

  it("is of no two runs the same, and of no run longer for the order in which they come", () => {
    fc.assert(
      fc.property(fc.array(records, { minLength: 1, maxLength: 5 }), (some) => {
        const own = some.map((record, index) => ({ ...record, scenario: "mine", runId: `run-${index}` }));
        const labels = labelsOf(own);
        expect(new Set(labels).size).toBe(own.length);
        expect(labelsOf(own.toReversed()).map(marks).sort()).toEqual(labels.map(marks).sort());
      }),
      { seed: 14, numRuns: 60 },
    );
  });
});

describe("runs of one scenario after --set", () => {
  const options = { columns: 120, colour: false, details: false };
  const both = [short, long];

  it.each([
    ["a table", table(both, options)],
    ["Markdown", markdown.text(both, options, "")],
    ["JUnit", junit.text(both, options, "")],
  ])("are told apart in %s", (_, text) => {
    for (const value of ["30", "120"]) expect(text).toMatch(new RegExp(`scenario-4 \\(VisibilityTimeout=${value}\\)`));
  });

  it("are told apart in the chart that github-action-benchmark makes of them", () => {
    const names = (JSON.parse(benchmark.text(both, options, "smaller")) as { name: string }[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("scenario-4 (VisibilityTimeout=30) local 2026: Time Taken");
  });

  it("are told apart in their pictures", async () => {
    const pictures = await svg.files(both, "pictures");
    expect(pictures.map(({ content }) => /Story of (.*?) ·/.exec(String(content))![1])).toEqual([
      "scenario-4 (VisibilityTimeout=30)",
      "scenario-4 (VisibilityTimeout=120)",
    ]);
  });

  it("are told apart on the page", async () => {
    const [page] = await html.files(both, "report.html");
    for (const value of ["30", "120"]) expect(page!.content).toContain(`scenario-4 (VisibilityTimeout=${value})</a>`);
  });

  it.each([60, 80, 120, 200])("are told apart in the history at %i columns", (columns) => {
    const text = history(both, { ...options, columns });
    expect(text).toContain("VisibilityTimeout=120");
    expect(text).not.toContain("WorkMs");
    expect(history([long, { ...long, runId: "again" }], { ...options, columns })).not.toContain("set");
  });

  it("have no settings in their history that never changed", () => {
    expect(settingsApart([long, { ...long, runId: "again", seed: 7 }])).toEqual([[], []]);
  });
});

/** The content of a label's brackets, in any order, without the run's id, which the test gives by the order. */
function marks(label: string): string {
  return label
    .replace(/,? ?run-\d/, "")
    .split(/[(),]/)
    .map((mark) => mark.trim())
    .sort()
    .join();
}
