/** The course of a scenario's figures: sparklines, and figures that could not be had. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { figures, measuredFigures } from "../../../src/metrics/figures.ts";
import type { RunRecord } from "../../../src/model.ts";
import { history, sparkline } from "../../../src/reports/history.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { aRecord, records } from "../records/a-record.ts";

it("draws a sparkline from the lowest to the highest, with a gap where a figure is missing", () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([5, null, 10])).toBe("▁ █");
  expect(sparkline([3, 3])).toBe("▁▁");
  expect(sparkline([null, null])).toBe("  ");
});

it("has a character for every value", () => {
  const values = fc.array(fc.option(fc.double({ noNaN: true, min: -1e9, max: 1e9 })), { maxLength: 99 });
  fc.assert(
    fc.property(values, (some) => {
      expect(sparkline(some)).toMatch(new RegExp(`^[ ▁▂▃▄▅▆▇█]{${some.length}}$`));
    }),
  );
});

it("stays in width for ordinary names, whatever the figures are", () => {
  fc.assert(
    fc.property(fc.array(records, { minLength: 1, maxLength: 200 }), (some) => {
      const own = some.map((record, index) => ({ ...record, scenario: "scenario-4", runId: `run-${index}` }));
      expect(widthOf(history(own, { columns: 80, colour: false, details: false }))).toBeLessThanOrEqual(80);
    }),
    { numRuns: 20 },
  );
});

it("says that a figure is missing, and never draws it as 0", () => {
  const { summary } = aRecord();
  const text = history([aRecord({ summary: { ...summary, timeTakenSeconds: null } })], {
    columns: 100,
    colour: false,
    details: false,
  });
  expect(text).toMatch(/^time +missing$/m);
});

it("draws the course of every figure with details", () => {
  const record = aRecord({ grouping: { groups: 2, noisyShare: 0 } });
  const text = history([record], { columns: 100, colour: false, details: true });
  for (const figure of measuredFigures) {
    const { name, head, place } = figures[figure];
    const shown = place === "table" && head !== undefined ? head.replace("\n", " ") : name;
    expect(text).toMatch(new RegExp(`^${shown} +▁ `, "m"));
  }
  const ofOneGroup = history([aRecord()], { columns: 100, colour: false, details: true });
  expect(ofOneGroup).not.toContain("essage group");
});

it("has the limit beside what is counted per second, where all records were judged by one", () => {
  const limitedTo = (limit: string) =>
    aRecord({ expected: { ...aRecord().expected!, limit: { limit, toleranceMs: 100, origin: "flag" } } });
  const linesOf = (records: RunRecord[]) =>
    history(records, { columns: 100, colour: false, details: true })
      .split("\n")
      .filter((line) => line.includes("limit"));
  expect(
    linesOf([limitedTo("2/s"), limitedTo("2/s")]).map((line) => /^(.*?) +▁.* limit 2\/s$/.exec(line)?.[1]),
  ).toEqual([
    "inserts/s",
    "Max. DB Inserts Per Second",
    "Min. DB Inserts Per Second",
    "Throughput per second",
    "Peak in any rolling second",
  ]);
  expect(linesOf([limitedTo("2/s"), limitedTo("3/s")])).toEqual([]);
  expect(linesOf([limitedTo("30/m")])).toEqual([]);
});
