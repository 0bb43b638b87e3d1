/** The record of several runs: every place shows the same medians, and it has the doubts of every run. */
import { expect, it } from "vitest";
import { missingEvents } from "../../../src/metrics/caveats.ts";
import { figures, measuredFigures } from "../../../src/metrics/figures.ts";
import { figuresOf, recordOfAll } from "../../../src/metrics/repetitions.ts";
import { shownFigure } from "../../../src/metrics/uncertainty.ts";
import type { RunRecord } from "../../../src/model.ts";
import { benchmark } from "../../../src/reports/formats/benchmark.ts";
import { pageOf } from "../../../src/reports/formats/html.ts";
import { junit } from "../../../src/reports/formats/junit.ts";
import { markdown } from "../../../src/reports/formats/markdown.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { history } from "../../../src/reports/history.ts";
import { anAssumption, aRecord, published } from "../records/a-record.ts";

/** A limit of which a record keeps the peaks of a window of its own. */
const halfASecond = { ...aRecord().expected!, limit: { limit: "0.5/s", toleranceMs: 1_500, origin: "flag" as const } };

const options = { columns: 120, colour: false, details: true };

function aRun(seed: number, completed: number, seconds: number, rest: Partial<RunRecord["summary"]> = {}): RunRecord {
  const record = aRecord({ seed, published, platform: "2020", caveats: [] });
  const summary = {
    ...record.summary,
    totalEvents: 1_000,
    eventsCompleted: completed,
    eventsFailed: 1_000 - completed,
  };
  return {
    ...record,
    summary: { ...summary, timeTakenSeconds: seconds, ...rest },
    details: { ...record.details, throttles: seconds * 2 },
  };
}

function ofAll([first, ...others]: RunRecord[]): RunRecord {
  return recordOfAll([first!, ...others.map(figuresOf)], false);
}

/** The first run is unlike the median. */
const runs = [aRun(1, 988, 1_100), aRun(2, 939, 1_200), aRun(3, 930, 1_210)];
const record = ofAll(runs);

it("shows the same medians in every place", () => {
  const text = table([record, record], options);
  const inSummary = text.slice(text.indexOf("Summary"));
  expect(text).toMatch(/│ Events Completed +│ +939 \(931-983\) │/);
  expect(text).toMatch(/│ Throttles +│ +2400 \(2220-2418\) │/);
  expect(inSummary).toMatch(/│ +939 \(1000\) │ +61 │ +1200 s \(1450\) │/);
  expect(inSummary).not.toContain("988");
  expect(markdown.text([record, record], options, "")).toMatch(/\| 939 \(1000\) \| 61 \| 1200 s \(1450\) \|/);
  expect(pageOf([record, record])).toContain("<td>939 (1000)</td><td>61</td><td>1200 s (1450)</td>");
  expect(junit.text([record], options, "")).toContain('time="1200.000"');
  expect(junit.text([record], options, "")).toContain("Events Completed: 939");
  expect(benchmark.text([record], options, "bigger")).toContain('"value": 939');
  expect(history([record], options)).toMatch(/│ +939 │ +61 │ +1200 s │/);
});

it("counts what a number of the model decided over all runs", () => {
  const limited = (decided: number) =>
    aRecord({ assumptions: [anAssumption({ decided }), anAssumption({ name: "x" })] });
  const { assumptions, caveats } = ofAll([limited(0), limited(3), limited(4)]);
  expect(assumptions!.map(({ decided }) => decided)).toEqual([7, 0]);
  expect(caveats).toContainEqual(expect.objectContaining({ code: "assumption-decided", count: 7 }));
  expect(ofAll([aRecord(), aRecord()]).assumptions).toBeNull();
});

it("names the seeds of a result everywhere, and in its picture the first one alone", () => {
  for (const text of [
    table([record], options),
    markdown.text([record], options, ""),
    junit.text([record], options, ""),
  ]) {
    expect(text).toContain("PREDICTION (local, platform 2020, seeds 1-3)");
    expect(text.replace("Events of the run with seed 1 ", "")).not.toMatch(/seed 1\b/);
  }
  expect(junit.text([record], options, "")).toContain("AWS&#39;s limits of 2020, seeds 1-3");
  const page = pageOf([record]);
  expect(page).toContain('"flowTitle":"Events of the run with seed 1, cumulative"');
  expect(page).toContain('<p class="badge">PREDICTION (local, platform 2020, seeds 1-3)</p>');
  expect(page).toContain("PREDICTION (local, platform 2020, seed 1) · run");
});

it("has the median and the interval of every figure, and none of a figure that a run lacks", () => {
  expect(record.uncertainty!.intervals.throttles).toEqual({ median: 2_400, low: 2_220, high: 2_418 });
  expect(Object.keys(record.uncertainty!.intervals)).toEqual(measuredFigures);
  const lacking = ofAll([aRun(1, 1_000, 9), { ...runs[1]!, details: { ...runs[1]!.details, errors: null } }]);
  expect(shownFigure(lacking, "errors")).toEqual({ value: null, interval: null });
  expect(lacking.caveats).toContainEqual({ code: "metric-missing", metric: "consumer.Errors" });
  expect(figures.totalEvents.betterWhen).toBe("given");
  expect(shownFigure(lacking, "totalEvents")).toEqual({ value: 1_000, interval: null });
});

it("says which seeds miss how many events, when the first one does not, and fails the test case", () => {
  const late = { ...aRun(2, 995, 1_200, { eventsFailed: 3, eventsMissing: 2 }), outcome: "timeout" as const };
  const missing = ofAll([aRun(1, 1_000, 1_100), late, aRun(3, 996, 1_190, { eventsFailed: 3, eventsMissing: 1 })]);
  const seeds = [
    { seed: 2, count: 2 },
    { seed: 3, count: 1 },
  ];
  expect(missing.caveats).toContainEqual({ code: "events-missing", missing: 3, outcome: "timeout", seeds });
  expect(missingEvents(missing)).toEqual([{ code: "events-missing", missing: 3, outcome: "timeout", seeds }]);
  expect(junit.text([missing], options, "")).toMatch(
    /failures="1"[\s\S]*<failure type="events-missing" message="3 events \(2 with seed 2, 1 with seed 3\) reached neither/,
  );
  expect(missingEvents(record)).toEqual([]);
  expect(junit.text([record], options, "")).toContain('failures="0"');
});

it("adds up the duplicates of all runs, and names their seeds", () => {
  const repeated = ofAll([aRun(1, 1_000, 9), aRun(2, 1_000, 9, { duplicates: 4 })]);
  expect(repeated.caveats).toContainEqual({ code: "duplicates", duplicates: 4, seeds: [{ seed: 2, count: 4 }] });
});

it("keeps the doubts that come from the scenario and the target", () => {
  const small = aRecord({ published });
  const codes = recordOfAll([small, { ...small, seed: 2 }], false).caveats.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(["prediction", "events-differ", "platform-differs"]));
});

it("keeps of each further run its figures, and of long lists nothing", () => {
  const { messageGroups: _, ...details } = aRecord().details;
  const grouped = aRecord({ grouping: { groups: 3, noisyShare: 0 } }).details.messageGroups!;
  const full = aRecord({ details: { ...details, messageGroups: grouped }, expected: halfASecond });
  const { breach } = full.calls!;
  expect([breach!.peaks, grouped.listed.length > 0]).toEqual([[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], true]);
  expect(figuresOf(full)).toEqual({
    seed: 1,
    outcome: "drained",
    summary: full.summary,
    details: { ...details, messageGroups: { ...grouped, listed: [] } },
    cost: { perMillionEvents: 0.5, month: 0.259 },
    calls: { ...full.calls, seconds: null, breach: { ...breach, peaks: null } },
    assumptions: null,
  });
  const bare = { ...aRecord(), cost: null, calls: null };
  expect(figuresOf(bare)).toMatchObject({ cost: null, calls: null, details: { messageGroups: null } });
  expect(figuresOf({ ...full, calls: { ...full.calls!, breach: null } }).calls).toMatchObject({ breach: null });
});

it("adds up what a number decided where runs tell it, and knows nothing where the first does not", () => {
  const run = (assumptions: RunRecord["assumptions"]) => aRecord({ assumptions });
  const other = anAssumption({ name: "x", decided: 9 });
  const decided = (...all: RunRecord["assumptions"][]) =>
    ofAll(all.map(run)).assumptions?.map(({ name, decided }) => [name, decided]) ?? null;
  expect(decided([anAssumption({ decided: 2 })], null, [other])).toEqual([["database.connectMs", 2]]);
  expect(decided([anAssumption({ decided: null })], [anAssumption({ decided: 3 })])).toEqual([
    ["database.connectMs", null],
  ]);
  expect(decided(null, [other])).toBeNull();
});
