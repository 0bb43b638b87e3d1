/** Checks what a run has to show of a downstream that refuses calls, on whatever target it ran. */
import { expect } from "vitest";
import { limitWindowMs, parseLimit } from "../../infra/handlers/limit.ts";
import { bench } from "../../src/bench.ts";
import type { Call, RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import type { Target } from "../../src/targets/target.ts";
import { aContext, aRequest } from "./a-request.ts";

const events = 60;
const limit = "1/s";

/** Settings by which refusals are answered, and what each of them comes to. */
export const refusals = {
  throw: {
    set: ["WhenRefused=throw", "MaxReceiveCount=3"],
    /** A refused event comes back after the visibility timeout of two minutes, less the time that it waited for its call, three times at most. */
    check: ({ summary }: RunRecord, calls: CallsById) => {
      expect(summary.eventsFailed).toBeGreaterThan(0);
      expectReceives(calls, 3, (pauseMs) => pauseMs >= 100_000);
    },
  },
  report: {
    set: ["WhenRefused=report", "ReportBatchItemFailures=true", "MaxReceiveCount=3", "BatchSize=5"],
    check: ({ summary, details }: RunRecord, calls: CallsById) => {
      expect(summary.eventsFailed).toBeGreaterThan(0);
      expect(details.errors).toBe(0);
      expectReceives(calls, 3, (pauseMs) => pauseMs >= 100_000);
    },
  },
  wait: {
    set: ["WhenRefused=wait", "ConsumerTimeout=120", "VisibilityTimeout=720"],
    /** A refused event is asked for again as soon as there is room, by the invocation that has it. */
    check: ({ summary, details }: RunRecord, calls: CallsById) => {
      expect([summary.eventsCompleted, summary.duplicates, details.errors]).toEqual([events, 0, 0]);
      expectReceives(calls, 100, (pauseMs) => pauseMs < 2_000);
    },
  },
  return: {
    set: ["WhenRefused=return", "MaxReceiveCount=1000"],
    /** A refused event comes back as soon as there is room, and not after the visibility timeout. */
    check: ({ summary }: RunRecord, calls: CallsById) => {
      expect([summary.eventsCompleted, summary.eventsFailed]).toEqual([events, 0]);
      expectReceives(calls, 1_000, (pauseMs) => pauseMs < 60_000);
    },
  },
};

export type Refusal = keyof typeof refusals;

type CallsById = Map<number, Call[]>;

/** Every call but an event's last was refused, and the next came when it should. */
function expectReceives(calls: CallsById, most: number, isRightPause: (pauseMs: number) => boolean): void {
  for (const ofEvent of calls.values()) {
    expect(ofEvent.length).toBeLessThanOrEqual(most);
    for (const [index, call] of ofEvent.slice(0, -1).entries()) {
      expect(call.outcome).toBe("refused");
      const pauseMs = ofEvent[index + 1]!.beganAt - call.beganAt;
      expect([pauseMs, isRightPause(pauseMs)]).toEqual([pauseMs, true]);
    }
  }
}

/** Runs scenario-5 on the target, with the limit and reserved 5, and checks what it shows. */
export async function checkRefusals(target: Target, how: Refusal, runId: string): Promise<void> {
  const { set, check } = refusals[how];
  const settings = [`DownstreamLimit=${limit}`, "ReservedConcurrency=5", "WorkMs=100", ...set];
  const record = await bench(
    target,
    aRequest(findScenario("scenario-5"), { runId, events, set: settings }),
    aContext(),
  );
  const calls = await target.rows.calls(runId);
  const byId: CallsById = new Map();
  for (const call of calls) byId.set(call.id, [...(byId.get(call.id) ?? []), call]);

  expect(record.outcome).toBe("drained");
  expect(record.summary.eventsMissing).toBe(0);
  expect(byId.size).toBe(events);
  const taken = calls.filter(({ outcome }) => outcome !== "refused");
  expect(taken.length).toBeLessThan(calls.length);
  for (const [index, { beganAt }] of taken.entries()) {
    if (index > 0)
      expect(beganAt - taken[index - 1]!.beganAt).toBeGreaterThanOrEqual(limitWindowMs(parseLimit(limit)!));
  }
  // An event completes by the call that was taken, and is dead-lettered when each of its calls was refused.
  const completed = [...byId.values()].filter((ofEvent) => ofEvent.some(({ outcome }) => outcome === "accepted"));
  expect(record.summary.eventsCompleted).toBe(completed.length);
  expect(record.summary.eventsFailed).toBe(events - completed.length);
  check(record, byId);
  const counted = record.errors?.find(({ cause }) => cause === "refused")?.count ?? 0;
  expect(counted).toBe(how === "wait" ? 0 : calls.length - taken.length);
}
