/** Simulates in a thread of its own, several simulations at a time. */
import { BenchError, type ErrorCode, messageOf } from "../errors.ts";
import type { Figures } from "../model.ts";
import { type Plan, simulate, type Variation } from "./simulate.ts";

export interface Batch {
  plan: Plan;
  variations: Variation[];
}

export interface BatchAnswer {
  /** of the variations in turn, up to one that failed */
  figures: Figures[];
  /** An error loses its class on its way out of a thread, so that a failure is data. Null: all came through. */
  failure: { code: ErrorCode | null; message: string } | null;
}

export default async function answer({ plan, variations }: Batch): Promise<BatchAnswer> {
  const figures: Figures[] = [];
  let failure: BatchAnswer["failure"] = null;
  try {
    for (const variation of variations) figures.push(await simulate(plan, variation));
  } catch (error) {
    failure =
      error instanceof BenchError
        ? { code: error.code, message: error.message }
        : { code: null, message: error instanceof Error ? (error.stack ?? error.message) : messageOf(error) };
  }
  return { figures, failure };
}
