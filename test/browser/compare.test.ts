/** The page of a comparison in a real browser: it asks for nothing, shows every column on a desktop and fits a phone. */
import { describe, expect, it } from "vitest";
import { type Comparison, compare } from "../../src/metrics/compare.ts";
import { publishedSideOf, sideOf } from "../../src/metrics/sides.ts";
import { unknownWay, wayOfSide } from "../../src/metrics/ways.ts";
import type { RunRecord } from "../../src/model.ts";
import { comparisonPage } from "../../src/reports/comparisons/html.ts";
import { waysPage } from "../../src/reports/comparisons/ways.ts";
import { ofSeeds } from "../unit/metrics/a-side.ts";
import { row } from "../unit/metrics/rows.ts";
import { published, recordOf } from "../unit/records/a-record.ts";
import { faultsOf } from "./accessibility.ts";
import { Browser } from "./browser.ts";
import { chromiumPath, type View } from "./chromium.ts";

const desktop: View = { width: 1280, height: 900 };
const phone: View = { width: 390, height: 844, isPhone: true };

const single = aRun(1_200);
const short = aRun(1_000, { scenario: "scenario-3", runId: "short" });
const choice = compare(sideOf([short]), sideOf([single]));
/** Single runs name the noise in each verdict, repeats the interval in each difference: the widest cells of either. */
const comparisons: [string, Comparison][] = [
  ["two ways", choice],
  ["single runs", compare(publishedSideOf(single)!, sideOf([single]))],
  ["repeats", compare(sideOf([repeated(1_200, 1)]), sideOf([repeated(1_400, 50)]))],
];

describe.skipIf(chromiumPath() === null)("the page of a comparison in Chromium", () => {
  const browser = Browser.forTests();

  const show = (comparison: Comparison, view: View) => browser.show(comparisonPage([comparison]), view);

  it.each(comparisons)("shows %s on a desktop with no column out of sight", async (_, comparison) => {
    await show(comparison, desktop);
    const hidden = await browser.page.evaluate<number[]>(
      "[...document.querySelectorAll('.scrolls')].map((table) => table.scrollWidth - table.clientWidth)",
    );
    expect(hidden).toEqual([0]);
    expect(await browser.page.evaluate("document.querySelectorAll('.drawn svg').length")).toBeGreaterThan(0);
  });

  it.each(comparisons)("shows %s on a phone without a page that scrolls sideways", async (_, comparison) => {
    await show(comparison, phone);
    expect(await browser.page.evaluate("document.documentElement.scrollWidth")).toBe(phone.width);
  });

  it.each(
    comparisons.flatMap(([name, comparison]) =>
      (["light", "dark"] as const).map((scheme) => [name, scheme, comparison] as const),
    ),
  )("has no fault of accessibility with %s in %s", async (_, scheme, comparison) => {
    await show(comparison, { ...desktop, scheme });
    expect(await faultsOf(browser.page)).toEqual([]);
  });

  it.each([
    ["a desktop", desktop],
    ["a phone", phone],
  ])("ranks ways on %s, the answer first, and marks each once", async (_, view) => {
    const ways = [short, single].map((record) =>
      wayOfSide(unknownWay(record.scenario), sideOf([record]), record.expected!),
    );
    await browser.show(waysPage(ways), { ...view, scheme: "dark" });
    expect(await browser.page.evaluate("document.documentElement.scrollWidth")).toBe(view.width);
    expect(await browser.page.evaluate("document.querySelector('.conclusion').textContent")).toMatch(
      /serves 1\/s best/,
    );
    const marked = await browser.page.evaluate<string[]>(
      "[...document.querySelectorAll('td.good')].map((one) => one.textContent)",
    );
    expect(marked).toEqual(["✓ 1", "✓ 1"]);
    expect(await faultsOf(browser.page)).toEqual([]);
    expect(browser.page.errors).toEqual([]);
  });

  it("asks for nothing but itself", async () => {
    await show(comparisons[0]![1], { ...desktop, scheme: "dark" });
    expect(browser.page.requests).toHaveLength(1);
    expect(browser.page.errors).toEqual([]);
  });
});

/** A thousand events, one every so often. */
function aRun(everyMs: number, rest: Partial<RunRecord> = {}): RunRecord {
  const rows = Array.from({ length: 1_000 }, (_, index) =>
    row(index + 1, 1_500 + index * everyMs, { startedAt: 400 + index * everyMs }),
  );
  return recordOf(rows, [], { published, ...rest });
}

function repeated(everyMs: number, firstSeed: number): RunRecord {
  const summaries = Array.from({ length: 6 }, (_, index) => aRun(everyMs + index * 7).summary);
  return { ...aRun(everyMs), uncertainty: ofSeeds(firstSeed, summaries) };
}
