/** The page of a recommendation in a real browser: it asks for nothing, has no fault, shows all on a desktop and fits a phone. */
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { answerPage } from "../../src/reports/answers/formats.ts";
import { anAnswer, anEmptyAnswer } from "../unit/reports/an-answer.ts";
import { faultsOf } from "./accessibility.ts";
import { Browser } from "./browser.ts";
import { chromiumPath, type View } from "./chromium.ts";

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
  const browser = Browser.forTests();

  describe.each(pages)("with %s", (_, content) => {
    it.each(views)("asks for nothing, and nothing of it is out of reach %s", async (_, view) => {
      await browser.show(content, view);
      const file = pathToFileURL(browser.file).href;
      expect(browser.page.requests.filter((url) => url !== file && !url.startsWith("data:"))).toEqual([]);
      expect(browser.page.errors).toEqual([]);
      expect(await browser.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(view.width);
      expect(await faultsOf(browser.page)).toEqual([]);
    });

    it("has no column out of sight on a desktop", async () => {
      await browser.show(content, desktop);
      const hidden = await browser.page.evaluate<number[]>(
        "[...document.querySelectorAll('.scrolls')].map((one) => one.scrollWidth - one.clientWidth)",
      );
      expect(hidden.every((pixels) => pixels === 0)).toBe(true);
    });
  });

  it("shows the answer before anything has to be scrolled, also on a phone", async () => {
    await browser.show(pages[0][1], phone);
    expect(
      await browser.page.evaluate("document.querySelector('.conclusion').getBoundingClientRect().bottom"),
    ).toBeLessThan(844);
  });
});
