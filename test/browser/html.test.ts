/** The HTML report in a real browser: it asks for nothing, fits a phone, and its timelines answer to mouse and keyboard. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { pageOf } from "../../src/reports/formats/html.ts";
import { row } from "../unit/metrics/rows.ts";
import { aRecord, published, recordOf } from "../unit/records/a-record.ts";
import { chromiumPath, Page, type View } from "./chromium.ts";

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

describe.skipIf(chromiumPath() === null)("the html report in Chromium", () => {
  let page: Page;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "throttle-bench-html-"));
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

  function written(records: RunRecord[]): string {
    const file = join(directory, "report.html");
    writeFileSync(file, pageOf(records));
    return file;
  }

  async function show(records: RunRecord[], view: View = desktop): Promise<void> {
    await page.goto(pathToFileURL(written(records)).href, view);
  }

  const plots = () =>
    page.evaluate<{ x: number; y: number; width: number; height: number }>(
      "document.querySelector('.plots').getBoundingClientRect().toJSON()",
    );
  const texts = (selector: string) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.textContent)`,
    );
  const tip = () =>
    page.evaluate<string | null>("(([one]) => (one.hidden ? null : one.innerText))(document.querySelectorAll('.tip'))");

  it("loads with no request but its own file, without an error, in less than 500 kB", async () => {
    await show([throttled]);
    expect(page.requests).toEqual([pathToFileURL(join(directory, "report.html")).href]);
    expect(page.errors).toEqual([]);
    expect(statSync(join(directory, "report.html")).size).toBeLessThan(500_000);
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
    expect(page.errors).toEqual([]);
    expect(await texts(".plots .heading")).toContain("DB inserts per second");
    expect(await page.evaluate("document.querySelector('.plots').innerHTML")).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    ["a desktop", desktop],
    ["a phone", phone],
    ["a narrow phone", { ...phone, width: 320 }],
  ])("does not make %s scroll sideways", async (_, view) => {
    await show([throttled, quick], view);
    const [content, window] = await page.evaluate<number[]>("[document.documentElement.scrollWidth, innerWidth]");
    expect(content).toBeLessThanOrEqual(window!);
    const wide = await page.evaluate<number>("document.querySelector('.plots svg').getBoundingClientRect().right");
    expect(wide).toBeLessThanOrEqual(window!);
  });

  it("tells the figures under the mouse", async () => {
    await show([throttled, quick]);
    expect(await tip()).toBeNull();
    const { x, y } = await plots();
    await page.mouse("mouseMoved", x + 46, y + 60);
    const text = await tip();
    expect(text).toMatch(/^0:00\n/);
    expect(text).toContain(`scenario-4: ${throttled.timeline[0]!.inserts} inserts/s, 1 overlapping`);
    expect(text).toContain(`scenario-1: ${quick.timeline[0]!.inserts} inserts/s`);
    await page.mouse("mouseMoved", x + 900, y + 60);
    expect(await tip()).toContain("scenario-1: over");
  });

  it("zooms into the stretch that is dragged over, and back", async () => {
    await show([throttled]);
    const { x, y, width } = await plots();
    const before = await texts(".plots .centred");
    await page.mouse("mouseMoved", x + width * 0.4, y + 60);
    await page.mouse("mousePressed", x + width * 0.4, y + 60);
    await page.mouse("mouseMoved", x + width * 0.5, y + 60);
    expect(await page.evaluate("document.querySelectorAll('.selection').length")).toBe(1);
    await page.mouse("mouseReleased", x + width * 0.5, y + 60);
    const zoomed = await texts(".plots .centred");
    expect(zoomed[0]).toMatch(/^[67]:\d\d$/);
    expect(zoomed).not.toEqual(before);
    await page.evaluate("document.querySelector('#interactive button').click()");
    expect(await texts(".plots .centred")).toEqual(before);
  });

  it("hides a run whose box is cleared", async () => {
    await show([throttled, quick]);
    const curves = () => page.evaluate<number>("document.querySelectorAll('.plots .curve.run-1').length");
    expect(await curves()).toBeGreaterThan(0);
    await page.evaluate("document.querySelectorAll('#interactive input')[1].click()");
    expect(await curves()).toBe(0);
    expect(await page.evaluate("document.querySelectorAll('.plots .curve.run-0').length")).toBeGreaterThan(0);
  });

  it("is moved and zoomed with the keyboard, and says where it is", async () => {
    await show([throttled]);
    await page.evaluate("document.querySelector('.plots').focus()");
    await page.press("Home");
    expect((await texts(".spoken"))[0]).toBe(
      "At 0:00: scenario-4: 1 inserts/s, 1 overlapping, 7 throttles/min, 0 dead letters/s",
    );
    await page.press("ArrowRight");
    expect((await texts(".spoken"))[0]).toMatch(/^At 0:11: /);
    const before = await texts(".plots .centred");
    await page.press("+");
    expect(await texts(".plots .centred")).not.toEqual(before);
    await page.press("Escape");
    expect(await texts(".plots .centred")).toEqual(before);
  });

  it("shows pictures and tables without scripts", async () => {
    await page.send("Emulation.setScriptExecutionDisabled", { value: true });
    await show([throttled]);
    await page.send("Emulation.setScriptExecutionDisabled", { value: false });
    expect(await page.evaluate("document.querySelector('#interactive').hidden")).toBe(true);
    expect(await page.evaluate("document.querySelectorAll('article svg[role=img]').length")).toBe(2);
    expect((await texts("article caption"))[0]).toBe("Figures");
  });

  it.each(["light", "dark"] as const)("has enough contrast in %s", async (scheme) => {
    await show([throttled, quick], { ...desktop, scheme });
    const lowest = await page.evaluate<{ ratio: number; text: string }>(`(${lowestContrast})()`);
    expect(lowest.ratio, lowest.text).toBeGreaterThanOrEqual(4.5);
  });

  it("names every region, picture and box for assistive technology", async () => {
    await show([throttled, quick]);
    const { nodes } = await page.send("Accessibility.getFullAXTree");
    const needNames = new Set([
      "region",
      "image",
      "img",
      "checkbox",
      "button",
      "table",
      "navigation",
      "application",
      "link",
    ]);
    const named = nodes.filter(
      (node: { role?: { value: string }; ignored: boolean }) => !node.ignored && needNames.has(node.role?.value ?? ""),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((node: { name?: { value: string } }) => !node.name?.value)).toEqual([]);
  });

  it("prints on white, without what only a screen can use", async () => {
    await show([throttled, quick], { ...desktop, scheme: "dark" });
    await page.send("Emulation.setEmulatedMedia", {
      media: "print",
      features: [{ name: "prefers-color-scheme", value: "dark" }],
    });
    expect(await page.evaluate("getComputedStyle(document.querySelector('nav')).display")).toBe("none");
    expect(await page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(31, 41, 55)");
    expect(await page.evaluate("getComputedStyle(document.querySelector('article .background')).fill")).toBe(
      "rgb(255, 255, 255)",
    );
    await page.send("Emulation.setEmulatedMedia", { media: "", features: [] });
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
