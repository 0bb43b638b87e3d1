/** A run finds the message groups of its events where its producer does. */
import { expect, it } from "vitest";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { readScenario } from "../../src/scenarios/scenario.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { aRequest } from "./a-request.ts";

const model = { platform: "2026", seed: 1, profile: null, ranges: false, constants: {} } as const;

function simulated(variables: string) {
  const { templateBody } = findScenario("scenario-5");
  const text = templateBody.replace(/( +)PUBLISH_RATE: .*/, `$&\n${variables.replace(/^/gm, "$1")}`);
  const scenario = readScenario("grouped", "grouped.yaml", text);
  return simulateRecord({ request: aRequest(scenario, { runId: "grouped", events: 40 }), model });
}

it("takes the groups and the noisy share of the producer's environment", async () => {
  const { details, summary } = await simulated('MESSAGE_GROUPS: "4"\nNOISY_SHARE: "0.5"');
  const { count, listed } = details.messageGroups!;
  expect(count).toBe(4);
  const events = listed.map((one) => one.events);
  expect(events.reduce((sum, one) => sum + one)).toBe(40);
  expect(events[0]).toBeGreaterThan(15);
  expect(Math.max(...events.slice(1))).toBeLessThan(10);
  expect(listed.reduce((sum, { completed }) => sum + completed, 0)).toBe(summary.eventsCompleted);
  expect(details.slowest.every(({ messageGroup }) => messageGroup! < 4)).toBe(true);
});

it("has one group where the producer has none", async () => {
  expect((await simulated('MESSAGE_GROUPS: "0"')).details.messageGroups).toBeNull();
});
