/** `throttle-bench resume`: goes on with a run on an account whose process ended, from its journal to its record. */
import { bench } from "../../bench.ts";
import { exitStatus, messageOf } from "../../errors.ts";
import type { RunRecord } from "../../model.ts";
import { type InterruptedRun, type JournalHeader, JournalStore } from "../../records/journal.ts";
import { RecordStore } from "../../records/store.ts";
import { keptScenario } from "../../scenarios/catalogue.ts";
import { findStack } from "../../stacks/stack.ts";
import { tagNames } from "../../stacks/tags.ts";
import type { Progress } from "../../steps/progress.ts";
import { stackNameOf } from "../../steps/stack.ts";
import { attachDatabase } from "../../targets/aws.ts";
import { wallClock } from "../../targets/clock.ts";
import type { Account, Target } from "../../targets/target.ts";
import { journalsDirectory, runsDirectory } from "../directories.ts";
import { readConfiguration } from "../flags/configuration.ts";
import type { AllFlagsOf } from "../flags/flag.ts";
import { output } from "../flags/output.ts";
import {
  account as accountFlags,
  accountOfRun,
  database,
  defaultMaxCost,
  givenDatabase,
  maxCost,
} from "../flags/place.ts";
import { badUsage } from "../flags/values.ts";
import { print, printRecords, tell, toJson } from "../output.ts";
import { openAccount } from "../running/account.ts";
import { tellWhereRowsGo, withDatabase } from "../running/chosen-database.ts";
import { refuseTooDear } from "../running/estimate.ts";
import { type Interruption, watchForInterruption } from "../running/interruption.ts";
import { leftBehind, requestIn } from "../running/journal.ts";
import { endedEarly, Ledger } from "../running/ledger.ts";
import { openProgress } from "../running/progress.ts";
import { isBelowExpectation } from "../running/series.ts";
import { defineVerb } from "../verb.ts";

const journals = new JournalStore(journalsDirectory);

/** CloudWatch's last minutes are waited for, and the stack is deleted, in this time. */
const lastMetricsMs = 3_600_000;

const groups = [
  {
    title: "Run",
    flags: {
      drop: { help: "forget the run instead; a stack that is left is for clean" },
      maxCost: { ...maxCost, help: "what all of it may cost, in US dollars, its first part too (default: the run's)" },
    },
  },
  {
    title: "Account and database",
    flags: {
      profile: { ...accountFlags.flags.profile, help: "profile of the account (default: the run's)" },
      endpointUrl: { ...accountFlags.flags.endpointUrl, help: "in place of AWS (default: the run's)" },
      databaseUrl: {
        ...database.databaseUrl,
        help: "the Postgres of the run (default: DATABASE_URL, else the one by `database up`)",
      },
    },
  },
  output,
] as const;

type ResumeFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  operands: [{ name: "[run]", help: "the id of the run, or its unique beginning" }],
  flags: groups,
  help: `Without an id it lists the runs that can be gone on with. A stack that was being
deployed is waited for and used. One that failed, or was deleted before the
burst, is deployed anew. A burst that was begun is never fired again: the rows
tell what became of it. Of several spikes those that had not begun are fired at
their times, or as much later. A run whose stack is gone, or being deleted,
after its burst is measured as far as it came. The database is the run's: give
--database-url (or DATABASE_URL) as for the run.

Examples:
  throttle-bench resume
  throttle-bench resume 20261124-021500-scenario-4-x7k2
  throttle-bench resume 20261124-021500-scenario-4-x7k2 --drop

Exit status: as for run.`,
  async run(flags, run?: string) {
    if (run === undefined && flags.drop) throw badUsage("--drop forgets one run; name it, as `resume` lists it.");
    if (run === undefined) await listInterrupted(flags.json === true);
    else await (flags.drop ? dropInterrupted(run) : resume(run, flags));
  },
});

/** Prints the runs, and on stderr the files that are no journal. */
async function listInterrupted(json: boolean): Promise<void> {
  const runs: InterruptedRun[] = [];
  for (const runId of await journals.list()) {
    try {
      runs.push(await journals.load(runId));
    } catch (failure) {
      tell(messageOf(failure));
    }
  }
  if (json) return print(toJson(runs.map(interruptedFacts)));
  print(runs.length > 0 ? runs.map(interruptedLine).join("\n") : "No run waits to be resumed.");
}

function interruptedFacts(run: InterruptedRun) {
  const { runId, scenario, startedAt, account } = run.header;
  return { runId, scenario: scenario.name, startedAt, reached: stepReached(run), region: account.region };
}

function interruptedLine(run: InterruptedRun): string {
  const { runId, scenario, startedAt, reached, region } = interruptedFacts(run);
  return `${runId}  ${scenario}, begun ${startedAt}, ${reached}, in ${region}`;
}

function stepReached({ reached, hasFired }: InterruptedRun): string {
  if (reached === null) return "not deployed";
  return hasFired ? "fired" : "deployed, not fired";
}

/** Forgets the run; its stack, where there is one, stays. */
async function dropInterrupted(beginning: string): Promise<void> {
  const runId = await journals.find(beginning);
  await journals.remove(runId);
  print(
    `The run ${runId} is forgotten; a stack that it left is removed by \`throttle-bench clean ${stackNameOf(runId)}\`.`,
  );
}

/** Saves and prints the record, and drops the journal. */
async function resume(beginning: string, flags: ResumeFlags): Promise<void> {
  const runId = await journals.find(beginning);
  const records = new RecordStore(runsDirectory);
  if (records.has(runId)) return showSaved(await records.load(runId), flags);
  const run = await journals.load(runId);
  const { header, reached } = run;
  if (reached === null) checkSecrets(header);
  const { run: defaults } = await readConfiguration();
  const maxCostDollars = flags.maxCost ?? header.maxCostDollars ?? defaults.maxCost ?? defaultMaxCost;
  if (reached === null) refuseTooDear([{ ...requestIn(run), maxCostDollars }]);
  const interruption = watchForInterruption();
  const progress = await openProgress(header.scenario.name, "aws", flags.json === true);
  let account: Account | null = null;
  try {
    const choice = accountOfRun(header.account, flags, process.env, defaults);
    const given = { ...givenDatabase("aws", flags, process.env), vpc: header.vpc };
    account = await openAccount(choice, progress.onRetry);
    await withDatabase(given, account, async (database) => {
      const target = await attachDatabase(account!, database);
      try {
        checkAccount(target, header);
        const { stack, expires } = await stackLeft(target, run, interruption.signal);
        if (reached === "deploy" && !run.hasFired && stack !== "whole") {
          checkSecrets(header);
          await journals.redeploy(runId);
        }
        tellWhereRowsGo(database);
        interruption.left.add(leftBehind(target, runId));
        const { journal } = await journals.load(runId);
        const timeoutMs = timeUntil(expires, header.timeoutMs, target.clock.now());
        const rest = { ...run, header: { ...header, timeoutMs }, journal };
        const record = await goOn(target, rest, stack, maxCostDollars, interruption, progress.show);
        progress.stop();
        tell(`The record is ${await records.save(record)}.`);
        await journals.remove(runId);
        await printRecords([record], flags);
        if (record.outcome === "interrupted" || interruption.signal.aborted) {
          const { aborted, reason } = interruption.signal;
          throw endedEarly(
            record,
            reason,
            aborted ? "was interrupted again" : "had lost its stack before its events were through",
          );
        }
        if (isBelowExpectation(record)) process.exitCode = exitStatus.expectation;
      } finally {
        interruption.left.clear();
        await target.close();
      }
    });
  } finally {
    progress.stop();
    await account?.close();
    interruption.release();
  }
}

/** Its process ended after the record was saved, and before the journal was dropped: what is left of it is not measured again. */
async function showSaved(record: RunRecord, flags: ResumeFlags): Promise<void> {
  await journals.remove(record.runId);
  tell(`The record of ${record.runId} was saved before its process ended.`);
  await printRecords([record], flags);
  if (isBelowExpectation(record)) process.exitCode = exitStatus.expectation;
}

/** In another account the stack would be taken for gone. */
function checkAccount({ origin }: Target, { runId, account }: JournalHeader): void {
  const { accountId } = origin.location;
  if (account.id === null || accountId === null || account.id === accountId) return;
  throw badUsage(
    `The run ${runId} is of account ${account.id}, and these credentials are of ${accountId}; give the run's --profile.`,
  );
}

/** A deployment needs the secret settings, and a journal has none; the database's URL is given anew. Throws `bad-usage`. */
function checkSecrets({ runId, scenario, settings }: JournalHeader): void {
  const { parameters } = keptScenario(scenario).template;
  const secret = parameters.filter((each) => each.noEcho && each.name !== "DatabaseUrl" && each.name in settings);
  if (secret.length === 0) return;
  throw badUsage(
    `The run ${runId} is not deployed, and to deploy it ${secret.map((each) => each.name).join(", ")} would be needed, which is kept nowhere; remove what there is with \`throttle-bench clean ${stackNameOf(runId)}\`, forget it with \`throttle-bench resume ${runId} --drop\`, and run it again.`,
  );
}

/** `going`: a deletion has taken, or may have taken, something away, so that no event is to be waited for. */
type StackLeft = "whole" | "going" | "gone";

/** `expires`: when `clean --expired` may remove it; null: nothing says, or there is none. */
async function stackLeft(
  target: Target,
  { header }: InterruptedRun,
  signal: AbortSignal,
): Promise<{ stack: StackLeft; expires: number | null }> {
  const name = stackNameOf(header.runId);
  const failure = `The stack ${name} cannot be looked at`;
  const found = await findStack(target, name, { failure, signal });
  if (found === null) return { stack: "gone", expires: null };
  const expires = Date.parse(found.tags.get(tagNames.expires) ?? "");
  const stack = found.status.startsWith("DELETE_") ? "going" : "whole";
  return { stack, expires: Number.isNaN(expires) ? null : expires };
}

/** The drain's time that is left before the stack expires: the last metrics are read after it. */
function timeUntil(expires: number | null, timeoutMs: number, now: number): number {
  return expires === null ? timeoutMs : Math.max(0, Math.min(timeoutMs, expires - lastMetricsMs - now));
}

/** Ends the run. When its stack is no longer whole after the burst, it measures what there is, without waiting. */
async function goOn(
  target: Target,
  run: InterruptedRun,
  stack: StackLeft,
  maxCostDollars: number,
  interruption: Interruption,
  progress: Progress,
): Promise<RunRecord> {
  const { header, hasFired, journal } = run;
  const request = { ...requestIn(run), maxCostDollars };
  const budget = new Ledger().budget(maxCostDollars, interruption);
  // A run that has not fired is deployed, or deployed anew.
  const isWhole = stack === "whole" || !hasFired;
  const record = await bench(
    target,
    { ...request, keep: request.keep && isWhole },
    { signal: isWhole ? interruption.signal : AbortSignal.abort(), wallClock, progress, journal, budget },
  );
  const cleanUp = stack === "gone" && hasFired ? `The stack ${stackNameOf(request.runId)} was gone.` : record.cleanUp;
  return { ...record, startedAt: header.startedAt, cleanUp };
}
