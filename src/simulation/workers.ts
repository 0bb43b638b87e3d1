/** Simulates on every core, in batches. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Tinypool } from "tinypool";
import { BenchError } from "../errors.ts";
import type { Figures } from "../model.ts";
import type { Plan, Variation } from "./simulate.ts";
import type { Simulating } from "./simulating.ts";
import type { Batch, BatchAnswer } from "./worker.ts";

// Beside the bundle that this file is part of.
const workerFile = fileURLToPath(new URL("./simulation-worker.js", import.meta.url));

/** A batch has about this many events, some fifth of a second: its messages cost nothing beside it, and its figures come soon enough. */
const eventsOfBatch = 10_000;
const largestBatch = 50;
/** While a thread answers one batch, the next is there. */
const batchesOfThread = 2;
/** Figures of this many batches of each thread may wait for one that is before them. */
const batchesAhead = 8;

/**
 * Threads that simulate. They start when they are first needed, and stay until `close`: what a thread has compiled serves all plans that
 * come after.
 */
export class Simulators implements Simulating {
  readonly #threads: number;
  readonly #file: string;
  #pool: Tinypool | null = null;

  /** `threads`: by default one for each core. `file`: the built worker. */
  constructor(threads: number = availableParallelism(), file = workerFile) {
    this.#threads = threads;
    this.#file = file;
  }

  async *figures(plan: Plan, variations: Iterable<Variation>, signal?: AbortSignal): AsyncGenerator<Figures, void> {
    signal?.throwIfAborted();
    let interrupt = () => {};
    const interrupted = () => interrupt();
    signal?.addEventListener("abort", interrupted);
    const left = variations[Symbol.iterator]();
    /** In the order of the variations. */
    const answers: Promise<BatchAnswer>[] = [];
    let underway = 0;
    let batches = 0;
    let isOver = false;
    const ask = () => {
      while (!isOver && underway < batchesOfThread * this.#threads && answers.length < batchesAhead * this.#threads) {
        // The first batches are small, so that a few variations already reach every thread.
        const batch = { plan, variations: takeBatch(left, Math.ceil(++batches / this.#threads)) };
        isOver = batch.variations.length === 0;
        if (isOver) return;
        underway++;
        const answer = this.#answer(batch).finally(() => {
          underway--;
          ask();
        });
        // Once a variation has failed, nobody waits for those after it.
        answer.catch(() => {});
        answers.push(answer);
      }
    };
    try {
      for (ask(); answers.length > 0; ask()) {
        const first = answers.shift()!;
        const { figures, failure } = await new Promise<BatchAnswer>((resolve, reject) => {
          interrupt = () => reject(signal!.reason);
          first.then(resolve, reject);
        });
        signal?.throwIfAborted();
        yield* figures;
        if (failure !== null) throw errorOf(failure);
      }
    } finally {
      isOver = true;
      signal?.removeEventListener("abort", interrupted);
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = null;
  }

  async #answer(batch: Batch): Promise<BatchAnswer> {
    this.#pool ??= new Tinypool({
      filename: this.#file,
      minThreads: this.#threads,
      maxThreads: this.#threads,
      isolateWorkers: false,
    });
    return this.#pool.run(batch);
  }
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

function takeBatch(left: Iterator<Variation>, most: number): Variation[] {
  const batch: Variation[] = [];
  for (let events = 0; events < eventsOfBatch && batch.length < Math.min(most, largestBatch); ) {
    const { done, value } = left.next();
    if (done) break;
    batch.push(value);
    events += value.events;
  }
  return batch;
}

function errorOf({ code, message }: NonNullable<BatchAnswer["failure"]>): Error {
  return code === null ? new Error(message) : new BenchError(code, message);
}
