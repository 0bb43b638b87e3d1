/** The HTML report in a real browser: it asks for nothing, fits a phone, and its timelines answer to mouse and keyboard. */
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { pageOf } from "../../src/reports/formats/html.ts";
import { row } from "../unit/metrics/rows.ts";
import { aRecord, published, recordOf } from "../unit/records/a-record.ts";
import { faultsOf } from "./accessibility.ts";
import { Browser } from "./browser.ts";
import { chromiumPath, type View } from "./chromium.ts";

const desktop: View = { width: 1280, height: 900 };
const phone: View = { width: 390, height: 844, isPhone: true };

/** A thousand events, one every 1.2 s, and a few dead letters: the twenty minutes of a throttled run. */
const throttled = recordOf(
  Array.from({ length: 980 }, (_, index) => row(index + 1, 1_500 + index * 1_200, { startedAt: 400 + index * 1_200 })),
  Array.from({ length: 20 }, (_, index) => row(981 + index, 60_000 + index * 45_000)),
  { published },
);
const quick = recordOf(
  Array.from({ length: 1_000 }, (_, index) => row(index + 1, 1_000 + index * 57)),
  [],
  { scenario: "scenario-1", runId: "quick", topology: ["SNS", "Lambda"], published },
);

const twenty = Array.from({ length: 20 }, (_, index) =>
  aRecord({ runId: `run-${index}`, settings: { WorkMs: "1150", VisibilityTimeout: String(30 + index) } }),
);

describe.skipIf(chromiumPath() === null)("the html report in Chromium", () => {
  const browser = Browser.forTests();

  const show = (records: RunRecord[], view: View = desktop) => browser.show(pageOf(records), view);

  const plots = () =>
    browser.page.evaluate<{ x: number; y: number; width: number; height: number }>(
      "(([one]) => (one.scrollIntoView(), one.getBoundingClientRect().toJSON()))(document.querySelectorAll('.plots'))",
    );
  const texts = (selector: string) =>
    browser.page.evaluate<string[]>(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.textContent)`,
    );
  const tip = () =>
    browser.page.evaluate<string | null>(
      "(([one]) => (one.hidden ? null : one.innerText))(document.querySelectorAll('.tip'))",
    );

  it("loads with no request but its own file, without an error, in less than 500 kB", async () => {
    await show([throttled]);
    expect(browser.page.requests).toEqual([pathToFileURL(browser.file).href]);
    expect(browser.page.errors).toEqual([]);
    expect(statSync(browser.file).size).toBeLessThan(500_000);
  });

  it.each([
    ["1 event", [recordOf([row(1, 0)], [])]],
    ["no event", [recordOf([], [])]],
    ["several runs", [throttled, quick, aRecord({ runId: "third" })]],
    [
      "100,000 seconds",
      [
        aRecord({
          timeline: Array.from({ length: 100_000 }, (_, second) => ({
            second,
            inserts: second % 7,
            deadLetters: 0,
            overlap: 1,
          })),
        }),
      ],
    ],
  ])("draws %s", async (_, records) => {
    await show(records);
    expect(browser.page.errors).toEqual([]);
    const headings = await texts(".plots .heading");
    expect(headings.filter((text) => /^Calls|^DB inserts per second/.test(text)).length).toBeGreaterThan(0);
    const drawings = await browser.page.evaluate<string[]>(
      "[...document.querySelectorAll('.plots')].map((one) => one.innerHTML)",
    );
    expect(drawings).toHaveLength(records.length === 1 ? 1 : records.length + 1);
    for (const drawing of drawings) expect(drawing).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    ["a desktop", desktop],
    ["a phone", phone],
    ["a narrow phone", { ...phone, width: 320 }],
  ])("does not make %s scroll sideways", async (_, view) => {
    await show([throttled, quick], view);
    const [content, window] = await browser.page.evaluate<number[]>(
      "[document.documentElement.scrollWidth, innerWidth]",
    );
    expect(content).toBeLessThanOrEqual(window!);
    const wide = await browser.page.evaluate<number>(
      "document.querySelector('.plots svg').getBoundingClientRect().right",
    );
    expect(wide).toBeLessThanOrEqual(window!);
  });

  it("tells the figures under the mouse", async () => {
    await show([throttled, quick]);
    expect(await tip()).toBeNull();
    const { x, y } = await plots();
    await browser.page.mouse("mouseMoved", x + 46, y + 60);
    const text = await tip();
    expect(text).toMatch(/^0:00\n/);
    expect(text).toMatch(/scenario-4: 0 completed, \d calls/);
    expect(text).toMatch(/scenario-1: \d+ completed, \d+ calls/);
    await browser.page.mouse("mouseMoved", x + 900, y + 60);
    expect(await tip()).toContain("scenario-1: over");
    expect(await tip()).toMatch(/scenario-4: \d{3} completed, 1 calls, 1 inserts\/s, 1 overlapping/);
  });

  it("zooms into the stretch that is dragged over, and back", async () => {
    await show([throttled]);
    const { x, y, width } = await plots();
    const before = await texts(".plots .centred");
    await browser.page.mouse("mouseMoved", x + width * 0.4, y + 60);
    await browser.page.mouse("mousePressed", x + width * 0.4, y + 60);
    await browser.page.mouse("mouseMoved", x + width * 0.5, y + 60);
    expect(await browser.page.evaluate("document.querySelector('.selection').width.baseVal.value")).toBeGreaterThan(50);
    await browser.page.mouse("mouseReleased", x + width * 0.5, y + 60);
    const zoomed = await texts(".plots .centred");
    expect(zoomed[0]).toMatch(/^[67]:\d\d$/);
    expect(zoomed).not.toEqual(before);
    await browser.page.evaluate("document.querySelector('.chart button').click()");
    expect(await texts(".plots .centred")).toEqual(before);
  });

  it("hides a run whose box is cleared", async () => {
    await show([throttled, quick]);
    const curves = () => browser.page.evaluate<number>("document.querySelectorAll('.plots .curve.run-1').length");
    expect(await curves()).toBeGreaterThan(0);
    await browser.page.evaluate("document.querySelectorAll('.chart input')[1].click()");
    expect(await curves()).toBe(0);
    expect(await browser.page.evaluate("document.querySelectorAll('.plots .curve.run-0').length")).toBeGreaterThan(0);
  });

  it("is moved and zoomed with the keyboard, and says where it is", async () => {
    await show([throttled]);
    await browser.page.evaluate("document.querySelector('.plots').focus()");
    await browser.page.press("Home");
    expect((await texts(".spoken"))[0]).toMatch(
      /^At 0:00: \d+ published, 0 completed, 0 failed, \d+ waiting, \d calls/,
    );
    await browser.page.press("ArrowRight");
    expect((await texts(".spoken"))[0]).toMatch(/^At 0:1\d: /);
    const before = await texts(".plots .centred");
    await browser.page.press("+");
    expect(await texts(".plots .centred")).not.toEqual(before);
    await browser.page.press("Escape");
    expect(await texts(".plots .centred")).toEqual(before);
  });

  it("shows pictures and tables without scripts", async () => {
    await browser.page.send("Emulation.setScriptExecutionDisabled", { value: true });
    await show([throttled]);
    await browser.page.send("Emulation.setScriptExecutionDisabled", { value: false });
    expect(await browser.page.evaluate("document.querySelector('.chart').hidden")).toBe(true);
    expect(await browser.page.evaluate("document.querySelectorAll('article svg[role=img]').length")).toBe(2);
    expect((await texts("article caption"))[0]).toBe("Figures");
  });

  it.each(["light", "dark"] as const)("has enough contrast in %s", async (scheme) => {
    await show([throttled, quick], { ...desktop, scheme });
    const lowest = await browser.page.evaluate<{ ratio: number; text: string }>(`(${lowestContrast})()`);
    expect(lowest.ratio, lowest.text).toBeGreaterThanOrEqual(4.5);
  });

  it("names every region, picture and box for assistive technology", async () => {
    await show([throttled, quick]);
    const { nodes } = await browser.page.send("Accessibility.getFullAXTree");
    const needNames = new Set(["region", "image", "img", "checkbox", "button", "table", "application", "link"]);
    const named = nodes.filter(
      (node: { role?: { value: string }; ignored: boolean }) => !node.ignored && needNames.has(node.role?.value ?? ""),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((node: { name?: { value: string } }) => !node.name?.value)).toEqual([]);
  });

  it.each([
    ["one run, light", [throttled], { ...desktop, scheme: "light" }],
    ["one run, dark, on a phone", [throttled], { ...phone, scheme: "dark" }],
    ["twenty runs, light", twenty, { ...desktop, scheme: "light" }],
    ["twenty runs, dark, on a phone", twenty, { ...phone, scheme: "dark" }],
  ] as const)("has no fault of accessibility with %s", async (_, records, view) => {
    await show([...records], view);
    expect(await faultsOf(browser.page)).toEqual([]);
  });

  it("says the verdict before anything else of a run", async () => {
    await show([throttled]);
    const tops = await browser.page.evaluate<number[]>(
      "['.verdict', 'article table', '.plots'].map((one) => document.querySelector(one).getBoundingClientRect().top)",
    );
    expect(tops).toEqual(tops.toSorted((one, other) => one - other));
    expect((await texts(".verdict li"))[1]).toBe("✗ Lost 20 of 1000 events (dead-lettered)");
  });

  it("draws published, completed and failed, and the calls with their limit", async () => {
    await show([throttled]);
    const count = (selector: string) =>
      browser.page.evaluate<number>(`document.querySelectorAll(${JSON.stringify(selector)}).length`);
    for (const part of [
      "path.line-published",
      "path.line-completed",
      "path.fill-failed",
      "path.area-waiting",
      "path.line-calls",
    ]) {
      expect([part, await count(`article .plots ${part}`)]).toEqual([part, 1]);
    }
    expect(await count("article .plots .line-limit")).toBeGreaterThan(0);
    expect((await texts(".plots .label")).join()).toContain("limit 1/s");
  });

  it("tells twenty runs apart in a table of their verdicts, in the order given, each with the way to it", async () => {
    await show(twenty);
    const links = await browser.page.evaluate<[text: string, to: string][]>(
      "[...document.querySelectorAll('section table')][0].querySelectorAll('tbody a').values().map((one) => [one.textContent, document.querySelector(one.getAttribute('href')).querySelector('h2').textContent]).toArray()",
    );
    expect(links).toHaveLength(20);
    for (const [index, [text, heading]] of links.entries()) {
      expect(text).toBe(`scenario-4 (VisibilityTimeout=${30 + index})`);
      expect(heading).toContain(text);
    }
    const firstOf = (selector: string) =>
      browser.page.evaluate<number>(`document.querySelector('${selector}').getBoundingClientRect().top`);
    expect(await firstOf("section table")).toBeLessThan(await firstOf(".plots"));
    // More than a handful of curves over each other tell nothing.
    expect(await browser.page.evaluate("document.querySelectorAll('.chart input:checked').length")).toBe(6);
    expect(browser.page.errors).toEqual([]);
  });

  it("prints on white, without what only a screen can use", async () => {
    await show([throttled, quick], { ...desktop, scheme: "dark" });
    await browser.page.send("Emulation.setEmulatedMedia", {
      media: "print",
      features: [{ name: "prefers-color-scheme", value: "dark" }],
    });
    expect(await browser.page.evaluate("getComputedStyle(document.querySelector('fieldset')).display")).toBe("none");
    expect(await browser.page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(31, 41, 55)");
    expect(await browser.page.evaluate("getComputedStyle(document.querySelector('article')).backgroundColor")).toBe(
      "rgb(255, 255, 255)",
    );
    await browser.page.send("Emulation.setEmulatedMedia", { media: "", features: [] });
  });
});

/** Runs in the page: the text that is hardest to read, by WCAG's ratio to what is behind it. */
const lowestContrast = `() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isSolid = (colour) => colour.startsWith("rgb(");
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const picture = at.closest("svg")?.querySelector(".background");
      if (picture) return getComputedStyle(picture).fill;
      const colour = getComputedStyle(at).backgroundColor;
      if (isSolid(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  let lowest = { ratio: Infinity, text: "" };
  for (const element of document.querySelectorAll("h1,h2,h3,p,a,th,td,li,dt,dd,label,legend,summary,caption,text")) {
    if (!element.textContent.trim() || element.closest(".topology")) continue;
    const style = getComputedStyle(element);
    const pair = [light(element.tagName === "text" ? style.fill : style.color), light(behind(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < lowest.ratio) lowest = { ratio, text: element.textContent.slice(0, 60) };
  }
  return lowest;
}`;
