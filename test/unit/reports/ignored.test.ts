/** The parts of a template that were not looked at stand in the record, and in every report beside the settings. */
import { expect, it } from "vitest";
import type { Ignored, RunRecord } from "../../../src/model.ts";
import { fitted } from "../../../src/records/reading.ts";
import { runRecordSchema } from "../../../src/records/schema.ts";
import { benchmark } from "../../../src/reports/formats/benchmark.ts";
import { pageOf } from "../../../src/reports/formats/html.ts";
import { junit } from "../../../src/reports/formats/junit.ts";
import { markdown } from "../../../src/reports/formats/markdown.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { ignoredLine } from "../../../src/reports/ignored.ts";
import { aRecord } from "../records/a-record.ts";

const room = { columns: 1_000, colour: false, details: false };
const alarm = { logicalId: "DepthAlarm", type: "AWS::CloudWatch::Alarm", decides: null };
const none: Ignored = { resources: [], properties: { names: [], resources: 0 }, replacedCode: [] };
const ignored: Ignored = {
  resources: [alarm],
  properties: { names: ["KmsMasterKeyId", "Tags"], resources: 3 },
  replacedCode: ["Worker"],
};
const line =
  "Ignored, because they change no event: DepthAlarm (AWS::CloudWatch::Alarm), and KmsMasterKeyId, Tags of 3 resources. The code of Worker is replaced by that of throttle-bench.";

it.each([
  ["the table", (records: RunRecord[]) => table(records, room)],
  ["Markdown", (records: RunRecord[]) => markdown.text(records, room, "")],
  ["the page", pageOf],
  ["JUnit", (records: RunRecord[]) => junit.text(records, room, "")],
  ["the charts", (records: RunRecord[]) => benchmark.text(records, room, "smaller")],
])("tells it in %s, and nothing of a run that ignored nothing", (_, format) => {
  const text = (given: Ignored | null) => format([aRecord({ ignored: given })]);
  expect(text(ignored).replaceAll("\\", "")).toContain(line);
  for (const nothing of [null, none]) expect(text(nothing)).not.toContain("Ignored, because");
});

it("has each part by itself", () => {
  expect(ignoredLine({ ...none, properties: { names: ["Tags"], resources: 1 } })).toBe(
    "Ignored, because they change no event: Tags of one resource.",
  );
  expect(ignoredLine({ ...none, resources: [{ ...alarm, decides: "it decides cold starts alone" }] })).toBe(
    "Ignored, because they change no event: DepthAlarm (AWS::CloudWatch::Alarm; it decides cold starts alone).",
  );
});

it("is null in a record of an earlier version", () => {
  const { ignored: _, ...earlier } = aRecord({ ignored });
  expect(runRecordSchema.parse(fitted(runRecordSchema, earlier)).ignored).toBeNull();
});
