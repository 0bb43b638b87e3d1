/** A limit of the cost: the real orchestrator on the emulator, where a storm of retries goes on for hours and a usual run does not. */
import { expect, it, onTestFinished, vi } from "vitest";
import { bench } from "../../src/bench.ts";
import { watchForInterruption } from "../../src/cli/running/interruption.ts";
import { Ledger } from "../../src/cli/running/ledger.ts";
import type { RunRequest } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import type { ProgressUpdate } from "../../src/steps/progress.ts";
import { openLocal } from "../../src/targets/local.ts";
import { openDatabase } from "../postgres/a-database.ts";
import { aContext, aRequest } from "./a-request.ts";

interface Limited extends Partial<RunRequest> {
  scenarioName?: string;
  set?: string[];
  limitDollars: number;
  ledger?: Ledger;
}

let runs = 0;

async function run({ scenarioName = "scenario-5", limitDollars, ledger = new Ledger(), ...request }: Limited) {
  const database = await openDatabase();
  onTestFinished(database.close);
  const target = await openLocal({ databaseUrl: database.url, platform: "2026", seed: 1 });
  const interruption = watchForInterruption();
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const updates: ProgressUpdate[] = [];
  try {
    const asked = aRequest(findScenario(scenarioName), { runId: `budget-${++runs}`, ...request });
    const context = aContext({
      signal: interruption.signal,
      budget: ledger.budget(limitDollars, interruption),
      progress: (update) => updates.push(update),
    });
    const record = await bench(target, asked, context);
    return { record, updates, reason: interruption.signal.reason, said: said.mock.calls.join("") };
  } finally {
    said.mockRestore();
    interruption.release();
    await target.close();
  }
}

/** Every invocation fails, after its five seconds of work, and its message comes again. */
const storm = ["FailureRate=1", "MaxReceiveCount=1000", "WorkMs=5000", "ConsumerMemory=4096", "VisibilityTimeout=60"];

it("ends a storm of retries above the limit, cleans up, and keeps what was measured", async () => {
  const { record, reason, said, updates } = await run({ set: storm, events: 100, limitDollars: 0.1 });
  expect(record).toMatchObject({ outcome: "interrupted", cleanUp: "It leaves nothing but its rows." });
  const { spending, details } = record;
  expect(spending).toMatchObject({ limitDollars: 0.1, exceeded: true, unpriced: [] });
  expect(spending!.estimatedDollars).toBeGreaterThan(0.1);
  // The estimate is renewed each minute, so that it is not far above the limit.
  expect(spending!.estimatedDollars).toBeLessThan(0.13);
  expect(spending!.dearest?.item).toBe("duration");
  expect(details.invocations).toBeGreaterThan(300);
  expect(reason).toMatchObject({ code: "over-budget", exitStatus: 3 });
  expect(reason.message).toMatch(
    /^The run has cost about \$0\.1\d by now, above the limit of \$0\.10 \(--max-cost\), most of it, \$0\.\d+, for the time that the consumer runs, with [\d,]+ invocations for 100 events, [\d,]+ of which failed; CloudWatch may lag by up to 15 minutes, and has counted until \d\d:\d\dZ\.$/,
  );
  expect(said).toContain("The limit of $0.10 is passed: cleaning up");
  const shown = updates.flatMap((update) => (update.phase === "drain" ? (update.spending?.togetherDollars ?? []) : []));
  expect(shown.length).toBeGreaterThan(5);
  expect(shown).toEqual([...shown].sort((one, other) => one - other));
});

it("lets a usual run be, and keeps the limit and the last estimate in its record", async () => {
  const { record, reason } = await run({ events: 200, limitDollars: 0.1 });
  expect(reason).toBeUndefined();
  expect(record).toMatchObject({ outcome: "drained", summary: { eventsCompleted: 200 } });
  expect(record.spending).toMatchObject({ limitDollars: 0.1, exceeded: false });
  // The bill of the events' path is a part of it, and logs and the reading of metrics come on top.
  expect(record.spending!.estimatedDollars).toBeGreaterThan(record.cost!.run!);
  expect(record.spending!.estimatedDollars).toBeLessThan(record.cost!.run! + 0.01);
});

it("counts what the runs before it have cost", async () => {
  const ledger = new Ledger();
  const first = await run({ events: 50, limitDollars: 0.1, ledger });
  const already = first.record.spending!.estimatedDollars;
  const second = await run({ events: 50, limitDollars: already * 1.2, ledger });
  expect(second.record.spending).toMatchObject({ exceeded: true });
  expect(second.record.spending!.estimatedDollars).toBeLessThan(already);
  expect(second.reason.message).toMatch(/^The 2 runs have together cost about/);
});

it("goes by the time for what is paid by the hour, also where CloudWatch has counted nothing", async () => {
  const series = { count: 4, everyMs: 3_600_000 };
  const { record } = await run({
    scenarioName: "kinesis-two-shards",
    events: 8,
    spikes: series,
    limitDollars: 0.07,
    timeoutMs: 3_600_000,
  });
  // Two shards are 3 cents an hour: the third hour is above the limit.
  expect(record.spending).toMatchObject({ exceeded: true, dearest: { item: "shards" } });
  expect(record.summary.eventsCompleted).toBeLessThan(8);
  expect(record.summary.eventsCompleted).toBeGreaterThanOrEqual(4);
});
