/** A recorded run of the local model as it is simulated again. */
import { BenchError } from "../../errors.ts";
import type { RunRecord } from "../../model.ts";
import { keptScenario } from "../../scenarios/catalogue.ts";
import type { Simulation } from "../../simulation/simulate.ts";

/** It ends as the run did: the model's time costs nothing. */
const timeoutMs = 14 * 86_400_000;

/** The simulation of a record's run, or of the first of its repetitions. @throws BenchError `bad-usage` for one that the model did not make, or that keeps too little. */
export function simulationOf(record: RunRecord): Simulation {
  const { runId, target, kind, template, seed, platform, assumptions, details } = record;
  const { spikes } = details;
  if (target !== "local" || kind !== "prediction" || seed === null || platform === null) {
    throw new BenchError(
      "bad-usage",
      `The run ${runId} was made by an account, of which nobody knows an event's life; trace a run of the local model, such as \`throttle-bench run ${record.scenario}\` makes.`,
    );
  }
  if (template === null || assumptions === null) {
    throw new BenchError(
      "bad-usage",
      `The record of the run ${runId} keeps too little to simulate it again, because an older version made it; run ${record.scenario} again and trace that.`,
    );
  }
  const scenario = keptScenario({ name: record.scenario, file: `${record.scenario}.yaml`, templateBody: template });
  const given = assumptions.map(({ name, value }) => [name, value === "none" ? Number.POSITIVE_INFINITY : value]);
  return {
    request: {
      runId,
      scenario,
      settings: record.settings,
      events: record.summary.totalEvents,
      ...(spikes && { spikes: { count: spikes.each.length, everyMs: spikes.everyMs } }),
      timeoutMs,
      expected: record.expected ?? { limit: null, maxLoss: null, maxWait: null, claims: null },
      waitForMetrics: record.metricsWindow.complete,
      keep: true,
      versions: record.versions,
    },
    model: { platform, seed, profile: null, ranges: false, constants: Object.fromEntries(given) },
  };
}
