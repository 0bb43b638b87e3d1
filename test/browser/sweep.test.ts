/** The page of a sweep in a real browser: it asks for nothing, says what each mark means, and fits a phone, light and dark. */
import { describe, expect, it } from "vitest";
import { sweepPage } from "../../src/reports/sweeps/html.ts";
import type { Axis, Sweep } from "../../src/simulation/sweep/sweep.ts";
import { aSweep, twoAxes } from "../unit/reports/sweeps/a-sweep.ts";
import { faultsOf } from "./accessibility.ts";
import { Browser } from "./browser.ts";
import { chromiumPath, type View } from "./chromium.ts";

const wide: Axis = {
  of: "setting",
  name: "WorkMs",
  values: Array.from({ length: 20 }, (_, index) => `${index + 1}00`),
};
const sweeps: [string, Sweep][] = [
  ["two settings", aSweep({ facts: (visibility) => (visibility === "10" ? { refusal: "Too short." } : { peak: 2 }) })],
  ["one setting", aSweep({ axes: [twoAxes[0]!], facts: (visibility) => ({ seconds: Number(visibility) }) })],
  [
    "many cells",
    aSweep({
      axes: [wide, ...twoAxes],
      facts: (work) => ({ lost: Math.max(0, Number(work) - 1_000), seconds: Number(work) }),
    }),
  ],
];
const views: [string, View][] = [
  ["on a desktop", { width: 1440, height: 900 }],
  ["on a phone in the dark", { width: 390, height: 844, isPhone: true, scheme: "dark" }],
];

describe.skipIf(chromiumPath() === null)("the page of a sweep in Chromium", () => {
  const browser = Browser.forTests();

  const show = (sweep: Sweep, view: View) => browser.show(sweepPage({ sweep, figure: "waitOldestMs" }), view);

  describe.each(sweeps)("of %s", (_, sweep) => {
    it.each(views)("asks for nothing but itself and does not scroll sideways %s", async (_name, view) => {
      await show(sweep, view);
      expect(browser.page.requests).toHaveLength(1);
      expect(browser.page.errors).toEqual([]);
      expect(await browser.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(await faultsOf(browser.page)).toEqual([]);
    });
  });

  it("has in the dark other colours than in the light, and text that stands out from its cell in both", async () => {
    const [, sweep] = sweeps[2]!;
    const coloursOf = async (scheme: "light" | "dark") => {
      await show(sweep, { width: 1440, height: 900, scheme });
      return browser.page.evaluate<[fill: string, text: string][]>(
        "[...document.querySelectorAll('.map g[class^=breaks-], .map g[class^=keeps-]')].filter((cell) => cell.querySelector('text')).map((cell) => [cell.querySelector('.fill'), cell.querySelector('text')].map((one) => getComputedStyle(one).fill))",
      );
    };
    const [light, dark] = [await coloursOf("light"), await coloursOf("dark")];
    expect(light.length).toBeGreaterThan(0);
    expect(new Set(light.map(String))).not.toEqual(new Set(dark.map(String)));
    for (const [fill, text] of [...light, ...dark])
      expect([fill, text, contrast(fill, text) >= 4.5]).toEqual([fill, text, true]);
  });
});

/** By WCAG 2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = colour.match(/\d+/g)!.map((value) => {
      const share = Number(value) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}
