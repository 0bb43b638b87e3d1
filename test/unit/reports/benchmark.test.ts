/** The JSON that github-action-benchmark charts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/model.ts";
import { benchmark } from "../../../src/reports/formats/benchmark.ts";
import { ofSeeds } from "../metrics/a-side.ts";
import { aRecord, records } from "../records/a-record.ts";

type Better = "smaller" | "bigger";
const render = (better: Better, given: RunRecord[]) =>
  JSON.parse(benchmark.text(given, { columns: 80, colour: true, details: false }, better));
const named = (better: Better, record: RunRecord, name: string) =>
  render(better, [record]).find((one: { name: string }) => one.name.endsWith(`: ${name}`));

describe("the benchmark reports", () => {
  it("chart losses, times, throttles, errors, disorder and costs as better when smaller", () => {
    expect(render("smaller", [aRecord()])).toMatchObject([
      { name: "scenario-4 local 2026: Events Failed", unit: "events", value: 2 },
      { name: "scenario-4 local 2026: Events Missing", unit: "events", value: 0 },
      { name: "scenario-4 local 2026: Duplicates", unit: "events", value: 0 },
      { name: "scenario-4 local 2026: Time Taken", unit: "s", value: 12.3 },
      { name: "scenario-4 local 2026: Throttles", unit: "count", value: 7 },
      { name: "scenario-4 local 2026: Errors", unit: "count", value: 0 },
      { name: "scenario-4 local 2026: Dead-lettered", unit: "events", value: 2 },
      { name: "scenario-4 local 2026: Dead-lettered, and completed", unit: "events", value: 0 },
      { name: "scenario-4 local 2026: Calls refused", unit: "count", value: 0 },
      { name: "scenario-4 local 2026: Wait p50", unit: "ms", value: 6_220 },
      { name: "scenario-4 local 2026: Wait p95", unit: "ms" },
      { name: "scenario-4 local 2026: Wait p99", unit: "ms" },
      { name: "scenario-4 local 2026: Oldest wait", unit: "ms" },
      { name: "scenario-4 local 2026: Max. backlog", unit: "events", value: 12 },
      { name: "scenario-4 local 2026: Out of order", unit: "events", value: 0 },
      { name: "scenario-4 local 2026: Out of order, share", unit: "share", value: 0 },
      { name: "scenario-4 local 2026: Worst displacement", unit: "count", value: 0 },
      { name: "scenario-4 local 2026: Cost per million events", unit: "USD", value: 0.5 },
      { name: "scenario-4 local 2026: Cost per month", unit: "USD", value: 0.259 },
    ]);
  });

  it("chart completion and throughput as better when bigger", () => {
    expect(render("bigger", [aRecord()])).toMatchObject([
      { name: "scenario-4 local 2026: Events Completed", unit: "events", value: 10 },
      { name: "scenario-4 local 2026: Throughput per second", unit: "inserts/s", value: 0.813 },
    ]);
  });

  it("give the median and the range of repeated runs", () => {
    const one = aRecord();
    const summaries = [10, 12, 20].map((timeTakenSeconds) => ({ ...one.summary, timeTakenSeconds }));
    const repeated = { ...one, uncertainty: ofSeeds(1, summaries) };
    expect(named("smaller", repeated, "Time Taken")).toMatchObject({ value: 12, range: "10.2-19.2" });
    expect(named("smaller", one, "Time Taken")).not.toHaveProperty("range");
  });

  it("say in extra whether it is a prediction, and name its settings", () => {
    expect(named("bigger", aRecord(), "Events Completed").extra).toBe(
      "PREDICTION (local, platform 2026, seed 1)\n" +
        "Run 20261123-093412-ab12, started 2026-11-23T09:34:12.000Z. The stack was deleted.\n" +
        "Settings: WorkMs=1150, VisibilityTimeout=120",
    );
  });

  it("keep a measurement and a prediction in series of their own", () => {
    const measured = aRecord({ target: "aws", kind: "measurement", platform: null, seed: null });
    expect(named("smaller", measured, "Time Taken").name).toBe("scenario-4 aws: Time Taken");
  });

  it("leave out figures that could not be had, and hold numbers otherwise", () => {
    fc.assert(
      fc.property(records, (record) => {
        const all = [...render("smaller", [record]), ...render("bigger", [record])];
        expect(all.every(({ value }) => Number.isFinite(value))).toBe(true);
        const isTimed = all.some(({ name }) => name.endsWith(": Time Taken"));
        expect(isTimed).toBe(record.summary.timeTakenSeconds !== null);
      }),
      { numRuns: 50 },
    );
  });
});
