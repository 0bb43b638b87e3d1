/** A user is warned of settings that lose events, and not of a shipped default. */
import { expect, it } from "vitest";
import type { Warning } from "../../../src/model.ts";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { warningsOf } from "../../../src/scenarios/warnings.ts";
import { serviceDefaults } from "../../../src/targets/service-rules.ts";
import { receives, work } from "./a-warning.ts";

const visibility = (seconds: number, advised: number, timeout: number, window = 0): Warning => ({
  code: "visibility-below-advice",
  queue: "Queue",
  visibilitySeconds: seconds,
  advisedSeconds: advised,
  timeoutSeconds: timeout,
  windowSeconds: window,
  raise: "VisibilityTimeout",
});

const cases: [scenario: string, settings: string[], warnings: Warning[]][] = [
  ["scenario-3", [], []],
  ["scenario-4", ["WorkMs=900"], []],
  ["scenario-4", ["VisibilityTimeout=59"], [visibility(59, 60, 10)]],
  ["scenario-4", ["VisibilityTimeout=60"], []],
  ["scenario-4", ["MaximumBatchingWindow=1", "VisibilityTimeout=60"], [visibility(60, 61, 10, 1)]],
  ["scenario-4", ["ConsumerTimeout=21"], [visibility(120, 126, 21)]],
  ["scenario-4", ["MaxReceiveCount=4"], [receives(4)]],
  ["scenario-4", ["MaxReceiveCount=5"], []],
  ["scenario-4", ["BatchSize=9"], []],
  ["scenario-4", ["BatchSize=10"], [work(10, 1_000, 10, ["BatchSize", "WorkMs"])]],
  ["scenario-4", ["BatchSize=10", "WorkMs=1001"], [work(10, 1001, 10, ["BatchSize", "WorkMs"])]],
  ["scenario-4", ["BatchSize=5", "WorkMsMax=2001"], [work(5, 2001, 10, ["BatchSize", "WorkMsMax"])]],
  ["scenario-4", ["HoldMs=9999"], []],
  ["scenario-4", ["HoldMs=10000"], [work(1, 10_000, 10, ["HoldMs"])]],
  ["scenario-4", ["HoldMs=10001"], [work(1, 10001, 10, ["HoldMs"])]],
  ["scenario-4", ["SlowRate=0.01", "SlowFactor=9"], []],
  ["scenario-4", ["SlowRate=0.01", "SlowFactor=11"], [work(1, 11_000, 10, ["WorkMs", "SlowFactor"])]],
  ["scenario-1", ["ConsumerTimeout=1", "WorkMs=1500"], [work(1, 1500, 1, ["WorkMs"])]],
];

it.each(cases)("%s with %j is warned of as it should be", (name, set, warnings) => {
  const scenario = findScenario(name);
  const given = new Set(set.map((each) => each.split("=")[0]!));
  expect(warningsOf(scenario, settingsOf(scenario, set), given, serviceDefaults)).toEqual(warnings);
});
