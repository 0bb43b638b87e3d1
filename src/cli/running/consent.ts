/** Consent: what a run will create on an account, and what that costs, is said before it is asked for. */
import { createInterface } from "node:readline/promises";
import { type Capacity, capacityOf } from "../../database/capacity.ts";
import { BenchError } from "../../errors.ts";
import { sumOfExpenses } from "../../metrics/cost-ahead.ts";
import type { RunRequest, Settings, Spikes } from "../../model.ts";
import { shortDuration } from "../../reports/figures.ts";
import { resourceCounts } from "../../scenarios/resources.ts";
import { stackNameOf } from "../../steps/stack.ts";
import { unpricedIn } from "../../steps/unpriced-resources.ts";
import type { Account } from "../../targets/target.ts";
import { tell } from "../output.ts";
import type { ChosenDatabase } from "./chosen-database.ts";
import { estimateOf } from "./estimate.ts";

/** The account of a run, and its database. */
export interface Meeting {
  account: Account;
  database: ChosenDatabase;
}

/** Prints the plan; asks for consent unless `yes` or there is nobody to ask. Throws `interrupted` when it is refused. */
export async function obtainConsent(
  requests: readonly RunRequest[],
  { account, database }: Meeting,
  /** so many at once */
  parallel: number,
  yes: boolean,
  signal: AbortSignal,
): Promise<void> {
  const capacity = await capacityOf(database.url);
  const text = [
    `To be created in ${whereOf(account)}:`,
    ...requests.flatMap((request) => [...describe(request), ...warningOf(request, capacity)]),
    ...(parallel === 1
      ? []
      : [`  up to ${parallel} of these stacks at once`, ...warningOfAll(requests, parallel, capacity)]),
    `  rows go to ${database.description}${database.vpc === null ? "" : ", whose network the functions run in"}`,
  ].join("\n");
  tell(text);
  await askToCreate(yes, signal);
}

/** Goes on by `yes`, by an answer, or because there is nobody to ask. Throws `interrupted` when the answer is no. */
export async function askToCreate(yes: boolean, signal: AbortSignal): Promise<void> {
  if (yes || !isSomebodyThere() || (await agrees("Go on? [y/N] ", signal))) return;
  throw new BenchError("interrupted", "Nothing was created, as you wanted; --yes goes on without asking.");
}

/** Goes on by `yes` or by an answer; false, and said, when there is nobody to ask or the answer is no. */
export async function askToRemove(question: string, yes: boolean, signal: AbortSignal): Promise<boolean> {
  if (yes) return true;
  if (!isSomebodyThere()) {
    tell("Nothing was removed; --yes removes.");
    return false;
  }
  const isAgreed = await agrees(`${question} [y/N] `, signal);
  if (!isAgreed) tell("Nothing was removed, as you wanted.");
  return isAgreed;
}

function isSomebodyThere(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** True for the answer yes. A terminal that is closed says no. Rejects with the signal's reason. */
async function agrees(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(question, signal)).trim());
}

/** The line that is typed; empty when the terminal is closed instead. Rejects with the signal's reason. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In a terminal that readline holds, Ctrl-C is a key.
  // A signal that a process sends itself ends it on Windows, whoever listens.
  terminal.once("SIGINT", () => process.emit("SIGINT", "SIGINT"));
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

function describe(request: RunRequest): string[] {
  const { scenario, events, spikes, runId } = request;
  const resources = resourceCounts(scenario).map(([type, count]) => `${count} ${type}`);
  const dollars = Math.max(0.01, sumOfExpenses(estimateOf(request)));
  return [
    `  ${scenario.name}: stack ${stackNameOf(runId)}, ${events} events${spikesText(spikes)}, about $${dollars.toFixed(2)} or less`,
    `    ${resources.join(", ")}`,
    ...unpricedIn(request).map((type) => `    ! The price of ${type} is not known here, and comes on top.`),
    ...publicUrls(scenario).map(
      (url) =>
        `    ! ${url} makes the consumer public, at an address that anybody may ask. The consumer refuses whatever lacks the key of this run, and the address goes with the stack.`,
    ),
  ];
}

/** The time that spikes take has to be consented to, too. */
function spikesText(spikes: Spikes | undefined): string {
  return spikes === undefined || spikes.count === 1
    ? ""
    : ` in ${spikes.count} bursts over ${shortDuration(((spikes.count - 1) * spikes.everyMs) / 1_000)}`;
}

/** The logical ids of the URLs that Lambda lets everybody ask. */
function publicUrls({ template }: RunRequest["scenario"]): string[] {
  return template.resources
    .filter(({ type, properties }) => type === "AWS::Lambda::Url" && properties.AuthType !== "AWS_IAM")
    .map(({ logicalId }) => logicalId);
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

/** The same of runs that go on side by side, where none is warned of alone. */
function warningOfAll(requests: readonly RunRequest[], parallel: number, { connections, inUse }: Capacity): string[] {
  const needs = requests.map(({ settings }) => mostInstances(settings) ?? 0).sort((one, other) => other - one);
  const most = needs.slice(0, parallel).reduce((sum, need) => sum + need, 0);
  const free = Math.max(0, connections - inUse);
  if (most <= free) return [];
  return [
    `    ! Together they may run up to ${most} instances of their consumers, and the database has ${free} connections left of ${connections}: lower --parallel, or give the database more.`,
  ];
}

/** The most instances of the consumer at one time; null: no setting limits them. */
function mostInstances({ ReservedConcurrency, MaximumConcurrency }: Settings): number | null {
  // A MaximumConcurrency of 0 is none; a reservation of 0 is one.
  const limits = [
    ...(ReservedConcurrency === undefined ? [] : [Number(ReservedConcurrency)]),
    ...(Number(MaximumConcurrency ?? 0) > 0 ? [Number(MaximumConcurrency)] : []),
  ];
  return limits.length === 0 ? null : Math.min(...limits);
}
