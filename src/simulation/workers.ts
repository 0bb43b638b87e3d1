/** Simulates on every core. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Tinypool } from "tinypool";
import { BenchError } from "../errors.ts";
import type { RunRecord } from "../model.ts";
import type { Simulation } from "./simulate.ts";
import type { Answer } from "./worker.ts";

// Beside the bundle that this file is part of.
const workerFile = fileURLToPath(new URL("./simulation-worker.js", import.meta.url));

/**
 * The records in the order of the simulations. `done` is told how many have ended after each.
 * Rejects with the first failure, or the signal's reason; the others are stopped then. `mostThreads`: by default one for each core.
 */
export async function simulateAll(
  simulations: readonly Simulation[],
  done: (count: number) => void = () => {},
  signal?: AbortSignal,
  mostThreads: number = availableParallelism(),
): Promise<RunRecord[]> {
  signal?.throwIfAborted();
  if (simulations.length === 0) return [];
  const threads = Math.min(simulations.length, mostThreads);
  const pool = new Tinypool({ filename: workerFile, minThreads: threads, maxThreads: threads, isolateWorkers: false });
  let count = 0;
  const recordOf = async (simulation: Simulation) => {
    const answer: Answer = await pool.run(simulation);
    done(++count);
    if ("record" in answer) return answer.record;
    const { code, message } = answer.failure;
    throw code === null ? new Error(message) : new BenchError(code, message);
  };
  const interruption = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const all = Promise.all(simulations.map(recordOf));
  // Simulations that are stopped reject, too, when nobody listens any more.
  all.catch(() => {});
  try {
    return await Promise.race([all, interruption]);
  } finally {
    await pool.destroy();
  }
}
