/** Asks for the simulations of a plan in batches, and gives their figures in order. */
import { setMaxListeners } from "node:events";
import { BenchError } from "../errors.ts";
import type { Figures } from "../model.ts";
import type { Variation } from "./simulate.ts";
import type { BatchAnswer } from "./worker.ts";

/** A batch has about this many events, some fifth of a second: its messages cost nothing beside it, and its figures come soon enough. */
const eventsOfBatch = 10_000;
const largestBatch = 50;
/** While a thread answers one batch, the next is there. */
export const batchesOfThread = 2;
/** Figures of this many batches of each thread may wait for one that is before them. */
const batchesAhead = 8;

export interface Answering {
  /** Batches that are answered at one time. */
  threads: number;
  /** The signal says that nobody waits for the answer any more. */
  answer(variations: Variation[], signal: AbortSignal): Promise<BatchAnswer>;
}

/** The figures of each variation, as `Simulating` gives them. */
export async function* figuresInBatches(
  { threads, answer }: Answering,
  variations: Iterable<Variation>,
  signal?: AbortSignal,
): AsyncGenerator<Figures, void> {
  signal?.throwIfAborted();
  let interrupt = () => {};
  const interrupted = () => interrupt();
  signal?.addEventListener("abort", interrupted);
  const over = new AbortController();
  // As many may listen as batches are underway.
  setMaxListeners(0, over.signal);
  const left = variations[Symbol.iterator]();
  /** In the order of the variations. */
  const answers: Promise<BatchAnswer>[] = [];
  let underway = 0;
  let batches = 0;
  const ask = () => {
    while (!over.signal.aborted && underway < batchesOfThread * threads && answers.length < batchesAhead * threads) {
      // The first batches are small, so that a few variations already reach every thread.
      const batch = takeBatch(left, Math.ceil(++batches / threads));
      if (batch.length === 0) return;
      underway++;
      const asked = answer(batch, over.signal).finally(() => {
        underway--;
        ask();
      });
      // Once a variation has failed, nobody waits for those after it.
      asked.catch(() => {});
      answers.push(asked);
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
    over.abort();
    signal?.removeEventListener("abort", interrupted);
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
