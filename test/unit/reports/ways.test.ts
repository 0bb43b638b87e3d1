/** The comparison of ways reads at any width, says what it means by its marks, and hides no loss. */
import { describe, expect, it } from "vitest";
import { seriesTable, wayFormats, waysTable } from "../../../src/reports/comparisons/ways.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { aWay } from "../metrics/a-way.ts";
import { aRecord } from "../records/a-record.ts";

const options = { columns: 200, colour: false, details: false };
const ways = [
  aWay({ name: "does-not-throttle", status: "exceeded", peakCalls: 21, timeTakenSeconds: 63.4, waitOldestMs: 1_600 }),
  aWay({ name: "fast", timeTakenSeconds: { median: 258, low: 200, high: 300 }, whenToUse: "When it has to be fast." }),
  aWay({ name: "slow-and-of-a-long-name", timeTakenSeconds: 6_000 }),
  aWay({ name: "loses-rarely", lost: { median: 0, low: 0, high: 4 } }),
  aWay({ name: "exceeds", status: "exceeded", peakCalls: 5, throttles: null }),
];
const names = ["fast", "slow-and-of-a-long-name", "loses-rarely", "exceeds", "does-not-throttle"];
const markdown = (of = ways) => wayFormats.find(({ name }) => name === "markdown")!.text(of, options, "");

describe("the table of ways", () => {
  it("has a row for each under the title of what it does, the answer first", () => {
    const lines = waysTable(ways, options).split("\n");
    const found = lines.flatMap((line) => {
      const [, first] = /^│ (.+?)(?: {2,}| │)/.exec(line) ?? [];
      return first === undefined || first === "way" ? [] : [first.trim()];
    });
    expect(found.filter((first) => first !== "")).toEqual([
      "Keep 1/s and lose nothing, the fastest first",
      "fast",
      "slow-and-of-a-long-name",
      "Keep 1/s, and lose events",
      "loses-rarely",
      "Do not keep 1/s, the highest peak last",
      "exceeds",
      "Are no throttle to 1/s: at the peak 10 times as many calls, or more",
      "does-not-throttle",
    ]);
  });

  it("fits every width from 60 columns on, and always tells peak, loss and time", () => {
    for (let columns = 60; columns <= 220; columns += columns < 120 ? 3 : 25) {
      const text = waysTable(ways, { ...options, columns });
      expect([columns, widthOf(text) <= columns]).toEqual([columns, true]);
      for (const head of ["way", "peak", "lost", "drained"]) expect(text).toContain(head);
      for (const name of names) expect(text).toContain(name);
    }
  });

  it("tells more the wider it is, and when to use each where sentences have room", () => {
    const shown = (columns: number) => waysTable(ways, { ...options, columns });
    expect(shown(70)).not.toContain("million");
    expect(shown(110)).toContain("million");
    expect(shown(110)).not.toContain("When it has to be fast.");
    expect(shown(200)).toContain("When it has to be fast.");
    expect(shown(200)).toContain("4.3 min (3.3-5 min)");
    expect(shown(110)).not.toContain("(3.3-5 min)");
  });

  it("says what a burst is, and how often it comes", () => {
    expect(waysTable(ways, options)).toContain("Bursts of 1000 events.");
    const spikes = { count: 4, everyMs: 600_000, reachedIn: 0, waiting: [0, 0, 0, 0], spareMs: 1 };
    const repeated = ways.map((way) => ({ ...way, verdict: { ...way.verdict, spikes } }));
    expect(waysTable(repeated, options)).toContain("Bursts of 250 events, 4 in each run, 10 min from one to the next.");
  });

  it("shows a loss of few runs in every layout, and what is not known as missing", () => {
    for (const columns of [60, 200]) {
      expect(waysTable(ways, { ...options, columns })).toMatch(/loses-rarely +│ +✓ 1 │ +0-4 │/);
    }
    expect(waysTable(ways, options)).toMatch(/exceeds +│ +✗ 5 │.*│ missing │/);
  });

  it("names a way that breaks its claims", () => {
    const [first, ...others] = ways;
    const claims = [
      { claim: "keeps-limit", status: "broken", brokenIn: 1, most: 3 },
      { claim: "no-duplicates", status: "held", brokenIn: 0, most: 0 },
    ] as const;
    const text = waysTable([{ ...first!, verdict: { ...first!.verdict, claims: [...claims] } }, ...others], options);
    expect(text).toContain("does-not-throttle breaks its claims: keeps the limit.");
    expect(waysTable(ways, options)).not.toContain("claims");
  });

  it("says that not all events came through, instead of a time", () => {
    expect(waysTable([aWay({ lost: 3, missing: 3 })], options)).toMatch(/│ +✓ 1 │ +3 │ not all │/);
  });

  it("counts calls in the window of the limit", () => {
    const head = (limit: string) => waysTable([aWay({ limit })], options).split("\n")[3];
    expect([head("30/m"), head("5/s"), head("0.5/s")]).toEqual([
      expect.stringContaining("calls/min"),
      expect.stringContaining("calls/s "),
      expect.stringContaining("calls/2 s"),
    ]);
  });
});

describe("the other formats", () => {
  it("has in Markdown a row for each with all figures, whatever the width, and no broken words", () => {
    const text = markdown();
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
    expect(rows[0]).toBe(
      "| way | peak calls/s | lost | drained in | oldest wait | out of order | duplicates | throttles | USD per million | when to use it |",
    );
    expect(rows).toHaveLength(2 + 4 + 5);
    expect(text).toContain("When it has to be fast.");
  });

  it("gives JSON in the same order", () => {
    const text = wayFormats.find(({ name }) => name === "json")!.text(ways, options, "");
    expect(JSON.parse(text).map(({ name }: { name: string }) => name)).toEqual(names);
  });
});

describe("a series of runs", () => {
  const records = [aRecord({ scenario: "fast" }), aRecord({ scenario: "exceeds" })];

  it("is the table alone, and with details each run above it", () => {
    const alone = seriesTable(ways, records, options);
    expect(alone).not.toContain("Total Events");
    const detailed = seriesTable(ways, records, { ...options, details: true });
    expect(detailed.match(/│ Total Events/g)).toHaveLength(2);
    expect(detailed.endsWith(alone)).toBe(true);
    expect(detailed).not.toContain("Summary");
  });

  it("names those for which it ends with status 1", () => {
    const [first] = ways;
    const broken = { ...first!, verdict: { ...first!.verdict, broken: ["limit" as const] } };
    const text = seriesTable([broken, aWay({ name: "misses", lost: 3, missing: 3 })], records, options);
    expect(text).toContain("Events are missing of misses (3).");
    expect(text).toContain("The limit that was asked for is broken by does-not-throttle.");
  });
});
