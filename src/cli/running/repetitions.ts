/** Runs repetitions on every core, and gives their records in the order in which they were asked for. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { BenchError } from "../../errors.ts";
import type { RunRecord } from "../../model.ts";
import type { RepetitionAnswer, RepetitionJob } from "./repetition.ts";

/** `done` is told after each. Rejects with the first failure, or the signal's reason; the others are stopped then. */
export async function runRepetitions(
  jobs: readonly RepetitionJob[],
  done: (count: number) => void,
  signal?: AbortSignal,
): Promise<RunRecord[]> {
  signal?.throwIfAborted();
  const records = new Array<RunRecord>(jobs.length);
  const waiting = jobs.entries();
  let count = 0;
  const workers = Array.from(
    { length: Math.min(jobs.length, availableParallelism()) },
    () => new Worker(new URL("./repetition.js", import.meta.url), { stdout: false, stderr: false }),
  );
  const work = async (worker: Worker) => {
    for (const [index, job] of waiting) {
      records[index] = await answerOf(worker, job);
      done(++count);
    }
  };
  const interruption = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  interruption.catch(() => {});
  try {
    await Promise.race([Promise.all(workers.map(work)), interruption]);
    return records;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker, job: RepetitionJob): Promise<RunRecord> {
  return new Promise((resolve, reject) => {
    const settle = (answer: RepetitionAnswer) => {
      worker.off("error", reject);
      if ("record" in answer) resolve(answer.record);
      else
        reject(
          answer.failure.code
            ? new BenchError(answer.failure.code, answer.failure.message)
            : new Error(answer.failure.message),
        );
    };
    worker.once("error", reject);
    worker.once("message", settle);
    worker.postMessage(job);
  });
}
