/** One repetition of a run in a thread of its own: a local target with its own seed, on the database that all share. */
import { parentPort } from "node:worker_threads";
import { bench } from "../../bench.ts";
import { BenchError, type ErrorCode } from "../../errors.ts";
import type { Model, RunRecord, RunRequest } from "../../model.ts";
import { wallClock } from "../../targets/clock.ts";
import { openLocal } from "../../targets/local.ts";
import { tellRetry } from "./progress.ts";

/** What a repetition is told. It is data only, because it crosses a thread. */
export interface RepetitionJob {
  request: RunRequest;
  model: Model;
  databaseUrl: string;
}

export type RepetitionAnswer = { record: RunRecord } | { failure: { code: ErrorCode | null; message: string } };

async function repeat({ request, model, databaseUrl }: RepetitionJob): Promise<RunRecord> {
  const target = await openLocal({ ...model, databaseUrl, onRetry: tellRetry });
  try {
    return await bench(target, request, { wallClock, signal: new AbortController().signal });
  } finally {
    await target.close();
  }
}

parentPort?.on("message", async (job: RepetitionJob) => {
  let answer: RepetitionAnswer;
  try {
    answer = { record: await repeat(job) };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    answer = {
      failure: error instanceof BenchError ? { code: error.code, message: error.message } : { code: null, message },
    };
  }
  parentPort!.postMessage(answer);
});
