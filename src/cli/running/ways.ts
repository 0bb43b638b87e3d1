/** Simulates ways of throttling for their comparison: every one with the same seeds, on every core. */
import { type Way, wayNameOf, wayOf } from "../../metrics/ways.ts";
import type { Figures, Model, RunRequest } from "../../model.ts";
import { Simulators } from "../../simulation/workers.ts";

/** Simulations of each way, `repeat` of them, with consecutive seeds. `told`: how many have come of how many. Throws what a simulation throws. */
export async function simulateWays(
  requests: readonly RunRequest[],
  { seed, constants, ...model }: Model,
  repeat: number,
  told: (done: number, runs: number) => void,
): Promise<Way[]> {
  const simulators = new Simulators();
  let done = 0;
  const runs = requests.length * repeat;
  told(done, runs);
  const simulateOne = async ({ scenario, settings, events, timeoutMs, expected, waitForMetrics }: RunRequest) => {
    const seeds = Array.from({ length: repeat }, (_, index) => seed + index);
    const variations = seeds.map((each) => ({ settings, events, timeoutMs, assumptions: constants, seed: each }));
    const figures: Figures[] = [];
    const plan = { scenario, model, limit: expected.limit, waitForMetrics };
    for await (const each of simulators.figures(plan, variations)) {
      figures.push(each);
      told(++done, runs);
    }
    const { platform, ranges } = model;
    const profile = model.profile?.name ?? null;
    const from = {
      kind: "prediction",
      target: "local",
      platform,
      profile,
      endpoint: null,
      seeds,
      ranges,
      events,
    } as const;
    return wayOf(wayNameOf(scenario), from, figures, expected);
  };
  try {
    // All at once, so that no core waits for the last simulations of one way.
    return await Promise.all(requests.map(simulateOne));
  } finally {
    await simulators.close();
  }
}
