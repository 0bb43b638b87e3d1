/** Simulates ways of throttling for their comparison: every one with the same seeds. */
import { type Way, wayNameOf, wayOf } from "../../metrics/ways.ts";
import type { Figures, Model, RunRequest } from "../../model.ts";
import type { Simulating } from "../../simulation/simulating.ts";

/** Simulations of each way, `repeat` of them, with consecutive seeds. `told`: how many have come of how many. Throws what a simulation throws. */
export async function simulateWays(
  simulators: Simulating,
  requests: readonly RunRequest[],
  { seed, constants, ...model }: Model,
  repeat: number,
  told: (done: number, runs: number) => void,
): Promise<Way[]> {
  let done = 0;
  const runs = requests.length * repeat;
  told(done, runs);
  const simulateOne = async ({
    scenario,
    settings,
    events,
    spikes,
    timeoutMs,
    expected,
    waitForMetrics,
  }: RunRequest) => {
    const seeds = Array.from({ length: repeat }, (_, index) => seed + index);
    const asked = { settings, events, ...(spikes && { spikes }), timeoutMs, assumptions: constants };
    const variations = seeds.map((each) => ({ ...asked, seed: each }));
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
  // All at once, so that no core waits for the last simulations of one way.
  return Promise.all(requests.map(simulateOne));
}
