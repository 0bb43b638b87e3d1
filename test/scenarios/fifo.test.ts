/** FIFO queues in whole runs: order, one event of a group at a time, deduplication, and what a failure holds up. */
import { describe, expect, it } from "vitest";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";
import { simulate } from "../../src/simulation/simulate.ts";

const batches = ["BatchSize=5", "ReportBatchItemFailures=true", "ConsumerTimeout=10", "VisibilityTimeout=60"];

async function figuresOf(name: string, set: string[], { events = 100, seed = 1, ranges = true } = {}) {
  const scenario = findScenario(name);
  const model = { platform: "2026", profile: null, ranges } as const;
  const plan = { scenario, model, limit: null, waitForMetrics: true };
  return simulate(plan, { settings: settingsOf(scenario, set), events, seed, assumptions: {}, timeoutMs: 86_400_000 });
}

describe.each(["fifo-one-group", "sqs-fifo"])("%s", (name) => {
  it.each([
    ["nothing that fails", []],
    ["5% of the calls failing", ["FailureRate=0.05"]],
    ["5% of the calls failing in batches that are answered", ["FailureRate=0.05", ...batches]],
  ])("keeps the order and works one event at a time with %s", async (_, set) => {
    for (let seed = 1; seed <= 5; seed++) {
      const { summary, details } = await figuresOf(name, set, { seed });
      expect([details.order?.outOfOrder, details.maxOverlap, summary.maxConcurrency]).toEqual([0, 1, 1]);
      expect(summary).toMatchObject({ eventsCompleted: 100, eventsFailed: 0, duplicates: 0 });
      expect(details.throttles).toBe(0);
    }
  });

  it("drops the events that are published twice", async () => {
    const { summary, details } = await figuresOf(name, ["DuplicateRate=1"]);
    expect(summary).toMatchObject({ eventsCompleted: 100, duplicates: 0 });
    expect(details.order?.outOfOrder).toBe(0);
  });

  it("works all but the poisonous events, each of which holds up the others until it is given up", async () => {
    const undisturbed = await figuresOf(name, [], { ranges: false });
    const { summary, details } = await figuresOf(name, ["PoisonRate=0.05"], { ranges: false });
    expect(summary.eventsFailed).toBeGreaterThan(0);
    expect(summary.eventsCompleted + summary.eventsFailed).toBe(100);
    expect(details.order?.outOfOrder).toBe(0);
    // Five receives with a visibility timeout of 30 s each; the last may be at the run's end, when nothing waits behind it.
    const heldMs = (summary.eventsFailed - 1) * 5 * 30_000;
    expect(summary.timeTakenSeconds! * 1_000 - undisturbed.summary.timeTakenSeconds! * 1_000).toBeGreaterThan(
      heldMs * 0.9,
    );
  });
});

describe("fifo-ten-groups", () => {
  it("keeps the order in each group and works at most ten events at a time, whatever fails", async () => {
    for (const set of [[], ["FailureRate=0.05"], ["PoisonRate=0.02"]]) {
      const { summary, details } = await figuresOf("fifo-ten-groups", set, { events: 300 });
      expect(details.order?.outOfOrder).toBe(0);
      expect(details.maxOverlap).toBeLessThanOrEqual(10);
      expect(summary.maxConcurrency).toBe(10);
      expect(summary.eventsCompleted + summary.eventsFailed).toBe(300);
    }
  });

  it("works as many events at a time as there are groups", async () => {
    for (const groups of [1, 3, 20]) {
      const { summary } = await figuresOf("fifo-ten-groups", [`MessageGroups=${groups}`], { events: 200 });
      expect(summary.maxConcurrency).toBe(groups);
    }
  });
});
