/** How often an event is expected to be tried, by which a run's cost is estimated before it is made. */
import { describe, expect, it } from "vitest";
import { attemptsAhead } from "../../../src/scenarios/attempts.ts";
import { findScenario, shippedScenarios } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { functionOf } from "../../../src/steps/function.ts";
import { serviceDefaults } from "../../../src/targets/service-rules.ts";

const hourMs = 3_600_000;

function attempts(name: string, set: string[] = [], { events = 1_000, timeoutMs = 6 * hourMs } = {}): number {
  const scenario = findScenario(name);
  const settings = settingsOf(scenario, set);
  const consumer = functionOf(scenario, settings, "ConsumerFunction")!.logicalId;
  return attemptsAhead({ scenario, settings, events, timeoutMs }, consumer, serviceDefaults);
}

it("is one for each shipped scenario as it is, but for the one whose calls fail", () => {
  const names = shippedScenarios().map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => attempts(name) !== 1)).toEqual(["partial-batch-responses"]);
  expect(attempts("partial-batch-responses")).toBeLessThan(1.5);
});

describe("where calls fail", () => {
  it("grows with their share, up to what the queue allows", () => {
    const half = attempts("scenario-4", ["FailureRate=0.5", "MaxReceiveCount=3"]);
    expect(half).toBeCloseTo(1 + 0.5 + 0.25, 9);
    expect(attempts("scenario-4", ["FailureRate=1", "MaxReceiveCount=3"])).toBe(3);
    expect(attempts("scenario-4", ["PoisonRate=0.5", "MaxReceiveCount=3"])).toBe(2);
  });

  it("is three where Lambda itself tries again", () => {
    expect(attempts("scenario-1", ["FailureRate=1"])).toBe(3);
  });

  it("is bounded by the time of the run and by the instances that there are", () => {
    const set = ["FailureRate=1", "MaxReceiveCount=1000", "VisibilityTimeout=60", "ReservedConcurrency=5"];
    expect(attempts("scenario-5", set, { events: 1, timeoutMs: hourMs })).toBe(61);
    // Five instances do not come to more than 3600 × 5 seconds of work.
    expect(attempts("scenario-5", set, { events: 100_000, timeoutMs: hourMs })).toBeCloseTo(1.18, 9);
  });

  it("takes a stream's records to be tried until the run ends", () => {
    expect(attempts("kinesis-one-shard", ["FailureRate=1"], { events: 10, timeoutMs: hourMs })).toBeGreaterThan(100);
  });

  it("takes every attempt to fail that is refused, or has no time, and none that waits instead", () => {
    const limited = (whenRefused: string) =>
      attempts("scenario-5", ["DownstreamLimit=1/s", `WhenRefused=${whenRefused}`, "MaxReceiveCount=5"]);
    expect(limited("throw")).toBeGreaterThan(2);
    expect(limited("wait")).toBe(1);
    expect(attempts("scenario-5", ["WorkMs=20000", "ConsumerTimeout=10", "MaxReceiveCount=4"])).toBe(4);
  });
});
