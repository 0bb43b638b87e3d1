/** A comparison as a page: the words of the other formats, drawn, and nothing that a record could smuggle in. */
import { describe, expect, it } from "vitest";
import { compare, defaultOptions } from "../../../src/metrics/compare.ts";
import { comparisonPage } from "../../../src/reports/comparisons/html.ts";
import { aSide, tenRuns } from "../metrics/a-side.ts";

const render = (...sides: Parameters<typeof aSide>[]) => {
  const [base, candidate] = sides.map((side) => aSide(...side));
  return comparisonPage([compare(base!, candidate!, defaultOptions)]);
};

describe("the comparison as HTML", () => {
  it("names a regression and an improvement in words and marks, and draws each difference", () => {
    const page = render([tenRuns(260, { eventsFailed: 100 })], [tenRuns(300, { eventsFailed: 95 })]);
    expect(page).toMatch(/<th scope="row">Time Taken<\/th>.*?✗ WORSE/);
    expect(page).toMatch(/<th scope="row">Events Failed<\/th>.*?✓ better/);
    expect(page).toContain("Regression in scenario-5: Time Taken +15.4%.");
    const [, farthest] = /Time Taken.*?<circle cx="([\d.]+)"/.exec(page)!;
    expect(Number(farthest)).toBeGreaterThan(135);
  });

  it("names unlike settings before the figures", () => {
    const page = render([tenRuns(260)], [tenRuns(260), { settings: { WorkMs: "1200" }, platform: "2020" }]);
    expect(page.indexOf("WorkMs 1000 → 1200")).toBeGreaterThan(0);
    expect(page.indexOf("WorkMs 1000 → 1200")).toBeLessThan(page.indexOf("<table>"));
  });

  it("draws nothing where no figure differs, or the base is 0", () => {
    const same = tenRuns(260);
    const page = render([same], [same]);
    expect(page).not.toContain("<circle");
    expect(page).toContain("No regression in scenario-5.");
  });

  it("asks for nothing and takes no markup from a record", () => {
    const odd = "</style><img src=x onerror=alert(1)>";
    const page = render([tenRuns(260), { name: odd }], [tenRuns(300), { settings: { [odd]: odd } }]);
    expect(page).not.toContain("<img");
    expect(page).not.toMatch(/(src|href)="(?!#|data:)|@import|url\(|<script/);
  });
});
