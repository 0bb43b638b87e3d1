/** A night's report tells each scenario's outcome in every format, whatever became of the others. */
import { XMLParser } from "fast-xml-parser";
import { expect, it } from "vitest";
import { defaultOptions } from "../../../src/metrics/compare.ts";
import { failedNight, judgeNight, type Night } from "../../../src/metrics/night.ts";
import type { RunRecord } from "../../../src/model.ts";
import { nightFormats, nightMarkdown, nightTable } from "../../../src/reports/nights.ts";
import { aRecord } from "../records/a-record.ts";

const baseline = aRecord({ runId: "good" });
const { timeTakenSeconds, ...summary } = baseline.summary;
const slower = (runId: string) => aRecord({ runId, summary: { ...summary, timeTakenSeconds: timeTakenSeconds! * 2 } });
const judge = (record: RunRecord, earlier: RunRecord[], accept = false) => ({
  ...judgeNight(record, earlier, accept, defaultOptions),
  isBaseline: true,
});

const nights: Night[] = [
  judge(aRecord({ runId: "first", scenario: "scenario-1" }), []),
  failedNight("scenario-2", { code: "failed", message: "The stack could not be created. It was deleted." }),
  judge(aRecord({ runId: "same" }), [baseline]),
  judge(slower("worse"), [baseline]),
  judge(slower("accepted"), [baseline], true),
  judge(aRecord({ runId: "lossy", summary: { ...baseline.summary, eventsMissing: 2 } }), []),
  judge(aRecord({ runId: "idle", summary: { ...baseline.summary, eventsCompleted: 0 } }), []),
  judge(aRecord({ runId: "new" }), [aRecord({ runId: "old", versions: { throttleBench: "0.0.9", node: "20" } })]),
];
const options = { columns: 1_000, colour: false, details: false };
const formatted = (name: string, given = nights) =>
  nightFormats.find((format) => format.name === name)!.text(given, options, "");

it.each([
  ["a table", nightTable(nights, options)],
  ["Markdown", nightMarkdown(nights, options)],
  ["JSON", formatted("json")],
  ["JUnit", formatted("junit").replaceAll("&#39;", "'")],
])("tells every outcome as %s", (_, text) => {
  for (const remark of [
    "There was no baseline of scenario-1, so nothing was compared",
    "scenario-2 failed: The stack could not be created. It was deleted.",
    "Tonight's run is the next baseline of scenario-4.",
    "Regression in scenario-4: Time Taken +100.0%. The baseline of scenario-4 stays good. --accept takes",
    "The regression of scenario-4 is accepted. Tonight's run is the next baseline of scenario-4.",
    "scenario-4 misses events. 2 events reached neither the database nor a dead-letter queue: the queues were empty and nothing more arrived. Such a night is no baseline.",
    "Not one event of scenario-4 was completed. Such a night is no baseline.",
    "because another model made it (throttle-bench 0.0.9, tonight 0.1.0)",
  ]) {
    expect(text).toContain(remark);
  }
});

it("has a JUnit case for each scenario, failed by regression, missing events, no completion and failure", () => {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" });
  const { testsuite } = parser.parse(formatted("junit")).testsuites;
  expect(testsuite).toMatchObject({ tests: "8", failures: "4" });
  expect(testsuite.testcase.map(({ failure }: { failure?: { type: string } }) => failure?.type ?? null)).toEqual([
    null,
    "failed",
    null,
    "regression",
    null,
    "events-missing",
    "nothing-completed",
    null,
  ]);
});

it("has the comparison and the record of each scenario as JSON", () => {
  const read = JSON.parse(formatted("json"));
  expect(read[2].record).toEqual(aRecord({ runId: "same" }));
  expect(read[2].comparison).toMatchObject({ scenario: "scenario-4", method: "exact" });
  expect(read[1]).toMatchObject({
    scenario: "scenario-2",
    record: null,
    comparison: null,
    faults: [{ code: "failed" }],
  });
});

it("says of an interrupted night that no baseline is made of it", () => {
  const good = { ...judge(aRecord(), [baseline]), isBaseline: false };
  const cut = failedNight("scenario-5", { code: "interrupted", message: "The run was interrupted." });
  const text = nightTable([good, cut], options);
  expect(text).toContain("no baseline of scenario-4 is made of tonight's run");
  expect(text).toContain("scenario-5 was not measured: The run was interrupted.");
});
