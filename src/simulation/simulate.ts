/** Runs the model alone: rows in memory, no database, nothing serialized. */
import { bench } from "../bench.ts";
import type { Model, RunRecord, RunRequest } from "../model.ts";
import { wallClock } from "../targets/clock.ts";
import { checkTemplate, openLocal } from "../targets/local.ts";

/** A run of the model. It is data only, because it crosses a thread. */
export interface Simulation {
  request: RunRequest;
  model: Model;
}

/**
 * Resolves with the record of the run. The steps are those of a local run, at the same times, so that rows and figures equal the local
 * run's, byte for byte. The stack ends with the model: nothing waits for its deletion.
 * @throws BenchError as `bench` does.
 */
export async function simulate({ request, model }: Simulation): Promise<RunRecord> {
  checkTemplate(request.scenario);
  const target = await openLocal({ ...model, databaseUrl: null });
  try {
    return await bench(target, { ...request, keep: true }, { wallClock, signal: new AbortController().signal });
  } finally {
    await target.close();
  }
}
