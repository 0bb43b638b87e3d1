/** A batch as a thread simulates it: the figures of its variations, up to one that failed, whose failure is data. */
import { expect, it } from "vitest";
import { findScenario } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { type Plan, simulate, type Variation } from "../../../src/simulation/simulate.ts";
import answer from "../../../src/simulation/worker.ts";

const plan: Plan = {
  scenario: findScenario("scenario-4"),
  model: { platform: "2026", profile: null, ranges: false },
  limit: null,
  waitForMetrics: true,
};

const settings = settingsOf(plan.scenario, []);
const aVariation = (seed: number, assumptions: Variation["assumptions"] = {}): Variation => ({
  ...{ settings, events: 3, seed, assumptions, timeoutMs: 21_600_000 },
});

it("has the figures of each variation in their order", async () => {
  const variations = [aVariation(2), aVariation(1)];
  const figures = [await simulate(plan, variations[0]!), await simulate(plan, variations[1]!)];
  expect(await answer({ plan, variations })).toEqual({ figures, failure: null });
});

it("ends at a variation that is refused, with the sentence and its code", async () => {
  const refused = { ...aVariation(2), settings: { ...settings, VisibilityTimeout: "1" } };
  const { figures, failure } = await answer({ plan, variations: [aVariation(1), refused, aVariation(3)] });
  expect(figures.map(({ seed }) => seed)).toEqual([1]);
  expect(failure).toEqual({ code: "deploy-failed", message: expect.stringContaining("visibility timeout") });
});

it("ends at a fault of the model with what a developer needs, and no code", async () => {
  const broken = { ...aVariation(1), settings: null as never };
  const { figures, failure } = await answer({ plan, variations: [broken] });
  expect(figures).toEqual([]);
  expect(failure).toEqual({ code: null, message: expect.stringMatching(/^TypeError: .*\n\s+at /s) });
});
