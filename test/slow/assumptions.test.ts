/** Whatever possible value a number of the model is given, a run ends: with a record, or with a sentence of what is wrong. */
import { expect, it } from "vitest";
import { unitOf } from "../../src/emulator/platforms/units.ts";
import { BenchError } from "../../src/errors.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { simulateRecord } from "../../src/simulation/simulate.ts";
import { numberNames } from "../../src/targets/assumptions.ts";
import { aRequest } from "../scenarios/a-request.ts";

// A number without which virtual time would stand still hangs this test.
it.each(["scenario-1", "scenario-2", "scenario-3"])("%s ends with each number at the least possible", async (name) => {
  const scenario = findScenario(name);
  let ended = 0;
  for (const number of numberNames) {
    const request = aRequest(scenario, { runId: "least", events: 20, timeoutMs: 3_600_000 });
    const model = { platform: "2026", seed: 1, profile: null, ranges: false } as const;
    const run = simulateRecord({ request, model: { ...model, constants: { [number]: unitOf(number).least } } });
    await run.then(
      ({ summary }) => expect(summary.totalEvents).toBe(20),
      (failure) => expect(failure).toBeInstanceOf(BenchError),
    );
    ended++;
  }
  expect(ended).toBe(numberNames.length);
});
