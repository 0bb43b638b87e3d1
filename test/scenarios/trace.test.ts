/** The life of every event of small runs agrees with the rows and the metrics that the runs have left, and watching changes nothing. */
import { describe, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { RunRecord, TraceStep } from "../../src/model.ts";
import { findScenario, shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { settingsIn } from "../../src/scenarios/settings.ts";
import { Life } from "../../src/simulation/life.ts";
import { type Simulation, simulateRecord } from "../../src/simulation/simulate.ts";
import { type Observer, openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";

const events = 20;
const ids = Array.from({ length: events }, (_, index) => index + 1);

function simulationOf(
  scenario: ReturnType<typeof shippedScenarios>[number],
  wanted: Record<string, string>,
): Simulation {
  const known = settingsIn(scenario).map(({ name }) => name);
  const set = Object.entries(wanted).flatMap(([name, value]) => (known.includes(name) ? [`${name}=${value}`] : []));
  const request = aRequest(scenario, { runId: "traced", events, set, keep: true });
  return { request, model: { platform: "2026", seed: 3, profile: null, ranges: false, constants: {} } };
}

/** The record and the rows of a run, with the life of each of its events. */
async function lived({ request, model }: Simulation) {
  const lives = new Map(ids.map((id) => [id, new Life(id)]));
  const observer: Observer = (happening) => {
    for (const life of lives.values()) life.observe(happening);
  };
  const target = await openLocal({ ...model, databaseUrl: null, observer });
  const record = await bench(target, request, aContext());
  const rows = {
    completed: (await target.rows.columns(record.groupId)).toRows(),
    dead: (await target.rows.columns(record.deadLetterGroupId)).toRows(),
  };
  await target.close();
  const logicalIds = request.scenario.template.resources.map(({ logicalId }) => logicalId);
  const steps = [...lives].flatMap(([id, life]) =>
    life.steps(logicalIds, record.metricsWindow.readAt).map((step) => ({ id, ...step })),
  );
  return { record, rows, steps };
}

function total({ metrics }: RunRecord, name: string): number {
  return metrics.find((series) => series.name === name)?.points.reduce((sum, { value }) => sum + value, 0) ?? 0;
}

const withoutClock = (record: RunRecord) => ({ ...record, startedAt: "", finishedAt: "" });
const counted = (steps: readonly TraceStep[], what: string) =>
  steps.reduce((sum, step) => sum + (step.what === what ? step.times : 0), 0);

/** Each step follows the one before it, from the moment in which the event was made. */
function expectToGoOn(steps: readonly TraceStep[]): void {
  expect(steps[0]).toMatchObject({ what: "made", sinceSentMs: 0, waitedMs: 0 });
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    expect(step.waitedMs).toBe(before === undefined ? 0 : step.at - before.lastAt);
    expect(step.waitedMs).toBeGreaterThanOrEqual(0);
    expect(step.sinceSentMs).toBe(step.at - steps[0]!.at);
  }
}

describe.each(shippedScenarios())("an event's life in $name", (scenario) => {
  it("agrees with rows, receives and throttles, also of failures and duplicates, and changes nothing", async () => {
    const wanted = { FailureRate: "0.15", DuplicateRate: "0.2", MaximumRetryAttempts: "1" };
    const simulation = simulationOf(scenario, wanted);
    const { record, rows, steps } = await lived(simulation);
    const ended = (what: string) =>
      steps.flatMap((step) => (step.what === what ? [`${step.id} ${step.at}`] : [])).sort();
    expect(ended("completed")).toEqual(rows.completed.map(({ id, createdAt }) => `${id} ${createdAt}`).sort());
    expect(ended("recorded")).toEqual(rows.dead.map(({ id, createdAt }) => `${id} ${createdAt}`).sort());
    // CloudWatch was asked about the minutes up to the run's end. What comes back later is traced, and not among its figures.
    const measured = steps.filter(({ at }) => at < 60_000 * (Math.floor(record.metricsWindow.end / 60_000) + 1));
    const received = measured.filter(({ what, where }) => what === "received" && where === "Queue");
    expect(received).toHaveLength(total(record, "queue.NumberOfMessagesReceived"));
    expect(withoutClock(record)).toEqual(withoutClock(await simulateRecord(simulation)));
    for (const id of ids) expectToGoOn(steps.filter((step) => step.id === id));
    const isAlone = Number(record.settings.BatchSize ?? 1) === 1;
    if (isAlone) {
      expect(counted(measured, "throttled")).toBe(record.details.throttles);
      const failures = measured.filter(({ what, where }) => what === "failed" && where === "ConsumerFunction");
      expect(failures).toHaveLength(record.details.errors!);
    }
  });
});

/** The steps of the first event that ends so, without those that only say how it is worked on. */
async function stepsOfFirst(
  name: string,
  wanted: Record<string, string>,
  isMeant: (steps: (TraceStep & { id: number })[]) => boolean,
) {
  const { steps } = await lived(simulationOf(findScenario(name), wanted));
  const ofEach = ids.map((id) => steps.filter((step) => step.id === id));
  return ofEach.find(isMeant)!.filter(({ what }) => what !== "called" && what !== "logged" && what !== "started");
}

describe("an event that", () => {
  const has = (what: string) => (steps: TraceStep[]) => steps.some((step) => step.what === what);
  const words = (steps: TraceStep[]) => steps.map(({ what }) => what);

  it("nobody has time for is throttled until it is visible again, and lost at its next receive although nothing was wrong", async () => {
    const wanted = { MaxReceiveCount: "1", VisibilityTimeout: "10", WorkMs: "3000" };
    const steps = await stepsOfFirst("scenario-3", wanted, has("recorded"));
    expect(words(steps).slice(0, 7)).toEqual([
      "made",
      "published",
      "queued",
      "received",
      "throttled",
      "visible",
      "dead-lettered",
    ]);
    const [received, throttled, visible] = steps.slice(3);
    expect(throttled!.times).toBeGreaterThan(1);
    expect(throttled!.detail).toBe("ReservedFunctionConcurrentInvocationLimitExceeded");
    expect(visible!.at - received!.at).toBe(10_000);
    expect(visible!.why).toBe("its visibility timeout");
  });

  it("fails in a stream is tried again in its place, and goes to the queue of failures", async () => {
    const wanted = { PoisonRate: "0.3", MaximumRetryAttempts: "1" };
    const steps = await stepsOfFirst("kinesis-one-shard", wanted, has("recorded"));
    expect(words(steps).slice(0, 9)).toEqual([
      "made",
      "put",
      "read",
      "invoked",
      "failed",
      "invoked",
      "failed",
      "queued",
      "received",
    ]);
    expect(steps[4]!.detail).toBe("1 of the records failed: its record.");
  });

  it("is behind others of its message group waits for its turn in it", async () => {
    const steps = await stepsOfFirst("fifo-one-group", {}, (all) => all[0]!.id === ids.length);
    const received = steps.find(({ what }) => what === "received")!;
    expect(received).toMatchObject({ where: "Queue", why: "its turn in its message group" });
  });

  it("an API destination tries again waits for its turn each time", async () => {
    const steps = await stepsOfFirst("api-destination", { FailureRate: "0.3" }, has("responded"));
    const tried = steps.filter(({ what }) => ["lined up", "requested", "responded"].includes(what));
    expect(words(steps).slice(0, 4)).toEqual(["made", "put on the bus", "matched", "lined up"]);
    expect(tried.at(-1)).toMatchObject({ what: "responded", detail: "HTTP 200" });
    expect(tried.slice(0, 3).map(({ what }) => what)).toEqual(["lined up", "requested", "responded"]);
  });
});
