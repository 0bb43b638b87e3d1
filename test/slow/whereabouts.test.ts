/**
 * In a thousand random runs of all scenarios, with failures, limits, slow and poisonous events and duplicates together, each event is in
 * exactly one place: completed; dead-lettered only; lost by a rule that has a name; or still waiting at a place that has one. What the
 * emulator's parts hold, message by message, agrees with the rows.
 * Provenance: assumed; these are accounts of the model, and say nothing of AWS.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import { BenchError } from "../../src/errors.ts";
import type { RunRecord, Scenario, StackNames } from "../../src/model.ts";
import { findScenario, shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { contractFaults } from "../../src/scenarios/contract.ts";
import { refusals } from "../../src/scenarios/refusals.ts";
import { settingsIn, settingsOf } from "../../src/scenarios/settings.ts";
import { openLocal } from "../../src/targets/local.ts";
import { outOfBounds, serviceDefaults } from "../../src/targets/service-rules.ts";
import { checkParameter, type Parameter } from "../../src/template/parameter.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { Book, type Copy } from "./whereabouts/book.ts";

const folder = mkdtempSync(join(tmpdir(), "throttle-bench-whereabouts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let book: Book | null = null;
afterEach(() => book?.close());

/** A shipped scenario with one thing changed. */
function variant(name: string, what: string, replaced: string, by: string): Scenario {
  const { templateBody } = findScenario(name);
  expect(templateBody.split(replaced)).toHaveLength(2);
  const file = join(folder, `${name}-${what}.yaml`);
  writeFileSync(file, templateBody.replace(replaced, by));
  return findScenario(file);
}

const destination =
  "      DestinationConfig:\n        OnFailure:\n          Destination: !GetAtt DeadLetterQueue.Arn\n";
const queue = "  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n";

const scenarios: Scenario[] = [
  ...shippedScenarios(),
  variant("scenario-2", "without-destination", destination, ""),
  variant("scenario-4", "short-retention", queue, `${queue}      MessageRetentionPeriod: 60\n`),
];

const shares = ["0", "0.05", "0.3", "0.6"];

/** Values that make trouble within a run of a few events, by setting. */
const troublesome: Record<string, string[]> = {
  WorkMs: ["0", "100", "1000", "4000"],
  WorkMsMax: ["0", "2000"],
  HoldMs: ["0", "1000"],
  FailureRate: shares,
  PoisonRate: ["0", "0.1", "0.3"],
  SlowRate: ["0", "0.1", "0.3"],
  SlowFactor: ["2", "10"],
  DuplicateRate: ["0", "0.1", "0.5"],
  DownstreamLimit: ["0", "1/s", "3/s", "20/m", "0.5/s"],
  ConsumerTimeout: ["3", "10", "20"],
  PublishRate: ["0", "2", "50"],
  ReservedConcurrency: ["1", "2", "5"],
  MaximumEventAge: ["60", "300", "21600"],
  MaximumRetryAttempts: ["0", "2", "5"],
  MaximumRecordAge: ["-1", "60"],
  VisibilityTimeout: ["20", "30", "120"],
  MaxReceiveCount: ["1", "2", "5", "50"],
  BatchSize: ["1", "3", "10"],
  MaximumBatchingWindow: ["0", "0", "2"],
};

/** A value within the setting's own bounds: its default, one that makes trouble, or any. */
function valuesOf(parameter: Parameter): fc.Arbitrary<string> {
  const { name, type, default: usual, minValue, maxValue, allowedValues } = parameter;
  const known = (troublesome[name] ?? []).filter((value) => checkParameter(parameter, value) === null);
  const any =
    type === "Number" && minValue !== undefined && maxValue !== undefined
      ? fc.integer({ min: Math.ceil(minValue), max: Math.min(maxValue, Math.ceil(minValue) + 20) }).map(String)
      : fc.constantFrom(...(allowedValues ?? [usual!]));
  const some = known.length > 0 ? fc.constantFrom(...known) : any;
  return fc.oneof({ weight: 2, arbitrary: fc.constant(usual!) }, { weight: 4, arbitrary: some }, any);
}

/** These do nothing to an event. */
const withoutEffect = ["LogRetentionDays", "ConsumerMemory"];

const scenarioOf = new Map(scenarios.map((scenario) => [scenario.name, scenario]));

const systems = fc.constantFrom(...scenarios).chain((scenario) =>
  fc.record({
    scenario: fc.constant(scenario.name),
    settings: fc.record(
      Object.fromEntries(
        settingsIn(scenario)
          .filter(({ name, default: usual }) => usual !== undefined && !withoutEffect.includes(name))
          .map((parameter) => [parameter.name, valuesOf(parameter)]),
      ),
    ),
    events: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    timeoutMs: fc.constantFrom(20_000, 60_000, 300_000, 21_600_000),
  }),
);

type System = typeof systems extends fc.Arbitrary<infer T> ? T : never;

/** False for settings that are refused before a run, because AWS would not take them. */
function isPossible({ scenario: name, settings: wanted }: System): boolean {
  const scenario = scenarioOf.get(name)!;
  const settings = settingsOf(scenario, overridesOf(wanted));
  const faults = [
    ...contractFaults(scenario, settings),
    ...refusals(scenario, settings, serviceDefaults),
    ...outOfBounds(scenario, settings),
  ];
  return faults.length === 0;
}

function overridesOf(settings: Record<string, string>): string[] {
  return Object.entries(settings).map(([name, value]) => `${name}=${value}`);
}

interface Ended {
  record: RunRecord;
  completed: Set<number>;
  dead: Set<number>;
  kept: Book;
}

/** Runs it with a book-keeper. null: AWS would not make the stack. */
async function run({ scenario: name, settings, events, seed, timeoutMs }: System): Promise<Ended | null> {
  const scenario = scenarioOf.get(name)!;
  book = new Book();
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed });
  try {
    const set = overridesOf(settings);
    const request = aRequest(scenario, { runId: "run", set, events, timeoutMs, waitForMetrics: false, keep: true });
    const record = await bench(target, request, aContext());
    const idsOf = async (group: string): Promise<Set<number>> => {
      const { id, length } = await target.rows.columns(group);
      return new Set(id.subarray(0, length));
    };
    const completed = await idsOf(record.groupId);
    const dead = await idsOf(record.deadLetterGroupId);
    return { record, completed, dead, kept: book };
  } catch (failure) {
    if (failure instanceof BenchError && failure.code === "deploy-failed") return null;
    throw failure;
  } finally {
    book.close();
    await target.close();
  }
}

const fates = { completed: 0, dead: 0, lost: new Map<string, number>(), waiting: new Map<string, number>() };
/** By scenario, the runs and the events that completed in them. */
const seen = new Map<string, { runs: number; completed: number }>();
let impossible = 0;

/** Says what stands against the rows in an event's copies; null: nothing. */
function contradiction(id: number, copies: readonly Copy[], { completed, dead, record, kept }: Ended): string | null {
  const { deadLetterQueue } = record.stack;
  const places = kept.placesOf(id);
  const isCarried = (place: string) => isCarrier(place, record.stack);
  const consumed = copies.filter(({ state }) => state === "consumed").map(({ place }) => place);
  // A message is deleted when its function has succeeded, and then the function has left a row.
  if (consumed.some((place) => place !== deadLetterQueue && !isCarried(place)) && !completed.has(id))
    return "consumed without a row";
  if (consumed.includes(deadLetterQueue!) && !dead.has(id)) return "dead without a row";
  // A row is that of an event which was there.
  if (completed.has(id) && ![...places].some((place) => place !== deadLetterQueue && !isCarried(place)))
    return "completed without a message";
  return dead.has(id) && !places.has(deadLetterQueue!) ? "recorded as dead without a message" : null;
}

/** A function that only hands events on leaves no row. */
function isCarrier(place: string, stack: StackNames): boolean {
  return place.includes("Adapter") && place !== stack.consumerFunction;
}

it("every event of a run is in exactly one place, and the emulator's own parts agree with the rows", {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(systems, async (system) => {
      const ended = isPossible(system) ? await run(system) : null;
      if (ended === null) {
        impossible++;
        return;
      }
      const { record, completed, dead, kept } = ended;
      const { summary, stack } = record;
      const counts = { completed: 0, deadOnly: 0, missing: 0 };
      for (let id = 1; id <= system.events; id++) {
        const copies = kept.copiesOf(id);
        const against = contradiction(id, copies, ended);
        if (against !== null) expect.fail(`${id} is ${against}: ${JSON.stringify(copies)}`);
        if (completed.has(id)) counts.completed++;
        else if (dead.has(id)) counts.deadOnly++;
        else {
          counts.missing++;
          const waiting = kept.waitingAt(id);
          const lost = kept.lostBy(id);
          expect([id, copies, waiting ?? lost]).toEqual([id, copies, expect.any(String)]);
          const [named, name] = waiting === null ? [fates.lost, lost!] : [fates.waiting, roleOf(waiting, stack)];
          named.set(name, (named.get(name) ?? 0) + 1);
        }
      }
      expect(counts).toEqual({
        completed: summary.eventsCompleted,
        deadOnly: summary.eventsFailed,
        missing: summary.eventsMissing,
      });
      fates.completed += counts.completed;
      fates.dead += counts.deadOnly;
      const { runs = 0, completed: before = 0 } = seen.get(system.scenario) ?? {};
      seen.set(system.scenario, { runs: runs + 1, completed: before + counts.completed });
      // Whoever waits long enough finds an event waiting nowhere but where nothing takes it any more.
      if (record.outcome === "drained") expect(counts.missing).toBe(0);
    }),
    { numRuns: Number(process.env.RUNS ?? 1_000), seed: 12 },
  );
});

it("has seen every scenario, every place and every fate", () => {
  for (const { name } of scenarios) {
    expect([name, seen.get(name)]).toEqual([name, { runs: expect.any(Number), completed: expect.any(Number) }]);
    expect([name, seen.get(name)!.completed > 0]).toEqual([name, true]);
  }
  expect(impossible).toBeLessThan(Number(process.env.RUNS ?? 1_000) / 3);
  expect(fates.completed).toBeGreaterThan(1_000);
  expect(fates.dead).toBeGreaterThan(1_000);
  expect([...fates.lost.keys()].sort()).toEqual(["given up by Lambda without a destination", "retention"]);
  expect([...fates.waiting.keys()].sort()).toEqual(expect.arrayContaining(["the consumer's own queue", "the queue"]));
});

function roleOf(place: string, { consumerFunction, queue, deadLetterQueue }: StackNames): string {
  if (place === consumerFunction) return "the consumer's own queue";
  if (place === queue) return "the queue";
  return place === deadLetterQueue ? "the dead-letter queue" : place;
}
