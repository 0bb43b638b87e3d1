/** The story of a run in characters. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storyOf } from "../../../src/metrics/story.ts";
import type { Row, RunRecord } from "../../../src/model.ts";
import { type Mark, plot as plotWith } from "../../../src/reports/pictures/plot.ts";
import { shortNumber } from "../../../src/reports/pictures/scale.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { row, start } from "../metrics/rows.ts";
import { aRecord, recordOf, records } from "../records/a-record.ts";

const plot = (record: RunRecord, columns = 80) => plotWith(record, { columns, paint: (_, text) => text });

/** For each mark the characters that stand for it, by what is painted as it. */
function marksOf(record: RunRecord, columns = 80): Map<Mark, string> {
  const marks = new Map<Mark, string>();
  plotWith(record, {
    columns,
    paint: (mark, text) => {
      marks.set(mark, (marks.get(mark) ?? "") + text);
      return text;
    },
  });
  return marks;
}

/** A spike of 50 events a second that drains at so many a second; every `failing`th event fails. */
function spike(events: number, perSecond: number, failing = Infinity): RunRecord {
  const one = (index: number): Row =>
    row(index + 1, ((index + 1) * 1_000) / perSecond, {
      sentAt: index * 20,
      startedAt: (index * 1_000) / perSecond,
    });
  const rows = Array.from({ length: events }, (_, index) => one(index));
  const isFailed = ({ id }: Row) => id % failing === 0;
  const record = recordOf(
    rows.filter((each) => !isFailed(each)),
    rows.filter(isFailed),
  );
  return { ...record, burst: { ...record.burst, lastSentAt: start + (events - 1) * 20 } };
}

describe("plot", () => {
  it("draws the spike, its drain, the backlog between them, and the calls beside their limit", () => {
    expect(`\n${plot(spike(1_000, 1), 60).join("\n")}`).toMatchInlineSnapshot(`
      "
      Events · ─ published · ⠤⠒ completed · ░ waiting
      1000 ┤╭─────────────────────────────────────────────⣀⡠⠤⠒⠒⠉⠉
           ┤│░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⢀⣀⠤⠔⠒⠉⠉
           ┤│░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⢀⣀⡠⠤⠒⠊⠉⠁
           ┤│░░░░░░░░░░░░░░░░░░░░░░░░░⣀⣀⠤⠔⠒⠉⠁
           ┤│░░░░░░░░░░░░░░░░░░⢀⣀⠤⠤⠒⠊⠉
           ┤│░░░░░░░░░░░░⣀⡠⠤⠔⠒⠉⠁
           ┤│░░░░░⢀⣀⠤⠔⠒⠊⠉
           ┤⣀⡠⠤⠒⠊⠉⠁
         0 └┬──────────────┬───────────────┬───────────────┬─────
      Calls in any second (each column the highest of 19 s)
        ┄ limit 1/s
         1 ┤•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•
         0 └┬──────────────┬───────────────┬───────────────┬─────
            0:00           5:00            10:00           15:00"
    `);
  });

  it("draws what failed between what completed and what waits, and calls over the limit as such", () => {
    expect(`\n${plot(spike(600, 5, 3), 60).join("\n")}`).toMatchInlineSnapshot(`
      "
      Events · ─ published · ⠤⠒ completed · × failed · ░ waiting
      600 ┤   ╭─────────────────────────────────××××
          ┤   │░░░░░░░░░░░░░░░░░░░░░░░░░░░░×××××××××
          ┤  ╭╯░░░░░░░░░░░░░░░░░░░░░░░××××××××××⢀⣀⠤⠤
          ┤  │░░░░░░░░░░░░░░░░░░░××××××××⣀⡠⠤⠔⠒⠊⠉⠁
          ┤ ╭╯░░░░░░░░░░░░×××××××⢀⣀⠤⠤⠒⠒⠉⠉
          ┤ │░░░░░░░░×××××⣀⡠⠤⠔⠒⠊⠉⠁
          ┤╭╯░░░××⢀×⠤⠤⠒⠒⠉⠉
          ┤×⡠×⠔×⠊⠉⠁
        0 └┬───────────────────┬────────────────────
      Calls in any second (each column the highest of 3 s)
        ┄ limit 1/s · ▲ over it
        4 ┤▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲
          ┤
          ┤
        1 ┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄
        0 └┬───────────────────┬────────────────────
           0:00                1:00 min:s"
    `);
  });

  it("keeps a spike of 20 s legible in a drain of half an hour, at any width", () => {
    for (const columns of [60, 80, 120]) {
      const lines = plot(spike(1_000, 0.55), columns);
      const top = lines.find((line) => line.includes("┤"))!;
      expect(top).toContain("╭──");
      expect(lines.filter((line) => line.includes("░")).length).toBeGreaterThanOrEqual(6);
    }
  });

  it("tells the marks apart without colours", () => {
    const marks = [...marksOf(spike(600, 5, 3))];
    expect(marks.map(([mark]) => mark).sort()).toEqual(
      ["completed", "exceeding", "failed", "limit", "published", "waiting"].sort(),
    );
    for (const [mark, characters] of marks) {
      for (const [other, others] of marks) {
        if (other !== mark) expect([...characters].filter((one) => others.includes(one))).toEqual([]);
      }
    }
    expect(marksOf(spike(30, 1)).has("calls")).toBe(true);
  });

  it("never draws calls as a block: at the limit its line shows through, and elsewhere only the top is marked", () => {
    const [, , ...rows] = plot(spike(1_000, 1), 80)
      .join("\n")
      .split(/Calls in any second.*\n/)[1]!
      .split("\n")
      .reverse();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/┤(•┄)+•?$/);
    expect(plot(spike(600, 5), 80).filter((line) => /┤.*▲/.test(line))).toHaveLength(1);
  });

  it("has the limit's line in every drawing of a run that has a limit and calls, and none without", () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 40, max: 160 }), (record, columns) => {
        const { rate } = storyOf(record);
        expect(marksOf(record, columns).has("limit")).toBe(rate.spans.length > 0);
      }),
      { numRuns: 60 },
    );
    expect(marksOf({ ...aRecord(), verdict: null }).has("limit")).toBe(false);
  });

  it("never exceeds the width, and labels the highest of both drawings", () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 40, max: 200 }), (record, columns) => {
        const lines = plot(record, columns);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        const { published } = storyOf(record).flow!;
        const [top] = lines.filter((line) => line.includes("┤"));
        expect(top!.split("┤")[0]!.trim()).toBe(shortNumber(Math.max(1, Math.round(published.at(-1)?.[1] ?? 0))));
      }),
      { numRuns: 60 },
    );
  });

  it("draws no event completed before it was, nor higher than it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.constantFrom(0.5, 3, 40), (events, perSecond) => {
        const record = spike(events, perSecond);
        const lines = plot(record, 100).filter((line) => line.includes("┤"));
        const dotsOf = (line: string) => [...line.slice(line.indexOf("┤") + 1)].findIndex((one) => /[⠁-⣿]/.test(one));
        const columns = lines.slice(0, 8).map(dotsOf);
        // From the lowest row up the dots begin later.
        const known = columns.reverse().filter((column) => column >= 0);
        expect(known).toEqual([...known].sort((one, other) => one - other));
      }),
      { numRuns: 40 },
    );
  });

  it("says of a run of which nothing was inserted that there are no calls, and shows what was published", () => {
    const lines = plot(recordOf([], [], { totalEvents: 1_000 }));
    expect(lines[0]).toContain("published");
    expect(lines.join("\n")).toContain("░");
    expect(lines).toContain("Nothing was inserted, so there are no calls to show.");
  });

  it("shows a single event, and a run without an event", () => {
    expect(plot(recordOf([row(1, 500)], [])).join("\n")).toMatch(/1 ┤╭─+⢸/);
    expect(plot(recordOf([], [])).length).toBeGreaterThan(3);
  });

  it("shows of an older record its inserts, and no flow", () => {
    const [title, ...lines] = plot(aRecord({ flow: null, calls: null }));
    expect(title).toBe("DB inserts per second · ┄ limit 1/s");
    expect(lines.join("\n")).not.toContain("░");
  });

  it("says whose drawing it is where a run was repeated", () => {
    const record = aRecord();
    const uncertainty = { ranges: false, runs: [{ ...record, seed: 7 }], intervals: {} };
    expect(plot({ ...record, uncertainty })[0]).toMatch(/^Events of the run with seed 7 ·/);
  });
});
