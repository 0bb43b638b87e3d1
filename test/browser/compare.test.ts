/** The page of a comparison in a real browser: it asks for nothing, shows every column on a desktop and fits a phone. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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
import { chromiumPath, Page, type View } from "./chromium.ts";

const desktop: View = { width: 1280, height: 900 };
const phone: View = { width: 390, height: 844, isPhone: true };

const single = aRun(1_200);
/** Single runs name the noise in each verdict, repeats the interval in each difference: the widest cells of either. */
const short = aRun(1_000, { scenario: "scenario-3", runId: "short" });
const choice = compare(sideOf([short]), sideOf([single]));
const comparisons: [string, Comparison][] = [
  ["two ways", choice],
  ["single runs", compare(publishedSideOf(single)!, sideOf([single]))],
  ["repeats", compare(sideOf([repeated(1_200, 1)]), sideOf([repeated(1_400, 50)]))],
];

describe.skipIf(chromiumPath() === null)("the page of a comparison in Chromium", () => {
  let page: Page;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "throttle-bench-compare-"));
    page = await Page.open();
  });
  afterAll(async () => {
    await page?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    page.errors.length = 0;
    page.requests.length = 0;
  });

  const show = (comparison: Comparison, view: View) => open(comparisonPage([comparison]), view);

  async function open(content: string, view: View): Promise<void> {
    const file = join(directory, "compare.html");
    writeFileSync(file, content);
    await page.goto(pathToFileURL(file).href, view);
  }

  it.each(comparisons)("shows %s on a desktop with no column out of sight", async (_, comparison) => {
    await show(comparison, desktop);
    const hidden = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.scrolls')].map((table) => table.scrollWidth - table.clientWidth)",
    );
    expect(hidden).toEqual([0]);
    expect(await page.evaluate("document.querySelectorAll('.drawn svg').length")).toBeGreaterThan(0);
  });

  it.each(comparisons)("shows %s on a phone without a page that scrolls sideways", async (_, comparison) => {
    await show(comparison, phone);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(phone.width);
  });

  it.each(
    comparisons.flatMap(([name, comparison]) =>
      (["light", "dark"] as const).map((scheme) => [name, scheme, comparison] as const),
    ),
  )("has no fault of accessibility with %s in %s", async (_, scheme, comparison) => {
    await show(comparison, { ...desktop, scheme });
    expect(await faultsOf(page)).toEqual([]);
  });

  it.each([
    ["a desktop", desktop],
    ["a phone", phone],
  ])("ranks ways on %s, the answer first, and marks each once", async (_, view) => {
    const ways = [short, single].map((record) =>
      wayOfSide(unknownWay(record.scenario), sideOf([record]), record.expected!),
    );
    await open(waysPage(ways), { ...view, scheme: "dark" });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(view.width);
    expect(await page.evaluate("document.querySelector('.conclusion').textContent")).toMatch(/serves 1\/s best/);
    const marked = await page.evaluate<string[]>(
      "[...document.querySelectorAll('td.good')].map((one) => one.textContent)",
    );
    expect(marked).toEqual(["✓ 1", "✓ 1"]);
    expect(await faultsOf(page)).toEqual([]);
    expect(page.errors).toEqual([]);
  });

  it("asks for nothing but itself", async () => {
    await show(comparisons[0]![1], { ...desktop, scheme: "dark" });
    expect(page.requests).toHaveLength(1);
    expect(page.errors).toEqual([]);
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
