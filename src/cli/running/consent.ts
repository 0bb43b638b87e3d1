/** Before an account is touched: whether the run can work at all, what it will create there, what that costs, and consent. */
import { createInterface } from "node:readline/promises";
import { type Capacity, capacityOf } from "../../database/capacity.ts";
import { BenchError } from "../../errors.ts";
import { estimatedCost } from "../../metrics/cost.ts";
import type { RunRequest, Settings } from "../../model.ts";
import { resourceCounts } from "../../scenarios/resources.ts";
import { stackNameOf } from "../../steps/stack.ts";
import type { Account } from "../../targets/target.ts";
import type { ChosenDatabase } from "./chosen-database.ts";

/** What a run on an account meets there. */
export interface Meeting {
  account: Account;
  database: ChosenDatabase;
}

/** Prints the plan; asks for consent unless `yes` or there is nobody to ask. Throws `interrupted` when it is refused. */
export async function obtainConsent(
  requests: readonly RunRequest[],
  { account, database }: Meeting,
  yes: boolean,
  signal: AbortSignal,
): Promise<void> {
  const capacity = await capacityOf(database.url);
  const text = [
    `To be created in ${whereOf(account)}:`,
    ...requests.flatMap((request) => [...describe(request), ...warningOf(request, capacity)]),
    `  rows go to ${database.description}${database.vpc === null ? "" : ", whose network the functions run in"}`,
  ].join("\n");
  process.stderr.write(`${text}\n`);
  if (yes || !isSomebodyThere()) return;
  if (!(await agrees("Go on? [y/N] ", signal))) {
    throw new BenchError("interrupted", "Nothing was created, as you wanted; --yes goes on without asking.");
  }
}

/** Whether there is anybody to ask. */
export function isSomebodyThere(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Whether the answer is yes; a closed terminal's is no. Rejects with the signal's reason. */
export async function agrees(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(question, signal)).trim());
}

/** What is typed; nothing, when the terminal is closed instead. Rejects with the signal's reason. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In a terminal that readline holds, Ctrl-C is a key.
  terminal.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    return await Promise.race([terminal.question(question, { signal }), closed]);
  } catch (aborted) {
    signal.throwIfAborted();
    throw aborted;
  } finally {
    terminal.close();
  }
}

/** `account 123456789012 by arn:…, region eu-west-1`, and what is there in AWS's place. */
export function whereOf({ origin, callerArn, clients }: Account): string {
  const { accountId, region } = origin.location;
  const { endpoint } = clients.configuration;
  const at = endpoint === undefined ? "" : `, at ${endpoint}`;
  return `account ${accountId ?? "not known"} by ${callerArn ?? "a caller not known"}, region ${region}${at}`;
}

function describe({ scenario, settings, events, runId }: RunRequest): string[] {
  const resources = resourceCounts(scenario).map(([type, count]) => `${count} ${type}`);
  const dollars = Math.max(0.01, estimatedCost(scenario.topology, settings, events));
  return [
    `  ${scenario.name}: stack ${stackNameOf(runId)}, ${events} events, about $${dollars.toFixed(2)} or less`,
    `    ${resources.join(", ")}`,
  ];
}

/** Each instance of a function has a connection of its own, and one that gets none fails its event. */
function warningOf({ scenario, settings }: RunRequest, { connections, inUse }: Capacity): string[] {
  const instances = mostInstances(settings);
  const free = Math.max(0, connections - inUse);
  if (instances !== null && instances <= free) return [];
  const most = instances === null ? "as many instances as the account allows" : `up to ${instances} instances`;
  return [
    `    ! ${scenario.name} may run ${most} of its consumer, and the database has ${free} connections left of ${connections}: lower ReservedConcurrency or MaximumConcurrency, or give the database more.`,
  ];
}

/** Of the consumer, at one time; null: nothing that is set limits them. */
function mostInstances({ ReservedConcurrency, MaximumConcurrency }: Settings): number | null {
  // A MaximumConcurrency of 0 is none; a reservation of 0 is one.
  const limits = [
    ...(ReservedConcurrency === undefined ? [] : [Number(ReservedConcurrency)]),
    ...(Number(MaximumConcurrency ?? 0) > 0 ? [Number(MaximumConcurrency)] : []),
  ];
  return limits.length === 0 ? null : Math.min(...limits);
}
