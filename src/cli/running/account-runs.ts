/** Runs on an account: opened once for all of them, each with a journal, so that it can be resumed. */
import { bench } from "../../bench.ts";
import { BenchError, messageOf } from "../../errors.ts";
import type { RunRecord, RunRequest } from "../../model.ts";
import { concurrencyOf } from "../../stacks/concurrency.ts";
import { attachDatabase } from "../../targets/aws.ts";
import { wallClock } from "../../targets/clock.ts";
import type { Account, Target } from "../../targets/target.ts";
import type { AwsChoice } from "../flags/place.ts";
import type { RunOptions } from "../flags/run-options.ts";
import { tell } from "../output.ts";
import { openAccountToCreate } from "./account.ts";
import { type ChosenDatabase, checkGiven, withDatabase } from "./chosen-database.ts";
import { obtainConsent } from "./consent.ts";
import { refuseTooDear } from "./estimate.ts";
import type { Interruption } from "./interruption.ts";
import { beginJournal, closeJournal, leftBehind } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import type { ProgressDisplay } from "./progress.ts";
import type { Run, Work } from "./run.ts";
import { oneAtATime, type Room } from "./side-by-side.ts";

/** Throws `bad-usage`, what opening the account and the database throws, and `interrupted` where there is no consent. */
export async function prepareAccount(
  choice: AwsChoice,
  requests: readonly RunRequest[],
  options: RunOptions,
  signal: AbortSignal,
  work: Work,
): Promise<void> {
  refuseTooDear(requests);
  checkGiven(options, choice.endpointUrl);
  const account = await openAccountToCreate(choice);
  try {
    await withDatabase(options, account, async (database) => {
      const room = await roomIn(account, Math.min(options.parallel, requests.length));
      await obtainConsent(requests, { account, database }, room.runs, options.yes, signal);
      await onDatabase(account, database, choice, (run) => work(run, room));
    });
  } finally {
    await account.close();
  }
}

/** Asks Lambda once how much concurrency runs can reserve. Where that cannot be known, runs go one after the other, which is said. */
async function roomIn(account: Account, runs: number): Promise<Room> {
  if (runs === 1) return oneAtATime;
  const concurrency = await concurrencyOf(account).catch((refusal) => messageOf(refusal));
  if (concurrency !== null && typeof concurrency === "object") return { runs, reservable: concurrency.reservable };
  const reason = (concurrency ?? "Lambda does not say").replace(/\.$/, "");
  tell(`The account's concurrency is not known (${reason}), so the runs go one after the other.`);
  return oneAtATime;
}

/** Runs on an open account, all on one database. */
export async function onDatabase(
  account: Account,
  database: ChosenDatabase,
  choice: AwsChoice,
  work: (run: Run) => Promise<void>,
): Promise<void> {
  const target = await attachDatabase(account, database);
  const ledger = new Ledger();
  try {
    await work((request, interruption, progress) =>
      runOnAccount(target, choice, request, interruption, progress, ledger),
    );
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
  ledger: Ledger,
): Promise<RunRecord> {
  const target = { ...account, onRetry };
  const { signal } = interruption;
  const left = leftBehind(target, request.runId);
  interruption.left.add(left);
  try {
    const journal = await beginJournal(target, request, choice);
    const { maxCostDollars } = request;
    const budget = maxCostDollars === undefined ? undefined : ledger.budget(maxCostDollars, interruption);
    return await bench(target, request, { signal, wallClock, progress: show, journal, ...(budget && { budget }) });
  } catch (failure) {
    if (failure instanceof BenchError) await closeJournal(request.runId, failure);
    throw failure;
  } finally {
    interruption.left.delete(left);
  }
}
