/** A run says why its invocations failed: the cause, the count, what was logged first, and which setting to change. */
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/model.ts";
import { errorSentences } from "../../src/reports/errors.ts";
import { findScenario, findScenarios } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { aRequest } from "./a-request.ts";

interface Asked {
  set?: string[];
  events?: number;
  constants?: Record<string, number>;
}

function run(name: string, { set = [], events = 100, constants = {} }: Asked): Promise<RunRecord> {
  const [scenario = findScenario(name)] = findScenarios([name]);
  return simulateRecord({
    request: aRequest(scenario, { runId: "errors", set, events }),
    model: { platform: "2026", seed: 1, profile: null, ranges: false, constants },
  });
}

describe("the errors of a run", () => {
  it("are none where nothing failed", async () => {
    expect((await run("scenario-5", {})).errors).toEqual([]);
  });

  it("name a database that has no connections left", async () => {
    const record = await run("scenario-1", {
      events: 1_000,
      set: ["PublishRate=100"],
      constants: { "database.maximumConnections": 97 },
    });
    const [error] = record.errors!;
    expect(record.errors).toHaveLength(1);
    expect(error).toMatchObject({ cause: "connection", firstMessage: "sorry, too many clients already" });
    expect(error!.count).toBe(record.details.errors);
    expect(errorSentences(record)).toEqual([
      `${error!.count} invocations had no connection to the database (first: sorry, too many clients already); lower the consumer's concurrency, or let the database take more connections (its max_connections; in the model database.maximumConnections).`,
    ]);
  });

  it("name a time-out that does not hold the batch, and the settings to change", async () => {
    const record = await run("scenario-4", { set: ["ConsumerTimeout=3", "BatchSize=10", "MaximumBatchingWindow=1"] });
    const [error] = record.errors!;
    expect(error).toEqual({
      cause: "timed-out",
      count: record.details.errors,
      firstMessage: "Task timed out after 3.00 seconds",
    });
    expect(error!.count).toBeGreaterThan(0);
    expect(errorSentences(record)[0]).toMatch(/raise ConsumerTimeout, or lower BatchSize or WorkMs\.$/);
  });

  it("count every call that was refused or failed once, also where the invocation itself did not fail", async () => {
    const set = ["DownstreamLimit=2/s", "FailureRate=0.2", "WhenRefused=report", "ReportBatchItemFailures=true"];
    const record = await run("scenario-5", { set });
    expect(record.details.errors).toBe(0);
    const counts = Object.fromEntries(record.errors!.map(({ cause, count }) => [cause, count]));
    expect(Object.keys(counts).sort()).toEqual(["failed-call", "refused"]);
    const thrown = await run("scenario-5", { set: ["DownstreamLimit=2/s", "WhenRefused=throw"] });
    expect(thrown.errors).toEqual([expect.objectContaining({ cause: "refused", count: thrown.details.errors })]);
  });

  it("tell what a limiter refused from what the downstream did, and count each event once", async () => {
    const record = await run("limiter-token-bucket", { set: ["WhenRefused=throw"] });
    expect(record.errors).toEqual([expect.objectContaining({ cause: "limited", count: record.details.errors })]);
    expect(errorSentences(record)[0]).toMatch(/refused by the limiter.*WhenRefused says how, LimiterRate how often\.$/);
  });
});
