/** Runs on an account: opened once for all of them, each with a journal, so that it can be resumed. */
import { bench } from "../../bench.ts";
import { BenchError } from "../../errors.ts";
import type { RunRecord, RunRequest } from "../../model.ts";
import { attachDatabase } from "../../targets/aws.ts";
import { wallClock } from "../../targets/clock.ts";
import type { Account, Target } from "../../targets/target.ts";
import type { AwsChoice } from "../flags/place.ts";
import type { RunOptions } from "../flags/run-options.ts";
import { openAccountToCreate } from "./account.ts";
import { type ChosenDatabase, checkGiven, withDatabase } from "./chosen-database.ts";
import { obtainConsent } from "./consent.ts";
import type { Interruption } from "./interruption.ts";
import { beginJournal, closeJournal, leftBehind } from "./journal.ts";
import type { ProgressDisplay } from "./progress.ts";
import type { Run } from "./run.ts";

/** Throws `bad-usage`, what opening the account and the database throws, and `interrupted` where there is no consent. */
export async function prepareAccount(
  choice: AwsChoice,
  requests: readonly RunRequest[],
  options: RunOptions,
  signal: AbortSignal,
  work: (run: Run) => Promise<void>,
): Promise<void> {
  checkGiven(options, choice.endpointUrl);
  const account = await openAccountToCreate(choice);
  try {
    await withDatabase(options, account, async (database) => {
      await obtainConsent(requests, { account, database }, options.yes, signal);
      await onDatabase(account, database, choice, work);
    });
  } finally {
    await account.close();
  }
}

/** Runs on an open account, all on one database. */
export async function onDatabase(
  account: Account,
  database: ChosenDatabase,
  choice: AwsChoice,
  work: (run: Run) => Promise<void>,
): Promise<void> {
  const target = await attachDatabase(account, database);
  try {
    await work((request, interruption, progress) => runOnAccount(target, choice, request, interruption, progress));
  } finally {
    await target.close();
  }
}

async function runOnAccount(
  account: Target,
  choice: AwsChoice,
  request: RunRequest,
  interruption: Interruption,
  { show, onRetry }: ProgressDisplay,
): Promise<RunRecord> {
  const target = { ...account, onRetry };
  const { signal } = interruption;
  interruption.left = leftBehind(target, request.runId);
  try {
    const journal = await beginJournal(target, request, choice);
    return await bench(target, request, { signal, wallClock, progress: show, journal });
  } catch (failure) {
    if (failure instanceof BenchError) await closeJournal(request.runId, failure);
    throw failure;
  } finally {
    interruption.left = null;
  }
}
