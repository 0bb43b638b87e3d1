/** Two records are of the same rows when all figures that come from rows are the same. */
import { describe, expect, it } from "vitest";
import { areOfSameRows } from "../../../src/metrics/sameness.ts";
import type { RunRecord } from "../../../src/model.ts";
import { aRecord, recordOf } from "../records/a-record.ts";
import { row } from "./rows.ts";

const record = aRecord();
const [first, ...others] = record.timeline as [RunRecord["timeline"][number], ...RunRecord["timeline"]];

describe("two records", () => {
  it("are of the same rows whatever CloudWatch told of them", () => {
    const read = {
      ...record,
      summary: { ...record.summary, maxConcurrency: 9 },
      details: { ...record.details, invocations: 99, throttles: null, errors: 3 },
    };
    expect(areOfSameRows(record, structuredClone(record))).toBe(true);
    expect(areOfSameRows(record, read)).toBe(true);
    const without = recordOf([], []);
    expect(areOfSameRows(without, structuredClone(without))).toBe(true);
    expect(areOfSameRows(without, recordOf([row(1, 9)], []))).toBe(false);
  });

  it.each([
    ...(["totalEvents", "eventsCompleted", "eventsFailed", "duplicates", "timeTakenSeconds"] as const).map(
      (figure): [string, RunRecord] => [figure, { ...record, summary: { ...record.summary, [figure]: 77 } }],
    ),
    ...(["p50", "p95", "p99", "oldest"] as const).map((figure): [string, RunRecord] => [
      figure,
      { ...record, details: { ...record.details, waitMs: { ...record.details.waitMs!, [figure]: 77 } } },
    ]),
    ...(["instancesStarted", "batches", "backlogMax"] as const).map((figure): [string, RunRecord] => [
      figure,
      { ...record, details: { ...record.details, [figure]: 77 } },
    ]),
    ...(["second", "inserts", "deadLetters", "overlap"] as const).map((figure): [string, RunRecord] => [
      figure,
      { ...record, timeline: [{ ...first, [figure]: 77 }, ...others] },
    ]),
  ])("are not of the same rows when they differ in %s", (_, other) => {
    expect(areOfSameRows(record, other)).toBe(false);
  });
});
