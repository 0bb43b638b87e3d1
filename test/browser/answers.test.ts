/** The page of a recommendation in a real browser: it asks for nothing, has no fault, shows all on a desktop and fits a phone. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { answerPage } from "../../src/reports/answers/formats.ts";
import { anAnswer, anEmptyAnswer } from "../unit/reports/an-answer.ts";
import { faultsOf } from "./accessibility.ts";
import { chromiumPath, Page, type View } from "./chromium.ts";

const desktop: View = { width: 1440, height: 900 };
const phone: View = { width: 390, height: 844, isPhone: true };
const views: [string, View][] = [
  ["on a desktop", desktop],
  ["on a dark desktop", { ...desktop, scheme: "dark" }],
  ["on a phone", phone],
  ["on a dark phone", { ...phone, scheme: "dark" }],
];
const command = "throttle-bench run fifo-one-group --rate 50/s --for 20s --limit 1/s --max-loss 0 --max-wait 30m";
const pages = [
  ["an answer", answerPage({ answer: anAnswer(), next: [{ does: "Run it here, on the local model:", command }] })],
  ["no answer", answerPage({ answer: anEmptyAnswer(), next: [] })],
] as const;

describe.skipIf(chromiumPath() === null)("the page of a recommendation in Chromium", () => {
  let page: Page;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "throttle-bench-answer-"));
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

  async function open(content: string, view: View): Promise<string> {
    const file = pathToFileURL(join(directory, "answer.html")).href;
    writeFileSync(join(directory, "answer.html"), content);
    await page.goto(file, view);
    return file;
  }

  describe.each(pages)("with %s", (_, content) => {
    it.each(views)("asks for nothing, and nothing of it is out of reach %s", async (_, view) => {
      const file = await open(content, view);
      expect(page.requests.filter((url) => url !== file && !url.startsWith("data:"))).toEqual([]);
      expect(page.errors).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(view.width);
      expect(await faultsOf(page)).toEqual([]);
    });

    it("has no column out of sight on a desktop", async () => {
      await open(content, desktop);
      const hidden = await page.evaluate<number[]>(
        "[...document.querySelectorAll('.scrolls')].map((one) => one.scrollWidth - one.clientWidth)",
      );
      expect(hidden.every((pixels) => pixels === 0)).toBe(true);
    });
  });

  it("shows the answer before anything has to be scrolled, also on a phone", async () => {
    await open(pages[0][1], phone);
    expect(await page.evaluate("document.querySelector('.conclusion').getBoundingClientRect().bottom")).toBeLessThan(
      844,
    );
  });
});
