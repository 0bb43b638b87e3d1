/**
 * The IAM policies that an account's caller needs and no more: `run` for what throttle-bench calls itself, `deploy` for what
 * CloudFormation does in the caller's name for a scenario; both together are what a run needs. `database` is what it does for the
 * database stack.
 *
 * Which resource an action can be narrowed to: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import { actionsOfDatabase } from "./policies/database.ts";
import { actionsOfScenarios } from "./policies/scenarios.ts";
import { merged, named, type ResourceActions, type Statement } from "./policies/statement.ts";

export interface Policy {
  Version: "2012-10-17";
  Statement: Statement[];
}

export const policyNames = ["deploy", "run", "database"] as const;
export type PolicyName = (typeof policyNames)[number];

/** Most characters of a managed policy, white space not counted. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const maxPolicyCharacters = 6_144;

const run: Statement[] = [
  {
    Sid: "Stacks",
    Effect: "Allow",
    Action: [
      "cloudformation:CreateStack",
      "cloudformation:UpdateStack",
      "cloudformation:DeleteStack",
      "cloudformation:DescribeStackEvents",
      "cloudformation:DescribeStackResources",
      // Creating a stack with a stack policy sets it, which is an action of its own.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
      "cloudformation:SetStackPolicy",
      // Tags of a new stack. That they ask for it is assumed: it is in the reference, but no account has shown it yet.
      "cloudformation:TagResource",
    ],
    Resource: named.stack,
  },
  {
    // Listing stacks, as `clean` does, is describing every one of them, ours among them.
    Sid: "DescribeStacks",
    Effect: "Allow",
    Action: ["cloudformation:DescribeStacks"],
    Resource: "arn:aws:cloudformation:*:*:stack/*/*",
  },
  {
    Sid: "Functions",
    Effect: "Allow",
    Action: ["lambda:UpdateFunctionCode", "lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
    Resource: named.function,
  },
  {
    // Of the account's own database, where it has one.
    Sid: "DatabasePassword",
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: named.databaseSecret,
  },
  {
    // The producer's reports.
    Sid: "Queues",
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
    Resource: named.queue,
  },
  {
    // None of these is about a resource that could be named: a template's text, metrics, the account's own numbers.
    Sid: "WithoutResource",
    Effect: "Allow",
    Action: ["cloudformation:ValidateTemplate", "cloudwatch:GetMetricData", "lambda:GetAccountSettings"],
    Resource: "*",
  },
];

/** By policy, the resource types that CloudFormation handles under it, and what it calls for each. */
export const actionsOfTypes: Readonly<Record<"deploy" | "database", Readonly<Record<string, ResourceActions>>>> = {
  deploy: actionsOfScenarios,
  database: actionsOfDatabase,
};

/** `regions`: only there; none: anywhere. IAM's own actions are in no region. */
export function policyOf(name: PolicyName, regions: readonly string[] = []): Policy {
  const statements = name === "run" ? run : merged(Object.values(actionsOfTypes[name]));
  return { Version: "2012-10-17", Statement: statements.map((each) => inRegions(each, regions)) };
}

function inRegions(statement: Statement, regions: readonly string[]): Statement {
  if (regions.length === 0 || statement.Action.every((action) => action.startsWith("iam:"))) return statement;
  const { StringEquals, ...others } = statement.Condition ?? {};
  return { ...statement, Condition: { ...others, StringEquals: { ...StringEquals, "aws:RequestedRegion": regions } } };
}
