/** The report that people read. */
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordOfAll } from "../../../src/metrics/repetitions.ts";
import type { RunRecord } from "../../../src/model.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { widthOf } from "../../../src/reports/text.ts";
import { aRecord, asPublished, published, records } from "../records/a-record.ts";

const render = (given: RunRecord[], columns = 80, details = false) => table(given, { columns, colour: false, details });

/** The cells of the first table's rows, by the row's name. */
function cells(text: string): Map<string, string[]> {
  const rows = text.split("\n").filter((line) => line.startsWith("│"));
  return new Map(
    rows.map((line) => {
      const [name, ...rest] = line.split("│").slice(1, -1);
      return [name!.trim(), rest.map((cell) => cell.trim())] as const;
    }),
  );
}

describe("the table report", () => {
  it("shows a run in this form", () => {
    expect(`\n${render([aRecord()])}`).toMatchInlineSnapshot(`
      "
      scenario-4 · SNS → SQS → Lambda · reserved concurrency 1 · 12 events
        PREDICTION (local, platform 2026, seed 1)
      ✓ Limit 1/s kept, peak 1 call in one second
      ✗ Lost 2 of 12 events (dead-lettered)
        Drained in 12.3 s, oldest waited 12.1 s
      ┌────────────────────────────┬──────────┐
      │                            │ this run │
      ├────────────────────────────┼──────────┤
      │ Total Events               │       12 │
      │ Events Completed           │       10 │
      │ Events Failed              │        2 │
      │ Time Taken                 │   12.3 s │
      │ Max. Concurrency           │        1 │
      │ Avg. DB Inserts Per Second │        1 │
      │ Max. DB Inserts Per Second │        1 │
      │ Min. DB Inserts Per Second │        1 │
      └────────────────────────────┴──────────┘
      Wait: p50 6.2 s, p95 12.1 s, p99 12.1 s
      Backlog: at most 12 events at once
      Throttles: 7 invocations, for want of concurrency
      Cost: 0.000006 USD for the run, 0.5 USD per million events; 0.259 USD a month
        with one such spike a day, 0.259 USD of it for polls of the idle queue

      Events · ─ published · ⠤⠒ completed · × failed · ░ waiting
      12 ┤ ╭───────────────────────────────────────────────────────────────────────×××
         ┤ │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░×××××××××××××××⡖⠒⠒
         ┤╭╯░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░×××××⢠⠤⠤⠤⠤⠤⠤⠜⠉⠉⠉⠉⠉⠉⠉
         ┤│░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⢰⠒⠒⠒⠒⠒⠒⠊
         ┤│░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⡠⠤⠤⠤⠤⠤⠤⠜⠉⠉⠉⠉⠉⠉⠁
         ┤│░░░░░░░░░░░░░░░░░░░░░░░░░░░░░⡖⠒⠒⠒⠒⠒⠒⠁
         ┤│░░░░░░░░░░░░░░░⡤⠤⠤⠤⠤⠤⠤⠋⠉⠉⠉⠉⠉⠉
         ┤│░░░░░░░⢰⠒⠒⠒⠒⠒⠒⠒⠁
       0 └┬──────────┬───────────┬───────────┬───────────┬───────────┬───────────┬────
      Calls in any second · ┄ limit 1/s
       1 ┤┄┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄┄┄┄┄┄••┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄•┄┄┄┄┄┄┄┄┄
       0 └┬──────────┬───────────┬───────────┬───────────┬───────────┬───────────┬────
          0:00       0:02        0:04        0:06        0:08        0:10        0:12

      The limit is the scenario's own (--limit sets yours), with a tolerance of 100
        ms.
      Settings: WorkMs=1150, VisibilityTimeout=120
      The prices are those of us-east-1, 2026-11-26.
      Run 20261123-093412-ab12, started 2026-11-23T09:34:12.000Z. The stack was
        deleted."
    `);
  });

  it("says of one run with drawn numbers that they were drawn", () => {
    const record = recordOfAll([aRecord()], true);
    expect(render([record], 100)).toContain(
      "One run, seed 1, with the numbers that AWS does not publish drawn from their plausible ranges.",
    );
  });

  it("shows the published result and the difference where there is one", () => {
    expect(`\n${render([aRecord(asPublished)], 100)}`).toMatchInlineSnapshot(`
      "
      scenario-4 · SNS → SQS → Lambda · reserved concurrency 1 · 12 events
        PREDICTION (local, platform 2020, seed 1)
      ✓ Limit 1/s kept, peak 1 call in one second
      ✗ Lost 2 of 12 events (dead-lettered)
        Drained in 12.3 s, oldest waited 12.1 s
      ┌────────────────────────────┬──────────┬──────────────────────┬────────────────────┐
      │                            │ this run │            published │         difference │
      ├────────────────────────────┼──────────┼──────────────────────┼────────────────────┤
      │ Total Events               │       12 │                   12 │                  0 │
      │ Events Completed           │       10 │                 1000 │      -990 (-99.0%) │
      │ Events Failed              │        2 │                    0 │                 +2 │
      │ Time Taken                 │   12.3 s │ 1450 s (24 min 10 s) │ -1437.7 s (-99.2%) │
      │ Max. Concurrency           │        1 │                    1 │                  0 │
      │ Avg. DB Inserts Per Second │        1 │                    1 │                  0 │
      │ Max. DB Inserts Per Second │        1 │                    1 │                  0 │
      │ Min. DB Inserts Per Second │        1 │                    1 │                  0 │
      └────────────────────────────┴──────────┴──────────────────────┴────────────────────┘
      Wait: p50 6.2 s, p95 12.1 s, p99 12.1 s
      Backlog: at most 12 events at once
      Throttles: 7 invocations, for want of concurrency
      Cost: 0.000006 USD for the run, 0.5 USD per million events; 0.259 USD a month with one such spike a
        day, 0.259 USD of it for polls of the idle queue

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

      The limit is the scenario's own (--limit sets yours), with a tolerance of 100 ms.
      Settings: WorkMs=1150, VisibilityTimeout=120
      The prices are those of us-east-1, 2026-11-26.
      Run 20261123-093412-ab12, started 2026-11-23T09:34:12.000Z. The stack was deleted."
    `);
  });

  it("adds the further figures for details", () => {
    expect(`\n${render([aRecord({ published, title: "" })], 100, true)}`).toMatchInlineSnapshot(`
      "
      scenario-4 · SNS → SQS → Lambda · 12 events · PREDICTION (local, platform 2026, seed 1)
      ✓ Limit 1/s kept, peak 1 call in one second
      ✗ Lost 2 of 12 events (dead-lettered)
        Drained in 12.3 s, oldest waited 12.1 s
      ┌────────────────────────────┬──────────┐
      │                            │ this run │
      ├────────────────────────────┼──────────┤
      │ Total Events               │       12 │
      │ Events Completed           │       10 │
      │ Events Failed              │        2 │
      │ Time Taken                 │   12.3 s │
      │ Max. Concurrency           │        1 │
      │ Avg. DB Inserts Per Second │        1 │
      │ Max. DB Inserts Per Second │        1 │
      │ Min. DB Inserts Per Second │        1 │
      └────────────────────────────┴──────────┘
      Wait: p50 6.2 s, p95 12.1 s, p99 12.1 s
      Backlog: at most 12 events at once
      Throttles: 7 invocations, for want of concurrency
      Cost: 0.000006 USD for the run, 0.5 USD per million events; 0.259 USD a month with one such spike a
        day, 0.259 USD of it for polls of the idle queue

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

      ┌──────────────────────────────┬───────────┐
      │ further figure               │  this run │
      ├──────────────────────────────┼───────────┤
      │ Events published             │        12 │
      │ Publishing took              │    240 ms │
      │ Run ended                    │   drained │
      │ Throughput per second        │     0.813 │
      │ Overlapping invocations      │         1 │
      │ Instances started            │         1 │
      │ Invocations                  │        10 │
      │ Throttles                    │         7 │
      │ Errors                       │         0 │
      │ Dead-lettered                │         2 │
      │ Dead-lettered, and completed │         0 │
      │ Calls                        │        10 │
      │ Calls at most                │        10 │
      │ Calls refused                │         0 │
      │ Wait p50                     │     6.2 s │
      │ Wait p95                     │    12.1 s │
      │ Wait p99                     │    12.1 s │
      │ Oldest wait                  │    12.1 s │
      │ Max. backlog                 │        12 │
      │ Out of order                 │         0 │
      │ Out of order, share          │      0.0% │
      │ Worst displacement           │         0 │
      │ Seconds without an insert    │         1 │
      │ Peak in any rolling second   │         1 │
      │ Cost per million events      │   0.5 USD │
      │ Cost per month               │ 0.259 USD │
      └──────────────────────────────┴───────────┘
      ┌───────────┬─────────────────────────────┬───────────────────┬────────────┬────────────────┐
      │ cost      │                       count │             price │        USD │ price's source │
      ├───────────┼─────────────────────────────┼───────────────────┼────────────┼────────────────┤
      │ publishes │ 12 publishes of up to 64 KB │ 0.5 per 1,000,000 │ 0.00000600 │ a price list   │
      └───────────┴─────────────────────────────┴───────────────────┴────────────┴────────────────┘
      Slowest events: 10 (12.1 s), 9 (10.9 s), 8 (9.8 s), 7 (8.6 s), 6 (7.4 s), 5 (6.2 s), 4 (5 s), 3 (3.9
        s), 2 (2.7 s), 1 (1.5 s)
      Made with throttle-bench 0.1.0 on Node 20.20.0
      Published: a published table. One run.

      Published: 1000 of 1000 events completed in 1450 s (24 min 10 s), by AWS of 2020. To compare: run
        scenario-4 --platform 2020 --events 1000.
      The limit is the scenario's own (--limit sets yours), with a tolerance of 100 ms.
      Settings: WorkMs=1150, VisibilityTimeout=120
      The prices are those of us-east-1, 2026-11-26.
      Run 20261123-093412-ab12, started 2026-11-23T09:34:12.000Z. The stack was deleted."
    `);
  });

  it("ends several runs with one table", () => {
    const text = render([aRecord(asPublished), aRecord({ scenario: "mine", seed: 2 })], 100);
    expect(`\n${text.slice(text.indexOf("Summary"))}`).toMatchInlineSnapshot(`
      "
      Summary · PREDICTION
      ✗ scenario-4: Limit 1/s kept, peak 1 call in one second; lost 2 of 12 events (dead-lettered);
        drained in 12.3 s, oldest waited 12.1 s.
      ✗ mine: Limit 1/s kept, peak 1 call in one second; lost 2 of 12 events (dead-lettered); drained in
        12.3 s, oldest waited 12.1 s.
      ┌────────────┬────────────────────┬─────────────┬────────┬───────────────┬───────┬─────────────┐
      │ scenario   │ path               │   completed │ failed │          time │  max. │   inserts/s │
      │            │                    │ (published) │        │   (published) │ conc. │ avg·max·min │
      ├────────────┼────────────────────┼─────────────┼────────┼───────────────┼───────┼─────────────┤
      │ scenario-4 │ SNS → SQS → Lambda │   10 (1000) │      2 │ 12.3 s (1450) │     1 │       1·1·1 │
      │ mine       │ SNS → SQS → Lambda │          10 │      2 │        12.3 s │     1 │       1·1·1 │
      └────────────┴────────────────────┴─────────────┴────────┴───────────────┴───────┴─────────────┘"
    `);
    expect(render([aRecord()])).not.toContain("Summary");
  });

  it("says in one line what was published of something else, and how to compare", () => {
    const line = (rest: Partial<RunRecord>) =>
      render([aRecord({ published, ...rest })], 200).match(/Published: .*/)![0];
    expect(line({})).toBe(
      "Published: 1000 of 1000 events completed in 1450 s (24 min 10 s), by AWS of 2020. To compare: run scenario-4 --platform 2020 --events 1000.",
    );
    const settings = [{ name: "WorkMs", value: "100", published: "1000" }];
    const caveats = [{ code: "settings-differ" as const, settings }];
    expect(line({ platform: "2020", caveats })).toMatch(/To compare: run scenario-4 --set WorkMs=1000\.$/);
    expect(line({ platform: null, target: "aws", kind: "measurement", caveats: [] })).toMatch(/--platform 2020\.$/);
    expect(render([aRecord({ published })], 100)).not.toContain("difference");
    expect(render([aRecord(asPublished)], 100)).not.toContain("To compare");
  });

  it("has the published table's names in its order", () => {
    expect([...cells(render([aRecord()])).keys()].slice(1)).toEqual([
      "Total Events",
      "Events Completed",
      "Events Failed",
      "Time Taken",
      "Max. Concurrency",
      "Avg. DB Inserts Per Second",
      "Max. DB Inserts Per Second",
      "Min. DB Inserts Per Second",
    ]);
  });

  it("has rows for missing events and duplicates only where there are any", () => {
    const { summary } = aRecord();
    const text = render([aRecord({ summary: { ...summary, eventsMissing: 3, duplicates: 2 } })]);
    expect([...cells(text)].slice(-2)).toEqual([
      ["Events Missing", ["3"]],
      ["Duplicates", ["2"]],
    ]);
  });

  it("says missing, never 0, of a figure that could not be had", () => {
    const { summary } = aRecord();
    const insertsPerSecond = { avg: null, max: null, min: null };
    const record = aRecord({
      ...asPublished,
      summary: { ...summary, timeTakenSeconds: null, maxConcurrency: null, insertsPerSecond },
    });
    const found = cells(render([record]));
    expect(found.get("Time Taken")).toEqual(["missing", "1450 s (24 min 10 s)", "—"]);
    expect(found.get("Max. Concurrency")).toEqual(["missing", "1", "—"]);
    expect(found.get("Avg. DB Inserts Per Second")).toEqual(["missing", "1", "—"]);
  });

  it("calls a result a prediction and names its model, or a measurement", () => {
    expect(render([aRecord()])).toContain("PREDICTION (local, platform 2026, seed 1)");
    const measured = aRecord({ kind: "measurement", target: "aws", platform: null, seed: null });
    expect(render([measured])).toContain("MEASUREMENT (aws)");
    const location = { accountId: null, region: "eu-west-1", endpoint: "http://127.0.0.1:4566" };
    expect(render([{ ...measured, location }])).toContain("MEASUREMENT of http://127.0.0.1:4566 (aws)");
    const served = aRecord({ target: "aws", location });
    expect(render([served])).toContain("PREDICTION by http://127.0.0.1:4566 (aws, platform 2026, seed 1)");
    const mixed = render([aRecord(), measured], 120);
    expect(mixed).toContain("Summary · PREDICTION and MEASUREMENT");
    expect(mixed.slice(mixed.indexOf("Summary"))).toMatch(/│ prediction .*\n│ scenario-4 .*│ measurement /);
  });

  it("names the path of an event once, also where the title has it in words", () => {
    expect(render([aRecord()]).split("\n")[0]).toContain("SNS → SQS → Lambda · reserved concurrency 1");
    const inWords = render([aRecord({ title: "SNS to SQS to Lambda, reserved concurrency 1" })], 120);
    expect(inWords.split("\n")[0]).toBe(
      "scenario-4 · SNS to SQS to Lambda, reserved concurrency 1 · 12 events · PREDICTION (local, platform 2026, seed 1)",
    );
  });

  it("shows the settings, but never the database's URL", () => {
    const settings = { WorkMs: "1150", DatabaseUrl: "postgres://user:secret@host/db", LogRetentionDays: "7" };
    const text = render([aRecord({ settings })], 80, true);
    expect(text).toContain("Settings: WorkMs=1150\n");
    expect(text).not.toContain("secret");
    expect(text).not.toContain("LogRetentionDays");
  });

  it("colours only when it is told to, and otherwise says the same", () => {
    const record = { ...aRecord({ published }), verdict: null };
    const coloured = table([record, record], { columns: 80, colour: true, details: true });
    const plain = render([record, record], 80, true);
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it("says the verdict first, an answer a line with its mark, whether there are colours or not", () => {
    for (const colour of [false, true]) {
      const text = stripVTControlCharacters(table([aRecord()], { columns: 100, colour, details: false }));
      expect(text.split("\n").slice(2, 6)).toEqual([
        "✓ Limit 1/s kept, peak 1 call in one second",
        "✗ Lost 2 of 12 events (dead-lettered)",
        "  Drained in 12.3 s, oldest waited 12.1 s",
        "┌────────────────────────────┬──────────┐",
      ]);
    }
  });

  it("has all that matters on the first 24 lines of 80 columns, and settings and ids last", () => {
    const details = { ...aRecord().details, calls: { recorded: true, refused: 3, atLeast: 13, atMost: 13 } };
    const lines = render([aRecord({ details, settings: { ...aRecord().settings, PublishRate: "50" } })]).split("\n");
    const lineOf = (beginning: string) => lines.findIndex((line) => line.startsWith(beginning));
    const inOrder = [
      "✓",
      "✗",
      "│ Total Events",
      "│ Min. DB",
      "Wait:",
      "Backlog:",
      "Throttles:",
      "Refused calls:",
      "Cost:",
    ];
    const places = inOrder.map(lineOf);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
    expect(places.at(-1)).toBeLessThan(24);
    expect(lines.slice(0, 3).join(" ")).toContain("12 events at 50/s");
    const last = ["Events ·", "Calls in any", "The limit is", "Settings:", "The prices", "Run 2026"].map(lineOf);
    expect(last).toEqual([...last].sort((one, other) => one - other));
    expect(last[0]).toBeGreaterThan(places.at(-1)!);
  });

  it("draws up to four runs, and says how to see the drawings of more", () => {
    const runs = (count: number) => Array.from({ length: count }, (_, seed) => aRecord({ seed, runId: `run-${seed}` }));
    const drawings = (text: string) => text.match(/^Events · /gm)?.length ?? 0;
    expect(drawings(render(runs(4)))).toBe(4);
    expect(drawings(render(runs(5)))).toBe(0);
    expect(render(runs(5))).toContain("Of more than 4 runs no drawings are shown; --details shows them.");
    expect(drawings(render(runs(5), 80, true))).toBe(5);
  });

  it("says beside the verdict what is not known of the calls, and last that a drawing had to guess", () => {
    const doubtful = aRecord();
    const verdict = { ...doubtful.verdict!, limit: { ...doubtful.verdict!.limit!, unseenCalls: 3 } };
    const record = { ...doubtful, verdict, summary: { ...doubtful.summary, totalEvents: 13 } };
    const lines = render([{ ...record, burst: { ...record.burst, published: 13 } }], 200).split("\n");
    const place = lines.findIndex((line) => line.includes("may have made up to 3 more"));
    expect(place).toBeLessThan(lines.findIndex((line) => line.startsWith("┌")));
    expect(lines).toContain(
      "One published event left no row that tells when it was sent; the drawing spreads it evenly over the burst.",
    );
  });

  it("says what was fired", () => {
    const fired = (rest: Partial<RunRecord>) => render([aRecord(rest)], 200).split("\n")[0];
    expect(fired({ settings: { PublishRate: "50" } })).toContain("· 12 events at 50/s ·");
    expect(fired({ settings: { PublishRate: "0" } })).toContain("· 12 events as fast as they can be ·");
    expect(fired({ settings: {} })).toContain("· 12 events ·");
  });

  it("lets no control character of a foreign template through to the terminal", () => {
    const text = render([aRecord({ title: "clear \u001b[2J", scenario: "a\u0007b" })]);
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u0007");
  });

  it("never exceeds the width", () => {
    fc.assert(
      fc.property(
        fc.array(records, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 60, max: 200 }),
        fc.boolean(),
        fc.boolean(),
        (given, columns, details, colour) => {
          expect(widthOf(table(given, { columns, details, colour }))).toBeLessThanOrEqual(columns);
        },
      ),
      { numRuns: 60 },
    );
  });
});
