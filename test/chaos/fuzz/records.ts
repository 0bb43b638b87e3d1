/** Records, and journals, that were cut off, come from other versions, or hold what no run wrote, read by all that reads them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireWindow } from "../../../src/cli/flags/expectations.ts";
import { simulationOf } from "../../../src/cli/running/simulated-again.ts";
import { BenchError } from "../../../src/errors.ts";
import { compare, defaultOptions } from "../../../src/metrics/compare.ts";
import { expectationsNow, nothingGiven } from "../../../src/metrics/expectations.ts";
import { sideOf } from "../../../src/metrics/sides.ts";
import { judgedAnew } from "../../../src/metrics/verdict.ts";
import type { RunRecord } from "../../../src/model.ts";
import { BaselineStore } from "../../../src/records/baselines.ts";
import { JournalStore } from "../../../src/records/journal.ts";
import { RecordStore, requireReadable } from "../../../src/records/store.ts";
import { openSweepJournal } from "../../../src/records/sweep-journal.ts";
import { comparisonFormats } from "../../../src/reports/comparisons/comparisons.ts";
import { compareTable } from "../../../src/reports/comparisons/table.ts";
import type { Format } from "../../../src/reports/format.ts";
import { table } from "../../../src/reports/formats/table.ts";
import { history } from "../../../src/reports/history.ts";
import * as reports from "../../../src/reports/reports.ts";
import { findScenario, keptScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { simulateRecord } from "../../../src/simulation/simulate.ts";
import { traceEvent } from "../../../src/simulation/trace.ts";
import { aRecord } from "../../unit/records/a-record.ts";
import { type Json, mutated, mutatedText } from "./mutations.ts";
import { noOutcome, type Outcome, tryInput } from "./outcome.ts";
import { Random } from "./random.ts";

const options = { columns: 80, colour: true, details: true };

/** A record as runs write it, an older one, and one of every field. */
async function seeds(): Promise<Json[]> {
  const scenario = findScenario("scenario-3");
  const ran = await simulateRecord({
    request: {
      runId: "fuzz",
      scenario,
      settings: settingsOf(scenario, []),
      events: 12,
      timeoutMs: 3_600_000,
      expected: {
        limit: { limit: "1/s", toleranceMs: 100, origin: "flag" },
        maxLoss: null,
        maxWait: null,
        claims: null,
      },
      waitForMetrics: true,
      keep: false,
      versions: { throttleBench: "0", node: "0" },
    },
    model: { platform: "2026", seed: 1, profile: null, ranges: false, constants: {} },
  });
  const left = readFileSync(new URL("../../unit/records/left-by-a-run.json", import.meta.url), "utf8");
  return [JSON.parse(JSON.stringify(ran)), JSON.parse(left), JSON.parse(JSON.stringify(aRecord()))] as Json[];
}

/** Does with a record's file what `report`, `compare`, `history`, `nightly` and `trace` do. */
async function readRecord(directory: string, path: string, random: Random): Promise<void> {
  const store = new RecordStore(directory);
  await new BaselineStore(directory).list().catch((error: unknown) => {
    if (!(error instanceof BenchError)) throw error;
  });
  const { records: found, problems } = await store.find(path);
  requireReadable({ problems });
  const records = found.map((record) => judgedAnew(record, nothingGiven));
  for (const record of records) requireWindow(expectationsNow(record, nothingGiven));
  table(records, options);
  history(records, options);
  for (const format of Object.values(reports) as Format<RunRecord>[]) {
    // A picture of dots takes long, and shows what the drawing of lines shows.
    if (format.name === "png") continue;
    if ("text" in format) format.text(records, options, format.choices?.values[0] ?? "");
    else await format.files(records, join(directory, "out"));
  }
  const [first] = records;
  const side = sideOf([first!]);
  const comparison = compare(side, side, defaultOptions);
  compareTable([comparison], options);
  for (const format of comparisonFormats) if ("text" in format) format.text([comparison], options, "");
  const simulation = simulationOf(first!);
  if (!random.isOneIn(10) || first!.summary.totalEvents > 100) return;
  await traceEvent(simulation, 1).catch((error: unknown) => {
    // The model may refuse the stack as AWS does, which ends a run with 3.
    if (!(error instanceof BenchError)) throw error;
  });
}

const header: Json = {
  journalVersion: 1,
  runId: "fuzz",
  startedAt: "2026-11-26T10:00:00.000Z",
  scenario: { name: "scenario-4", file: "scenario-4.yaml", templateBody: findScenario("scenario-4").templateBody },
  settings: {},
  expected: { limit: null, maxLoss: null, maxWait: null, claims: null },
  events: 10,
  timeoutMs: 1_000,
  waitForMetrics: true,
  keep: false,
  account: { id: "123456789012", region: "eu-central-1" },
};
const stack: Json = {
  id: "arn",
  name: "throttle-bench-fuzz",
  producerFunction: "p",
  producerReports: null,
  consumerFunction: "c",
  queue: null,
  deadLetterQueue: null,
  deadLetterRecorderFunction: null,
  consumerMapping: null,
  stream: null,
  events: [],
};
const journal: Json[] = [
  header,
  { begun: "deploy" },
  { done: "deploy", answer: stack },
  { begun: "fire" },
  { spike: 0, at: 1 },
];

function inputOf(data: Json, random: Random): string {
  const text = random.isOneIn(3) ? mutatedText(JSON.stringify(data), random) : JSON.stringify(mutated(data, random));
  return random.isOneIn(30) ? `[${text},${text}]` : text;
}

function journalOf(random: Random): string {
  const lines = journal.map((line) => (random.isOneIn(4) ? inputOf(line, random) : JSON.stringify(line)));
  const text = `${lines.join("\n")}\n`;
  return random.isOneIn(4) ? mutatedText(text, random) : text;
}

export async function fuzzRecords(count: number, seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const outcome = noOutcome();
  const known = await seeds();
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-fuzz-"));
  const journals = join(directory, "journals");
  mkdirSync(journals);
  const path = join(directory, "input.json");
  try {
    for (let number = 0; number < count; number++) {
      if (random.isOneIn(5)) {
        const text = journalOf(random);
        writeFileSync(join(journals, "fuzz.jsonl"), text);
        await tryInput(outcome, "a journal", text, async () => {
          const { header: read } = await new JournalStore(journals).load("fuzz");
          keptScenario(read.scenario);
        });
        await tryInput(outcome, "a sweep's journal", text, async () => {
          await (await openSweepJournal(journals, "fuzz", false)).close();
        });
        continue;
      }
      const text = inputOf(random.of(known), random);
      writeFileSync(path, text);
      await tryInput(outcome, "a record", text, () => readRecord(directory, path, random));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return outcome;
}
