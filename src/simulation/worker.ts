/** Simulates in a thread of its own. */
import { BenchError, type ErrorCode, messageOf } from "../errors.ts";
import type { RunRecord } from "../model.ts";
import { type Simulation, simulate } from "./simulate.ts";

/** An error loses its class on its way out of a thread, so that a failure is data. */
export type Answer = { record: RunRecord } | { failure: { code: ErrorCode | null; message: string } };

export default async function answer(simulation: Simulation): Promise<Answer> {
  try {
    return { record: await simulate(simulation) };
  } catch (error) {
    if (error instanceof BenchError) return { failure: { code: error.code, message: error.message } };
    return {
      failure: { code: null, message: error instanceof Error ? (error.stack ?? error.message) : messageOf(error) },
    };
  }
}
