/** Before an account is touched: whether the run can work at all, what it will create there, what that costs, and consent. */
import { createInterface } from "node:readline/promises";
import { BenchError } from "../errors.ts";
import { estimatedCost } from "../metrics/cost.ts";
import type { Scenario, Settings } from "../model.ts";
import { resourceCounts } from "../scenarios/resources.ts";
import type { AwsChoice, RunOptions } from "./options.ts";

export interface Plan {
  scenario: Scenario;
  settings: Settings;
  events: number;
  stackName: string;
}

/** Throws `bad-usage` when the functions cannot reach the database: on AWS, this machine's loopback is not theirs. */
export function checkReach(choice: AwsChoice, databaseUrl: string | null): void {
  const endpoint = choice.endpointUrl;
  if (endpoint !== undefined && isLoopback(new URL(endpoint).hostname)) return;
  const why =
    databaseUrl === null
      ? "--target aws needs a database that functions on AWS reach, and the embedded one is on this machine"
      : isOnThisMachine(databaseUrl)
        ? "The database is on this machine's loopback, where functions on AWS do not reach it"
        : null;
  if (why !== null) {
    throw new BenchError("bad-usage", `${why}; give --database-url (or DATABASE_URL) of one that they reach.`);
  }
}

/** Prints the plan; asks for consent unless `--yes` or there is nobody to ask. Throws `interrupted` when it is refused. */
export async function obtainConsent(
  plans: readonly Plan[],
  { yes, target: { profile, region, endpointUrl } }: Pick<RunOptions, "yes"> & { target: AwsChoice },
  signal: AbortSignal,
): Promise<void> {
  const { openAws } = await import("../targets/aws.ts");
  const account = await openAws({ databaseUrl: "", profile, region, endpointUrl });
  const where = `account ${account.accountId ?? "not known"} by ${account.callerArn ?? "a caller not known"}`;
  const at = endpointUrl === undefined ? "" : `, at ${endpointUrl}`;
  process.stderr.write(
    `To be created in ${where}, region ${account.aws.region}${at}:\n${plans.map(describe).join("")}`,
  );
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

function describe({ scenario, settings, events, stackName }: Plan): string {
  const resources = resourceCounts(scenario).map(([type, count]) => `${count} ${type}`);
  const dollars = Math.max(0.01, estimatedCost(scenario.topology, settings, events));
  return `  ${scenario.name}: stack ${stackName}, ${events} events, about $${dollars.toFixed(2)} or less
    ${resources.join(", ")}
`;
}

function isOnThisMachine(databaseUrl: string): boolean {
  if (!URL.canParse(databaseUrl)) return false;
  const { hostname, searchParams } = new URL(databaseUrl);
  const host = hostname || searchParams.get("host") || "localhost";
  return host.startsWith("/") || isLoopback(host);
}

/** Whether only this machine reaches it: 127.0.0.0/8, ::1 and the name for them. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
