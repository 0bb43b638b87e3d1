/** IAM as far as it decides whether one service may call another: roles, policies and their evaluation. */
import { isLike } from "../../template/pattern.ts";
import type { AccessRequest, Account, Caller, PolicyDocument, Role, Roles, Statement } from "../account.ts";

/**
 * True when the policies allow the request: an explicit Deny wins, and a request that nothing allows is denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(policies: readonly PolicyDocument[], request: AccessRequest): boolean {
  return decide(policies, request) === "allowed";
}

export type Decision = "allowed" | "denied explicitly" | "not allowed";

/** Decides as `isAllowed` does, and tells the two kinds of denial apart. */
export function decide(policies: readonly PolicyDocument[], request: AccessRequest): Decision {
  const matching = policies.flatMap((policy) => listOf(policy.Statement)).filter((each) => matches(each, request));
  if (matching.some((each) => each.Effect === "Deny")) return "denied explicitly";
  return matching.some((each) => each.Effect === "Allow") ? "allowed" : "not allowed";
}

function matches(statement: Statement, request: AccessRequest): boolean {
  return (
    listOf(statement.Action).some((action) => isLike(action.toLowerCase(), request.action.toLowerCase())) &&
    (statement.Resource === undefined || listOf(statement.Resource).some((arn) => isLike(arn, request.resource))) &&
    principalMatches(statement.Principal, request.principal) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      conditionHolds(operator, keys, request.context, statement.Effect === "Deny"),
    )
  );
}

function principalMatches(principal: Statement["Principal"], asked: string | undefined): boolean {
  if (asked === undefined) return principal === undefined;
  if (principal === "*") return true;
  return Object.values(principal ?? {})
    .flatMap(listOf)
    .some((each) => each === "*" || each === asked);
}

/** The operators of source conditions; one that is not known here counts as what allows less. */
function conditionHolds(
  operator: string,
  keys: Record<string, string | string[]>,
  context: Record<string, string> = {},
  ifUnknown: boolean,
): boolean {
  const compare = comparisons[operator];
  if (!compare) return ifUnknown;
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(keys).every(([key, patterns]) => {
    const value = given.get(key.toLowerCase()) ?? ofEveryRequest.get(key.toLowerCase());
    return value !== undefined && listOf(patterns).some((pattern) => compare(pattern, value));
  });
}

/** Keys that have one value in every request of the model: services and SDKs speak HTTPS. */
const ofEveryRequest: ReadonlyMap<string, string> = new Map([["aws:securetransport", "true"]]);

const comparisons: Record<string, (pattern: string, value: string) => boolean> = {
  ArnEquals: isLike,
  ArnLike: isLike,
  StringLike: isLike,
  StringEquals: (pattern, value) => pattern === value,
  Bool: (pattern, value) => pattern.toLowerCase() === value,
};

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** The account's roles. */
export class IamRoles implements Roles {
  readonly #roles = new Map<string, Role>();
  /** By a role's policies, which are never changed in place: the actions on resources that have been decided by them. */
  readonly #decided = new WeakMap<readonly PolicyDocument[], Map<string, boolean>>();
  caller: Caller;

  constructor(private readonly account: Account) {
    const everything: PolicyDocument = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
    this.caller = { arn: `arn:aws:iam::${account.accountId}:root`, policies: [everything] };
  }

  createRole(name: string, policies: PolicyDocument[]): Role {
    const role: Role = { name, arn: this.#arn(name), policies, trust: null };
    this.#roles.set(role.arn, role);
    return role;
  }

  deleteRole(name: string): void {
    this.#roles.delete(this.#arn(name));
  }

  role(arn: string): Role | undefined {
    return this.#roles.get(arn);
  }

  policiesOf(arn: string): readonly PolicyDocument[] | undefined {
    return arn === this.caller.arn ? this.caller.policies : this.role(arn)?.policies;
  }

  isAllowed(policies: readonly PolicyDocument[], request: AccessRequest): boolean {
    return isAllowed(policies, request);
  }

  mayAssume(roleArn: string, principal: string): boolean {
    const role = this.role(roleArn);
    if (role === undefined) return false;
    const request = { action: "sts:AssumeRole", resource: "*", principal };
    return role.trust === null || isAllowed([role.trust], request);
  }

  allows(roleArn: string, action: string, resourceArn: string): boolean {
    const policies = this.role(roleArn)?.policies;
    if (policies === undefined) return false;
    let decided = this.#decided.get(policies);
    if (decided === undefined) {
      decided = new Map();
      this.#decided.set(policies, decided);
    }
    const asked = `${action} ${resourceArn}`;
    let allowed = decided.get(asked);
    if (allowed === undefined) {
      allowed = isAllowed(policies, { action, resource: resourceArn });
      decided.set(asked, allowed);
    }
    return allowed;
  }

  #arn(name: string): string {
    return `arn:aws:iam::${this.account.accountId}:role/${name}`;
  }
}
