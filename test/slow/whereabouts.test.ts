/**
 * In a thousand random runs, with failures, limits, slow calls and duplicates together, each event is in exactly one place: completed;
 * dead-lettered only; lost by a rule that has a name; or still waiting at a place that has one. What the emulator's parts hold, message by
 * message, agrees with the rows.
 * Provenance: assumed; these are accounts of the model, and say nothing of AWS.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { Scenario } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { Whereabouts } from "./whereabouts.ts";

const folder = mkdtempSync(join(tmpdir(), "throttle-bench-whereabouts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let whereabouts: Whereabouts | null = null;
afterEach(() => whereabouts?.stop());

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
  ...[1, 2, 3, 4, 5].map((number) => findScenario(`scenario-${number}`)),
  variant("scenario-2", "without-destination", destination, ""),
  variant("scenario-4", "short-retention", queue, `${queue}      MessageRetentionPeriod: 60\n`),
];

const rate = (most: number) =>
  fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: most * 100 }).map((n) => n / 100),
  );

/** Settings that every scenario has, or, where it has not, does without. */
const settings = fc.record({
  WorkMs: fc.constantFrom(0, 100, 1_000, 4_000),
  WorkMsMax: fc.constantFrom(0, 2_000),
  HoldMs: fc.constantFrom(0, 0, 1_000),
  FailureRate: rate(0.6),
  PoisonRate: rate(0.3),
  SlowRate: rate(0.3),
  SlowFactor: fc.constantFrom(2, 10),
  DuplicateRate: rate(0.5),
  DownstreamLimit: fc.constantFrom("0", "1/s", "3/s", "20/m", "0.5/s"),
  WhenRefused: fc.constantFrom("throw", "report", "wait", "return"),
  ConsumerTimeout: fc.constantFrom(3, 10, 20),
  PublishRate: fc.constantFrom(0, 2, 50),
  ReservedConcurrency: fc.constantFrom(1, 2, 5),
  MaximumEventAge: fc.constantFrom(60, 300, 21_600),
  MaximumRetryAttempts: fc.constantFrom(0, 2),
  VisibilityTimeout: fc.constantFrom(20, 30, 120),
  MaxReceiveCount: fc.constantFrom(1, 2, 5, 50),
  BatchSize: fc.constantFrom(1, 3, 10),
  MaximumBatchingWindow: fc.constantFrom(0, 0, 2),
  MaximumConcurrency: fc.constantFrom("0", "2"),
  ReportBatchItemFailures: fc.constantFrom("false", "true"),
});

const systems = fc.record({
  scenario: fc.integer({ min: 0, max: scenarios.length - 1 }),
  settings,
  events: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  timeoutMs: fc.constantFrom(20_000, 60_000, 300_000, 21_600_000),
});

type System = typeof systems extends fc.Arbitrary<infer T> ? T : never;

/** The place or the fate of each event of a run, by the rows and by the book-keeper. */
async function run({ scenario: index, settings: wanted, events, seed, timeoutMs }: System) {
  const scenario = scenarios[index]!;
  const names = new Set(scenario.template.parameters.map(({ name }) => name));
  const set = Object.entries(wanted).flatMap(([name, value]) => (names.has(name) ? [`${name}=${value}`] : []));
  whereabouts = new Whereabouts();
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed });
  try {
    const request = aRequest(scenario, { runId: "run", set, events, timeoutMs, waitForMetrics: false, keep: true });
    const record = await bench(target, request, aContext());
    const idsOf = async (group: string): Promise<Set<number>> => {
      const { id, length } = await target.rows.columns(group);
      return new Set(id.subarray(0, length));
    };
    const completed = await idsOf(record.groupId);
    const dead = await idsOf(record.deadLetterGroupId);
    return { record, completed, dead, kept: whereabouts };
  } finally {
    whereabouts.stop();
    await target.close();
  }
}

const fates = { completed: 0, dead: 0, lost: new Map<string, number>(), waiting: new Map<string, number>() };

it("every event of a run is in exactly one place, and the emulator's own parts agree with the rows", {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(systems, async (system) => {
      const { record, completed, dead, kept } = await run(system);
      const { summary, stack } = record;
      const source = stack.queue ?? stack.consumerFunction;
      const counts = { completed: 0, deadOnly: 0, missing: 0 };
      for (let id = 1; id <= system.events; id++) {
        const copies = kept.copiesOf(id);
        const consumedAt = (place: string) => copies.some((copy) => copy.place === place && copy.state === "consumed");
        const deadLetterQueue = stack.deadLetterQueue!;
        // A message is deleted when its function has succeeded, and then the function has left a row.
        if (consumedAt(source)) expect([id, "completed", completed.has(id)]).toEqual([id, "completed", true]);
        if (consumedAt(deadLetterQueue)) expect([id, "dead", dead.has(id)]).toEqual([id, "dead", true]);
        // A row is that of an event which was there.
        if (completed.has(id))
          expect([id, "at the source", kept.wasAt(id, source)]).toEqual([id, "at the source", true]);
        if (dead.has(id)) expect([id, "dead", kept.wasAt(id, deadLetterQueue)]).toEqual([id, "dead", true]);
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
      // Whoever waits long enough finds an event waiting nowhere but where nothing takes it any more.
      if (record.outcome === "drained") expect(counts.missing).toBe(0);
    }),
    { numRuns: Number(process.env.RUNS ?? 1_000), seed: 12 },
  );
});

it("has seen every place and every fate", () => {
  expect(fates.completed).toBeGreaterThan(1_000);
  expect(fates.dead).toBeGreaterThan(1_000);
  expect([...fates.lost.keys()].sort()).toEqual(["given up by Lambda without a destination", "retention"]);
  expect([...fates.waiting.keys()].sort()).toEqual(expect.arrayContaining(["the consumer's own queue", "the queue"]));
});

function roleOf(
  place: string,
  {
    consumerFunction,
    queue,
    deadLetterQueue,
  }: { consumerFunction: string; queue: string | null; deadLetterQueue: string | null },
): string {
  if (place === consumerFunction) return "the consumer's own queue";
  if (place === queue) return "the queue";
  return place === deadLetterQueue ? "the dead-letter queue" : place;
}
