/** Traces of single events: what became of each, in whatever way it ended. */
import { expect, it } from "vitest";
import type { TraceStep } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { Life } from "../../../src/simulation/life.ts";
import { simulateRecord } from "../../../src/simulation/simulate.ts";
import { traceEvent } from "../../../src/simulation/trace.ts";
import { aRequest } from "../../scenarios/a-request.ts";

function aSimulation(scenario: string, asked: { set?: string[]; events?: number; timeoutMs?: number }) {
  const request = aRequest(findScenario(scenario), { runId: "traced", ...asked });
  return { request, model: { platform: "2026", seed: 1, profile: null, ranges: false, constants: {} } as const };
}

const whats = (steps: readonly TraceStep[]) => steps.map(({ what }) => what);

it("says that an event was completed, and of which message group it is", async () => {
  const { trace, record } = await traceEvent(aSimulation("fifo-ten-groups", {}), 13);
  expect(trace).toMatchObject({ runId: "traced", scenario: "fifo-ten-groups", event: 13, outcome: "completed" });
  expect(trace.messageGroup).toBe(3);
  expect(trace.sentAt).toBeGreaterThan(record.burst.firstSentAt!);
  expect(whats(trace.steps).at(0)).toBe("made");
  expect(whats(trace.steps)).toContain("completed");
});

it("says that an event whose every call fails was dead-lettered, and why each failed", async () => {
  const { trace } = await traceEvent(aSimulation("sqs-reserved-5", { set: ["PoisonRate=1"] }), 3);
  expect(trace.outcome).toBe("dead-lettered");
  expect(whats(trace.steps)).toEqual(expect.arrayContaining(["failed", "dead-lettered", "recorded"]));
  const failures = trace.steps.filter(({ what }) => what === "failed");
  expect(failures).toHaveLength(2);
  expect(trace.steps.filter(({ what }) => what === "called").map(({ detail }) => detail)).toEqual(
    failures.map(() => "the downstream will fail it"),
  );
});

it("says that an event was lost where the run ended before its turn came", async () => {
  const slow = { set: ["WorkMs=8000"], events: 100, timeoutMs: 60_000 };
  const { trace, record } = await traceEvent(aSimulation("sqs-reserved-1", slow), 100);
  expect(record.outcome).toBe("timeout");
  expect(trace.outcome).toBe("lost");
  expect(whats(trace.steps)).not.toContain("completed");
});

it("has no steps of an event that was never published", async () => {
  const { trace } = await traceEvent(aSimulation("sqs-reserved-1", { events: 5 }), 6);
  expect(trace).toMatchObject({ sentAt: null, outcome: "lost", steps: [] });
});

it("tells of a receipt that deletes nothing, because the message was received again meanwhile", async () => {
  const events = 10;
  const lives = Array.from({ length: events }, (_, index) => new Life(index + 1));
  // The pollers hold messages longer than they are hidden, because one is worked at a time.
  const set = ["WorkMs=30000", "ConsumerTimeout=40", "VisibilityTimeout=40", "MaxReceiveCount=20"];
  const { request, model } = aSimulation("sqs-reserved-1", { set, events });
  const observer: Parameters<typeof simulateRecord>[0]["observer"] = (happening) => {
    for (const life of lives) life.observe(happening);
  };
  const record = await simulateRecord({ request, model, observer });
  const logicalIds = request.scenario.template.resources.map(({ logicalId }) => logicalId);
  const all = lives.map((life) => life.steps(logicalIds, record.metricsWindow.readAt!));
  expect(all.flat()).toContainEqual(
    expect.objectContaining({ what: "not deleted", detail: "it was received again meanwhile" }),
  );
  for (const steps of all) {
    expect(whats(steps).filter((what) => what === "deleted").length).toBeLessThanOrEqual(1);
    // After it is deleted it is received no more.
    expect(whats(steps).lastIndexOf("received")).toBeLessThan(whats(steps).indexOf("deleted"));
  }
});
