/** The published table against the model: twenty seeds of each scenario under the platform of its time, one set of constants. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Interval, RunRecord } from "../../src/model.ts";
import { modelErrorTable, publishedRuns, read, sections, withSection } from "../docs/sections.ts";

let records: RunRecord[];

beforeAll(() => {
  records = publishedRuns();
}, 600_000);

/** The median of a figure over the twenty seeds. */
function median(scenario: string, figure: keyof NonNullable<RunRecord["uncertainty"]>["intervals"]): number {
  const record = records.find((each) => each.scenario === scenario)!;
  expect(record.uncertainty!.runs).toHaveLength(20);
  return (record.uncertainty!.intervals[figure] as Interval).median;
}

function within(value: number, wanted: number, share: number): void {
  expect(value).toBeGreaterThanOrEqual(wanted * (1 - share));
  expect(value).toBeLessThanOrEqual(wanted * (1 + share));
}

describe("the median of twenty seeds under platform 2020", () => {
  it("is within 5% of scenario-5's 261 s, with five at once and at most five inserts a second", () => {
    within(median("scenario-5", "timeTakenSeconds"), 261, 0.05);
    expect(median("scenario-5", "maxConcurrency")).toBe(5);
    expect(median("scenario-5", "insertsPerSecondMax")).toBe(5);
    expect(median("scenario-5", "eventsCompleted")).toBe(1_000);
  });

  it("is within 10% of scenario-2's 1905 s, and nothing is lost", () => {
    within(median("scenario-2", "timeTakenSeconds"), 1_905, 0.1);
    expect(median("scenario-2", "eventsCompleted")).toBe(1_000);
    expect(median("scenario-2", "maxConcurrency")).toBe(1);
  });

  it("is within 10% of scenario-4's 1450 s, and nothing is lost", () => {
    within(median("scenario-4", "timeTakenSeconds"), 1_450, 0.1);
    expect(median("scenario-4", "eventsCompleted")).toBe(1_000);
    expect(median("scenario-4", "eventsFailed")).toBe(0);
  });

  it("is within 5% of scenario-3's 895 completed events and within 10% of its 1254 s", () => {
    within(median("scenario-3", "eventsCompleted"), 895, 0.05);
    within(median("scenario-3", "timeTakenSeconds"), 1_254, 0.1);
    expect(median("scenario-3", "eventsFailed")).toBeGreaterThan(0);
  });

  it("is within 20% of scenario-1's 60 s, 89 at once and 41 inserts in a second", () => {
    within(median("scenario-1", "timeTakenSeconds"), 60, 0.2);
    within(median("scenario-1", "maxConcurrency"), 89, 0.2);
    within(median("scenario-1", "insertsPerSecondMax"), 41, 0.2);
  });

  it("is what the README's table says", async () => {
    const section = { ...sections.find(({ name }) => name === "model-error")!, text: () => modelErrorTable(records) };
    const document = read(section.file);
    expect(await withSection(document, section)).toBe(document);
  });
});
