/** The words of a comparison: every method says how it knows, every verdict what it is. */
import { expect, it } from "vitest";
import { compare, defaultOptions } from "../../../src/metrics/compare.ts";
import { comparisonPage } from "../../../src/reports/comparisons/html.ts";
import { compareMarkdown } from "../../../src/reports/comparisons/markdown.ts";
import { compareTable } from "../../../src/reports/comparisons/table.ts";
import { conclusionText, methodText, sideText, verdictCell } from "../../../src/reports/comparisons/words.ts";
import { cellText } from "../../../src/reports/document.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { aSide, aSummary, tenRuns } from "../metrics/a-side.ts";

const options = { columns: 120, colour: false, details: false };
const base = aSide(tenRuns(260));
const single = (seconds: number, seed: number, scenario = "scenario-5") =>
  aSide([aSummary(seconds)], { seeds: [seed], scenario });

it("says of each method how it knows", () => {
  expect(methodText(compare(base, aSide(tenRuns(270))))).toContain(
    "Medians of 10 and 10 runs; rank test with a false alarm in at most 5% of comparisons",
  );
  expect(methodText(compare(single(260, 1), single(261, 2)))).toContain(
    "larger than any between 30 runs of the local model",
  );
  expect(methodText(compare(single(260, 1), single(261, 1)))).toContain("exact, a change of the model and no noise");
  expect(methodText(compare(single(260, 1, "mine"), single(261, 2, "mine")))).toContain(
    "only figures with a threshold are judged. Make runs with --repeat 5 or more.",
  );
  const few = compare(base, aSide(tenRuns(270)), { ...defaultOptions, alpha: 0.000001 });
  expect(methodText(few)).toContain("So few runs cannot show a difference at that level");
});

it("names regressions, improvements and changes in the last line, each with its size", () => {
  const lossy = aSide(tenRuns(260, { eventsFailed: 100 }));
  const candidate = aSide(tenRuns(286, { eventsFailed: 50, insertsPerSecond: { avg: 4.4, max: 6, min: 1 } }));
  expect(conclusionText(compare(lossy, candidate))).toBe(
    "Regression in scenario-5: Time Taken +10.0%. Better: Events Failed -50.0%. Changed, for better or worse: Avg. DB Inserts Per Second +10.0%, Max. DB Inserts Per Second +20.0%.",
  );
});

it("writes a share of nothing as an amount", () => {
  const candidate = aSide(tenRuns(260.05, { eventsFailed: 3, eventsCompleted: 997 }));
  expect(conclusionText(compare(base, candidate))).toBe(
    "Regression in scenario-5: events lost in 10 of 10 runs, at most 3 of 1000 events (dead-lettered), where none was lost before; Events Failed +3.",
  );
});

it("says which runs a side is of, and does not make a range of seeds with gaps", () => {
  expect(sideText(single(1, 7))).toContain("1 run, PREDICTION (local, platform 2026, seed 7)");
  expect(sideText(aSide(tenRuns(1), { seeds: [1, 2, 3] }))).toContain("seeds 1-3");
  expect(sideText(aSide(tenRuns(1), { seeds: [1, 2, 9] }))).toContain("3 seeds");
});

it("tells of a threshold beside the figure that has one", () => {
  const withThreshold = (share: number) => {
    const thresholds = { timeTakenSeconds: { share } };
    const { figures, method } = compare(base, aSide(tenRuns(286)), { ...defaultOptions, thresholds });
    return cellText(verdictCell(figures.find(({ figure }) => figure === "timeTakenSeconds")!, method));
  };
  expect(withThreshold(0.05)).toBe("WORSE (p<0.001, more than 5%)");
  expect(withThreshold(0.2)).toBe("worse (p<0.001, threshold 20%)");
});

const measurement = aSide([aSummary(300)], { origin: "aws", kind: "measurement", seeds: null, platform: null });

it("calls a prediction and a measurement by their kinds in every format", () => {
  for (const [one, other, head] of [
    [base, measurement, "measured − predicted"],
    [measurement, base, "predicted − measured"],
  ] as const) {
    const comparison = compare(one, other);
    const table = compareTable([comparison], options);
    expect(table).toMatch(/^prediction: a-run, 10 runs, PREDICTION \(local/m);
    expect(table).toMatch(/^measurement: a-run, 1 run, MEASUREMENT \(aws\)/m);
    expect(table).toContain(head);
    expect(table).toContain("not as predicted");
    const markdown = compareMarkdown.text([comparison], options, "");
    const page = comparisonPage([comparison]).replace(/<style>.*<\/style>/s, "");
    for (const text of [table, markdown, page]) {
      expect(text).not.toMatch(/regression|candidate|worse|better|p[=<]0/i);
      expect(text).toContain("Not as predicted in scenario-5: Time Taken");
    }
  }
});

it("says how far a prediction allows for chance, and how to find out", () => {
  expect(
    conclusionText(compare(base, aSide([aSummary(260)], { ...measurement, runs: aSide([aSummary(260)]).runs }))),
  ).toBe("All 9 known figures of scenario-5 are as predicted.");
  expect(methodText(compare(base, measurement))).toMatch(/10 runs, which differ by chance alone;.*--ranges/);
  expect(methodText(compare(aSide(tenRuns(260), { ranges: true }), measurement))).toMatch(
    /drawn from what is plausible/,
  );
  const single = compare(aSide([aSummary(260)]), measurement);
  expect(conclusionText(single)).toBe(
    "The prediction of scenario-5 has too few runs to be judged; measured and predicted differ in Time Taken +15.4%.",
  );
  expect(methodText(single)).toContain("--repeat 20");
  const thresholds = { timeTakenSeconds: { share: 0.05 } };
  expect(conclusionText(compare(base, measurement, { ...defaultOptions, thresholds }))).toMatch(
    /^Beyond the threshold in scenario-5: Time Taken \+15.4%\./,
  );
});

it("names the profile of a side that went by one", () => {
  expect(sideText(aSide(tenRuns(1), { profile: "an-account (0123abcd)", seeds: [1, 2] }))).toContain(
    "(local, platform 2026, profile an-account (0123abcd), seeds 1-2)",
  );
});

it.each([60, 80, 100, 160])("draws a table of at most %i columns", (columns) => {
  const text = compareTable([compare(base, aSide(tenRuns(286)))], { ...options, columns, colour: true });
  expect(widthOf(text)).toBeLessThanOrEqual(columns);
  expect(text).toContain("Time Taken");
});

it("draws the interval where there is room for it", () => {
  const text = compareTable([compare(base, aSide(tenRuns(286)))], { ...options, columns: 160 });
  expect(text).toContain("difference [95% interval]");
  expect(text).toMatch(/\+26 s \(\+10\.0%\) \[\+25\.\d+, \+26\.\d+\]/);
});
