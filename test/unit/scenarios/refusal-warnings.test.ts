/** A user is warned of a limiter, or of an answer to refusals, that cannot work as it is meant. */
import { describe, expect, it } from "vitest";
import type { Warning } from "../../../src/model.ts";
import { warningText } from "../../../src/reports/warnings.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { warningsOf } from "../../../src/scenarios/warnings.ts";
import { serviceDefaults } from "../../../src/targets/service-rules.ts";

/** The warnings of a run with these settings, all of them the user's. */
function warnings(name: string, set: readonly string[]): Warning[] {
  const scenario = findScenario(name);
  const given = new Set(set.map((setting) => setting.split("=")[0]!));
  return warningsOf(scenario, settingsOf(scenario, set), given, serviceDefaults);
}

const aboveLimit = (rate: string, capacity: number, limit: string, lower: string[]): Warning => ({
  code: "limiter-above-limit",
  functionName: "ConsumerFunction",
  rate,
  capacity,
  limit,
  lower,
});

const usingUp = (maxReceiveCount: number, whenRefused: string, use: string): Warning => ({
  code: "refusals-use-up-receives",
  functionName: "ConsumerFunction",
  queue: "Queue",
  maxReceiveCount,
  whenRefused,
  use,
  setting: "WhenRefused",
});

const waiting = (
  waiting: number | null,
  neededSeconds: number | null,
  timeoutSeconds: number,
  lower: string | null,
): Warning => ({
  code: "wait-beyond-timeout",
  functionName: "ConsumerFunction",
  waiting,
  neededSeconds,
  timeoutSeconds,
  raise: "ConsumerTimeout",
  lower,
});

const cases: [scenario: string, settings: string[], warnings: Warning[]][] = [
  ["limiter-token-bucket", [], []],
  ["limiter-token-bucket", ["LimiterRate=60/m"], []],
  ["limiter-token-bucket", ["LimiterRate=2/s"], [aboveLimit("2/s", 1, "1/s", ["LimiterRate"])]],
  ["limiter-token-bucket", ["LimiterRate=2/s", "DownstreamLimit=3/s", "LimiterCapacity=3"], []],
  [
    "limiter-token-bucket",
    ["LimiterRate=4/s", "DownstreamLimit=3/s", "LimiterCapacity=5"],
    [aboveLimit("4/s", 5, "3/s", ["LimiterRate", "LimiterCapacity"])],
  ],
  ["limiter-token-bucket", ["LimiterCapacity=5"], [aboveLimit("1/s", 5, "1/s", ["LimiterCapacity"])]],
  ["limiter-reservation", ["LimiterCapacity=5"], []],
  ["limiter-token-bucket", ["WhenRefused=throw"], [usingUp(5, "throw", "wait")]],
  ["limiter-token-bucket", ["WhenRefused=return"], [usingUp(5, "return", "wait")]],
  ["limiter-token-bucket", ["WhenRefused=report", "Limiter=none"], []],
  ["limiter-reservation", ["WhenRefused=report"], [usingUp(10, "report", "return")]],
  ["limiter-token-bucket", ["MaximumConcurrency=5"], []],
  ["limiter-token-bucket", ["MaximumConcurrency=10"], [waiting(10, 56, 30, "MaximumConcurrency")]],
  ["limiter-token-bucket", ["MaximumConcurrency=0"], [waiting(null, null, 30, null)]],
  ["limiter-reservation", ["WhenRefused=wait"], [waiting(20, 21, 15, "MaximumConcurrency")]],
  ["limiter-reservation", ["WhenRefused=wait", "MaximumConcurrency=10"], []],
  ["scenario-4", ["DownstreamLimit=6/m", "WhenRefused=wait"], [waiting(1, 11, 10, "ReservedConcurrency")]],
  ["scenario-4", ["DownstreamLimit=1/s", "WhenRefused=wait"], []],
  ["scenario-4", ["DownstreamLimit=1/s", "WhenRefused=return"], []],
  [
    "scenario-2",
    ["DownstreamLimit=1/s", "WhenRefused=return"],
    [{ code: "return-without-queue", functionName: "ConsumerFunction", setting: "WhenRefused" }],
  ],
];

describe("a run", () => {
  it.each(cases)("of %s with %j warns of what cannot work", (scenario, settings, expected) => {
    expect(warnings(scenario, settings)).toEqual(expected);
  });

  it.each([
    [
      ["LimiterRate=2/s", "LimiterCapacity=5"],
      "The limiter of ConsumerFunction grants 2/s and 5 calls at once, and the downstream allows 1/s, so that the limit is exceeded all the same; lower LimiterRate or LimiterCapacity.",
    ],
    [
      ["WhenRefused=report"],
      "With WhenRefused=report each refusal of the limiter of ConsumerFunction counts a receive, and Queue gives a message up after 5, so that events that wait in a backlog are dead-lettered unworked; set WhenRefused=wait.",
    ],
    [
      ["MaximumConcurrency=10"],
      "10 invocations of ConsumerFunction sleep for their calls, up to 56 s with the work, and the timeout of 30 s ends them; raise ConsumerTimeout, or lower MaximumConcurrency.",
    ],
    [
      ["MaximumConcurrency=0"],
      "As many invocations of ConsumerFunction as Lambda runs sleep for their calls, most of them beyond the timeout of 30 s; raise ConsumerTimeout, or limit the concurrency.",
    ],
  ])("says of a limiter with %j what is wrong and what to do", (settings, sentence) => {
    expect(warnings("limiter-token-bucket", settings).map(warningText)).toEqual([sentence]);
  });
});
