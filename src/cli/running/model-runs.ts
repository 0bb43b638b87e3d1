/** Runs on the local model: each on an emulated account of its own, repetitions in threads, all on one database. */
import { bench } from "../../bench.ts";
import { BenchError } from "../../errors.ts";
import { recordOfAll } from "../../metrics/repetitions.ts";
import type { AccountProfile, Model, RunRecord, RunRequest } from "../../model.ts";
import { loadProfile } from "../../records/profile.ts";
import type { Progress } from "../../steps/progress.ts";
import { wallClock } from "../../targets/clock.ts";
import { checkTemplate, openLocal, unpublishedConstants } from "../../targets/local.ts";
import { profilesDirectory } from "../directories.ts";
import type { LocalChoice, RunOptions } from "../flags/run-options.ts";
import { tellWhereRowsGo, withDatabase } from "./chosen-database.ts";
import { runRepetitions } from "./repetitions.ts";
import type { Run } from "./run.ts";

/** Throws `bad-template`, `bad-usage`, and what opening the database throws. */
export async function prepareModel(
  { platform, seed, calibration }: LocalChoice,
  requests: readonly RunRequest[],
  options: RunOptions,
  work: (run: Run) => Promise<void>,
): Promise<void> {
  for (const { scenario } of requests) checkTemplate(scenario);
  const { repeat, ranges } = options;
  const profile = calibration === null ? null : await loadCalibration(calibration, platform);
  const model: Model = { platform, seed, profile, ranges, constants: {} };
  await withDatabase(options, null, async (database) => {
    tellWhereRowsGo(database);
    const databaseUrl = database.url;
    await work(async (request, { signal }, { show, onRetry }) => {
      if (repeat > 1 || ranges) return runRepeatedly({ request, model, databaseUrl }, repeat, show, signal);
      const target = await openLocal({ ...model, databaseUrl, onRetry });
      try {
        return await bench(target, request, { signal, wallClock, progress: show });
      } finally {
        await target.close();
      }
    });
  });
}

/** The record of the first repetition, with what all of them say together. */
async function runRepeatedly(
  { request, model, databaseUrl }: { request: RunRequest; model: Model; databaseUrl: string },
  repeat: number,
  show: Progress,
  signal: AbortSignal,
): Promise<RunRecord> {
  const jobs = Array.from({ length: repeat }, (_, index) => ({
    request: { ...request, runId: index === 0 ? request.runId : `${request.runId}-r${index + 1}` },
    model: { ...model, seed: model.seed + index },
    databaseUrl,
  }));
  const showRuns = (done: number) => show({ phase: "repeat", done, runs: repeat });
  showRuns(0);
  const records = await runRepetitions(jobs, showRuns, signal);
  return recordOfAll(records, model.ranges);
}

/** The account's profile that the model is to go by. Throws `bad-usage` for one that it cannot. */
async function loadCalibration(calibration: string, platform: Model["platform"]): Promise<AccountProfile> {
  const profile = await loadProfile(calibration, profilesDirectory);
  if (profile.platform !== platform) {
    throw new BenchError(
      "bad-usage",
      `The profile ${profile.name} was calibrated against AWS's limits of ${profile.platform}, not of ${platform}; give --platform ${profile.platform}, or calibrate with --platform ${platform}.`,
    );
  }
  const known = unpublishedConstants(platform);
  const unknown = Object.keys(profile.constants).find((name) => !(name in known));
  if (unknown === undefined) return profile;
  throw new BenchError(
    "bad-usage",
    `The profile ${profile.name} has a number ${unknown}, which this version's model does not know or AWS publishes; calibrate again with this version.`,
  );
}
