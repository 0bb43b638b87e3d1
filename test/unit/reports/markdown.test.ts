/** The report in GitHub's Markdown. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/model.ts";
import { markdown } from "../../../src/reports/formats/markdown.ts";
import { aRecord, published, records } from "../records/a-record.ts";

const render = (given: RunRecord[], details = false) =>
  markdown.text(given, { columns: 80, colour: true, details }, "");

describe("the markdown report", () => {
  it("shows a run in this form", () => {
    expect(`\n${render([aRecord({ published })])}`).toMatchInlineSnapshot(`
      "
      ## scenario-4 · SNS → SQS → Lambda · reserved concurrency 1 · 12 events

      **PREDICTION (local, platform 2026, seed 1)**

      ✓ Limit 1/s kept, peak 1 call in one second; ✗ **lost 2 of 12 events (dead-lettered)**; drained in 12.3 s, oldest waited 12.1 s.

      |  | this run |
      | --- | ---: |
      | Total Events | 12 |
      | Events Completed | 10 |
      | Events Failed | 2 |
      | Time Taken | 12.3 s |
      | Max. Concurrency | 1 |
      | Avg. DB Inserts Per Second | 1 |
      | Max. DB Inserts Per Second | 1 |
      | Min. DB Inserts Per Second | 1 |

      - Wait: p50 6.2 s, p95 12.1 s, p99 12.1 s
      - Backlog: at most 12 events at once
      - Throttles: 7 invocations, for want of concurrency
      - Cost: 0.000006 USD for the run, 0.5 USD per million events; 0.259 USD a month with one such spike a day, 0.259 USD of it for polls of the idle queue

      <details><summary>Timeline</summary>

      \`\`\`text
      Events · ─ published · ⠤⠒ completed · × failed · ░ waiting
      12 ┤ ╭──────────────────────────────────────────────────────────────────────────────────────────××××
         ┤ │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░××××××××××××××××××⡖⠒⠒⠒
         ┤ │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░×××××××⡤⠤⠤⠤⠤⠤⠤⠤⠤⠋⠉⠉⠉⠉⠉⠉⠉⠉
         ┤╭╯░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⡖⠒⠒⠒⠒⠒⠒⠒⠒⠁
         ┤│░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⡤⠤⠤⠤⠤⠤⠤⠤⠤⠋⠉⠉⠉⠉⠉⠉⠉⠉
         ┤│░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⡖⠒⠒⠒⠒⠒⠒⠒⠒⠁
         ┤│░░░░░░░░░░░░░░░░░░░⡤⠤⠤⠤⠤⠤⠤⠤⠤⠋⠉⠉⠉⠉⠉⠉⠉⠉
         ┤│░░░░░░░░░░⡖⠒⠒⠒⠒⠒⠒⠒⠒⠁
       0 └┬──────────────┬──────────────┬──────────────┬──────────────┬──────────────┬──────────────┬─────
      Calls in any second · ┄ limit 1/s
       1 ┤┄┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄┄┄┄┄┄••┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄┄┄┄┄┄┄┄┄┄┄
       0 └┬──────────────┬──────────────┬──────────────┬──────────────┬──────────────┬──────────────┬─────
          0:00           0:02           0:04           0:06           0:08           0:10           0:12
      \`\`\`

      </details>

      Published: 1000 of 1000 events completed in 1450 s (24 min 10 s), by AWS of 2020. To compare: run scenario-4 --platform 2020 --events 1000.<br>
      The limit is the scenario's own (--limit sets yours), with a tolerance of 100 ms.<br>
      Settings: WorkMs=1150, VisibilityTimeout=120<br>
      The prices are those of us-east-1, 2026-11-26.<br>
      Run 20261123-093412-ab12, started 2026-11-23T09:34:12.000Z. The stack was deleted."
    `);
  });

  it("begins with one summary of several runs", () => {
    const text = render([aRecord(), aRecord({ scenario: "scenario-5" })]);
    expect(text).toMatch(/^## Summary\n\n\*\*PREDICTION /);
    expect(text).toMatch(/^\| scenario-4 \| SNS → SQS → Lambda \| 10 \| 2 \| 12.3 s \| 1 \| 1·1·1 \|$/m);
  });

  it("calls a measurement a measurement", () => {
    const measured = aRecord({ target: "aws", kind: "measurement", platform: null, seed: null });
    expect(render([measured])).toContain("**MEASUREMENT (aws)**");
  });

  it("adds the further figures with details, folded", () => {
    expect(render([aRecord()])).not.toContain("Latency p95");
    expect(render([aRecord()], true)).toContain("<details><summary>Further figures</summary>\n\n| further figure |");
  });

  it("takes no markup from a template's own words", () => {
    const text = render([aRecord({ title: "a | b <img src=x> `c` *d* [e](f) @someone\n# heading & more" })]);
    expect(text).toContain("a \\| b \\<img src=x\\> \\`c\\` \\*d\\* \\[e\\](f) &#64;someone \\# heading &amp; more");
  });

  it("gives every row of a table as many cells as its head, whatever the record", () => {
    fc.assert(
      fc.property(fc.array(records, { minLength: 1, maxLength: 3 }), fc.boolean(), (given, details) => {
        const blocks = render(given, details)
          .split("\n\n")
          .filter((block) => block.startsWith("| "));
        expect(blocks.length).toBeGreaterThanOrEqual(given.length);
        for (const block of blocks) {
          const widths = block.split("\n").map((line) => line.split(/(?<!\\)\|/).length);
          expect(new Set(widths).size).toBe(1);
        }
      }),
      { numRuns: 50 },
    );
  });
});
