/** The words of an event's life. */
import { describe, expect, it } from "vitest";
import type { Trace, TraceStep } from "../../../src/model.ts";
import { stepText, traceText } from "../../../src/reports/trace.ts";
import { aRecord } from "../records/a-record.ts";

const aStep = (what: string, rest: Partial<TraceStep> = {}): TraceStep => ({
  at: 1_000,
  sinceSentMs: 0,
  what,
  where: "Queue",
  times: 1,
  lastAt: 1_000,
  receive: null,
  instance: null,
  cold: null,
  others: null,
  detail: null,
  waitedMs: 0,
  why: null,
  ...rest,
});

describe("a step's sentence", () => {
  it.each<[string, TraceStep]>([
    ["received from Queue (receive 2)", aStep("received", { receive: 2 })],
    ["Consumer is throttled", aStep("throttled", { where: "Consumer" })],
    [
      "Consumer is throttled 3 times until +4 s",
      aStep("throttled", { where: "Consumer", times: 3, sinceSentMs: 1_000, lastAt: 4_000 }),
    ],
    [
      "Consumer is invoked, in instance 2 (warm), with 1 other record",
      aStep("invoked", { where: "Consumer", instance: 2, cold: false, others: 1 }),
    ],
    ["Consumer is invoked", aStep("invoked", { where: "Consumer", others: 0 })],
    ["Consumer has failed: Task timed out", aStep("failed", { where: "Consumer", detail: "Task\n timed out" })],
    ["pipes.forward Pipe", aStep("pipes.forward", { where: "Pipe" })],
    ["pipes.forward", aStep("pipes.forward", { where: null })],
  ])("is %s", (sentence, step) => {
    expect(stepText(step)).toBe(sentence);
  });
});

describe("a trace as text", () => {
  const trace: Trace = {
    runId: "a-run",
    scenario: "scenario-4",
    event: 7,
    messageGroup: 3,
    sentAt: 1_000,
    outcome: "completed",
    steps: [
      aStep("made", { where: null }),
      aStep("queued", { at: 1_055, sinceSentMs: 55, waitedMs: 55, why: "the topic's delivery" }),
      aStep("completed", { at: 13_000, sinceSentMs: 12_000, waitedMs: 11_945 }),
    ],
  };
  const text = (columns: number, one = trace) => traceText(one, aRecord(), { columns, colour: false, details: false });

  it("names the event, its end and the prediction that it is, and tells each wait with its reason", () => {
    expect(text(100)).toMatch(/^Event 7 of scenario-4, message group 3: completed after 12 s · PREDICTION \(local, /);
    expect(text(100)).toMatch(/│ +\+55 ms │ in Queue +│ +55 ms │ the topic's delivery │/);
  });

  it("leaves reasons out where there is no room", () => {
    expect(
      Math.max(
        ...text(60)
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(60);
    expect(text(60)).not.toContain("the topic's delivery");
  });

  it("says of an event that no producer published that it has no life", () => {
    expect(text(100, { ...trace, sentAt: null, outcome: "lost", steps: [] })).toContain("No producer published it.");
  });
});
