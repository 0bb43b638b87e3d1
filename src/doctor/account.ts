/** Checks that the account gives a run what it needs: concurrency to reserve, and the permissions of the policies `deploy` and `run`. */
import { messageOf } from "../errors.ts";
import { concurrencyOf, unreservable } from "../stacks/concurrency.ts";
import type { Account } from "../targets/target.ts";
import type { Check } from "./check.ts";
import type { Statement } from "./policies/statement.ts";
import { policyOf } from "./policies.ts";

/** Runs a check under its time limit, and never rejects. */
export type Limit = (name: string, work: () => Promise<Check[]>) => Promise<Check[]>;

/** `reservations`: the concurrency that each scenario reserves. */
export async function checkAccount(
  target: Account,
  reservations: readonly { scenario: string; reserved: number }[],
  limit: Limit,
): Promise<Check[]> {
  const checks = await Promise.all([
    limit("concurrency", async () => [await checkConcurrency(target, reservations)]),
    limit("permissions", async () => [await checkPermissions(target)]),
  ]);
  return checks.flat();
}

async function checkConcurrency(
  account: Account,
  reservations: readonly { scenario: string; reserved: number }[],
): Promise<Check> {
  const name = "concurrency";
  try {
    const concurrency = await concurrencyOf(account);
    if (concurrency === null) return { name, status: "not known", detail: "Lambda did not say", remedy: null };
    const { most, reservable: free } = concurrency;
    const tooMuch = reservations.filter(({ reserved }) => reserved > free).map(({ scenario }) => scenario);
    return {
      name,
      status: tooMuch.length === 0 ? "ok" : "not ok",
      detail: `Lambda runs ${most} at once, ${free} can still be reserved${tooMuch.length === 0 ? "" : `: too few for ${tooMuch.join(", ")}`}`,
      remedy:
        tooMuch.length === 0
          ? null
          : `Ask Service Quotas for more "Concurrent executions" of AWS Lambda; ${unreservable} always stay unreserved.`,
    };
  } catch (refusal) {
    return {
      name,
      status: "not known",
      detail: messageOf(refusal),
      remedy: "The policy `throttle-bench doctor --policy run` allows to ask.",
    };
  }
}

/** Asks IAM whether it would allow the actions. Most callers may not ask that, which is no fault. */
async function checkPermissions({ clients, callerArn, origin }: Account): Promise<Check> {
  const name = "permissions";
  const remedy = "Compare with what `throttle-bench doctor --policy deploy` and `--policy run` print.";
  const source = callerArn === null ? null : policySourceOf(callerArn);
  if (source === null) return { name, status: "not known", detail: `IAM cannot tell for ${callerArn}`, remedy };
  try {
    const statements = [...policyOf("deploy").Statement, ...policyOf("run").Statement];
    const denied = await deniedActions(clients, source, statements, origin.location);
    const isDenied = denied.length > 0;
    return {
      name,
      status: isDenied ? "not ok" : "ok",
      detail: isDenied ? `denied: ${[...new Set(denied)].join(", ")}` : "all that both policies hold",
      remedy: isDenied ? remedy : null,
    };
  } catch (refusal) {
    return { name, status: "not known", detail: messageOf(refusal), remedy };
  }
}

/**
 * The ARN whose policies count. For a session it is that of its role, which the session's ARN names without the role's path. Null:
 * IAM does not simulate the caller, as it is the root user or a federated one. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
function policySourceOf(callerArn: string): string | null {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
  if (role !== undefined) return `arn:${partition}:iam::${account}:role/${role}`;
  return /^arn:[^:]+:iam::\d+:user\//.test(callerArn) ? callerArn : null;
}

async function deniedActions(
  clients: Account["clients"],
  PolicySourceArn: string,
  statements: readonly Statement[],
  { region, accountId }: Account["origin"]["location"],
): Promise<string[]> {
  const { IAMClient, paginateSimulatePrincipalPolicy } = await import("@aws-sdk/client-iam");
  const iam = clients.get(IAMClient);
  const denied: string[] = [];
  for (const { Action, Resource, Condition } of statements) {
    const example = (pattern: string) => exampleArn(pattern, region, accountId!);
    const entries = Object.values(Condition ?? {}).flatMap((keys) => Object.entries(keys));
    const pages = paginateSimulatePrincipalPolicy(
      { client: iam },
      {
        PolicySourceArn,
        ActionNames: [...Action],
        ResourceArns: [Resource].flat().map(example),
        ContextEntries: [...entries, ["aws:RequestedRegion", region] as const].map(([ContextKeyName, value]) => ({
          ContextKeyName,
          ContextKeyType: "string" as const,
          // A request has one of the values that a condition takes.
          ContextKeyValues: [value].flat().slice(0, 1).map(example),
        })),
      },
    );
    for await (const { EvaluationResults = [] } of pages) {
      for (const { EvalActionName, EvalDecision } of EvaluationResults) {
        if (EvalDecision !== "allowed" && EvalActionName !== undefined) denied.push(EvalActionName);
      }
    }
  }
  return denied;
}

/** An ARN that the pattern matches, such as a run would make. */
function exampleArn(pattern: string, region: string, accountId: string): string {
  if (!pattern.startsWith("arn:")) return pattern;
  const [arn, partition, service, place, account, ...resource] = pattern.split(":");
  const where = [place === "*" ? region : place, account === "*" ? accountId : account];
  return [arn, partition, service, ...where, resource.join(":").replaceAll("*", "doctor")].join(":");
}
