/** Runs the model alone: rows in memory, no database, nothing serialized. */
import { bench } from "../bench.ts";
import { figuresOf } from "../metrics/repetitions.ts";
import type { ExpectedLimit, Figures, Model, RunRecord, RunRequest, Scenario, Settings, Spikes } from "../model.ts";
import { wallClock } from "../targets/clock.ts";
import { checkTemplate, type Observer, openLocal } from "../targets/local.ts";

/** Simulations have this in common. It is data only, because it crosses threads. */
export interface Plan {
  scenario: Scenario;
  /** the numbers that each goes by, before its own */
  model: Omit<Model, "seed" | "constants">;
  /** the limit of the downstream that its calls are judged by; null: none */
  limit: ExpectedLimit | null;
  /** whether CloudWatch is given the time to publish a run's last minutes */
  waitForMetrics: boolean;
}

/** Each simulation has this of its own. It is data only, too. */
export interface Variation {
  /** the value of every parameter, except the database's URL */
  settings: Settings;
  /** all that are published, by all spikes together */
  events: number;
  /**
   * The burst comes again: each `everyMs` after the beginning of the one before, `count` times, with `events / count` events each time,
   * which has to be whole. `details.spikes` of the figures then tells of each spike how many events waited when the next began. With a
   * count of 1 it is fired once, and tells how many would still wait when the next would begin; the cost of a month is that of a spike
   * each `everyMs`. The time between the beginnings has to be as long as one spike is published (`firingMs` of `steps/shards.ts`).
   * Absent: one burst.
   */
  spikes?: Spikes;
  seed: number;
  /** replace numbers of the model, whoever's they are */
  assumptions: Record<string, number>;
  /** how long the drain may take, on the model's clock */
  timeoutMs: number;
}

/** One run of the model. */
export interface Simulation {
  request: RunRequest;
  model: Model;
  /** is told of every call in the account; absent: nobody is */
  observer?: Observer;
}

const runId = "simulation";
const versions = { throttleBench: "", node: "" };
const neverAborted = new AbortController().signal;

/**
 * Resolves with the figures of a run of the model.
 * @throws BenchError as `simulateRecord` does.
 */
export async function simulate(
  { scenario, model, limit, waitForMetrics }: Plan,
  variation: Variation,
): Promise<Figures> {
  const { settings, events, spikes, seed, assumptions, timeoutMs } = variation;
  const expected = { limit, maxLoss: null, maxWait: null, claims: null };
  const asked = { settings, events, timeoutMs, expected, waitForMetrics, ...(spikes && { spikes }) };
  const request = { runId, scenario, ...asked, keep: true, versions };
  return figuresOf(await simulateRecord({ request, model: { ...model, seed, constants: assumptions } }));
}

/**
 * Resolves with the whole record of a run of the model. The steps are those of a local run, at the same times, so that rows and figures
 * equal the local run's, byte for byte. The stack ends with the model: nothing waits for its deletion.
 * @throws BenchError as `bench` does, and `bad-template`.
 */
export async function simulateRecord({ request, model, observer }: Simulation): Promise<RunRecord> {
  checkTemplate(request.scenario);
  const target = await openLocal({ ...model, databaseUrl: null, observer });
  try {
    return await bench(target, { ...request, keep: true }, { wallClock, signal: neverAborted });
  } finally {
    await target.close();
  }
}
