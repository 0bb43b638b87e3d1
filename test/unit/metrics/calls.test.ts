/** The calls that the downstream got: counted, or bounded. */
import { describe, expect, it } from "vitest";
import { type CallEvidence, callCount } from "../../../src/metrics/calls.ts";
import type { Call } from "../../../src/model.ts";

const evidence: CallEvidence = {
  settings: { BatchSize: "10", ReportBatchItemFailures: "false" },
  queue: "queue",
  errors: 3,
  invocations: 40,
  complete: true,
};
const call = (outcome: Call["outcome"]): Call => ({ runId: "run", id: 1, beganAt: 0, outcome });

describe("callCount", () => {
  it("counts recorded calls, refused ones too, whatever else is known", () => {
    expect(callCount(1, [call("accepted"), call("refused"), call("failed")], { ...evidence, complete: false })).toEqual(
      {
        recorded: true,
        refused: 1,
        atLeast: 3,
        atMost: 3,
      },
    );
  });

  it.each([
    ["no failures: each row was called for once", { errors: 0 }, 100],
    ["failed invocations may have called for their whole batch", {}, 130],
    ["without a queue an invocation has one event", { queue: null }, 103],
    [
      "where item failures are reported, any invocation may have called in vain",
      { settings: { BatchSize: "10", ReportBatchItemFailures: "true" } },
      400,
    ],
    ["a template of one's own may have another setting for the batch", { settings: {} }, null],
    ["CloudWatch has not shown all minutes", { complete: false }, null],
    ["CloudWatch could not be read", { errors: null }, null],
  ])("bounds them by rows and errors: %s", (_why, change, atMost) => {
    expect(callCount(100, [], { ...evidence, ...change })).toEqual({
      recorded: false,
      refused: 0,
      atLeast: 100,
      atMost,
    });
  });
});
