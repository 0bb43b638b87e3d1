/** A search about somebody's own way tells the least to change, whatever decides that it holds. */
import { beforeAll, expect, it } from "vitest";
import type { Figures, Settings } from "../../../../src/model.ts";
import { ownStanding } from "../../../../src/reports/answers/own.ts";
import { settingsOf } from "../../../../src/scenarios/settings.ts";
import { answer } from "../../../../src/simulation/search/search.ts";
import { simulate } from "../../../../src/simulation/simulate.ts";
import type { Simulating } from "../../../../src/simulation/simulating.ts";
import { lift } from "../../../../src/systems/lift.ts";
import { aQueuePath, aSystem } from "../../systems/a-system.ts";
import { aQuestion } from "./a-question.ts";

const lifted = lift(aSystem(aQueuePath({ queue: "VisibilityTimeout: 180", mapping: "BatchSize: 5" })));
const { scenario } = lifted;
const own = { file: "theirs.yaml", lifted, isWorkAssumed: false };
const question = aQuestion({
  limit: "2/s",
  spike: { rate: 4, durationMs: 1_000 },
  named: [{ way: scenario.name, settings: {} }],
  effort: 720,
});

let figures: Figures;
beforeAll(async () => {
  const model = { platform: "2026", profile: null, ranges: false } as const;
  const settings = settingsOf(scenario, ["ReservedConcurrency=1"]);
  const variation = { settings, events: 4, seed: 1, assumptions: {}, timeoutMs: 21_600_000 };
  figures = await simulate({ scenario, model, limit: null, waitForMetrics: true }, variation);
});

/** Loses an event in every run of settings that do not hold. */
function losing(holds: (settings: Settings) => boolean): Simulating & { simulated: Settings[] } {
  const simulated: Settings[] = [];
  return {
    simulated,
    async *figures(_, variations) {
      for (const { settings, seed } of variations) {
        simulated.push(settings);
        const summary = { ...figures.summary, eventsFailed: holds(settings) ? 0 : 1 };
        yield { ...figures, seed, summary };
      }
    },
    close: async () => {},
  };
}

const isThrottled = ({ ReservedConcurrency, MaximumConcurrency }: Settings) =>
  ReservedConcurrency !== "none" || MaximumConcurrency !== "0";

it.each<[what: string, holds: (settings: Settings) => boolean]>([
  ["a throttle and a batch of one", (settings) => isThrottled(settings) && settings.BatchSize === "1"],
  [
    "more receives, or a batch of one and a throttle",
    (settings) => Number(settings.MaxReceiveCount) > 50 || (settings.BatchSize === "1" && isThrottled(settings)),
  ],
  ["a shorter timeout with a throttle", (settings) => isThrottled(settings) && Number(settings.ConsumerTimeout) < 30],
])("with no change that could be set back, where %s makes it hold", async (_, holds) => {
  const simulators = losing(holds);
  const found = await answer(question, [scenario], simulators);
  const { asItIs, changed } = ownStanding(found, own);
  expect(asItIs).toMatchObject({ standing: "breaks", changed: [] });
  const { settings, changed: changes } = changed!.candidate;
  expect(changes.length).toBeGreaterThan(0);
  expect(holds(settings)).toBe(true);
  for (const { name, own: before } of changes) {
    expect(holds({ ...settings, [name]: before }), `without ${name}`).toBe(false);
  }
  expect(changed!.changes.map(({ setting, from, to }) => ({ name: setting, own: from, value: to }))).toEqual(changes);
  expect(simulators.simulated.length).toBeLessThan(2 * question.effort);
});

it("finds no change where nothing holds", async () => {
  const hopeless = ownStanding(
    await answer(
      question,
      [scenario],
      losing(() => false),
    ),
    own,
  );
  expect(hopeless).toMatchObject({ asItIs: { standing: "breaks" }, changed: null });
});
