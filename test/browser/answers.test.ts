/** The pages that answer a question, of a recommendation and of a sweep, in a real browser: wide and on a phone, light and dark. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { answerPage } from "../../src/reports/answers/formats.ts";
import { sweepPage } from "../../src/reports/sweeps/html.ts";
import type { Axis } from "../../src/simulation/sweep/sweep.ts";
import { anAnswer, anEmptyAnswer } from "../unit/reports/an-answer.ts";
import { aSweep, type CellFacts } from "../unit/reports/sweeps/a-sweep.ts";
import { faultsOf } from "./accessibility.ts";
import { chromiumPath, Page, type View } from "./chromium.ts";

const command = "throttle-bench run fifo-one-group --rate 50/s --for 20s --limit 1/s --max-loss 0 --max-wait 30m";
const values = (length: number, step: number) => Array.from({ length }, (_, index) => String((index + 1) * step));
const axes: Axis[] = [
  { of: "setting", name: "VisibilityTimeout", values: values(12, 30) },
  { of: "setting", name: "ReservedConcurrency", values: values(9, 1) },
  { of: "setting", name: "MaxReceiveCount", values: ["2", "5"] },
];
function facts(visibility: string, reserved: string): CellFacts {
  if (visibility === "30") return { refusal: "The timeout is longer than 30 s." };
  return { peak: Number(reserved), lost: Number(visibility) < 100 ? 12 : 0, seconds: 1_100 / Number(reserved) };
}

const pages: [name: string, content: string, drawings: number][] = [
  ["a recommendation", answerPage({ answer: anAnswer(), next: [{ does: "Run it here:", command }] }), 1],
  ["an answer that nothing holds", answerPage({ answer: anEmptyAnswer(), next: [] }), 1],
  ["a sweep of three settings", sweepPage({ sweep: aSweep({ axes, facts }), figure: "waitOldestMs" }), 1],
  ["a sweep of one setting", sweepPage({ sweep: aSweep({ axes: axes.slice(0, 1) }), figure: "waitOldestMs" }), 1],
];
const views: [name: string, view: View][] = [
  ["wide and light", { width: 1440, height: 900, scheme: "light" }],
  ["wide and dark", { width: 1440, height: 900, scheme: "dark" }],
  ["on a phone, light", { width: 390, height: 844, isPhone: true, scheme: "light" }],
  ["on a phone, dark", { width: 390, height: 844, isPhone: true, scheme: "dark" }],
];

describe.skipIf(chromiumPath() === null)("the pages that answer, in Chromium", () => {
  let page: Page;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "throttle-bench-answers-"));
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

  const cases = pages.flatMap((one) => views.map((view) => [one[0], view[0], one, view[1]] as const));

  it.each(cases)("show %s %s, whole, asking for nothing", async (_, __, [, content, drawings], view) => {
    const file = join(directory, "page.html");
    writeFileSync(file, content);
    await page.goto(pathToFileURL(file).href, view);
    expect(page.requests).toHaveLength(1);
    expect(page.errors).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(view.width);
    const clipped = await page.evaluate<string[]>(
      "[...document.querySelectorAll('main *')].filter((one) => !one.closest('.scrolls') && one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 99))",
    );
    expect(clipped).toEqual([]);
    expect(await page.evaluate("document.querySelectorAll('main svg[role=img]').length")).toBe(drawings);
    expect(await faultsOf(page)).toEqual([]);
  });

  it.each(pages)("show the answer of %s before anything is scrolled", async (_, content) => {
    const file = join(directory, "page.html");
    writeFileSync(file, content);
    await page.goto(pathToFileURL(file).href, { width: 390, height: 844, isPhone: true });
    const top = await page.evaluate<number>(
      "document.querySelector('.conclusion, .verdict').getBoundingClientRect().top",
    );
    expect(top).toBeLessThan(400);
  });
});
