/** The timeline picture, read as the XML that it is. */

import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import type { MetricSeries, TimelinePoint } from "../../../src/model.ts";
import { panelsOf, peakOf } from "../../../src/reports/pictures/panels.ts";
import { picture } from "../../../src/reports/pictures/svg.ts";
import { row, start } from "../metrics/rows.ts";
import { aRecord, recordOf, records } from "../records/a-record.ts";

function ofSeconds(seconds: number, point: (second: number) => Partial<TimelinePoint>): TimelinePoint[] {
  return Array.from({ length: seconds }, (_, second) => ({
    second,
    inserts: 0,
    deadLetters: 0,
    overlap: 0,
    ...point(second),
  }));
}

interface Label {
  x: number;
  y: number;
  text: string;
  class: string;
}

function texts(svg: string): Label[] {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", parseTagValue: false });
  return parser.parse(svg).svg.text.map(
    (one: Record<string, string>): Label => ({
      x: Number(one.x),
      y: Number(one.y),
      text: one["#text"]!,
      class: one.class!,
    }),
  );
}

/** From where to where a label reaches, in a font that is rather wide. */
function extentOf({ x, text, class: classes }: Label): { from: number; to: number } {
  const wide = text.length * 6.5;
  const from = classes.includes("middle") ? x - wide / 2 : classes.includes("end") ? x - wide : x;
  return { from, to: from + wide };
}

/** Relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

describe("the panels", () => {
  it("show calls, inserts and concurrency always, throttles where there are any", () => {
    const titles = (record = aRecord()) => panelsOf(record, 800).panels.map(({ title }) => title);
    expect(titles()).toEqual(["Calls in any second", "DB inserts per second", "Concurrency", "Throttles per minute"]);
    expect(titles(recordOf([row(1, 0)], [], { metrics: [] }))).toEqual([
      "Calls in any second",
      "DB inserts per second",
      "Concurrency",
    ]);
  });

  it("tell of an older record without calls and flow what it has: inserts and dead letters", () => {
    const titles = panelsOf(aRecord({ flow: null, calls: null }), 800).panels.map(({ title }) => title);
    expect(titles).toEqual(["DB inserts per second", "Concurrency", "Throttles per minute", "Dead letters per second"]);
  });

  it("set the limit beside calls and inserts, and mark what is over it", () => {
    const limitOf = (limit: string) =>
      panelsOf(
        aRecord({ expected: { ...aRecord().expected!, limit: { limit, toleranceMs: 100, origin: "flag" } } }),
        800,
      )
        .panels.slice(0, 2)
        .map((panel) => panel.limit);
    expect(limitOf("3/s")).toEqual(Array(2).fill({ text: "limit 3/s", value: 3 }));
    expect(limitOf("30/m")).toEqual([{ text: "limit 30/m", value: 30 }, null]);
    expect(limitOf("0.5/s")).toEqual([{ text: "limit 0.5/s", value: 1 }, null]);
    const [calls] = panelsOf(recordOf([row(1, 0), row(2, 100), row(3, 5_000)], []), 800).panels;
    expect(calls!.series.map(({ name, spans }) => [name, spans.map(({ value }) => value)])).toEqual([
      ["calls", [1]],
      ["over the limit", [2]],
    ]);
  });

  it("put many seconds together without losing a peak", () => {
    const timeline = ofSeconds(100_000, (second) => ({ inserts: second === 77_777 ? 9 : 1 }));
    const [, inserts] = panelsOf(aRecord({ timeline }), 800).panels;
    expect(inserts!.title).toBe("DB inserts per second, the highest of each 125 s");
    expect(inserts!.series[0]!.spans).toHaveLength(800);
    expect(peakOf(inserts!)).toBe(9);
  });

  it("show the average of each minute beside the highest seconds, where these hide the empty ones", () => {
    const seriesOf = (seconds: number) =>
      panelsOf(aRecord({ timeline: ofSeconds(seconds, (second) => ({ inserts: second % 4 === 0 ? 2 : 0 })) }), 800)
        .panels[1]!.series;
    expect(seriesOf(800)).toHaveLength(1);
    const [, average] = seriesOf(1_290);
    expect(average).toMatchObject({ name: "average of each minute", drawn: "line" });
    expect(average!.spans).toHaveLength(22);
    expect(average!.spans[0]).toEqual({ from: 0, to: 60, value: 0.5 });
    expect(average!.spans.at(-1)).toEqual({ from: 1_260, to: 1_290, value: 16 / 30 });
    expect(seriesOf(100_000)[1]!.name).toBe("average of each 14 min");
  });

  it("set CloudWatch's minutes on the seconds of the run", () => {
    const queue: MetricSeries = {
      name: "queue.ApproximateNumberOfMessagesVisible",
      statistic: "Maximum",
      points: [0, 1, 2, 9].map((minute) => ({ timestamp: start + minute * 60_000, value: 9 - minute })),
    };
    const completed = Array.from({ length: 150 }, (_, second) => row(second + 1, 10_000 + second * 1_000));
    const { panels } = panelsOf(recordOf(completed, [], { metrics: [queue] }), 800);
    const { spans } = panels.find(({ title }) => title.startsWith("Messages"))!.series[0]!;
    expect(spans.map(({ value }) => value)).toEqual([9, 8, 7]);
    expect(spans[0]!.from).toBe(0);
    for (const [index, second] of [60, 120, 160].entries()) {
      expect(Math.abs(spans[index]!.to - second)).toBeLessThanOrEqual(0.5);
    }
  });

  it("leave metrics out where it cannot be told when second 0 was", () => {
    const { panels } = panelsOf({ ...recordOf([], [row(1, 9_000)]), flow: null }, 800);
    expect(panels.map(({ title }) => title)).not.toContain("Throttles per minute");
  });
});

describe("the svg picture", () => {
  it("names its run, says that it is a prediction, and gives the unit of each axis", () => {
    const shown = texts(picture(aRecord())).map(({ text }) => text);
    expect(shown).toEqual(
      expect.arrayContaining([
        "scenario-4 · reserved concurrency 1",
        "PREDICTION (local, platform 2026, seed 1) · run 20261123-093412-ab12",
        "DB inserts per second",
        "time since the first event was sent (min:s)",
      ]),
    );
  });

  it("rises at once where an event is published, however long nothing happens after it", () => {
    const [, published] = /<path class="line-published" d="([^"]*)"/.exec(picture(recordOf([row(1, 900_000)], [])))!;
    expect(published).toMatch(/^M64 [\d.]+L6[45](\.\d)? [\d.]+L/);
    const heights = [...published!.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
    expect(heights[1]).toBe(heights.at(-1));
  });

  it("says whose drawing it is where a run was repeated", () => {
    const record = aRecord();
    const uncertainty = { ranges: false, runs: [{ ...record, seed: 7 }], intervals: {} };
    expect(picture({ ...record, uncertainty })).toContain("Events of the run with seed 7, cumulative");
  });

  it("says the verdict above its panels, with marks, but not on a page, which has it already", () => {
    const svg = picture(aRecord());
    const places = ["Limit 1/s kept", "Lost 2 of 12 events", "Drained in 12.3 s", "Events, cumulative"].map((words) =>
      svg.indexOf(words),
    );
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
    expect(svg).toContain('<path class="line-failed" d="M22 ');
    expect(picture(aRecord(), "page")).not.toContain("Limit 1/s kept");
  });

  it.each([
    ["1 event", recordOf([row(1, 0)], [])],
    ["no event", recordOf([], [])],
    ["1900 seconds", aRecord({ timeline: ofSeconds(1_900, (second) => ({ inserts: second % 2 })) })],
    ["100,000 seconds", aRecord({ timeline: ofSeconds(100_000, (second) => ({ inserts: second % 7 })) })],
    ["a million events", aRecord({ timeline: ofSeconds(25, () => ({ inserts: 40_000, overlap: 990 })) })],
  ])("keeps labels apart and inside for %s", (_, record) => {
    const svg = picture(record);
    const height = Number(/height="(\d+)"/.exec(svg)![1]);
    const labels = texts(svg).map((label) => ({ ...label, ...extentOf(label) }));
    for (const label of labels) {
      expect(label.y).toBeLessThan(height);
      expect(label.from).toBeGreaterThanOrEqual(0);
      expect(label.to).toBeLessThanOrEqual(960);
      const beside = labels.filter((other) => other !== label && other.y === label.y && other.from >= label.from);
      for (const other of beside) expect(other.from).toBeGreaterThan(label.to);
    }
  });

  it("stays small for 100,000 seconds", () => {
    const timeline = ofSeconds(100_000, (second) => ({
      inserts: (second * 7_919) % 101,
      deadLetters: second % 3,
      overlap: 5,
    }));
    expect(picture(aRecord({ timeline })).length).toBeLessThan(60_000);
  });

  it("draws many seconds of one value as one stroke, and leaves out seconds without calls", () => {
    const path = (beganAt: number[]) =>
      /<path class="line-calls" d="([^"]*)"/.exec(
        picture(
          recordOf(
            beganAt.map((at, index) => row(index + 1, at)),
            [],
          ),
        ),
      )![1]!;
    const everySecond = Array.from({ length: 600 }, (_, second) => second * 1_000);
    expect(path(everySecond).match(/M/g)).toHaveLength(1);
    expect(path(everySecond.filter((at) => at !== 300_000)).match(/M/g)).toHaveLength(2);
  });

  it.each(["light", "dark"] as const)("has marks that stand out from their ground in %s, by WCAG's 3 to 1", (theme) => {
    const svg = picture(aRecord(), theme);
    const ground = luminance(/\.background\{fill:(#\w{6})/.exec(svg)![1]!);
    const marks = [...svg.matchAll(/\.fill-([\w-]+)\{fill:(#\w{6})/g)];
    expect(marks.length).toBeGreaterThan(6);
    for (const [, tone, colour] of marks) {
      const [dark, light] = [ground, luminance(colour!)].sort((a, b) => a - b);
      expect((light! + 0.05) / (dark! + 0.05), tone).toBeGreaterThanOrEqual(3);
    }
  });

  it("follows the reader's system only where no theme is asked for", () => {
    expect(picture(aRecord())).toContain("@media screen and (prefers-color-scheme:dark)");
    expect(picture(aRecord(), "light")).not.toContain("@media");
    expect(picture(aRecord(), "dark")).toContain(".background{fill:#111827}");
  });

  it("is well-formed whatever the record, and refers to nothing", () => {
    fc.assert(
      fc.property(records, fc.string({ unit: "binary" }), (record, title) => {
        const svg = picture({ ...record, title });
        expect(XMLValidator.validate(svg)).toBe(true);
        expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|<image|url\(/);
      }),
      { numRuns: 60, examples: [[aRecord(), "<b>&\"'</b>"]] },
    );
  });
});
