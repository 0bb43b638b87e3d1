/** A sweep reads at any width and without colours, says which cells keep what is asked, and hides none that AWS would refuse. */
import { stripVTControlCharacters } from "node:util";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import type { TextFormat } from "../../../../src/reports/format.ts";
import { compact, mapsOf } from "../../../../src/reports/sweeps/map.ts";
import { mapPicture } from "../../../../src/reports/sweeps/map-svg.ts";
import { sweepFormats } from "../../../../src/reports/sweeps/sweeps.ts";
import { sweepTable } from "../../../../src/reports/sweeps/table.ts";
import {
  conclusionText,
  type MapFigure,
  mapFigureNamed,
  type SweepView,
} from "../../../../src/reports/sweeps/words.ts";
import { widthOf } from "../../../../src/reports/text.ts";
import type { Axis, Sweep } from "../../../../src/simulation/sweep/sweep.ts";
import { aSweep, type CellFacts, twoAxes } from "./a-sweep.ts";

const options = { columns: 100, colour: false, details: false };

/** Ten seconds are too short, two at a time are too many; two of the cells keep all. */
function facts(visibility: string, reserved: string): CellFacts {
  if (visibility === "10") return { refusal: "The timeout is longer than 10 s." };
  if (reserved === "2") return { peak: 2, seconds: 560 };
  return visibility === "60" ? { seconds: 1_090, cost: 5 } : { seconds: 1_100, cost: 4.85 };
}

const sweep = aSweep({ facts });

function viewOf(of: Sweep, figure: MapFigure = "waitOldestMs"): SweepView {
  return { sweep: of, figure };
}

function printed(format: string, of: Sweep, rest: Partial<typeof options> = {}): string {
  const chosen = sweepFormats.find(({ name }) => name === format) as TextFormat<SweepView>;
  return chosen.text([viewOf(of)], { ...options, ...rest }, "");
}

describe("the conclusion", () => {
  it("says in how many cells all is kept, and names the fastest and the cheapest with their figures", () => {
    expect(conclusionText(sweep)).toBe(
      "Keeps 1/s and loses nothing in 2 of 6 cells; the fastest is VisibilityTimeout=60 ReservedConcurrency=1: drained in 18 min, oldest wait 18 min, 5.00 USD per million events; the cheapest is VisibilityTimeout=120 ReservedConcurrency=1: drained in 18 min, oldest wait 18 min, 4.85 USD per million events.",
    );
  });

  it("names one cell where the fastest is the cheapest, too", () => {
    expect(conclusionText(aSweep({ facts: (visibility) => (visibility === "10" ? {} : { lost: 3 }) }))).toBe(
      "Keeps 1/s and loses nothing in 2 of 6 cells; the fastest is VisibilityTimeout=10 ReservedConcurrency=1: drained in 18 min, oldest wait 18 min, 4.85 USD per million events, and none is much cheaper.",
    );
  });

  it("names the nearest where none keeps it, and what it breaks", () => {
    const none = aSweep({
      facts: (visibility, reserved) => ({ lost: Number(visibility), peak: Number(reserved) + 1 }),
    });
    expect(conclusionText(none)).toBe(
      "No cell of 6 keeps 1/s and loses nothing. The nearest is VisibilityTimeout=10 ReservedConcurrency=1: limit 1/s exceeded in 3 of 3 runs, in up to 4 seconds, peak 2 calls in one second; events lost in 3 of 3 runs, at most 10 of 1000 events (dead-lettered); drained in at most 18 min 20 s, oldest waited at most 18 min 20 s.",
    );
  });

  it("says what was asked", () => {
    const lenient = aSweep({
      facts,
      expected: {
        maxLoss: { allowed: { share: 0.01 }, origin: "flag" },
        maxWait: { allowedMs: 1_095_000, origin: "flag" },
      },
    });
    expect(conclusionText(lenient)).toMatch(
      /^Keeps 1\/s, loses at most 1% and lets no event wait longer than 18 min 15 s in 1 of 6 cells; the fastest is VisibilityTimeout=60 /,
    );
  });
});

describe("the verdict on a cell", () => {
  const standingWith = (of: CellFacts, expected: Parameters<typeof aSweep>[0] = {}) =>
    aSweep({ axes: [twoAxes[1]!], facts: () => of, ...expected }).cells[0]!.standing;

  it("is that of its worst run, and of nothing that was allowed", () => {
    const allowed = (amount: number) => ({ expected: { maxLoss: { allowed: { amount }, origin: "flag" as const } } });
    expect(standingWith({})).toBe("keeps");
    expect(standingWith({ lost: 1 })).toBe("breaks");
    expect(standingWith({ lost: 5 }, allowed(5))).toBe("keeps");
    expect(standingWith({ lost: 6 }, allowed(5))).toBe("breaks");
    expect(standingWith({ peak: 2 })).toBe("breaks");
    expect(standingWith({ refusal: "No." })).toBe("refused");
  });

  it("asks for no limit where there is none", () => {
    expect(standingWith({ peak: 2 }, { expected: { limit: null } })).toBe("keeps");
  });
});

describe("a terminal", () => {
  const wide: Axis = {
    of: "setting",
    name: "WorkMs",
    values: Array.from({ length: 30 }, (_, index) => `${index + 1}00`),
  };
  const sweeps: [string, Sweep][] = [
    ["two settings", sweep],
    ["two settings, none of which keeps it", aSweep({ facts: () => ({ lost: 3, peak: 7 }) })],
    ["one setting", aSweep({ axes: [twoAxes[0]!], facts: (visibility) => facts(visibility, "1") })],
    ["a long range", aSweep({ axes: [wide, twoAxes[1]!] })],
    ["two long ranges", aSweep({ axes: [wide, { ...wide, name: "VisibilityTimeout" }], seeds: [1] })],
    ["four settings", aSweep({ axes: [...twoAxes, ...twoAxes.map((axis) => ({ ...axis, name: `${axis.name}2` }))] })],
  ];

  it.each(sweeps)("has room for %s from 60 columns on, coloured or not", (_, of) => {
    for (const columns of [60, 80, 120]) {
      for (const colour of [false, true]) {
        const text = sweepTable(viewOf(of), { ...options, columns, colour });
        expect([columns, colour, widthOf(text) <= columns]).toEqual([columns, colour, true]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of colours
        expect(/\u001b/.test(text)).toBe(colour);
      }
    }
  });

  it("shows the same with colours as without", () => {
    const plain = sweepTable(viewOf(sweep), options);
    const coloured = stripVTControlCharacters(sweepTable(viewOf(sweep), { ...options, colour: true }));
    const withoutRamp = (text: string) => text.replace(/(runs \(.*\): \S+).* (\S+)$/m, "$1 to $2").replace(/ +$/gm, "");
    expect(withoutRamp(coloured)).toBe(withoutRamp(plain));
  });

  it("marks every cell of the map, the fastest and those that AWS would refuse, and says what the marks mean", () => {
    const lines = sweepTable(viewOf(sweep), options).split("\n");
    const map = lines.slice(lines.findIndex((line) => line.includes("→ ReservedConcurrency")));
    expect(map.slice(0, 8)).toEqual([
      "                  → ReservedConcurrency",
      "VisibilityTimeout    1        2    ",
      "               10    —        —",
      "               60  ✓ 18m*   ✗ 9.3m",
      "              120  ✓ 18m    ✗ 9.3m",
      "",
      "Oldest wait, median of 3 runs (m: minutes): 9.3m to 18m",
      "✓ keeps 1/s and loses nothing · ✗ does not, in some run · — AWS would refuse it · * the fastest",
    ]);
    expect(lines).toContain("AWS would refuse 2 cells: The timeout is longer than 10 s.");
  });

  it("leaves the numbers of a map out where they have no room, and shows every mark", () => {
    const many = aSweep({
      axes: [wide, { ...wide, name: "VisibilityTimeout" }],
      seeds: [1],
      facts: (work, visibility) => (Number(work) > Number(visibility) ? { lost: 1 } : {}),
    });
    const lines = sweepTable(viewOf(many), { ...options, columns: 80 }).split("\n");
    const head = lines.findIndex((line) => line.includes("→ VisibilityTimeout 100 … 3000, from left to right"));
    const map = lines.slice(head + 2, head + 2 + 30).map((line) => line.slice(7).replaceAll(" ", ""));
    expect(map).toEqual(
      wide.values.map((_, row) =>
        wide.values.map((_, column) => (row > column ? "✗" : row + column > 0 ? "✓" : "*")).join(""),
      ),
    );
  });

  it("draws a bar for each value of a single setting", () => {
    const single = aSweep({
      axes: [twoAxes[1]!],
      facts: (reserved) => ({ peak: Number(reserved), seconds: reserved === "1" ? 1_000 : 500 }),
    });
    const lines = sweepTable(viewOf(single), { ...options, columns: 70 }).split("\n");
    const bars = lines
      .filter((line) => line.includes("█"))
      .map((line) => line.replace(/█+/, (bar) => String(bar.length)));
    expect(bars).toEqual(["                  1 ✓ 17m* 40", "                  2 ✗ 8.3m 20"]);
  });

  it("shows of many cells the best, of all with --details, and says how many there are", () => {
    const many = aSweep({ axes: [wide, twoAxes[1]!], seeds: [1], facts: (work) => ({ seconds: Number(work) }) });
    const rowsOf = (text: string) => text.split("\n").filter((line) => /^│ [✓✗—~]/.test(line)).length;
    const text = sweepTable(viewOf(many), options);
    expect(rowsOf(text)).toBe(30);
    expect(text).toContain("The best 30 of 60 cells; --details prints all, and so do --csv and --json.");
    expect(rowsOf(sweepTable(viewOf(many), { ...options, details: true }))).toBe(60);
  });

  it("has the rows by what they keep, the fastest first, with the peak, the loss and the cost of each", () => {
    const rows = sweepTable(viewOf(sweep), options)
      .split("\n")
      .filter((line) => line.startsWith("│"))
      .map((line) => line.replaceAll(/ *│ */g, "|"));
    expect(rows.slice(2).map((row) => row.slice(1, -1))).toEqual([
      "Keep 1/s and lose nothing, the fastest first",
      "✓|60|1|✓ 1|0|18 min|18 min|7|5.00|0.50",
      "✓|120|1|✓ 1|0|18 min|18 min|7|4.85|0.48",
      "Do not, the lowest peak and the least loss first",
      "✗|60|2|✗ 2|0|9.3 min|9.3 min|7|4.85|0.48",
      "✗|120|2|✗ 2|0|9.3 min|9.3 min|7|4.85|0.48",
      "AWS would refuse these",
      "—|10|1|—|—|—|—|—|—|—",
      "—|10|2|—|—|—|—|—|—|—",
    ]);
  });
});

describe("the maps", () => {
  const third: Axis = { of: "burst", name: "rate", values: ["10/s", "50/s"] };

  it("have every cell once, where its values say", () => {
    const of = aSweep({ axes: [...twoAxes, third, { of: "number", name: "database.connectMs", values: ["5", "60"] }] });
    const { maps } = mapsOf(viewOf(of));
    expect(maps.map(({ title }) => title)).toEqual([
      "rate=10/s database.connectMs=5",
      "rate=10/s database.connectMs=60",
      "rate=50/s database.connectMs=5",
      "rate=50/s database.connectMs=60",
    ]);
    for (const { title, rows, columns, cells } of maps) {
      for (const [row, line] of cells.entries()) {
        for (const [column, { cell }] of line.entries()) {
          const [first, second, ...rest] = cell.values;
          expect([first, second]).toEqual([rows.values[row], columns!.values[column]]);
          expect(title).toBe(`rate=${rest[0]} database.connectMs=${rest[1]}`);
        }
      }
    }
    expect(new Set(maps.flatMap(({ cells }) => cells.flat().map(({ cell }) => cell))).size).toBe(of.cells.length);
  });

  it("shade from the least to the greatest value, whatever the figure", () => {
    const of = aSweep({ axes: [twoAxes[0]!], facts: (visibility) => ({ seconds: Number(visibility), lost: 1 }) });
    const [map] = mapsOf(viewOf(of, "timeTakenSeconds")).maps;
    expect(map!.cells.flat().map(({ shade }) => shade)).toEqual([0, 2, 5]);
    expect(
      mapsOf(viewOf(of, "lost"))
        .maps[0]!.cells.flat()
        .map(({ shade, text }) => [shade, text]),
    ).toEqual(Array(3).fill([0, "1"]));
    expect(["lost", "peakCalls", "oldestWait", "speed"].map(mapFigureNamed)).toEqual([
      "lost",
      "peakCalls",
      "waitOldestMs",
      undefined,
    ]);
  });

  it("hide no loss of few runs behind a median of 0, and neither does the table", () => {
    const of = aSweep({
      axes: [twoAxes[0]!],
      facts: (visibility) => ({ lost: 4, lostIn: visibility === "10" ? 1 : 0 }),
    });
    for (const figure of ["lost", "eventsFailed"] as const) {
      const [map] = mapsOf(viewOf(of, figure)).maps;
      expect(map!.cells.flat().map(({ standing, text }) => [standing, text])).toEqual([
        ["breaks", "0-4"],
        ["keeps", "0"],
        ["keeps", "0"],
      ]);
    }
    expect(sweepTable(viewOf(of), options)).toMatch(/│ ✗ │ +10 │ +✓ 1 │ +0-4 │/);
  });

  it("have numbers short enough for a cell, in one unit where that is readable", () => {
    expect([850, 42_000, 1_079_000, 5_800_000].map((ms) => compact(ms, "milliseconds"))).toEqual([
      "0.8s",
      "42s",
      "18m",
      "1.6h",
    ]);
    expect([compact(0.005, "share"), compact(0.7, "share"), compact(4.851, "dollars")]).toEqual(["<1%", "70%", "4.85"]);
    expect([compact(0.00123, "dollars"), compact(12_345, "count"), compact(null, "count")]).toEqual([
      "0.0012",
      "12.3k",
      "missing",
    ]);
    const seconds = (facts: Record<string, number>) => {
      const of = aSweep({ axes: [twoAxes[0]!], facts: (visibility) => ({ seconds: facts[visibility]! }) });
      return mapsOf(viewOf(of, "timeTakenSeconds"))
        .maps[0]!.cells.flat()
        .map(({ text }) => text);
    };
    expect(seconds({ 10: 42, 60: 108, 120: 218 })).toEqual(["42s", "108s", "218s"]);
    expect(seconds({ 10: 4, 60: 108, 120: 2_180 })).toEqual(["4s", "1.8m", "36m"]);
  });
});

describe("the picture", () => {
  interface Drawn {
    name: string;
    attributes: Record<string, string>;
  }

  /** Every element of the picture, in its order. */
  function elementsOf(svg: string): Drawn[] {
    const found: Drawn[] = [];
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", preserveOrder: true });
    const visit = (nodes: Record<string, unknown>[]) => {
      for (const node of nodes) {
        const [name] = Object.keys(node).filter((key) => key !== ":@");
        if (name === undefined || name === "#text") continue;
        found.push({ name, attributes: (node[":@"] ?? {}) as Record<string, string> });
        visit(node[name] as Record<string, unknown>[]);
      }
    };
    visit(parser.parse(svg));
    return found;
  }

  const pictures: [string, Sweep][] = [
    ["two settings", sweep],
    ["one setting", aSweep({ axes: [twoAxes[1]!], facts: (reserved) => ({ peak: Number(reserved) }) })],
    ["three", aSweep({ axes: [...twoAxes, { of: "burst", name: "rate", values: ["1/s", "<&>"] }], facts })],
  ];

  it.each(pictures)("of %s is whole XML that asks for nothing", (_, of) => {
    for (const theme of ["light", "system", "page"] as const) {
      const svg = mapPicture(viewOf(of), theme);
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg).not.toMatch(/<script|<image|href=|@import|@font-face/);
    }
  });

  it("says the verdict of each cell by a mark and hatching, not by colour alone", () => {
    const elements = elementsOf(mapPicture(viewOf(sweep), "light"));
    const withClass = (name: string) => elements.filter(({ attributes }) => attributes.class === name);
    // Two cells that break it and a ramp and a sample of the legend are hatched; each simulated cell and each sample has a mark.
    expect(withClass("over")).toHaveLength(2 + 6 + 1);
    expect(withClass("mark")).toHaveLength(4 + 2);
    expect(withClass("none")).toHaveLength(2 + 1);
    expect(withClass("best")).toHaveLength(1 + 1);
  });

  it.each(pictures)("of %s has all that is drawn within it", (_, of) => {
    const elements = elementsOf(mapPicture(viewOf(of), "light"));
    const { width, height } = elements[0]!.attributes;
    for (const { name, attributes } of elements.filter((one) => one.name === "rect")) {
      const [right, bottom] = [
        Number(attributes.x ?? 0) + Number(attributes.width),
        Number(attributes.y ?? 0) + Number(attributes.height),
      ];
      expect([name, right <= Number(width), bottom <= Number(height)]).toEqual([name, true, true]);
    }
  });
});

describe("the other formats", () => {
  it("have in CSV a line for each cell in the order of the axes, with nothing where a figure is missing", () => {
    const lines = printed("csv", sweep).split("\n");
    expect(lines).toHaveLength(1 + 6);
    expect(lines[0]).toMatch(
      /^VisibilityTimeout,ReservedConcurrency,verdict,runs,exceededIn,lostIn,peakCalls,peakCalls_p5,peakCalls_p95,lost,/,
    );
    expect(lines[1]).toMatch(/^10,1,refused,,,,,,.*,The timeout is longer than 10 s\.$/);
    expect(lines[3]).toMatch(/^60,1,keeps,3,0,0,1,1,1,0,0,0,1000,1000,1000,/);
    expect(new Set(lines.map((line) => line.split(",").length)).size).toBe(1);
  });

  it("have in JSON everything, and `none` where there is no limit", () => {
    const cell = { ...sweep.cells[0]!, assumptions: { "database.maximumConnections": Number.POSITIVE_INFINITY } };
    const parsed = JSON.parse(printed("json", { ...sweep, cells: [cell, ...sweep.cells.slice(1)] }));
    expect(parsed.cells).toHaveLength(6);
    expect(parsed.cells[0].assumptions).toEqual({ "database.maximumConnections": "none" });
    expect(parsed.cells[2].figures.waitOldestMs).toEqual({ median: 1_090_000, low: 1_090_000, high: 1_090_000 });
    expect(parsed.fastest).toBe(2);
  });

  it("have in Markdown the conclusion, the map and the cells", () => {
    const text = printed("markdown", sweep);
    expect(text).toContain("## Sweep of scenario-4 (sqs-reserved-1)");
    expect(text).toContain("**Keeps 1/s and loses nothing in 2 of 6 cells;");
    expect(text).toMatch(/```text\n +→ ReservedConcurrency\n/);
    expect(text.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(2 + 3 + 6);
  });
});
