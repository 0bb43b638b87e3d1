/** The HTML report as text; test/browser loads it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pageOf as render } from "../../../src/reports/formats/html.ts";
import { aRecord, asPublished, published, records } from "../records/a-record.ts";

describe("the html report", () => {
  it("has figures, published result, settings, caveats and definitions", () => {
    const page = render([aRecord(asPublished)]);
    for (const text of [
      "PREDICTION (local, platform 2020, seed 1)",
      '<th scope="row">Events Completed</th><td>10</td><td>1000</td><td>-990 (-99.0%)</td>',
      '<th scope="row">WorkMs</th><td>1150</td>',
      "<dt>Time Taken</dt>",
      "An event goes from producer to SNS to SQS to Lambda to Postgres.",
    ]) {
      expect(page).toContain(text);
    }
  });

  it("draws the branch of dead letters only where there is such a queue", () => {
    const metrics = [
      { name: "deadLetterQueue.ApproximateAgeOfOldestMessage", statistic: "Maximum" as const, points: [] },
    ];
    expect(render([aRecord({ metrics })])).toContain("from SQS what fails goes to the dead-letter queue");
    const direct = aRecord({ metrics, topology: ["SNS", "Lambda"] });
    expect(render([direct])).toContain("from Lambda what fails goes to the dead-letter queue");
    expect(render([aRecord({ metrics: [] })])).not.toContain("dead-letter queue and its recorder");
  });

  it("begins with a summary of several runs, and tells the runs of one scenario apart", () => {
    const page = render([aRecord({ runId: "a" }), aRecord({ runId: "b" })]);
    expect(page.indexOf("<h2>Summary</h2>")).toBeLessThan(page.indexOf("<article"));
    expect(page).toContain('<a href="#run-1">scenario-4 (b)</a>');
  });

  it("asks for nothing: no address outside itself", () => {
    expect(render([aRecord({ published })])).not.toMatch(/(src|href)="(?!#|data:)|@import|url\(/);
  });

  it("takes no markup from a record, nor an end of its script", () => {
    fc.assert(
      fc.property(records, (record) => {
        const odd = "</script><img src=x onerror=alert(1)>";
        const page = render([
          { ...record, scenario: odd, title: odd, cleanUp: odd, topology: [odd], settings: { [odd]: odd } },
        ]);
        expect(page).not.toContain("<img");
        expect(page.match(/<\/script>/g)).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });

  it("stays small for 100,000 seconds and says that it put seconds together", () => {
    const timeline = Array.from({ length: 100_000 }, (_, second) => ({
      second,
      inserts: (second * 7_919) % 101,
      deadLetters: 0,
      overlap: 5,
    }));
    const page = render([aRecord({ timeline })]);
    expect(page.length).toBeLessThan(150_000);
    expect(page).toContain('"title":"DB inserts per second, the highest of each 50 s"');
  });
});
