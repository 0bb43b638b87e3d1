/** Simulates in threads, on every core. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { Tinypool } from "tinypool";
import { BenchError } from "../errors.ts";
import type { Figures } from "../model.ts";
import { figuresInBatches } from "./batches.ts";
import type { Plan, Variation } from "./simulate.ts";
import type { Simulating } from "./simulating.ts";
import type { Batch, BatchAnswer } from "./worker.ts";

/** The file that a thread runs. It is beside the bundle that this file is part of. */
export const workerFile = fileURLToPath(new URL("./simulation-worker.js", import.meta.url));

/**
 * Threads that simulate. They start when they are first needed, and stay until `close`: what a thread has compiled serves all plans that
 * come after.
 */
export class Simulators implements Simulating {
  readonly threads: number;
  readonly #file: string;
  #pool: Tinypool | null = null;

  /** `threads`: by default one for each core. `file`: the built worker. */
  constructor(threads: number = availableParallelism(), file = workerFile) {
    this.threads = threads;
    this.#file = file;
  }

  figures(plan: Plan, variations: Iterable<Variation>, signal?: AbortSignal): AsyncGenerator<Figures, void> {
    const answer = (batch: Variation[]) => this.answer({ plan, variations: batch });
    return figuresInBatches({ threads: this.threads, answer }, variations, signal);
  }

  /** Simulates a batch in one of the threads, as soon as one is free. */
  async answer(batch: Batch): Promise<BatchAnswer> {
    this.#pool ??= new Tinypool({
      filename: this.#file,
      minThreads: this.threads,
      maxThreads: this.threads,
      isolateWorkers: false,
    });
    return this.#pool.run(batch).catch((failure) => {
      throw failureOfThread(failure);
    });
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    // A thread may fail while it is ended, too; nobody waits for it any more.
    for (const thread of pool?.threads ?? []) letFail(thread);
    await pool?.destroy().catch(() => {});
  }
}

/** An error of the thread itself; one of a simulation is an answer. */
function failureOfThread(failure: unknown): unknown {
  const { code } = failure as NodeJS.ErrnoException;
  if (code !== "ERR_WORKER_OUT_OF_MEMORY") return failure;
  return new BenchError(
    "target-failed",
    "The memory did not suffice for the simulations: give fewer events or fewer --workers, or more memory by NODE_OPTIONS=--max-old-space-size=8192.",
    { cause: failure },
  );
}

/** Completes a thread of tinypool: Node.js asks an emitter that fails while its end is awaited for this method. */
function letFail(thread: object): void {
  const { thread: worker } = thread as { thread?: Worker };
  if (worker !== undefined) Object.assign(thread, { removeListener: worker.removeListener.bind(worker) });
}

/** Simulates in threads that end with it: figures as `Simulators` gives them. */
export async function* simulateAll(
  plan: Plan,
  variations: readonly Variation[],
  signal?: AbortSignal,
): AsyncGenerator<Figures, void> {
  const simulators = new Simulators(Math.min(variations.length, availableParallelism()));
  try {
    yield* simulators.figures(plan, variations, signal);
  } finally {
    await simulators.close();
  }
}
