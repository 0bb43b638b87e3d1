/** One repetition of a run in a thread of its own: a local target with its own seed, on the database that all share. */
import { parentPort } from "node:worker_threads";
import { bench } from "../../bench.ts";
import { BenchError, type ErrorCode } from "../../errors.ts";
import type { AccountProfile, PlatformName, RunRecord, Scenario, Settings } from "../../model.ts";
import { openLocal } from "../../targets/local.ts";
import { tellRetry } from "./progress.ts";

/** What a repetition is told; it crosses a thread, so it is data only. */
export interface RepetitionJob {
  scenario: Scenario;
  settings: Settings;
  events: number;
  runId: string;
  seed: number;
  platform: PlatformName;
  /** An account's own numbers, in place of the platform's. */
  profile: AccountProfile | null;
  /** Draws the unpublished constants from their plausible ranges. */
  ranges: boolean;
  /** Replaces numbers, whoever's they are. */
  constants: Record<string, number>;
  databaseUrl: string;
  timeoutMs: number;
  versions: RunRecord["versions"];
}

export type RepetitionAnswer = { record: RunRecord } | { failure: { code: ErrorCode | null; message: string } };

async function repeat(job: RepetitionJob): Promise<RunRecord> {
  const target = await openLocal({ ...job, onRetry: tellRetry });
  try {
    const wallClock = () => new Date().toISOString();
    return await bench(
      target,
      { ...job, waitForMetrics: true, keep: false, wallClock, signal: new AbortController().signal },
      () => {},
    );
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
